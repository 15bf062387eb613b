"""How much may be read of one source, whatever its files claim of themselves."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aemodels.pictures.raw import LARGEST_FILE, PicturesError, shown

# What decoding and resizing a small picture costs is that of so many pixels of a large one.
FEWEST_PIXELS = 64 * 64


@dataclass
class Budget:
    """Counts what is read of all files of a source.

    Attributes
    ----------
    most_bytes : int
        Of all files together, unpacked.
    most_pixels : int
        Of all pictures together that are decoded or resized; each counts as at least
        `FEWEST_PIXELS`.
    remedy : str
        The end of a refusal: what helps whoever has more.
    """

    most_bytes: int = LARGEST_FILE
    most_pixels: int = sys.maxsize
    remedy: str = "fewer or smaller pictures are needed"
    bytes: int = 0
    pixels: int = 0

    @property
    def room(self) -> int:
        """How many bytes may still be read."""
        return self.most_bytes - self.bytes

    def unpack(self, count: int, path: Path) -> None:
        """Count so many bytes of a file. Raises PicturesError if that is too much."""
        self.bytes += count
        if self.room < 0:
            raise PicturesError(
                f"{shown(path)}: unpacks to more than {self.most_bytes:,} bytes, with all that was "
                f"read before it; {self.remedy}"
            )

    def foresee(self, sizes: Iterable[tuple[int, int]]) -> None:
        """Raise PicturesError if pictures of these heights and widths would have too many pixels;
        counts nothing, since a header can state anything.
        """
        if self.most_pixels == sys.maxsize:
            return
        each = [_cost(height, width) for height, width in sizes]
        if self.pixels + sum(each) > self.most_pixels:
            raise PicturesError(
                f"{len(each):,} pictures with {sum(each):,} pixels in all, each counted as at "
                f"least 64 x 64, where at most {self.most_pixels:,} are read; {self.remedy}"
            )

    def resize(self, height: int, width: int, count: int, what: str) -> None:
        """Count so many pictures of this size. Raises PicturesError if that is too much."""
        self.pixels += count * _cost(height, width)
        if self.pixels > self.most_pixels:
            raise PicturesError(
                f"{what} of {height:,} x {width:,} pixels, all have more than "
                f"{self.most_pixels:,}; {self.remedy}"
            )


def _cost(height: int, width: int) -> int:
    return max(height * width, FEWEST_PIXELS)
