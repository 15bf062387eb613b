"""Finished models kept elsewhere: in a folder, on S3, or whatever else fsspec has an address for.

    store.put(run, "s3://course/autoencoders")      # ADDED, SAME or REPLACED
    store.names("s3://course/autoencoders")         # ["20250131-120000-vae-2.zip"]
    archive.unpack(store.get("20250131-120000-vae-2.zip", address), "my-vae.zip")

A bundle is there whole or not at all: it is sent under a temporary name, read back, and moved. Live
runs stay in a folder of this machine or on a share that several machines mount: their lease,
requests and records need renames and appends, which object stores don't have.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from typing import Any
from uuid import uuid4

from aemodels.bundles import bundle
from aemodels.runs import archive
from aemodels.runs.folder import ID, RunError
from aemodels.runs.run import Run

SUFFIX = ".zip"
_PASSWORD = re.compile(r"(?<=://)[^/@]*@")


class Outcome(StrEnum):
    """What `put` did."""

    ADDED = "added"
    SAME = "is there already"
    REPLACED = "replaced"


def put(run: Run, address: str) -> Outcome:
    """Keep the run's model at the address, as `<id>.zip`.

    Raises RunError if the run has no model or is being trained, or the address can't be used.
    """
    if run.alive or run.bundle_path is None:
        why = "is being trained; archive it when it is finished" if run.alive else "has no model"
        raise RunError(f"{run.id} {why}")
    try:
        content = archive.pack(run.bundle_path)
    except bundle.BundleError as error:
        raise RunError(f"{run.id}: {error}") from None
    with _opened(address) as (system, root):
        path, new = f"{root}/{run.id}{SUFFIX}", f"{root}/.{run.id}.{uuid4().hex}.new"
        there = system.exists(path)
        if there and system.cat_file(path) == content:
            return Outcome.SAME
        system.makedirs(root, exist_ok=True)
        try:
            system.pipe_file(new, content)
            if system.cat_file(new) != content:
                raise RunError(f"{_shown(address)} gives back other bytes than it was sent")
            system.mv(new, path)
        finally:
            # Only after a failure is it still there.
            with suppress(Exception):
                system.rm_file(new)
        system.invalidate_cache()
        if system.info(path)["size"] != len(content):
            raise RunError(f"{path} is not what was sent; archive {run.id} again")
    return Outcome.REPLACED if there else Outcome.ADDED


def names(address: str) -> list[str]:
    """The names of the models at the address, sorted. Raises RunError."""
    with _opened(address) as (system, root):
        if not system.exists(root):
            return []
        found = [path.rpartition("/")[2] for path in system.ls(root, detail=False)]
    return sorted(name for name in found if _is_name(name))


def get(name: str, address: str) -> bytes:
    """The zip file with that name at the address. Raises RunError if there is none."""
    wanted = name if name.endswith(SUFFIX) else name + SUFFIX
    if not _is_name(wanted) or wanted not in names(address):
        raise RunError(f"there is no {name[:80]} at {_shown(address)}; --list shows what is there")
    with _opened(address) as (system, root):
        content: bytes = system.cat_file(f"{root}/{wanted}")
    return content


def _is_name(name: str) -> bool:
    return name.endswith(SUFFIX) and ID.fullmatch(name.removesuffix(SUFFIX)) is not None


@contextmanager
def _opened(address: str) -> Iterator[tuple[Any, str]]:
    """The file system of an address, and the path in it; its errors become sentences."""
    shown = _shown(address)
    try:
        import fsspec
    except ModuleNotFoundError:
        raise RunError("archiving needs fsspec, which PyTorch brings; pip install fsspec") from None
    try:
        # What others have written since must be seen.
        system, root = fsspec.url_to_fs(address, use_listings_cache=False)
        yield system, root.rstrip("/")
    except RunError:
        raise
    except ImportError as error:
        raise RunError(f"{shown} can't be used: {str(error).rstrip('.')}") from None
    except Exception as error:
        # Each file system has errors of its own; each of them means that the address doesn't work.
        lines = str(error).splitlines() or [type(error).__name__]
        raise RunError(f"{shown} can't be used: {_shown(lines[0])[:200].rstrip('.')}") from None


def _shown(address: str) -> str:
    """The address without a user's name and password."""
    return _PASSWORD.sub("", address)
