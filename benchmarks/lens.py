"""Speed of the lens in a headless Chromium, as Markdown tables.

    python -m benchmarks.lens
    python -m benchmarks.lens --runs 1 --seconds 2    # a quick look

What counts as a picture and as its latency is said in `benchmarks.drags`. Let nothing else run
meanwhile.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from aemodels.bundles import zoo
from aemodels.bundles.load import load
from benchmarks.drags import RATE, Drag, follow, machine, measure, path, tab
from browser import chromium, server
from browser.lens import Lens, at

ST_SLIDER = """
import numpy, streamlit
z = streamlit.slider("z", -3.0, 3.0, 0.0)
streamlit.image(numpy.full((280, 280), int(40 * (z + 3)), numpy.uint8))
"""
FAMILIES = ("vae", "ae", "pca")


DRAGS = (
    Drag("Explore, slider, 2 latents", "/?latents=2", lambda lens: lens.slider("z1"), 1),
    Drag("Explore, slider, 16 latents", "/?latents=16", lambda lens: lens.first_slider(), 1),
    Drag("Explore, map, 2 latents", "/?latents=2", lambda lens: lens.map(), 1),
    Drag("Explore, map, 16 latents", "/?latents=16", lambda lens: lens.map(), 1),
    Drag(
        "Compare, hover, 3 decoders, 2 latents", "/compare", lambda lens: lens.map("VAE"), 3, False
    ),
    Drag(
        "Compare, hover, 3 decoders, 16 latents",
        "/compare?latents=16",
        lambda lens: lens.map("VAE"),
        3,
        False,
    ),
    Drag(
        "Interpolate, t, 5 rows, 16 latents",
        "/interpolate?latents=16",
        lambda lens: lens.slider("t"),
        5,
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=5, help="runs of each figure; medians are printed"
    )
    parser.add_argument("--seconds", type=float, default=4, help="length of a drag")
    asked = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        parser.error(f"no Chromium found; this installs one: {chromium.INSTALL}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = chromium.launch(playwright, executable)
        log = Path(scratch) / "app.log"
        print(machine(browser), flush=True)
        cold = [first_digit_of_a_new_app(browser, log) for _ in range(asked.runs)]
        with server.app(log) as url:
            rows = [("process start to the first digit", *spread(cold), "s")]
            second = [first_digit(browser, url) for _ in range(asked.runs)]
            rows.append(("a second browser, nothing cached", *spread(second), "s"))
            again = list(first_digits_of_one_browser(browser, url, asked.runs))
            rows.append(("the same browser again", *spread(again), "s"))
            fresh, known = page_switches(browser, url, asked.runs)
            rows.append(("page switch, first visit", *spread(fresh), "s"))
            rows.append(("page switch, later", *spread(known), "s"))
            print_rows(rows)
            print_drags(browser, url, asked.runs, asked.seconds)
            print_memory(browser, url)
            print_differences(browser, url)
        print_st_slider(browser, Path(scratch), asked.seconds)
        browser.close()


def print_drags(browser: Browser, url: str, runs: int, seconds: float) -> None:
    print(f"\nMedians of {runs} drags of {seconds:g} s, {RATE} pointer moves a second.\n")
    print(
        "| drag | event to pixels, p50 / p95 ms | to frame, p50 / p95 ms | frames per second "
        "| HTTP requests | websocket frames sent |\n|---|--:|--:|--:|--:|--:|"
    )
    for drag in DRAGS:
        found = [measure(browser, url, drag, seconds) for _ in range(runs)]
        latency = np.median([run.latency for run in found], axis=0)
        frame = np.median([run.frame for run in found], axis=0)
        cells = [
            drag.name,
            f"{latency[0]:.1f} / {latency[1]:.1f}",
            f"{frame[0]:.1f} / {frame[1]:.1f}",
            f"{statistics.median(run.pictures for run in found):.0f}",
            str(max(run.requests for run in found)),
            str(max(run.frames_sent for run in found)),
        ]
        print(f"| {' | '.join(cells)} |", flush=True)


def first_digit_of_a_new_app(browser: Browser, log: Path) -> float:
    """Seconds from the start of the process to the first picture in a fresh browser profile."""
    begin = time.time()
    with server.app(log) as url, tab(browser, url) as lens:
        lens.page.goto(url)
        return first(lens.page) - begin


def first_digit(browser: Browser, url: str, context: BrowserContext | None = None) -> float:
    """Seconds from requesting the address to the first picture."""
    with tab(browser, url, context) as lens:
        begin = time.time()
        lens.page.goto(url)
        return first(lens.page) - begin


def first_digits_of_one_browser(browser: Browser, url: str, runs: int) -> Iterator[float]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    first_digit(browser, url, context)
    for _ in range(runs):
        yield first_digit(browser, url, context)
    context.close()


def first(page: Page) -> float:
    """The time of the first picture, in seconds since 1970."""
    return page.wait_for_function("() => bench.first", polling=5).json_value() / 1000


def page_switches(browser: Browser, url: str, runs: int) -> tuple[list[float], list[float]]:
    """Seconds from a click on a page's name to all of its pictures: first visits, later ones."""
    fresh: list[float] = []
    known: list[float] = []
    for _ in range(runs):
        with tab(browser, url) as lens:
            lens.open("/")
            for times in (fresh, known):
                for name, canvases in (("Compare", 3), ("Interpolate", 5), ("Explore", 1)):
                    lens.page.wait_for_load_state("networkidle")
                    link = lens.page.get_by_role("link", name=name)
                    link.hover()
                    lens.page.evaluate("needed => bench.start(needed)", canvases)
                    link.click()
                    found = lens.page.wait_for_function("() => bench.latencies[0]", polling=5)
                    # Explore was visited before its first switch.
                    (known if name == "Explore" else times).append(found.json_value() / 1000)
    return fresh, known


def spread(values: list[float]) -> tuple[float, float]:
    """Median and largest."""
    return statistics.median(values), max(values)


def print_rows(rows: list[tuple[str, float, float, str]]) -> None:
    print("\n| from opening to seeing | median | slowest |\n|---|--:|--:|")
    for name, middle, largest, unit in rows:
        print(f"| {name} | {middle:.2f} {unit} | {largest:.2f} {unit} |", flush=True)


def print_memory(browser: Browser, url: str, moves: int = 2000) -> None:
    with tab(browser, url) as lens:
        lens.open("/")
        session = lens.page.context.new_cdp_session(lens.page)

        def used() -> float:
            """MB that JavaScript holds, buffers included, after garbage collection."""
            session.send("HeapProfiler.collectGarbage")
            usage = session.send("Runtime.getHeapUsage")
            names = ("usedSize", "embedderHeapUsedSize", "backingStorageSize")
            return sum(usage.get(name, 0) for name in names) / 1e6

        box = lens.box(lens.map())
        lens.page.mouse.move(*at(box, (0.5, 0.5)))
        lens.page.mouse.down()
        memory = []
        for steps in (200, moves):
            follow(lens, box, path(steps), np.arange(steps) / RATE)
            memory.append(used())
        lens.page.mouse.up()
        print(
            f"\nMemory of the page after garbage collection: {memory[0]:.1f} MB before and "
            f"{memory[1]:.1f} MB after a drag of {moves:,} moves."
        )


def print_differences(browser: Browser, url: str, codes: int = 10) -> None:
    largest = 0.0
    with tab(browser, url) as lens:
        for family in FAMILIES:
            for latents in (2, 16):
                network = load(zoo.folder() / f"{family}-{latents}")
                lens.open(f"/?model={family}&latents={latents}")
                for _ in range(codes):
                    lens.page.get_by_role("button", name="Random").click()
                    grey = network.decode(at_rest(lens)[None])[0].clip(0, 1).reshape(28, 28)
                    largest = max(largest, float(np.abs(lens.picture() - 255 * grey).max()))
    print(
        f"\nLargest difference from PyTorch's image: {largest:.2f} of 255 grey levels, over "
        f"{6 * codes} random codes of six models (rounding to a whole level alone gives 0.50)."
    )


def at_rest(lens: Lens) -> np.ndarray:
    """z once it has stopped: it glides to a random code."""
    before, z = None, lens.z()
    while before is None or not np.array_equal(z, before):
        lens.page.wait_for_timeout(200)
        before, z = z, lens.z()
    return z


def print_st_slider(browser: Browser, scratch: Path, seconds: float) -> None:
    """The same drag on a plain st.slider with an st.image below it, for comparison."""
    script = scratch / "st_slider.py"
    script.write_text(ST_SLIDER, "utf-8")
    with server.app(scratch / "st_slider.log", script=script) as url, tab(browser, url) as lens:
        page = lens.page
        page.goto(url)
        page.get_by_role("img").wait_for()
        page.evaluate(
            """() => {
                window.changes = 0;
                const note = () => { window.changes += 1; window.changed = performance.now(); };
                new MutationObserver(note).observe(document.querySelector("img"),
                    {attributes: true, attributeFilter: ["src"]});
                addEventListener("pointerup", (event) => { window.up = event.timeStamp; }, true);
            }"""
        )
        box = lens.box(page.get_by_test_id("stSlider"))
        thumb = lens.box(page.get_by_role("slider"))
        page.mouse.move(*at(thumb, (0.5, 0.5)))
        page.mouse.down()
        steps = round(seconds * RATE)
        follow(lens, box, path(steps), np.arange(steps) / RATE)
        during = page.evaluate("changes")
        page.mouse.up()
        page.wait_for_function("changes > 0")
        page.wait_for_timeout(500)
        late = page.evaluate("changed - up")
    print(
        f"\nFor comparison, `st.slider`: {during} images in a drag of {seconds:g} s; the new one "
        f"comes {late:.0f} ms after the release."
    )


if __name__ == "__main__":
    main()
