"""A chart of lines or bars as HTML and SVG, which needs no script.

It fills the width of its place, while type and lines keep their size. Only lines are SVG, which `st.html` takes out;
bars are boxes. lens/web/chart.css says how both look.
"""

import itertools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import plotly.graph_objects as go

DASHES = ("", "6 4", "2 4", "8 3 2 3")
STRETCHED = 'preserveAspectRatio="none" aria-hidden="true"'
GAP = 0.2  # between groups of bars, as a share of a group's place
ABOUT = 5  # labels of an axis
# Of categories; names of more characters than `SHORT` are slanted. On a phone there is room for so many.
MOST_SHORT, MOST_SLANTED, SHORT = 26, 20, 3


@dataclass(frozen=True)
class Axis:
    """From a value to its place, 0 to 1; and the labels."""

    low: float
    high: float
    logarithmic: bool
    labels: Sequence[tuple[float, str]]

    def place(self, value: float) -> float:
        """Where a value stands."""
        if self.logarithmic:
            value = math.log10(value)
        return (value - self.low) / (self.high - self.low)


def is_drawn(figure: go.Figure) -> bool:
    """Whether the app draws this figure with `drawing`: it does if all of it are upright bars, each
    of which has a height.
    """
    return bool(figure.data) and all(
        trace.type == "bar"
        and trace.orientation != "h"
        and len(trace.y)
        and all(value is not None and math.isfinite(value) for value in trace.y)
        for trace in figure.data
    )


def drawing(
    figure: go.Figure, words: str, x: Any, y: Any, height: int, layout: Mapping[str, Any]
) -> str:
    """The chart with its legend and the titles of its axes; `words` say what it shows.

    `x`, `y` and `layout` are those of `charts.show`; `height` is that of the area with the bars or
    lines, in CSS pixels at the usual size of type.
    """
    traces = [trace for trace in figure.data if len(trace.x)]
    barred = any(trace.type == "bar" for trace in traces)
    x, y = _given(x), _given(y)
    gap = layout.get("bargap", GAP)
    places = _places(x, traces)
    across = _axis(x, [*places.values()], _step(places) / 2 * barred)
    up = _axis(y, [*(float(v) for trace in traces for v in trace.y), *([0.0] * barred)])
    slanted = False
    if x.get("type") == "category":
        across, slanted = _named(across, places)
    bars = "".join(
        _bars(trace, k, len(traces), gap, places, across, up)
        for k, trace in enumerate(traces)
        if trace.type == "bar"
    )
    curves = "".join(
        _line(trace, k, across, up) for k, trace in enumerate(traces) if trace.type != "bar"
    )
    grid = "".join(f'<i class="grid" style="top:{_down(up, at)}%"></i>' for at, _ in up.labels)
    levels = "".join(
        f'<i class="level" style="top:{_down(up, shape.y0)}%"></i>'
        for shape in figure.layout.shapes
    )
    labels = "".join(
        f'<span class="across" style="left:{100 * across.place(at):.2f}%">{escape(text)}</span>'
        for at, text in across.labels
    ) + "".join(
        f'<span class="up" style="top:{_down(up, at)}%">{escape(text)}</span>'
        for at, text in up.labels
    )
    name = layout.get("title", {}).get("text", "")
    return (
        f'<div class="drawing" role="img" aria-label="{escape(words)}">'
        + (f"<h4>{escape(name)}</h4>" if name else "")
        + _legend(figure, bool(layout.get("showlegend")))
        + f'<p class="axis">{escape(str(y.get("title", "")))}</p>'
        + f'<div class="plot{" slanted" * slanted}" style="height:{height / 16:g}rem">{grid}'
        + (f'<svg viewBox="0 0 100 100" {STRETCHED}>{curves}</svg>' if curves else "")
        + (_values(traces, places, across) + bars if bars else "")
        + levels
        + labels
        + f'</div><p class="axis end">{escape(str(x.get("title", "")))}</p></div>'
    )


def _given(axis: Any) -> dict[str, Any]:
    return axis if isinstance(axis, dict) else {"title": axis}


def _axis(given: dict[str, Any], values: Sequence[float], room: float = 0.0) -> Axis:
    """`room` is what the first and the last value need beside them."""
    logarithmic = given.get("type") == "log"
    scale: Callable[[float], float] = math.log10 if logarithmic else float
    known = [scale(value) for value in values]
    low, high = min(known) - room, max(known) + room
    if low == high:
        high = low + 1
    if "range" in given:
        low, high = given["range"]
    else:
        if given.get("rangemode") == "tozero":
            low = min(low, 0.0)
        edge = 0.04 * (high - low) if not room else 0.0
        low, high = low - edge * (low != 0), high + edge * (high != 0)
    at = given.get("tickvals") or _round_numbers(low, high, given.get("dtick"), logarithmic)
    form = given.get("tickformat", "g")
    within = [value for value in at if low - 1e-9 <= scale(value) <= high + 1e-9]
    return Axis(low, high, logarithmic, [(value, format(value, form)) for value in within])


def _round_numbers(low: float, high: float, step: float | None, logarithmic: bool) -> list[float]:
    """Values between two ends for labels; from the first one a `step` apart, if there is one."""
    if logarithmic:
        return [10.0**k for k in range(math.ceil(low), math.floor(high) + 1)]
    if step:
        first = math.ceil(low)
        return [first + k * step for k in range(int((high - first) / step) + 1)]
    rough = (high - low) / ABOUT
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= 0.8 * rough)
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _places(axis: dict[str, Any], traces: Sequence[Any]) -> dict[Any, float]:
    """Where along the chart each value of x stands: categories are 0, 1, …"""
    found = dict.fromkeys(at for trace in traces for at in trace.x)
    if axis.get("type") == "category":
        return {at: float(place) for place, at in enumerate(found)}
    return {at: float(at) for at in found}


def _named(axis: Axis, places: Mapping[Any, float]) -> tuple[Axis, bool]:
    """The axis with the names of categories, as many as have room, and whether they are slanted."""
    names = [(place, str(at)) for at, place in places.items()]
    slanted = max(len(name) for _, name in names) > SHORT
    every = math.ceil(len(names) / (MOST_SLANTED if slanted else MOST_SHORT))
    return Axis(axis.low, axis.high, False, names[::every]), slanted


def _step(places: Mapping[Any, float]) -> float:
    """From one bar to the next."""
    return min((b - a for a, b in itertools.pairwise(sorted(places.values()))), default=1.0)


def _down(axis: Axis, value: float) -> str:
    return f"{100 - 100 * axis.place(value):.2f}"


def _line(trace: Any, k: int, across: Axis, up: Axis) -> str:
    points = [
        f"{100 * across.place(x):.2f} {_down(up, y)}"
        for x, y in zip(trace.x, trace.y, strict=True)
        if y is not None
    ]
    style = f'stroke="{trace.line.color}"'
    drawn = f'<path class="line" {style} stroke-dasharray="{DASHES[k % len(DASHES)]}" d="M{"L".join(points)}"/>'
    if "markers" in trace.mode:
        # A line of no length keeps its round ends, whichever way the picture is stretched.
        drawn += f'<path class="dots" {style} d="{"".join(f"M{each}h0" for each in points)}"/>'
    return drawn


def _bars(
    trace: Any,
    k: int,
    count: int,
    gap: float,
    places: Mapping[Any, float],
    across: Axis,
    up: Axis,
) -> str:
    group = _step(places) * (1 - gap)
    drawn = ""
    for at, value in zip(trace.x, trace.y, strict=True):
        left, right = (
            100 * across.place(places[at] - group / 2 + each * group / count) for each in (k, k + 1)
        )
        low, high = sorted((100 * up.place(0), 100 * up.place(value)))
        place = (
            f"left:{left:.2f}%;width:{right - left:.2f}%;bottom:{low:.2f}%;height:{high - low:.2f}%"
        )
        drawn += f'<i style="{place}"></i>'
    return f'<div class="bars" style="color:{trace.marker.color}">{drawn}</div>'


def _values(traces: Sequence[Any], places: Mapping[Any, float], across: Axis) -> str:
    """Over each group of bars, what shows its numbers while the pointer is there."""
    step = _step(places)
    drawn = ""
    for at, place in places.items():
        head, rows = "", ""
        for trace in traces:
            for x, value in zip(trace.x, trace.y, strict=True):
                if x != at:
                    continue
                head, number = _hover(trace.hovertemplate, x, value)
                name = escape(unescape(trace.name or ""))
                rows += f'<li><i class="key" style="color:{trace.marker.color}"></i>{name} <b>{escape(number)}</b></li>'
        left = 100 * across.place(place - step / 2)
        wide = 100 * across.place(place + step / 2) - left
        # The numbers are beside the bars, on the side that has more room.
        side = "before" if left + wide / 2 > 50 else "after"
        drawn += (
            f'<div class="group {side}" style="left:{left:.2f}%;width:{wide:.2f}%">'
            f'<div class="values"><span>{escape(head)}</span><ul>{rows}</ul></div></div>'
        )
    return drawn


def _hover(template: str, x: Any, y: float) -> tuple[str, str]:
    """A place and its value as Plotly's `hovertemplate`, "place: value", puts them."""
    given = {"x": x, "y": y}
    parts = (template or "%{x}: %{y:.4g}").partition(": ")
    place, value = (
        re.sub(
            r"%\{([xy])(?::([^}]*))?\}", lambda found: format(given[found[1]], found[2] or ""), part
        )
        for part in (parts[0], parts[2])
    )
    return place, value


def _legend(figure: go.Figure, wanted: bool) -> str:
    if len(figure.data) < 2 and not wanted:
        return ""
    items = ""
    for k, trace in enumerate(figure.data):
        if trace.type == "bar":
            key = f'<i class="key" style="color:{trace.marker.color}"></i>'
        else:
            line = f'stroke="{trace.line.color}" stroke-dasharray="{DASHES[k % len(DASHES)]}"'
            key = f'<svg viewBox="0 0 28 8" aria-hidden="true"><path {line} stroke-width="3" d="M0 4H28"/></svg>'
        items += f"<li>{key}{escape(unescape(trace.name or ''))}</li>"
    return f'<ul class="legend">{items}</ul>'
