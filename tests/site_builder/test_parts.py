"""Charts and pictures as HTML: what stands where, against the numbers that were drawn."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from site_builder import chart, parts
from site_builder.prose import Page
from ui import charts, pictures
from ui.parts import Caption, Chart, Columns, Heading, Live, Picture, Words


def numbers(path: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?[\d.]+", path)]


def test_bars_are_as_high_as_their_values() -> None:
    figure = charts.bars({"one": [1.0, 2.0, 4.0], "two": [3.0, 0.0, 2.0]})
    html = chart.svg(Chart(figure, "key", "latent", "nats"))
    for values, path in zip(
        ([1, 2, 4], [3, 0, 2]), re.findall(r'class="bars" [^>]*d="(.*?)"', html), strict=True
    ):
        tops = [float(each) for each in re.findall(r"V([\d.]+)H", path)]
        bottoms = [float(each) for each in re.findall(r"V([\d.]+)Z", path)]
        heights = np.subtract(bottoms, tops)
        assert heights == pytest.approx(heights.max() * np.array(values) / max(values), abs=0.02)
    # Beside one another, and all within the picture.
    lefts = [numbers(path)[0] for path in re.findall(r'class="bars" [^>]*d="(.*?)"', html)]
    assert 0 <= lefts[0] < lefts[1] <= 100
    assert "one" in html
    assert "two" in html


def test_a_logarithmic_line_has_equal_steps_for_equal_ratios() -> None:
    figure = charts.lines({"error": ([2, 4, 8, 16], [8.0, 6.0, 4.0, 2.0])})
    axis = {"title": "latents", "type": "log", "tickvals": [2, 4, 8, 16]}
    html = chart.svg(Chart(figure, "key", axis, {"title": "error", "rangemode": "tozero"}))
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


def test_a_picture_keeps_its_pixels() -> None:
    grey = np.linspace(0, 1, 784)[None]
    html = parts.html([Picture(pictures.greys(grey, 1), "a ramp")], Page(()))
    (data,) = re.findall(r"base64,(.*?)\"", html)
    found = np.asarray(Image.open(io.BytesIO(b64decode(data))).convert("RGBA"), float)
    assert found.shape == (28, 28, 4)
    assert np.abs(found[..., :3].reshape(784, 3) - 255 * grey.T).max() < 5
    assert (found[..., 3] == 255).all()


def test_a_chart_is_told_in_words_and_numbers_and_the_app_keeps_its_views() -> None:
    drawn: list[int] = []
    made = Chart(charts.bars({"angle": [1.25, 0.5]}), "key", "latent", "degrees")
    columns = Columns([[Caption("left")], [Words("**right**"), made]], shares=(3, 1))
    html = parts.html([Heading("First"), columns, Live(lambda: drawn.append(1))], Page(()))
    assert "<h3>First</h3>" in html
    assert "minmax(0, 3fr) minmax(0, 1fr)" in html
    assert "<strong>right</strong>" in html
    assert (
        'aria-label="Bar chart: degrees against latent. angle: highest 1.25 at 1, lowest 0.5 at 2."'
        in html
    )
    assert '<td style="text-align:right">1.25</td>' in html
    assert not drawn
