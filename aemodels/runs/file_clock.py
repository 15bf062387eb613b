"""How long a file has not been changed, and what time it is, when the clocks of hosts are wrong.

Never does the clock of one host meet the clock of another. A process that looks again and again
measures with its own stopwatch how long the file stayed as it was. At the first look, the file is
compared with one that this process touches in the same place: the file server stamps both. Where
the hosts stamp files themselves, as on SMB, only the first looks can be wrong, so what can do harm
relies on what was watched.
"""

import os
from contextlib import suppress
from pathlib import Path
from time import monotonic, time
from typing import NamedTuple

# Touched next to the runs.
CLOCK = ".clock"
# A server's clock is asked again after this time.
CLOCK_SECONDS = 60.0
# File systems stamp to some milliseconds; a host's own clock is finer where it is right.
RIGHT_SECONDS = 0.1


class _Seen(NamedTuple):
    """A file's `stamp`, first seen at `since` when it was `age` old, and last seen at `looked`."""

    stamp: tuple[int, int, int]
    since: float
    age: float
    looked: float


_seen: dict[Path, _Seen] = {}
# For each folder when its server was asked, and the difference of that clock and the stopwatch.
_clocks: dict[Path, tuple[float, float]] = {}


def unchanged(file: Path, watched: bool = False) -> float:
    """The seconds for which a file or a folder has not been changed, at least.

    With `watched`, as seen by this process itself. On NFS, open the file before, which makes the
    server tell what is new. Raises OSError if it isn't there.
    """
    try:
        facts = file.stat()
    except OSError:
        _seen.pop(file, None)
        raise
    now = monotonic()
    stamp = facts.st_ino, facts.st_mtime_ns, facts.st_ctime_ns
    before = _seen.get(file)
    if before is None:
        seen = _Seen(stamp, now, _age(file, facts), now)
    elif before.stamp == stamp:
        seen = before._replace(looked=now)
    else:
        # Changed since the last look, which may have been long ago.
        since = now - before.looked
        seen = _Seen(stamp, now, min(since, _age(file, facts)) if since > 1 else 0.0, now)
    _seen[file] = seen
    return now - seen.since + (0.0 if watched else seen.age)


def server_time(folder: Path) -> float:
    """Seconds since 1970 by the clock of whatever stamps the files in `folder`, so that times which
    different hosts write down there can be compared; by this host's where it can't be written.
    """
    own = time()
    try:
        found = _touched(folder / CLOCK)
    except OSError:
        return own
    return own if abs(found - own) < RIGHT_SECONDS else found


def _age(file: Path, facts: os.stat_result) -> float:
    """The seconds since a file was changed, by the clock of its server; 0 if that is unknown."""
    folder = file.parent.parent
    asked, difference = _clocks.get(folder, (-CLOCK_SECONDS, 0.0))
    if monotonic() - asked >= CLOCK_SECONDS:
        with suppress(OSError):
            difference = _touched(folder / CLOCK) - monotonic()
            asked = monotonic()
            _clocks[folder] = asked, difference
    if folder not in _clocks:
        return 0.0
    return max(monotonic() + difference - facts.st_mtime, 0.0)


def _touched(file: Path) -> float:
    """The time at which a file was touched just now, in seconds of its server's clock."""
    with file.open("ab") as stream:
        # Without a time of our own, the server takes its.
        os.utime(stream.fileno() if os.utime in os.supports_fd else file)
        return os.fstat(stream.fileno()).st_mtime
