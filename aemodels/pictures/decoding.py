"""A PNG or JPEG file as grey levels or colours, a large one smaller than it is."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aemodels.pictures import jpeg
from aemodels.pictures.budget import Budget
from aemodels.pictures.raw import LARGEST_SIDE, PicturesError, read_bytes, shown

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PICTURE = 50_000_000
# Pixels that are kept of the longer side, as in a browser: forty of them make one of 28.
LONGEST = 1120


def decode(path: Path, budget: Budget) -> tuple[np.ndarray, tuple[int, int]]:
    """A picture as uint8, grey (H, W), RGB or RGBA, at most `LONGEST` high and wide; and its height
    and width in the file. Raises PicturesError.
    """
    import PIL.ImageOps

    with _opened(path) as picture:
        width, height = picture.size
        budget.resize(height, width, 1, f"{shown(path)}: with this picture")
        if (factor := _factor(width, height)) > 1:
            # A JPEG is decoded at a half, a quarter or an eighth in a fraction of the time.
            least = (max(1, width // factor), max(1, height // factor))
            picture.draft(picture.mode, least)
        small = _reduced(picture)
        # A phone stores how it was held beside the pixels.
        upright = PIL.ImageOps.exif_transpose(small)
        if upright.size != small.size:
            height, width = width, height
        return _levels(upright), (height, width)


def size_in_header(path: Path) -> tuple[int, int]:
    """The height and width that a picture's file states, not decoded. Raises PicturesError."""
    with _opened(path) as picture:
        return picture.height, picture.width


@contextmanager
def _opened(path: Path) -> Iterator["Image"]:
    """A picture of which no more than the header is read so far. Raises PicturesError, also for
    what Pillow raises in the block.
    """
    import PIL.Image

    if path.lstat().st_size > LARGEST_PICTURE:
        raise PicturesError(f"{shown(path)}: is larger than {LARGEST_PICTURE:,} bytes")
    content = read_bytes(path)
    if jpeg.has_too_many_scans(content):
        raise PicturesError(
            f"{shown(path)}: has more than {jpeg.MOST_SCANS} scans, as no camera's JPEG has; save "
            "it again as a PNG or JPEG"
        )
    try:
        with warnings.catch_warnings():
            # Of a large picture, which is refused below, and of metadata, which isn't used.
            warnings.simplefilter("ignore")
            with PIL.Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
                if max(picture.size) > LARGEST_SIDE:
                    raise PIL.Image.DecompressionBombError
                yield picture
    except PIL.Image.DecompressionBombError:
        raise PicturesError(
            f"{shown(path)}: has a side of more than {LARGEST_SIDE} pixels, which is the limit"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, struct.error, zlib.error):
        raise PicturesError(
            f"{shown(path)}: is no PNG or JPEG picture, or it is cut short or damaged"
        ) from None


def reduced(levels: np.ndarray) -> np.ndarray:
    """A picture (H, W), (H, W, 3) or (H, W, 4) uint8, at most `LONGEST` high and wide."""
    if max(levels.shape[:2]) <= LONGEST:
        return levels
    from PIL import Image

    return np.asarray(_reduced(Image.fromarray(levels)))


def _reduced(picture: "Image") -> "Image":
    """A large picture by means of squares of pixels, weighted by how opaque they are."""
    factor = _factor(*picture.size)
    if factor == 1:
        return picture
    mode = _mode(picture)
    plain = picture if picture.mode == mode else picture.convert(mode)
    small = plain.reduce(factor)
    # Where PNG stores how the phone was held.
    small.info = picture.info
    return small


def _factor(width: int, height: int) -> int:
    return -(-max(width, height) // LONGEST)


def _mode(picture: "Image") -> str:
    """The mode of Pillow that keeps what a picture shows."""
    if picture.mode.startswith("I"):
        return "I"
    if picture.mode in ("L", "1"):
        return "L"
    opaque = picture.mode == "RGB" or (picture.mode == "P" and "transparency" not in picture.info)
    return "RGB" if opaque else "RGBA"


def _levels(picture: "Image") -> np.ndarray:
    """8 bits a channel; 16 bits of grey are rounded to the nearest level."""
    if picture.mode.startswith("I"):
        deep = np.asarray(picture).astype(np.float64)
        return np.rint(deep.clip(0, 65535) / 257).astype(np.uint8)
    mode = _mode(picture)
    return np.asarray(picture if picture.mode == mode else picture.convert(mode))
