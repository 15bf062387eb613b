"""The one conversion at the boundary: images in any usual form -> vectors for the networks."""

import numpy as np

SIDE = 28
PIXELS = SIDE * SIDE
# Noise with a standard deviation of 1 stays well within this; grey levels up to 255 do not.
FARTHEST = 20.0


class ImageError(ValueError):
    """Images of another size, type or range; the message is one line: value, limit, remedy."""


def to_vectors(images: np.ndarray, in_range: bool = True) -> np.ndarray:
    """Images as vectors of grey levels, 0 paper to 1 ink.

    Parameters
    ----------
    images : ndarray
        (N, 784) or (N, 28, 28); uint8 from 0 to 255, or floats from 0 to 1.
    in_range : bool
        Whether floats must lie in [0, 1]; with False they may lie between -20 and 20, since
        added noise reaches beyond.

    Returns
    -------
    ndarray
        (N, 784) float32; the same array if it already is.

    Raises
    ------
    ImageError
        For every other shape, type or range.
    """
    if not isinstance(images, np.ndarray):
        raise ImageError(f"images of type {type(images).__name__}: must be a NumPy array")
    shape, kind = images.shape, images.dtype
    if shape[1:] in ((PIXELS,), (SIDE, SIDE)):
        flat = images.reshape(len(images), PIXELS)
        if kind == np.uint8:
            return flat.astype(np.float32) / np.float32(255)
        if kind.kind == "f":
            return _checked(flat.astype(np.float32, copy=False), in_range)
        remedy = "turn them into floats from 0 to 1, or into uint8 from 0 to 255"
    elif shape in ((PIXELS,), (SIDE, SIDE)):
        remedy = "for one image write images[None]"
    elif len(shape) > 1 and np.prod(shape[1:]) == PIXELS:
        remedy = f"write images.reshape({shape[0]}, {PIXELS})"
    else:
        remedy = f"resize them to {SIDE}x{SIDE} grey pixels"
    raise ImageError(
        f"images of shape {shape} and type {kind}: must be (N, {PIXELS}) or (N, {SIDE}, {SIDE}), "
        f"floats from 0 to 1 or uint8; {remedy}"
    )


def _checked(images: np.ndarray, in_range: bool) -> np.ndarray:
    low, high = images.min(initial=0), images.max(initial=0)
    if not (np.isfinite(low) and np.isfinite(high)):
        raise ImageError("values of nan or infinity: must be finite; leave those images out")
    least, most = (0.0, 1.0) if in_range else (-FARTHEST, FARTHEST)
    if least <= low and high <= most:
        return images
    if low < least:
        raise ImageError(
            f"values down to {low:.3g}: must be from 0 to 1; undo the normalisation, or clip them"
        )
    remedy = "divide by 255" if high > 2 else "clip them"
    raise ImageError(f"values up to {high:.3g}: must be from 0 to 1; {remedy}")
