"""Charts and pictures as HTML: what stands where, against the numbers that were drawn."""

import io
import re
from base64 import b64decode

import numpy as np
from PIL import Image

from site_builder import parts
from site_builder.prose import Page
from ui import charts, pictures
from ui.parts import Caption, Chart, Columns, Heading, Live, Picture, Words


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
