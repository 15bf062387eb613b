"""What a fold shows, as HTML: the same words, charts and pictures that `ui.parts` draws in the app."""

import io
from base64 import b64encode
from collections.abc import Sequence
from html import escape

import numpy as np
from PIL import Image

from site_builder.prose import Page
from ui import chart_html, chart_words, markdown
from ui.parts import Caption, Chart, Columns, Heading, Live, Part, Picture, Words
from ui.pictures import ZOOM

COLOURS = 128  # of a picture, with that of the gaps between its squares


def html(parts: Sequence[Part], page: Page) -> str:
    """One below the other, without what only the app has."""
    return "".join(_html(part, page) for part in parts)


def _html(part: Part, page: Page) -> str:
    match part:
        case Heading():
            return f"<h3>{page.line(part.text)}</h3>"
        case Words():
            return f'<div class="wide">{page.html(part.text)}</div>'
        case Caption():
            return f'<div class="caption">{page.html(part.text)}</div>'
        case Chart():
            return _chart(part, page)
        case Picture():
            return _picture(part)
        case Columns():
            return _columns(part, page)
        case Live():
            return ""


def _chart(part: Chart, page: Page) -> str:
    """The picture, with everything that it shows in words and as a table in a fold."""
    titles = [chart_words.title(axis) for axis in (part.x, part.y)]
    words = chart_words.describe(part.figure, *titles)
    table = page.html(chart_words.table(part.figure, *titles))
    drawn = chart_html.drawing(part.figure, words, part.x, part.y, part.height, part.layout)
    return (
        f'<figure class="chart">{drawn}'
        f"<details><summary>Numbers</summary><p>{page.line(markdown.escape(words))}</p>"
        f'<div class="wide">{table}</div></details></figure>'
    )


def _columns(part: Columns, page: Page) -> str:
    shares = part.shares or [1] * len(part.columns)
    tracks = " ".join(f"minmax(0, {share:g}fr)" for share in shares)
    inner = "".join(f"<div>{html(each, page)}</div>" for each in part.columns)
    return f'<div class="columns" style="--tracks: {tracks}">{inner}</div>'


def _picture(part: Picture) -> str:
    # The page enlarges it itself, so that its pixels stay crisp.
    pixels = part.pixels[::ZOOM, ::ZOOM]
    wide = f"{part.width / 16:g}rem" if part.width else "100%"
    return (
        f'<img class="pixels" style="width: {wide}" alt="{escape(part.alt)}" loading="lazy" '
        f'width="{pixels.shape[1]}" height="{pixels.shape[0]}" src="data:image/png;base64,{_png(pixels)}">'
    )


def _png(pixels: np.ndarray) -> str:
    """RGBA uint8 as a PNG in base64, transparent where alpha is 0."""
    clear = COLOURS - 1
    seen = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    indexed = seen.quantize(clear, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    indices = np.where(pixels[..., 3] > 0, np.asarray(indexed), clear).astype(np.uint8)
    picture = Image.fromarray(indices, "P")
    known = [*(indexed.getpalette() or []), *[0] * 3 * COLOURS]
    picture.putpalette([*known[: 3 * clear], 0, 0, 0])
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True, transparency=clear)
    return b64encode(file.getvalue()).decode()
