"""A chart of lines or bars as HTML and SVG, which needs no script.

It fills the width of its place, while type and lines keep their size: what has to stretch is SVG, and the words
around it are HTML.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import plotly.graph_objects as go

from ui.parts import Chart

DASHES = ("", "6 4", "2 4", "8 3 2 3")
GAP = 0.2  # between groups of bars, as a share of a group's place
ABOUT = 5  # labels of an axis


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


def svg(chart: Chart) -> str:
    """The chart with its legend and the titles of its axes, for those who see it."""
    traces = [trace for trace in chart.figure.data if len(trace.x)]
    barred = any(trace.type == "bar" for trace in traces)
    x, y = _given(chart.x), _given(chart.y)
    gap = chart.layout.get("bargap", GAP)
    across = _axis(x, [float(at) for trace in traces for at in trace.x], _step(traces) / 2 * barred)
    up = _axis(y, [*(float(v) for trace in traces for v in trace.y), *([0.0] * barred)])
    marks = "".join(
        _bars(trace, k, len(traces), gap, across, up)
        if trace.type == "bar"
        else _line(trace, k, across, up)
        for k, trace in enumerate(traces)
    )
    lines = "".join(f'<path class="grid" d="M0 {_down(up, at)}H100"/>' for at, _ in up.labels)
    labels = "".join(
        f'<span class="across" style="left:{100 * across.place(at):.2f}%">{escape(text)}</span>'
        for at, text in across.labels
    ) + "".join(
        f'<span class="up" style="top:{_down(up, at)}%">{escape(text)}</span>'
        for at, text in up.labels
    )
    name = chart.layout.get("title", {}).get("text", "")
    return (
        (f"<h4>{escape(name)}</h4>" if name else "")
        + _legend(chart.figure, bool(chart.layout.get("showlegend")))
        + f'<p class="axis">{escape(str(y.get("title", "")))}</p>'
        f'<div class="plot" style="height:{chart.height / 16:g}rem">'
        f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{lines}{marks}</svg>{labels}</div>'
        f'<p class="axis end">{escape(str(x.get("title", "")))}</p>'
    )


def _given(axis: Any) -> dict[str, Any]:
    return axis if isinstance(axis, dict) else {"title": axis}


def _axis(given: dict[str, Any], values: Sequence[float], room: float = 0.0) -> Axis:
    """`room` is what the first and the last value need beside them."""
    logarithmic = given.get("type") == "log"
    scale: Callable[[float], float] = math.log10 if logarithmic else float
    known = [scale(value) for value in values]
    low, high = min(known) - room, max(known) + room
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


def _step(traces: Sequence[Any]) -> float:
    """From one bar to the next."""
    places = sorted({float(at) for trace in traces for at in trace.x})
    return min((b - a for a, b in itertools.pairwise(places)), default=1.0)


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


def _bars(trace: Any, k: int, count: int, gap: float, across: Axis, up: Axis) -> str:
    place = _step([trace])
    wide = place * (1 - gap) / count
    drawn = ""
    for at, value in zip(trace.x, trace.y, strict=True):
        left = 100 * across.place(at - place * (1 - gap) / 2 + k * wide)
        right = 100 * across.place(at - place * (1 - gap) / 2 + (k + 1) * wide)
        drawn += f"M{left:.2f} {_down(up, 0)}V{_down(up, value)}H{right:.2f}V{_down(up, 0)}Z"
    return f'<path class="bars" fill="{trace.marker.color}" d="{drawn}"/>'


def _legend(figure: go.Figure, wanted: bool) -> str:
    if len(figure.data) < 2 and not wanted:
        return ""
    items = ""
    for k, trace in enumerate(figure.data):
        barred = trace.type == "bar"
        colour = trace.marker.color if barred else trace.line.color
        dash = "" if barred else f' stroke-dasharray="{DASHES[k % len(DASHES)]}"'
        key = f'<svg viewBox="0 0 28 8" aria-hidden="true"><path stroke="{colour}"{dash} stroke-width="{8 if barred else 3}" d="M0 4H28"/></svg>'
        items += f"<li>{key}{escape(unescape(trace.name or ''))}</li>"
    return f'<ul class="legend">{items}</ul>'
