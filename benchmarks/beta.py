"""Speed of the slider over β in a headless Chromium: from a move to the map of 10,000 points.

    python -m benchmarks.beta
    python -m benchmarks.beta --runs 1 --throttle 6     # as on a six times slower machine

As `benchmarks.lens` measures: from the time stamp of the oldest pointer event that isn't shown yet
until the points are drawn ("pixels"), and until the frame after the one that shows them begins
("frame"), with 60 moves a second at random times. Let nothing else run meanwhile.
"""

import argparse
import statistics

import numpy as np
from playwright.sync_api import Browser

from benchmarks.drags import RATE, follow, machine, path, percentiles, running
from browser.lens import Lens, at

ADDRESS = "/families?family=beta"
# The map draws all it has to in one go, and empties its canvases first.
INSTRUMENT = """(() => {
    window.bench = {newest: 0, since: null, drawn: false, pixels: [], frames: []};
    window.addEventListener("pointermove", (event) => {
        if (event.timeStamp <= bench.newest) return;
        bench.newest = event.timeStamp;
        bench.since ??= event.timeStamp;
    }, true);
    const clear = CanvasRenderingContext2D.prototype.clearRect;
    CanvasRenderingContext2D.prototype.clearRect = function (...given) {
        clear.apply(this, given);
        if (bench.since === null || !this.canvas.parentElement?.matches(".map")) return;
        const {since} = bench;
        bench.since = null;
        queueMicrotask(() => bench.pixels.push(performance.now() - since));
        requestAnimationFrame(() => requestAnimationFrame(
            () => bench.frames.push(performance.now() - since)));
    };
})()"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="drags; medians are printed")
    parser.add_argument("--seconds", type=float, default=4, help="length of a drag")
    parser.add_argument("--throttle", type=float, default=1, help="how many times slower")
    asked = parser.parse_args()
    with running(parser) as (browser, url):
        print(machine(browser), flush=True)
        runs = [drag(browser, url, asked.seconds, asked.throttle) for _ in range(asked.runs)]
    print(f"\nMedians of {asked.runs} drags of {asked.seconds:g} s, {RATE} moves a second", end="")
    print(f", CPU throttled {asked.throttle:g} times.\n" if asked.throttle != 1 else ".\n")
    print("| slider over β | p50, ms | p95, ms |\n|---|--:|--:|")
    for k, name in enumerate(("event to pixels", "event to frame")):
        p50, p95 = (statistics.median(run[k][q] for run in runs) for q in (0, 1))
        print(f"| {name} | {p50:.1f} | {p95:.1f} |")


def drag(
    browser: Browser, url: str, seconds: float, throttle: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """p50 and p95 of one drag over all models, in ms: to the pixels and to the frame."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(INSTRUMENT)
    lens = Lens(page, url).open(ADDRESS)
    page.locator(".beta .ticks span").first.wait_for()
    page.wait_for_function(
        "() => !document.querySelector('[data-mounted]')?.shadowRoot.querySelector('.missing')"
    )
    page.wait_for_load_state("networkidle")
    slider = lens.slider("β")
    box = lens.box(slider)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    places = path(round(seconds * RATE))
    page.mouse.move(*at(box, places[-1]))
    page.mouse.down()
    gaps = np.random.default_rng(0).uniform(0.5, 1.5, len(places)) / RATE
    follow(lens, box, places[: RATE // 2], np.cumsum(gaps[: RATE // 2]))  # warm up
    page.evaluate("() => Object.assign(bench, {since: null, pixels: [], frames: []})")
    follow(lens, box, places, np.cumsum(gaps))
    pixels, frames = page.evaluate("() => [bench.pixels, bench.frames]")
    page.mouse.up()
    context.close()
    return percentiles(pixels), percentiles(frames)


if __name__ == "__main__":
    main()
