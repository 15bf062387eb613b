"""The map of a model's codes for paper: dots to write on, or each digit as its numeral.

Black on white, so that any copier keeps it; vectors, so that any printer draws it sharp.
"""

from dataclasses import dataclass

import numpy as np

SIDE = 1000  # of the square, in its own units
DOTS = 4000
NUMERALS = 900
NUMERAL_SIZE = 19
DOT_GAP, NUMERAL_GAP = 5.0, 16.0  # least distance between two of them, in the square's units
CIRCLES = (1, 2)  # standard deviations of the prior


@dataclass(frozen=True)
class Map:
    """A printed map and the name of its model."""

    model: str
    svg: str


def dots(codes: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """Codes (N, 2) and what is in view, (2,) each -> an SVG with a dot for each of many codes."""
    places = _thin(_places(codes, low, high), DOT_GAP)[:DOTS]
    path = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in places[:, :2])
    words = "The codes of many digits as dots. Write each digit where you find it."
    return _svg(
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="4.4" '
        'stroke-linecap="round" opacity="0.45"/>',
        words,
        low,
        high,
    )


def numerals(codes: np.ndarray, labels: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    """Codes (N, 2), their digits (N,) and what is in view -> an SVG with a numeral at each code."""
    places = _thin(_places(codes, low, high), NUMERAL_GAP)[:NUMERALS]
    marks = "".join(
        f'<text x="{x:.0f}" y="{y:.0f}">{labels[int(index)]}</text>' for x, y, index in places
    )
    return _svg(
        f'<g font-size="{NUMERAL_SIZE}" text-anchor="middle" dominant-baseline="central" '
        f'fill="currentColor">{marks}</g>',
        "The codes of many digits, each as its numeral.",
        low,
        high,
    )


def _places(codes: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(N, 2) -> (M, 3): x and y in the square, downwards, of those in view, and their indices."""
    shares = (codes.astype(np.float64) - low) / (high - low)
    seen = np.flatnonzero(((shares > 0.01) & (shares < 0.99)).all(1))
    x, y = SIDE * shares[seen, 0], SIDE * (1 - shares[seen, 1])
    return np.stack([x, y, seen.astype(np.float64)], axis=1)


def _thin(places: np.ndarray, gap: float) -> np.ndarray:
    """Those places (M, 3), in their order, that are no closer than `gap` to one kept before."""
    kept: list[np.ndarray] = []
    cells: dict[tuple[int, int], list[np.ndarray]] = {}
    for place in places:
        column, row = int(place[0] // gap), int(place[1] // gap)
        around = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in cells.get((i, j), ())
        )
        if all(np.hypot(*(place[:2] - other[:2])) >= gap for other in around):
            cells.setdefault((column, row), []).append(place)
            kept.append(place)
    return np.array(kept).reshape(-1, 3)


def _svg(marks: str, words: str, low: np.ndarray, high: np.ndarray) -> str:
    """The square with the axes, the prior's circles and these marks."""
    scale = SIDE / (high - low)
    x, y = -low[0] * scale[0], SIDE + low[1] * scale[1]
    circles = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * scale[0]:.1f}"/>' for radius in CIRCLES
    )
    ticks = "".join(
        f'<text x="{x + k * scale[0]:.0f}" y="{SIDE + 26}" text-anchor="middle">{_number(k)}</text>'
        f'<text x="-10" y="{y - k * scale[1]:.0f}" text-anchor="end" '
        f'dominant-baseline="central">{_number(k)}</text>'
        for k in range(int(np.ceil(low.min())), int(np.floor(high.max())) + 1)
    )
    return (
        f'<svg viewBox="-76 -8 {SIDE + 86} {SIDE + 68}" role="img" aria-label="{words}" '
        'xmlns="http://www.w3.org/2000/svg">'
        f'<g fill="none" stroke="currentColor" stroke-width="1.4" opacity="0.6">'
        f'<path d="M{x:.1f} 0V{SIDE}M0 {y:.1f}H{SIDE}" stroke-dasharray="1 7"/>{circles}</g>'
        f"{marks}"
        f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="currentColor" stroke-width="2"/>'
        f'<g font-size="21" fill="currentColor">{ticks}'
        f'<text x="{SIDE / 2:.0f}" y="{SIDE + 54}" text-anchor="middle">z1</text>'
        f'<text x="-46" y="{SIDE / 2:.0f}" text-anchor="end" dominant-baseline="central">z2</text></g>'
        "</svg>"
    )


def _number(value: int) -> str:
    return f"{value}".replace("-", "−")
