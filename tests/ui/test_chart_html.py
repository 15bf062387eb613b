"""Charts as HTML: what stands where, against the numbers that were drawn."""

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from ui import chart_html, charts

CLOTHES = ("T-shirt/top", "Trouser", "Pullover", "Dress")
CATEGORIES = {"title": "garment", "type": "category"}


def drawn(figure: go.Figure, x: Any, y: Any, **layout: Any) -> str:
    return chart_html.drawing(figure, "words", x, y, 200, layout)


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?[\d.]+", path)]


def bars(html: str) -> list[np.ndarray]:
    """Left edge, width and height of each bar in percent (N, 3), for each series."""
    series = re.findall(r'<div class="bars" [^>]*>(.*?)</div>', html)
    box = r"left:([\d.]+)%;width:([\d.]+)%;bottom:[\d.]+%;height:([\d.]+)%"
    return [np.array(re.findall(box, each), float) for each in series]


def values(html: str) -> dict[str, list[tuple[str, str]]]:
    """What each group of bars says under the pointer: names and numbers, by its place."""
    groups = re.findall(r'<div class="values"><span>(.*?)</span>(.*?)</div>', html)
    return {place: re.findall(r"</i>(.*?) <b>(.*?)</b>", rows) for place, rows in groups}


def labels(html: str) -> dict[str, float]:
    """Where each label below the chart stands, in percent of its width."""
    found = re.findall(r'class="across" style="left:([\d.]+)%">(.*?)<', html)
    return {text: float(at) for at, text in found}


def test_bars_are_as_high_as_their_values() -> None:
    given = {"one": [1.0, 2.0, 4.0], "two": [3.0, 0.0, 2.0]}
    html = drawn(charts.bars(given), "latent", "nats")
    one, two = bars(html)
    for found, known in zip((one, two), given.values(), strict=True):
        assert found[:, 2] == pytest.approx(one[2, 2] * np.array(known) / 4, abs=0.02)
    # Beside one another, and all within the picture.
    assert one[:, 0] + one[:, 1] == pytest.approx(two[:, 0], abs=0.02)
    assert (two[:-1, 0] + two[:-1, 1] < one[1:, 0]).all()
    assert one[0, 0] >= 0
    assert two[-1, :2].sum() <= 100
    assert one[2, 2] <= 100
    assert re.findall(r"</i>(one|two)</li>", html) == ["one", "two"]


def test_bars_below_zero_hang_from_it() -> None:
    html = drawn(charts.bars({"one": [1.0, -3.0, 2.0]}), "latent", "nats")
    found = re.findall(r"bottom:([\d.]+)%;height:([\d.]+)%", html)
    (up, down, twice) = np.array(found, float)
    assert up[0] == twice[0] == pytest.approx(down.sum(), abs=0.02)
    assert down[1] == pytest.approx(3 * up[1], abs=0.02)


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [1.0, None]])
def test_bars_without_a_height_are_left_to_plotly(values: list[Any]) -> None:
    assert chart_html.is_drawn(charts.bars({"one": [1.0, 2.0]}))
    assert not chart_html.is_drawn(charts.bars({"one": [1.0, 2.0], "two": values}))
    assert not chart_html.is_drawn(go.Figure())


def test_categories_stand_in_their_order_with_their_names_below() -> None:
    figure = charts.bars({"a < b": [3.0, 1.0, 2.0, 4.0]}, CLOTHES, "%{x}: %{y:.1f}")
    html = drawn(figure, CATEGORIES, "error")
    (found,) = bars(html)
    assert found[:, 2] / found[3, 2] == pytest.approx(np.array([3, 1, 2, 4]) / 4, abs=0.001)
    below = labels(html)
    assert tuple(below) == CLOTHES
    middles = found[:, 0] + found[:, 1] / 2
    assert list(below.values()) == pytest.approx(middles, abs=0.02)
    assert list(below.values()) == pytest.approx([12.5, 37.5, 62.5, 87.5])
    # Long names would lie over one another.
    assert 'class="plot slanted"' in html
    assert "slanted" not in drawn(charts.bars({"": [1, 2]}, ["0", "1"]), CATEGORIES, "error")


@pytest.mark.parametrize(("name", "most"), [("{:c}", 26), ("Class {:d}", 20)])
def test_of_many_categories_as_many_are_named_as_have_room(name: str, most: int) -> None:
    names = [name.format(0x410 + k) for k in range(58)]
    html = drawn(charts.bars({"one": np.arange(58.0).tolist()}, names), CATEGORIES, "error")
    below = list(labels(html))
    assert most / 2 < len(below) <= most
    assert below == names[:: names.index(below[1])]
    assert len(values(html)) == 58


def test_under_the_pointer_are_the_numbers_of_a_group() -> None:
    given = {"PCA": [3.14159, 1.0], "<b>": [2.0, 22.04]}
    html = drawn(charts.bars(given, ["cat", "dog"], "%{x}: %{y:.1f}"), CATEGORIES, "error")
    assert values(html) == {
        "cat": [("PCA", "3.1"), ("&lt;b&gt;", "2.0")],
        "dog": [("PCA", "1.0"), ("&lt;b&gt;", "22.0")],
    }
    # On the side that has more room.
    assert re.findall(r'class="group (\w+)"', html) == ["after", "before"]
    one = go.Figure(go.Bar(x=[0.5], y=[0.125], hovertemplate="around %{x:.2f}: %{y:.1%}"))
    assert values(drawn(one, "activation", "share")) == {"around 0.50": [("", "12.5%")]}


def test_a_level_is_where_its_value_is() -> None:
    figure = charts.bars({"one": [0.25, 1.0]})
    figure.add_hline(0.5)
    html = drawn(figure, "digit", {"title": "AUROC", "range": [0, 1]})
    assert '<i class="level" style="top:50.00%"></i>' in html
    assert bars(html)[0][:, 2] == pytest.approx([25, 100])


def test_bars_of_zero_have_no_height() -> None:
    (found,) = bars(drawn(charts.bars({"one": [0.0, 0.0]}), "latent", "nats"))
    assert found[:, 2].tolist() == [0, 0]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)


def test_what_the_app_draws_has_no_svg_which_streamlit_takes_out() -> None:
    figure = charts.bars({"one": [1.0, 2.0], "two": [2.0, 1.0]}, ["a", "b"])
    assert chart_html.is_drawn(figure)
    tags = Tags(drawn(figure, CATEGORIES, "error")).found
    assert {"svg", "script", "style"}.isdisjoint(tags)
    assert tags.count("i") >= 8
    assert not chart_html.is_drawn(charts.lines({"loss": ([1, 2], [3.0, 2.0])}))
    assert not chart_html.is_drawn(go.Figure(go.Bar(x=[1.0], y=["kNN"], orientation="h")))


def test_a_logarithmic_line_has_equal_steps_for_equal_ratios() -> None:
    figure = charts.lines({"error": ([2, 4, 8, 16], [8.0, 6.0, 4.0, 2.0])})
    axis = {"title": "latents", "type": "log", "tickvals": [2, 4, 8, 16]}
    html = drawn(figure, axis, {"title": "error", "rangemode": "tozero"})
    (path,) = re.findall(r'class="line" [^>]*d="(.*?)"', html)
    x, y = np.array(numbers(path)).reshape(-1, 2).T
    assert np.diff(x) == pytest.approx(np.full(3, np.diff(x)[0]), abs=0.02)
    assert np.diff(y) == pytest.approx(np.full(3, np.diff(y)[0]), abs=0.02)
    # Zero is the lower edge, and each label is at its point.
    assert y[-1] + (y[-1] - y[0]) / 3 == pytest.approx(100, abs=0.05)
    labels = dict(re.findall(r'class="across" style="left:([\d.]+)%">(\d+)<', html))
    assert {text: float(at) for at, text in labels.items()} == pytest.approx(
        dict(zip(["2", "4", "8", "16"], x, strict=True)), abs=0.02
    )
