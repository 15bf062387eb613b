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
from pathlib import Path, PurePosixPath

from aemodels.bundles import atomic, bundle, checks, zips
from aemodels.importing import files
from aemodels.reader import files as reader
from aemodels.runs import hidden
from aemodels.runs.folder import BUNDLE, LONGEST_NAME, RunError
from aemodels.runs.run import Run, import_bundle

NAMES = (bundle.MANIFEST, *bundle.FILES)
READER = (reader.MANIFEST, *reader.FILES)
README = "readme.txt"  # in the zip that Explore makes
MOST_ENTRIES, DEEPEST = 100, 2
LARGEST = 200 * 1000 * 1000
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
    """Write the files of a bundle, without the one folder, or two, around them all."""
    folders = set()
    try:
        for parts, found in zips.checked_zip(
            content,
            most_bytes=LARGEST,
            most_files=MOST_ENTRIES,
            wanted=lambda parts: _is_wanted(parts, shown),
        ):
            of_reader = _is_of_reader(parts)
            folders.add(parts[: -2 if of_reader else -1])
            path = target.joinpath(*parts[-2 if of_reader else -1 :])
            if path.exists():
                raise ArchiveError(f"{shown} holds {path.relative_to(target).as_posix()} twice")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(found)
    except zips.ZipError as error:
        raise ArchiveError(f"{shown} {error}; {_REMEDY}") from None
    if len(folders) > 1:
        raise ArchiveError(f"{shown} holds more than one folder; a bundle is one")
    if any(len(folder) > DEEPEST for folder in folders):
        raise ArchiveError(f"{shown} holds a bundle more than {DEEPEST} folders deep; {_REMEDY}")


def _is_wanted(parts: zips.Parts, shown: str) -> bool:
    """Whether it is no README. Raises ArchiveError unless it is part of a bundle."""
    name, path = parts[-1], "/".join(parts)
    if ":" in path or not set(parts).isdisjoint(("", ".", "..")):
        raise ArchiveError(f"{shown} holds an entry outside its folder: {path[:40]!r}")
    if name.lower().endswith(files.PICKLES):
        raise _pickle(shown)
    if name.lower() == README:
        return False
    if name not in NAMES and not _is_of_reader(parts):
        raise ArchiveError(f"{shown} holds {name[:40]!r}, which is not part of a bundle")
    return True


def _is_of_reader(parts: zips.Parts) -> bool:
    return parts[-2:-1] == (reader.FOLDER,) and parts[-1] in READER


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
