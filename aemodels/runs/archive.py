"""A bundle as one zip file, to move a model to another machine and load it there.

    content = archive.pack(run.bundle_path)
    run = archive.unpack(content, "my-vae.zip")     # a run with the state `loaded`

Loading trusts nothing: the archive must hold the five files of a bundle, which are checked like
every bundle, and the run gets files written anew from what was understood. None of these formats
can hold code. What file managers add to a zip is left out.
"""

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from aemodels.bundles import atomic, bundle, checks
from aemodels.importing import files
from aemodels.reader import files as reader
from aemodels.runs import hidden
from aemodels.runs.folder import BUNDLE, LONGEST_NAME, RunError
from aemodels.runs.run import Run, import_bundle

NAMES = (bundle.MANIFEST, *bundle.FILES)
READER = (reader.MANIFEST, *reader.FILES)
# What macOS and Windows leave in folders; its content isn't read.
CLUTTER_FOLDER, CLUTTER_PREFIX = "__macosx", "._"
CLUTTER = (".ds_store", "thumbs.db", "desktop.ini")
README = "readme.txt"  # in the zip that Explore makes
MOST_ENTRIES, DEEPEST = 100, 2
LARGEST = 200 * 1000 * 1000
ENCRYPTED = 1  # the bit of a zip entry's flags
CHUNK = 1 << 20
# The folder of the files that came, next to the bundle that is written anew.
UPLOADED = "uploaded"
_REMEDY = "upload the zip file that Download creates"


class ArchiveError(RunError):
    """A file can't be loaded as a model; the message is one sentence."""


def pack(bundle_path: Path) -> bytes:
    """The files of a bundle as a zip, in one folder; with the reader of its data set, if that is
    one's own and has one. Raises BundleError if it is damaged.
    """
    found = bundle.read(bundle_path)
    files = {name: found.path / name for name in NAMES}
    if found.source.own:
        beside = reader.find(found.config.data.dataset, found.source, found.path.parent)
        files |= {f"{reader.FOLDER}/{n}": beside[0] / n for n in READER} if beside else {}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in files.items():
            # A fixed date, so that the same bundle is always the same zip.
            entry = zipfile.ZipInfo(f"{found.family}-{found.latent_dim}/{name}")
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
    return stream.getvalue()


def unpack(content: bytes, filename: str, *, owner: str = "", group: str = "") -> Run:
    """Load the zip of a bundle as a run of its own, with the state `loaded`.

    `filename` gives it its name; `owner` and `group` are as in `Run`. Raises ArchiveError if it
    holds anything but a valid bundle.
    """
    # A browser may send the whole path of the file.
    filename = PurePosixPath(filename.replace("\\", "/")).name
    shown = checks.shown(filename, LONGEST_NAME)
    if filename.lower().endswith(files.PICKLES) or content.startswith(files.PICKLE_STARTS):
        raise _pickle(shown)
    try:
        with hidden.scratch() as scratch:
            uploaded = scratch.path / UPLOADED
            uploaded.mkdir()
            _extract(content, shown, uploaded)
            found = bundle.adopt(uploaded, scratch.path / BUNDLE)
            if found.failure:
                raise bundle.BundleError(f"its training diverged: {found.failure}")
            _adopt_reader(uploaded / reader.FOLDER, found)
            return import_bundle(found, _name(filename), owner=owner, group=group)
    except ArchiveError:
        raise
    except RunError as error:
        raise ArchiveError(str(error)) from None
    except (bundle.BundleError, reader.ReaderError) as error:
        raise ArchiveError(f"{shown} holds no usable model: {error}") from None
    except OSError as error:
        raise ArchiveError(f"{shown} can't be unpacked: {error.strerror or error}") from None


def _adopt_reader(uploaded: Path, found: bundle.Bundle) -> None:
    """Write the reader that came with a bundle anew, beside it. Raises ReaderError."""
    if not uploaded.is_dir():
        return
    if not found.source.own:
        raise reader.ReaderError("its reader is of no data set of one's own")
    dataset, pictures = found.config.data.dataset, found.source.pictures_sha256
    files = reader.adopt(uploaded, dataset, pictures)
    atomic.write(found.path.with_name(reader.FOLDER), files)


def _extract(content: bytes, shown: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            room = LARGEST
            for name, entry in _entries(packed, shown).items():
                (target / name).parent.mkdir(exist_ok=True)
                with packed.open(entry) as source, (target / name).open("xb") as stream:
                    # Bytes are counted as they come out: the sizes given in the zip can be wrong.
                    while chunk := source.read(CHUNK):
                        room -= len(chunk)
                        if room < 0:
                            raise ArchiveError(
                                f"{shown} holds more than {LARGEST // 1_000_000} MB; "
                                "a bundle is smaller"
                            )
                        stream.write(chunk)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        raise ArchiveError(f"{shown} is not a zip file, or it is damaged; {_REMEDY}") from None


def _entries(packed: zipfile.ZipFile, shown: str) -> dict[str, zipfile.ZipInfo]:
    """The files by name, without the one folder, or two, around them all."""
    found: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    if len(packed.infolist()) > MOST_ENTRIES:
        raise ArchiveError(f"{shown} holds more than {MOST_ENTRIES} files; a bundle has five")
    for entry in packed.infolist():
        parts = _parts(entry, shown)
        name = parts[-1]
        if name.lower().endswith(files.PICKLES):
            raise _pickle(shown)
        if entry.filename.endswith(("/", "\\")) or _is_clutter(parts):
            continue
        if entry.flag_bits & ENCRYPTED:
            raise ArchiveError(f"{shown} is encrypted; {_REMEDY}")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ArchiveError(f"{shown} uses an unusual compression; {_REMEDY}")
        if parts[-2:-1] == [reader.FOLDER] and name in READER:
            name = f"{reader.FOLDER}/{parts.pop()}"
        elif name not in NAMES:
            raise ArchiveError(f"{shown} holds {name[:40]!r}, which is not part of a bundle")
        if name in found:
            raise ArchiveError(f"{shown} holds {name} twice")
        folders.add(tuple(parts[:-1]))
        found[name] = entry
    if len(folders) > 1:
        raise ArchiveError(f"{shown} holds more than one folder; a bundle is one")
    if any(len(folder) > DEEPEST for folder in folders):
        raise ArchiveError(f"{shown} holds a bundle more than {DEEPEST} folders deep; {_REMEDY}")
    return found


def _parts(entry: zipfile.ZipInfo, shown: str) -> list[str]:
    """The folders of an entry and its name. Raises ArchiveError if it may lie anywhere else."""
    path, kind = entry.filename.replace("\\", "/"), stat.S_IFMT(entry.external_attr >> 16)
    parts = path.removesuffix("/").split("/")
    outside = ":" in path or not set(parts).isdisjoint(("", ".", ".."))
    if outside or kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        what = "an entry outside its folder" if outside else "a link or a device"
        raise ArchiveError(f"{shown} holds {what}: {path[:40]!r}")
    return parts


def _is_clutter(parts: list[str]) -> bool:
    *folders, name = (part.lower() for part in parts)
    return (
        CLUTTER_FOLDER in folders or name in (*CLUTTER, README) or name.startswith(CLUTTER_PREFIX)
    )


def _pickle(shown: str) -> ArchiveError:
    return ArchiveError(
        f"{shown} is a pickle, a file that can run code on this machine when it is read; "
        "upload the zip file of a bundle instead, as Download creates it, or its weights as "
        f"safetensors, made in Python where only weights are read: {files.conversion(shown)}"
    )


def _name(filename: str) -> str:
    """The name of the run, from that of the file."""
    stem = re.sub(r"\.zip$", "", filename, flags=re.IGNORECASE)
    printable = "".join(letter for letter in stem if letter.isprintable()).strip()
    return printable[:LONGEST_NAME].strip() or "loaded"
