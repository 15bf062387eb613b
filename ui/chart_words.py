"""What a chart shows, in words and as a table, for those who can't see it."""

import html
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from ui import markdown

Place = str | float
Point = tuple[Place, float]  # where it stands along the chart, and its value


@dataclass(frozen=True)
class Series:
    """One line or group of bars; a gap in a line is left out."""

    name: str
    points: tuple[Point, ...]


def series(figure: go.Figure) -> list[Series]:
    """All that a figure of lines and bars shows."""
    found = []
    for trace in figure.data:
        across = getattr(trace, "orientation", None) == "h"
        places, values = (trace.y, trace.x) if across else (trace.x, trace.y)
        points = [(at, float(y)) for at, y in zip(places, values, strict=True) if y is not None]
        if points:
            found.append(Series(html.unescape(trace.name or ""), tuple(points)))
    return found


def describe(figure: go.Figure, along: str, value: str) -> str:
    """What kind of chart it is, and of each series the ends of a line and its extremes."""
    lines = any(trace.type == "scatter" for trace in figure.data)
    kind = "Line chart" if lines else "Bar chart"
    axes = f"{value} against {along}" if along else value
    words = [f"{kind}: {axes}."]
    words += [_course(each, lines) for each in series(figure)]
    return " ".join(words)


def table(figure: go.Figure, along: str, value: str) -> str:
    """Everything that it shows as a Markdown table: a row a place, a column a series."""
    found = series(figure)
    places = dict.fromkeys(at for each in found for at, _ in each.points)
    values = [dict(each.points) for each in found]
    rows = [(_text(at), *(_text(one[at]) if at in one else "–" for one in values)) for at in places]
    names = [markdown.escape(each.name) or value for each in found]
    return markdown.table((along or "For", *names), rows)


def title(axis: Any) -> str:
    """The title of an axis as `charts.show` takes it, without a remark about its scale."""
    words = axis.get("title", "") if isinstance(axis, dict) else axis
    return str(words or "").removesuffix(" (logarithmic)")


def _course(one: Series, line: bool) -> str:
    low, high = min(one.points, key=_value), max(one.points, key=_value)
    parts = []
    if line:
        first, last = one.points[0], one.points[-1]
        parts = [f"from {_point(first)} to {_point(last)}"] if len(one.points) > 1 else []
        known = {first[1], last[1]}
        parts += [f"highest {_point(high)}"] if high[1] not in known or not parts else []
        parts += [f"lowest {_point(low)}"] if low[1] not in known else []
    else:
        parts = [f"highest {_point(high)}", f"lowest {_point(low)}"]
    words = ", ".join(parts)
    return f"{one.name}: {words}." if one.name else f"{words[0].upper()}{words[1:]}."


def _value(point: Point) -> float:
    return point[1]


def _point(point: Point) -> str:
    return f"{_text(point[1])} at {_text(point[0])}"


def _text(value: Place) -> str:
    """A number with four digits, a word as it is."""
    return value if isinstance(value, str) else f"{value:.4g}"
