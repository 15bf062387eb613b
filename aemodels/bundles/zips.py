"""Zip files from elsewhere: what is wanted of them, and no more bytes than there is room for."""

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator

# What macOS and Windows leave in folders; hidden files are left out too.
CLUTTER_FOLDER, CLUTTER = "__macosx", ("thumbs.db", "desktop.ini")
ENCRYPTED = 1  # the bit of a zip entry's flags
# Python unpacks other kinds at once, however large they are.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CHUNK = 1 << 20
# What `zipfile` raises for a damaged file; RuntimeError and ValueError are also those of encryption
# and of names that can't be.
DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)

# The folders of a file and its name, as they are in the zip: ("a", "b.png").
Parts = tuple[str, ...]


class ZipError(Exception):
    """A zip can't be read; the message goes on from its name: "is encrypted"."""


class TooLargeError(ZipError):
    """It unpacks to more bytes than there is room for."""


def checked_zip(
    content: bytes, *, most_bytes: int, most_files: int, wanted: Callable[[Parts], bool]
) -> Iterator[tuple[Parts, bytes]]:
    """The files of a zip that are wanted: the parts of each one's path, and what it holds.

    Folders and what file managers add are left out. All entries are looked at before any is
    unpacked, and bytes are counted as they come out, since the sizes given in a zip can be wrong.
    Parts can be anything, "" and ".." too: the caller sees to where a file may lie.

    Parameters
    ----------
    content : bytes
        The zip.
    most_bytes : int
        Of all wanted files together, unpacked.
    most_files : int
        Of all entries, wanted or not.
    wanted : callable
        Whether a file with these parts is; what it raises is passed on.

    Raises
    ------
    ZipError
        If the zip is damaged, encrypted, or packed in an unusual way, holds more than that, or
        something wanted is a link.
    """
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGES:
        raise _damaged() from None
    with packed:
        if len(packed.infolist()) > most_files:
            raise ZipError(f"holds more than {most_files:,} files")
        chosen = [(_parts(entry), entry) for entry in packed.infolist() if not _is_folder(entry)]
        chosen = [each for each in chosen if not _is_clutter(each[0]) and wanted(each[0])]
        for _, entry in chosen:
            _check(entry)
        room = most_bytes
        for parts, entry in chosen:
            found = _read(packed, entry, room)
            if len(found) > room:
                raise TooLargeError(f"unpacks to more than {most_bytes:,} bytes")
            room -= len(found)
            yield parts, found


def _read(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """What an entry holds, or some more than there is room for."""
    found = io.BytesIO()
    try:
        with packed.open(entry) as stream:
            while found.tell() <= room and (chunk := stream.read(CHUNK)):
                found.write(chunk)
    except DAMAGES:
        raise _damaged() from None
    return found.getvalue()


def _check(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise ZipError("is encrypted")
    if entry.compress_type not in COMPRESSIONS:
        raise ZipError("uses an unusual compression")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ZipError(f"holds a link or a device: {entry.filename[:40]!r}")


def _parts(entry: zipfile.ZipInfo) -> Parts:
    """Some programs of Windows separate folders by its own sign."""
    return tuple(entry.filename.replace("\\", "/").split("/"))


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith(("/", "\\"))


def _is_clutter(parts: Parts) -> bool:
    hidden = any(part.startswith(".") and part.strip(".") for part in parts)
    lower = [part.lower() for part in parts]
    return hidden or CLUTTER_FOLDER in lower[:-1] or lower[-1] in CLUTTER


def _damaged() -> ZipError:
    return ZipError("is not a zip file, or it is damaged")
