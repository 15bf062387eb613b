"""Files that came through a browser, as the files and folders that `add` reads."""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from aemodels.bundles import zips
from aemodels.data import Source
from aemodels.pictures import idx_files, image_folder
from aemodels.pictures.add import add
from aemodels.pictures.budget import Budget
from aemodels.pictures.raw import PicturesError, shown

TABLES = (".npz", ".csv", ".csv.gz")
PACKED = ".zip"
# Unpacked, of all files: MNIST's pictures as float32 have 220 million bytes.
LARGEST = 300_000_000
# A hundred and sixty pictures of a phone, or 60,000 of 180 x 180.
MOST_PIXELS = 2_000_000_000
# What takes larger files, which each refusal of one says; its limit is `LARGEST_FILE`.
COMMAND = "python -m aemodels data add PATH --name NAME"
REMEDY = (
    f"add fewer or smaller pictures, or use {COMMAND}, which takes 1 GiB and any number of pixels"
)
# train/CLASS/picture.png in a folder.
DEEPEST = 4
NEEDED = (
    "one .npz or .csv file, IDX files, PNG and JPEG pictures, or a zip of such a folder is needed"
)


class Upload(NamedTuple):
    """A file that came: the name that the browser gives it, and its content."""

    name: str
    content: bytes


def add_uploaded(name: str, files: Sequence[Upload], **options: Any) -> Source:
    """Make a data set of one's own of the files that came; `options` as in `pictures.add`.

    They are one .npz or .csv file, IDX files, PNG and JPEG pictures without labels, or one zip of a
    folder with IDX files or pictures; at most `LARGEST` bytes, unpacked, and `MOST_PIXELS`. Raises
    DataError if they can't be used, and OSError.
    """
    with tempfile.TemporaryDirectory(prefix="latent-lab-") as place:
        path = _laid(Path(place), files)
        return add(name, path, budget=Budget(LARGEST, MOST_PIXELS, REMEDY), **options)


def _laid(place: Path, files: Sequence[Upload]) -> Path:
    """The file or folder to read, in an empty folder."""
    names = [PurePosixPath(each.name.replace("\\", "/")).name for each in files]
    if not files or not all(names):
        raise PicturesError(f"no file; {NEEDED}")
    endings = [name.lower() for name in names]
    if len(files) == 1 and endings[0].endswith(TABLES):
        path = place / _safe(names[0])
        path.write_bytes(files[0].content)
        return path
    folder = place / "upload"
    folder.mkdir()
    if len(files) == 1 and endings[0].endswith(PACKED):
        _unpack(files[0], folder)
        return _single(folder)
    for name, file in zip(names, files, strict=True):
        if not _is_wanted(name):
            raise PicturesError(f"{shown(name)}: {NEEDED}")
        path = folder / _safe(name)
        if path.exists():
            raise PicturesError(f"{shown(name)}: there are two files of this name")
        path.write_bytes(file.content)
    return folder


def _single(folder: Path) -> Path:
    """The folder below those that hold one folder and nothing else: a zip often has all its files
    in one, and one folder of pictures alone tells no class from another.
    """
    for _ in range(DEEPEST):
        entries = list(folder.iterdir())
        if len(entries) != 1 or not entries[0].is_dir():
            break
        folder = entries[0]
    return folder


def _unpack(file: Upload, folder: Path) -> None:
    """The files of a zip that can be read, in their folders. Raises PicturesError."""
    try:
        for parts, content in zips.checked_zip(
            file.content,
            most_bytes=LARGEST,
            most_files=image_folder.MOST_ENTRIES,
            wanted=lambda parts: _is_wanted(parts[-1]),
        ):
            safe = [part for part in map(_safe, parts) if part]
            if len(safe) > DEEPEST + 1:
                raise PicturesError(f"{shown(parts[-1])}: lies in more than {DEEPEST} folders")
            path = folder.joinpath(*safe)
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_file():
                raise PicturesError(f"{shown(parts[-1])}: there are two files of this name")
            path.write_bytes(content)
    except zips.TooLargeError as error:
        raise PicturesError(f"{shown(file.name)}: {error}; {REMEDY}") from None
    except zips.ZipError as error:
        raise PicturesError(f"{shown(file.name)}: {error}; pack the folder again") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise PicturesError(
            f"{shown(file.name)}: a file and a folder of it have one name"
        ) from None


def _is_wanted(name: str) -> bool:
    return (
        name.lower().endswith(image_folder.ENDINGS)
        or idx_files.is_idx(Path(name))
        or idx_files.is_mapping(name)
    )


def _safe(part: str) -> str:
    """A name without what a path can't have; the name of a folder is that of its class."""
    found = re.sub(r'[\x00-\x1f/\\:*?"<>|]', "_", part).strip(". ")
    # A file system takes 255 bytes, and a letter may be four; the ending stays.
    return found if len(found.encode()) <= 240 else f"{found[:40]}{found[-20:]}"
