"""Images and decoder weights as pictures for `st.image`, enlarged so that their pixels stay crisp."""

import numpy as np

from aemodels.data import PIXELS, SIDE

# The browser would blur what it enlarges itself.
ZOOM = 4
GAP = 4  # transparent pixels between two squares


def atoms(rows: np.ndarray, columns: int, one_scale: bool = False) -> np.ndarray:
    """(n, 784) signed -> RGBA uint8: a square each, black at 0, orange above, blue below.

    Each is scaled to its own largest value, or with `one_scale` all to the third quartile of these.
    """
    warm, cold = np.array([255, 176, 64]), np.array([80, 160, 255])
    most = np.abs(rows).max(1, keepdims=True)
    if one_scale:
        most = np.quantile(most, 0.75)
    scaled = (rows / np.maximum(most, 1e-12)).clip(-1, 1)
    colours = np.where(scaled[..., None] > 0, warm, cold) * np.abs(scaled)[..., None]
    return _tiles(colours, columns)


def greys(rows: np.ndarray, columns: int) -> np.ndarray:
    """(n, 784) grey levels, clipped to [0, 1] -> RGBA uint8: a square each."""
    return _tiles(np.repeat(255 * rows.clip(0, 1)[..., None], 3, axis=2), columns)


def _tiles(colours: np.ndarray, columns: int) -> np.ndarray:
    """(n, 784, 3) -> RGBA uint8, the squares in rows of `columns`."""
    down = -(-len(colours) // columns)
    side = SIDE * ZOOM + GAP
    picture = np.zeros((down * side - GAP, columns * side - GAP, 4), np.uint8)
    for k, square in enumerate(np.round(colours).astype(np.uint8)):
        opaque = np.concatenate([square, np.full((PIXELS, 1), 255, np.uint8)], axis=1)
        block = np.kron(opaque.reshape(SIDE, SIDE, 4), np.ones((ZOOM, ZOOM, 1), np.uint8))
        top, left = k // columns * side, k % columns * side
        picture[top : top + SIDE * ZOOM, left : left + SIDE * ZOOM] = block
    return picture
