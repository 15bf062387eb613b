"""The machine that this process runs on."""

import re
import socket
import tempfile
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import filelock


def name() -> str:
    """The host's name, as people know it."""
    return socket.gethostname()


def slug() -> str:
    """The host's name as a part of a file's name, different for different hosts."""
    plain = re.sub(r"[^A-Za-z0-9-]", "-", name())[:40]
    return f"{plain}-{sha256(identity().encode()).hexdigest()[:8]}"


def identity() -> str:
    """What leases written here call this host; containers that count their processes separately
    are different hosts.
    """
    return _identity(name())


@cache
def _identity(host: str) -> str:
    # Asked of a lease, whose format is that of its library.
    with suppress(OSError), tempfile.TemporaryDirectory() as folder:
        lease = filelock.SoftFileLease(Path(folder) / "lease", thread_local=False)
        with lease:
            owner = lease.owner
        return owner.hostname if owner else host
    return host
