"""MNIST's preparation: any picture of a digit -> 28x28 grey levels like those of the data set.

    image = prepare(np.asarray(PIL.Image.open("seven.jpg")))  # (28, 28), 0 paper to 1 ink
    vae.encode(image[None])

The page draws and reads pictures in the browser, so `lens/web/maths/preparation.mjs` does the same
in JavaScript; a test compares the two.
"""

from dataclasses import dataclass

import numpy as np

from aemodels.data.images import SIDE, ImageError

# Grey as in television, ITU-R BT.601.
RED, GREEN, BLUE = 0.299, 0.587, 0.114
FAINTEST = 0.1  # contrast between paper and ink, below which a picture is blank
NOISE = 0.1  # share of the strongest ink, below which a pixel is paper


@dataclass(frozen=True)
class Fit:
    """How ink is put into a square.

    Attributes
    ----------
    longer : float
        The longer side of the ink's box, as a share of the square's side.
    by_mass : bool
        Whether the ink's centre of mass comes to the middle of the square, or that of its box.
    """

    longer: float
    by_mass: bool


# LeCun et al. 1998, section III.A, and http://yann.lecun.com/exdb/mnist: "size normalized to fit in
# a 20x20 pixel box while preserving their aspect ratio", with grey levels from anti-aliasing, then
# moved so that the centre of mass is at the middle of 28x28. Xiao et al. 2017, arXiv:1708.07747,
# section 2: the longer side 28 pixels, in the middle.
FITS = {"mnist": Fit(20 / 28, by_mass=True), "fashion-mnist": Fit(1, by_mass=False)}
# MNIST's digits were moved by whole pixels: the centre of mass of each lies in pixel 14 of 0 to 27,
# across and down, so its middle is theirs on average.
MIDDLE_OF_MASS = 14.5 / 28


def prepare(picture: np.ndarray, dataset: str = "mnist") -> np.ndarray:
    """A picture as the images of a data set were made.

    Parameters
    ----------
    picture : ndarray
        uint8, of any size: grey (H, W), RGB (H, W, 3), or RGBA (H, W, 4), which lies on white.
        Ink may be darker or lighter than its paper.
    dataset : str
        A key of `FITS`.

    Returns
    -------
    ndarray
        (28, 28) float32, 0 paper to 1 ink, the strongest being 1.

    Raises
    ------
    ImageError
        If the picture has another shape or type, or is blank.
    """
    return fit_ink(find_ink(to_grey(picture)), FITS[dataset])


def to_grey(picture: np.ndarray) -> np.ndarray:
    """Grey levels (H, W) float64, 0 black to 1 white, of a uint8 picture; see `prepare`."""
    shape = picture.shape
    known = len(shape) == 2 or (len(shape) == 3 and shape[2] in (3, 4))
    if picture.dtype != np.uint8 or not known or not picture.size:
        raise ImageError(
            f"a picture of shape {shape} and type {picture.dtype}: must be uint8, (H, W), "
            "(H, W, 3) or (H, W, 4); for example np.asarray(image.convert('RGBA'))"
        )
    # By tables, since a large picture as fractions takes eight times its memory.
    fractions = np.arange(256) / 255
    red, green, blue = RED * fractions, GREEN * fractions, BLUE * fractions
    if len(shape) == 2:
        # Added as those of colours are, so that rounding is the same.
        of_levels: np.ndarray = (red + green + blue)[picture]
        return of_levels
    grey: np.ndarray = red[picture[..., 0]]
    grey += green[picture[..., 1]]
    grey += blue[picture[..., 2]]
    return 1 + (grey - 1) * fractions[picture[..., 3]] if shape[2] == 4 else grey


def find_ink(grey: np.ndarray) -> np.ndarray:
    """How much ink there is, (H, W) float64 from 0 to 1, of grey levels (H, W) from 0 to 1.

    The paper is the median of the picture's outermost pixels; ink is what differs from it, darker
    or lighter, whichever differs more in squares. The strongest ink is 1.

    Raises
    ------
    ImageError
        If the picture is blank.
    """
    frame = np.sort(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]))
    above = grey - frame[len(frame) // 2]
    darker, lighter = np.maximum(-above, 0), np.maximum(above, 0)
    more = np.square(lighter).sum() > np.square(darker).sum()
    ink: np.ndarray = lighter if more else darker
    strongest = ink.max()
    if strongest < FAINTEST:
        raise ImageError("a blank picture: must show ink that is darker or lighter than its paper")
    ink /= strongest
    ink[ink < NOISE] = 0
    return ink


def fit_ink(ink: np.ndarray, fit: Fit, side: int = SIDE) -> np.ndarray:
    """Ink (H, W), not all 0, in a square (side, side) float32; its strongest pixel is 1.

    A pixel of the square is the mean of the ink over the area that it covers. Nothing is cut off:
    where the centre of mass would push ink over the edge, it stops there.
    """
    rows, columns = (np.flatnonzero(ink.any(axis)) for axis in (1, 0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = max(ink.shape) / (fit.longer * side)  # pixels of the picture in one of the square
    down, across = (_cover(ink.sum(axis), scale, fit.by_mass, side) for axis in (1, 0))
    square = down @ ink @ across.T
    levels: np.ndarray = (square / square.max()).astype(np.float32)
    return levels


def _cover(mass: np.ndarray, scale: float, by_mass: bool, side: int) -> np.ndarray:
    """Which share of a pixel of the square each of the ink's covers, along one direction.

    `mass` (N,) is the ink's sum across it; returns (side, N).
    """
    size, pixels = len(mass) / scale, np.arange(len(mass))
    if by_mass:
        centre = mass @ (pixels + 0.5) / mass.sum()
        start = np.clip(MIDDLE_OF_MASS * side - centre / scale, 0, side - size)
    else:
        start = (side - size) / 2
    edges = (np.arange(side + 1) - start) * scale
    lower, upper = edges[:-1, None], edges[1:, None]
    covered = np.minimum(upper, pixels + 1) - np.maximum(lower, pixels)
    shares: np.ndarray = np.maximum(covered, 0) / scale
    return shares
