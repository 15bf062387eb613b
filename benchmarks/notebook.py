"""A drag on the map of Explore in a cell of JupyterLab, as Markdown.

    pip install jupyterlab
    python -m benchmarks.notebook

What counts as a picture and as its latency is said in `benchmarks.drags`. Let nothing else run
meanwhile.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from benchmarks.drags import Drag, Run, Traffic, machine, measure_in, tab
from browser import chromium, jupyterlab
from browser.jupyterlab import Notebook
from browser.lens import Lens

NAME = "drag.ipynb"
DRAG = Drag("Explore in a notebook, map, 2 latents", "", lambda lens: lens.map(), 1)


@contextmanager
def shown(browser: Browser, model: str = "vae-2") -> Iterator[tuple[Lens, Traffic, float]]:
    """Explore in a cell: the tab, what it sends, and how long the view took, in seconds.

    That is from the start of a cell that has nothing to import any more to the first digit.
    """
    sources = ["from aemodels import widget\nwidget.explore", f"widget.explore({model!r})"]
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{k}",
            "metadata": {},
            "source": source,
            "execution_count": None,
            "outputs": [],
        }
        for k, source in enumerate(sources)
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    text = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    with TemporaryDirectory() as scratch:
        (Path(scratch) / NAME).write_text(json.dumps(text), "utf-8")
        with jupyterlab.serve(Path(scratch)) as url, tab(browser, url) as lens:
            traffic = Traffic(lens.page)
            notebook = Notebook(lens.page, url, Path(scratch) / NAME)
            notebook.run(0)
            begin = time.time()
            notebook.start(1)
            lens.ready(60)
            first = lens.page.evaluate("() => bench.first / 1000")
            yield lens, traffic, first - begin


def drags(browser: Browser, runs: int, seconds: float) -> tuple[list[Run], float]:
    """Several drags in one notebook, and how long the view took to be there, in seconds."""
    with shown(browser) as (lens, traffic, took):
        return [measure_in(lens, traffic, DRAG, seconds) for _ in range(runs)], took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="drags, whose medians are printed")
    parser.add_argument("--seconds", type=float, default=4, help="length of a drag")
    asked = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        parser.error(f"no Chromium found; this installs one: {chromium.INSTALL}")
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, executable)
        print(f"{machine(browser)[:-1]}; JupyterLab {version('jupyterlab')}.\n")
        runs, took = drags(browser, asked.runs, asked.seconds)
        browser.close()
    print("| drag | to the pixels, p50 / p95, ms | to the frame | pictures/s | messages sent |")
    print("|---|--:|--:|--:|--:|")
    middle = statistics.median
    pixels, frame = (
        " / ".join(f"{middle(getattr(run, name)[k] for run in runs):.1f}" for k in (0, 1))
        for name in ("latency", "frame")
    )
    pictures = middle(run.pictures for run in runs)
    sent = max(run.frames_sent for run in runs)
    print(f"| {DRAG.name} | {pixels} | {frame} | {pictures:.0f} | {sent} |")
    print(f"\nFrom the start of the cell to the first digit: {took:.1f} s, nothing cached.")


if __name__ == "__main__":
    main()
