"""Files and folders that are written whole or not at all, whatever stops the program.

Within a fence, nothing is changed any more once its check fails.
"""

import os
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from aemodels.bundles import fence

# Windows refuses to replace, rename or delete what another program has open: "access denied" and
# "in use". Readers of ours close their files at once.
BUSY = (5, 32)
PATIENCE_SECONDS, PAUSE_SECONDS = 2.0, 0.01


class OutputError(Exception):
    """A folder can't be written; the message is one line: its name, the problem, the remedy."""


def check(path: Path, names: Collection[str], overwrite: bool) -> None:
    """Refuse before training what `write` would refuse after it; leaves nothing behind.

    `names` are the files that the folder will hold. Raises OutputError if it exists and `overwrite`
    is False, or holds anything else, or can't be written.
    """
    try:
        _check(path, names, overwrite)
    except OSError as error:
        raise OutputError(
            f"output={path}: can't be written: {error.strerror}; "
            "choose a folder that you may write to"
        ) from None


def write(
    path: Path, files: Mapping[str, bytes], overwrite: bool = False, *, parents: bool = True
) -> None:
    """Write `files` to a temporary folder next to `path`, flush them to disk, then rename it.

    An older folder is moved aside before and deleted after, so at no moment are both gone. Without
    `parents`, the folder that it lies in must be there. Raises OutputError as `check` does, and
    OSError if the disk fails; the older folder is then in place.
    """
    check(path, files.keys(), overwrite)
    path = path.absolute()
    if parents:
        path.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(path, path.parent, "new")
    try:
        new.chmod(0o755)
        for name, content in files.items():
            with (new / name).open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        _flush(new)
        _swap(new, path, files.keys(), overwrite)
    finally:
        _remove(new, files.keys())


def replace(path: Path, content: bytes, flush: bool = True, scratch: Path | None = None) -> None:
    """Write one file so that a reader sees the old content or the new one, never a part of either.

    `flush` waits until it is on disk. The temporary file is in the folder `scratch`, by default
    that of `path`; its name is always the same within a fence, so that crashes leave at most one.
    Raises OSError, after deleting the temporary file, which frees its space on a full disk.
    """
    tag = fence.tag()
    new = (scratch or path.parent) / (f".{path.name}.{tag}.new" if tag else f".{path.name}.new")
    try:
        with new.open("wb") as stream:
            stream.write(content)
            if flush:
                stream.flush()
                os.fsync(stream.fileno())
        fence.check()
        patiently(lambda: new.replace(path))
    except Exception:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    if flush:
        _flush(path.parent)


def append(path: Path, content: bytes) -> None:
    """Add to a file. Returns when it is on disk. Raises OSError."""
    with path.open("ab") as stream:
        # Whoever takes over replaces the file, so what is written later into this one is lost.
        fence.check()
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def patiently(action: Callable[[], object]) -> None:
    """Do it, again for two seconds while Windows says that a file is in use. Raises OSError."""
    end = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            action()
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in BUSY or monotonic() > end:
                raise
        sleep(PAUSE_SECONDS)


def stranded(folder: Path) -> dict[str, str]:
    """Folders that a crash between the two renames left hidden: their name, and where they are."""
    return {
        entry.name[1:].rpartition(".old-")[0]: entry.name
        for entry in sorted(folder.glob(".*.old-*"))
        if not (folder / entry.name[1:].rpartition(".old-")[0]).exists()
    }


def _check(path: Path, names: Collection[str], overwrite: bool) -> None:
    if path.is_symlink() or path.exists():
        if not overwrite:
            raise _exists(path)
        if path.is_symlink() or not path.is_dir():
            raise OutputError(f"output={path}: is not a folder; choose another")
        foreign = {entry.name for entry in path.iterdir()} - set(names)
        if foreign:
            raise OutputError(
                f"output={path}: holds {min(foreign)}, which --overwrite would delete; "
                "choose another folder"
            )
    parent = path.absolute().parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    # Trying beats reading permissions: root, read-only disks, names that are too long.
    _beside(path, parent, "new").rmdir()


def _exists(path: Path) -> OutputError:
    return OutputError(f"output={path}: exists already; use --overwrite or another folder")


def _beside(path: Path, parent: Path, kind: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f".{path.name}.{kind}-", dir=parent))


def _swap(new: Path, path: Path, names: Collection[str], overwrite: bool) -> None:
    old = path.with_name(new.name.replace(f".{path.name}.new-", f".{path.name}.old-"))
    replaces = path.exists()
    if replaces and not overwrite:
        # Somebody else has written it since it was checked.
        raise _exists(path)
    fence.check()
    if replaces:
        patiently(lambda: path.rename(old))
    try:
        patiently(lambda: new.rename(path))
    except BaseException:
        if replaces:
            patiently(lambda: old.rename(path))
        raise
    _flush(path.parent)
    # The new one is in place, whoever still reads the old one.
    with suppress(OSError):
        _remove(old, names)


def _remove(folder: Path, names: Collection[str]) -> None:
    if folder.is_dir():
        for name in names:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _flush(folder: Path) -> None:
    # Makes the renames survive a power cut too; Windows can't open a folder.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
