"""The preparation of pictures in the browser is that of `aemodels`: Node runs it on scribbles."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from aemodels.data import ImageError, preparation

MODULE = Path(__file__).parents[2] / "lens" / "web" / "maths" / "preparation.mjs"
# Pictures as JSON on the standard input, their levels as JSON on the standard output.
SCRIPT = """
import { readFileSync } from "node:fs";
const { findInk, fitInk, FITS, toGrey } = await import(process.argv[1]);
const prepared = JSON.parse(readFileSync(0)).map(({ width, height, rgba, dataset }) => {
  const data = Uint8ClampedArray.from(Buffer.from(rgba, "base64"));
  return [...fitInk(findInk(toGrey({ width, height, data })), FITS[dataset])];
});
console.log(JSON.stringify(prepared));
"""
SCRIBBLES = 200


def scribble(generator: np.random.Generator) -> np.ndarray:
    """A random picture (H, W, 4) uint8: any size, paper, ink, width of the pen, noise."""
    width, height = (int(size) for size in generator.integers(5, 200, 2))
    paper, ink = (tuple(generator.integers(0, 256, 3).tolist()) for _ in range(2))
    if np.abs(np.subtract(paper, ink)).min() < 60:
        paper, ink = (255, 255, 255), (0, 0, 0)
    clear = generator.random() < 0.3
    image = Image.new("RGBA", (width, height), (*paper, 0 if clear else 255))
    steps = generator.normal(0, min(width, height) / 4, (int(generator.integers(2, 9)), 2))
    places = np.array([width / 2, height / 2]) + np.cumsum(steps, 0)
    points = [tuple(place) for place in places.tolist()]
    opaque = int(generator.integers(180, 256))
    pen = int(generator.integers(1, 14))
    ImageDraw.Draw(image).line(points, (*(ink if not clear else (0, 0, 0)), opaque), pen)
    picture = np.array(image)
    if generator.random() < 0.3:
        noise = generator.normal(0, 4, (height, width, 3))
        picture[..., :3] = (picture[..., :3] + noise).clip(0, 255)
    return picture


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Node.js found")
        pytest.skip("no Node.js found")
    return found


def test_python_and_javascript_prepare_scribbles_alike(node: str) -> None:
    generator = np.random.default_rng(0)
    pictures: list[dict[str, object]] = []
    expected = []
    while len(pictures) < SCRIBBLES:
        picture = scribble(generator)
        dataset = tuple(preparation.FITS)[len(pictures) % 4 == 3]
        try:
            expected.append(preparation.prepare(picture, dataset))
        except ImageError:
            continue  # the line left the picture, or is too faint
        height, width = picture.shape[:2]
        rgba = base64.b64encode(picture.tobytes()).decode()
        pictures.append({"width": width, "height": height, "rgba": rgba, "dataset": dataset})
    found = subprocess.run(
        [node, "--input-type=module", "--eval", SCRIPT, MODULE.as_uri()],
        input=json.dumps(pictures),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    prepared = np.reshape(json.loads(found.stdout), (SCRIBBLES, 28, 28))
    assert np.abs(prepared - np.stack(expected)).max() < 1 / 255
    assert np.ptp(prepared.mean((1, 2))) > 0.1
