"""A folder of PNG and JPEG pictures: a subfolder a class, or none; or `train` and `test`."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from aemodels.data import ImageError
from aemodels.data.own import MOST_CLASSES
from aemodels.pictures.decoding import decode, size_in_header
from aemodels.pictures.raw import Part, PicturesError, Raw, shown
from aemodels.pictures.sizes import Bringer

ENDINGS = (".png", ".jpg", ".jpeg")
MOST_ENTRIES = 200_000
TEST_NAMES = ("test", "t10k", "testing", "val", "validation")


@dataclass(frozen=True)
class _Listed:
    """The pictures in a folder, the label of each, and the names of the classes by label."""

    folder: Path
    files: list[Path]
    labels: list[int] | None = None
    names: dict[int, str] = field(default_factory=dict)


def read(path: Path, bringer: Bringer) -> Raw:
    """All pictures of a folder, each brought to 28x28. Raises PicturesError."""
    left = [MOST_ENTRIES]
    folders, files = _entries(path, left)
    by_name = {folder.name.lower(): folder for folder in folders}
    tests = [by_name[name] for name in TEST_NAMES if name in by_name]
    if not files and "train" in by_name and tests:
        train = _listed(by_name["train"], left)
        parts = [train, _listed(tests[0], left, list(train.names.values()))]
    else:
        parts = [_listed(path, left)]
    for part in parts:
        if not part.files:
            raise PicturesError(
                f"{shown(part.folder)}: holds no picture that ends in {' or '.join(ENDINGS)}"
            )
    # Too many are refused before the first one is decoded, which may take a minute for all.
    bringer.budget.foresee(size_in_header(file) for part in parts for file in part.files)
    read = [Part(_images(part.files, bringer), part.labels, brought=True) for part in parts]
    return Raw(read[0], read[1] if len(read) > 1 else None, parts[0].names)


def _listed(path: Path, left: list[int], classes: list[str] | None = None) -> _Listed:
    """What a folder holds; `classes` are those to expect. Raises PicturesError."""
    folders, files = _entries(path, left)
    if files and folders:
        raise PicturesError(
            f"{shown(path)}: holds pictures and folders; put all pictures into folders, one a "
            "class, or none"
        )
    if not folders:
        if classes:
            raise PicturesError(f"{shown(path)}: has no folders of classes, unlike train")
        return _Listed(path, files)
    found = sorted(folder.name for folder in folders)
    if len(found) > MOST_CLASSES:
        raise PicturesError(
            f"{shown(path)}: {len(found):,} folders; at most {MOST_CLASSES} classes can be shown"
        )
    strange = set(found) - set(classes) if classes else set()
    if strange:
        raise PicturesError(f"{shown(path)}: the class {shown(min(strange))} isn't in train")
    names = classes or found
    images: list[Path] = []
    labels: list[int] = []
    for folder in sorted(folders):
        deeper, inside = _entries(folder, left)
        if deeper:
            raise PicturesError(
                f"{shown(path)}: {shown(folder)} holds the folder {shown(deeper[0])}; one level of "
                "folders, one a class, is read"
            )
        images += inside
        labels += [names.index(folder.name)] * len(inside)
    return _Listed(path, images, labels, dict(enumerate(names)))


def _entries(path: Path, left: list[int]) -> tuple[list[Path], list[Path]]:
    """Folders and pictures in a folder, sorted; `left` counts down the entries that may be read."""
    folders, files = [], []
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                left[0] -= 1
                if left[0] < 0:
                    raise PicturesError(f"{shown(path)}: more than {MOST_ENTRIES:,} files")
                if entry.name.startswith("."):
                    continue
                if entry.is_symlink():
                    raise PicturesError(
                        f"{shown(path)}: {shown(entry.name)} is a symbolic link; copy what it "
                        "points to"
                    )
                if entry.is_dir(follow_symlinks=False):
                    folders.append(Path(entry.path))
                elif entry.name.lower().endswith(ENDINGS):
                    files.append(Path(entry.path))
    except OSError as error:
        raise PicturesError(f"{shown(path)}: can't be read ({error.strerror})") from None
    return sorted(folders), sorted(files)


def _images(files: list[Path], bringer: Bringer) -> np.ndarray:
    found = np.empty((len(files), 28, 28), np.uint8)
    for k, file in enumerate(files):
        picture, size = decode(file, bringer.budget)
        bringer.sizes.add(size)
        try:
            found[k] = bringer.one(picture)
        except ImageError as error:
            raise PicturesError(f"{shown(file)}: {error}") from None
    return found
