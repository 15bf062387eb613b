"""A folder of PNG and JPEG pictures: a subfolder a class, or none; or `train` and `test`."""

import io
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aemodels.data import ImageError
from aemodels.data.own import MOST_CLASSES
from aemodels.pictures.raw import LARGEST_SIDE, Part, PicturesError, Raw, read_bytes, shown

if TYPE_CHECKING:
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg")
LARGEST_PICTURE = 50_000_000
MOST_ENTRIES = 200_000
TEST_NAMES = ("test", "t10k", "testing", "val", "validation")

# A picture as Pillow read it, (H, W), (H, W, 3) or (H, W, 4) uint8 -> (28, 28) uint8.
Bring = Callable[[np.ndarray], np.ndarray]


def read(path: Path, bring: Bring) -> Raw:
    """All pictures of a folder, each brought to 28x28. Raises PicturesError."""
    left = [MOST_ENTRIES]
    folders, files = _entries(path, left)
    by_name = {folder.name.lower(): folder for folder in folders}
    tests = [by_name[name] for name in TEST_NAMES if name in by_name]
    if not files and "train" in by_name and tests:
        train, names = _part(by_name["train"], bring, left)
        test, _ = _part(tests[0], bring, left, list(names.values()))
        return Raw(train, test, names)
    train, names = _part(path, bring, left)
    return Raw(train, None, names)


def _part(
    path: Path, bring: Bring, left: list[int], classes: list[str] | None = None
) -> tuple[Part, dict[int, str]]:
    """Its pictures, and the names of their classes by label; `classes` are those to expect."""
    folders, files = _entries(path, left)
    if files and folders:
        raise PicturesError(
            f"{shown(path)}: holds pictures and folders; put all pictures into folders, one a "
            "class, or none"
        )
    if not folders:
        if classes:
            raise PicturesError(f"{shown(path)}: has no folders of classes, unlike train")
        return Part(_images(files, bring, path), None, brought=True), {}
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
    part = Part(_images(images, bring, path), labels, brought=True)
    return part, dict(enumerate(names))


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


def _images(files: list[Path], bring: Bring, path: Path) -> np.ndarray:
    if not files:
        raise PicturesError(f"{shown(path)}: holds no picture that ends in {' or '.join(ENDINGS)}")
    found = np.empty((len(files), 28, 28), np.uint8)
    for k, picture in enumerate(_decoded(files)):
        try:
            found[k] = bring(picture)
        except ImageError as error:
            raise PicturesError(f"{shown(files[k])}: {error}") from None
    return found


def _decoded(files: list[Path]) -> Iterator[np.ndarray]:
    """Each picture as uint8: grey (H, W), RGB or RGBA."""
    import PIL.Image
    import PIL.ImageOps

    for path in files:
        if path.lstat().st_size > LARGEST_PICTURE:
            raise PicturesError(f"{shown(path)}: is larger than {LARGEST_PICTURE:,} bytes")
        content = io.BytesIO(read_bytes(path))
        try:
            with warnings.catch_warnings():
                # Of a large picture, which is refused below, and of metadata, which isn't used.
                warnings.simplefilter("ignore")
                # Opening reads no more than the header.
                with PIL.Image.open(content, formats=("PNG", "JPEG")) as picture:
                    if max(picture.size) > LARGEST_SIDE:
                        raise PIL.Image.DecompressionBombError
                    # A phone stores how it was held beside the pixels.
                    found = _levels(PIL.ImageOps.exif_transpose(picture))
        except PIL.Image.DecompressionBombError:
            raise PicturesError(
                f"{shown(path)}: has a side of more than {LARGEST_SIDE} pixels, which is the limit"
            ) from None
        except (OSError, SyntaxError, ValueError, EOFError, MemoryError, struct.error, zlib.error):
            raise PicturesError(
                f"{shown(path)}: is no PNG or JPEG picture, or it is cut short or damaged"
            ) from None
        yield found


def _levels(picture: "Image") -> np.ndarray:
    """8 bits a channel; 16 bits of grey are rounded to the nearest level."""
    if picture.mode.startswith("I"):
        deep = np.asarray(picture).astype(np.float64)
        return np.rint(deep.clip(0, 65535) / 257).astype(np.uint8)
    if picture.mode in ("L", "1"):
        return np.asarray(picture.convert("L"))
    if picture.mode == "P" and "transparency" not in picture.info:
        return np.asarray(picture.convert("RGB"))
    return np.asarray(picture.convert("RGB" if picture.mode == "RGB" else "RGBA"))
