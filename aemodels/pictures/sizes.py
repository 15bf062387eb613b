"""Pictures of any size brought to 28x28, by plain resizing or as MNIST's digits were made."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from aemodels.data import SIDE, ImageError, prepare
from aemodels.data.preparation import to_grey
from aemodels.pictures.budget import Budget
from aemodels.pictures.decoding import reduced
from aemodels.pictures.raw import PicturesError

PLAIN, MNIST = "plain", "mnist"
WAYS = (PLAIN, MNIST)


@dataclass
class Bringer:
    """Brings pictures to 28x28, and remembers their sizes.

    Attributes
    ----------
    way : str
        "plain" scales the longer side to 28 pixels, in the middle of the picture's own paper, and
        leaves a picture of 28x28 as it is; "mnist" is `aemodels.data.prepare`, which finds the ink.
    invert : bool
        Whether dark and light are exchanged first, for dark ink on light paper.
    budget : Budget
        How much may be read, and was.
    sizes : set
        (height, width) of all pictures so far.
    """

    way: str = PLAIN
    invert: bool = False
    budget: Budget = field(default_factory=Budget)
    sizes: set[tuple[int, int]] = field(default_factory=set)

    def one(self, picture: np.ndarray) -> np.ndarray:
        """A picture (H, W), (H, W, 3) or (H, W, 4) uint8 -> (28, 28) uint8. Raises ImageError."""
        picture = reduced(picture)
        if self.way == MNIST:
            prepared: np.ndarray = np.rint(prepare(picture) * 255).astype(np.uint8)
            return prepared
        levels = np.rint(to_grey(picture) * 255).astype(np.uint8)
        return scaled(255 - levels if self.invert else levels)

    def count(self, parts: Iterable[np.ndarray]) -> None:
        """Count the pixels that `all` of each of these resizes. Raises PicturesError."""
        for part in parts:
            if not self._keeps(part):
                count, height, width = part.shape[:3]
                self.budget.resize(height, width, count, f"with these {count:,} pictures")

    def all(self, pictures: np.ndarray) -> np.ndarray:
        """Pictures (N, H, W) or (N, H, W, 3) uint8 -> (N, 28, 28), which `count` has counted.
        Raises PicturesError.
        """
        height, width = pictures.shape[1:3]
        self.sizes.add((height, width))
        if self._keeps(pictures):
            return 255 - pictures if self.invert else pictures
        found = np.empty((len(pictures), SIDE, SIDE), np.uint8)
        for k, picture in enumerate(pictures):
            try:
                found[k] = self.one(picture)
            except ImageError as error:
                raise PicturesError(f"picture {k + 1}: {error}") from None
        return found

    def _keeps(self, pictures: np.ndarray) -> bool:
        """Whether pictures stay as they are, but for dark and light."""
        return pictures.shape[1:] == (SIDE, SIDE) and self.way == PLAIN

    def about(self) -> str:
        """A sentence on what was done."""
        low, high = min(self.sizes), max(self.sizes)
        size = f"{low[0]} x {low[1]}" + (f" to {high[0]} x {high[1]}" if low != high else "")
        inverted = ", dark and light exchanged" if self.invert else ""
        if self.way == MNIST:
            return f"Pictures of {size} pixels were brought to 28 x 28 as MNIST's digits were made."
        if self.sizes == {(SIDE, SIDE)}:
            return f"Pictures of 28 x 28 pixels are kept as they are{inverted}."
        return f"Pictures of {size} pixels were resized to 28 x 28{inverted}."


def scaled(levels: np.ndarray) -> np.ndarray:
    """Grey levels (H, W) uint8 -> (28, 28): the longer side is 28 pixels, by Pillow's bilinear
    filter; the rest is paper, the median of the picture's outermost pixels.
    """
    if levels.shape == (SIDE, SIDE):
        return levels
    from PIL import Image

    scale = SIDE / max(levels.shape)
    height, width = (max(1, round(size * scale)) for size in levels.shape)
    small = Image.fromarray(levels).resize((width, height), Image.Resampling.BILINEAR)
    frame = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    found = np.full((SIDE, SIDE), np.sort(frame)[len(frame) // 2], np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    found[top : top + height, left : left + width] = np.asarray(small)
    return found
