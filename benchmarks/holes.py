"""How long the holes of a map take in a headless Chromium, and how long they hold up a frame.

    python -m benchmarks.holes
    python -m benchmarks.holes --throttle 6    # a CPU six times as slow

The time runs from the first to the last of the 1,600 cells, in a view that was zoomed out. The
longest task is that of the page's main thread meanwhile, by a trace of the browser: by the clock,
and for how long the CPU worked on it, which other programs don't lengthen. The reader has been
opened before. Let nothing else run.
"""

import argparse
import json
import statistics

from playwright.sync_api import Page

from benchmarks.drags import machine, running, throttle
from browser.lens import Lens

MODELS = ("vae-2", "ae-2", "pca-2", "vae-16")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="medians of so many are printed")
    parser.add_argument("--throttle", type=float, default=1, help="slow the CPU down so many times")
    asked = parser.parse_args()
    with running(parser) as (browser, url):
        print(f"{machine(browser)} CPU slowed down {asked.throttle:g} times.\n")
        print("| model | holes, s | longest task, ms | the same, CPU ms |\n|---|--:|--:|--:|")
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for model in MODELS:
            throttle(page, 1)
            Lens(page, url).open(f"/?model={model}&layer=holes")
            wait(page)
            throttle(page, asked.throttle)
            found = [measure(page) for _ in range(asked.runs)]
            seconds, clock, work = map(statistics.median, zip(*found, strict=True))
            print(f"| {model} | {seconds:.2f} | {clock:.1f} | {work:.1f} |", flush=True)


def wait(page: Page) -> None:
    """Wait until the layer and the figure beside it are there."""
    page.locator(".holes[data-whole]").wait_for(state="attached", timeout=120_000)
    page.wait_for_function(
        """() => {
            const lens = [...document.querySelectorAll("*")].find(one => one.shadowRoot);
            return !lens.shadowRoot.querySelector(".legible").textContent.includes("…");
        }""",
        timeout=120_000,
    )


def measure(page: Page) -> tuple[float, float, float]:
    """Read all of another view: seconds that it takes, and the longest task meanwhile in ms."""
    browser = page.context.browser
    assert browser is not None
    page.get_by_role("button", name="reset zoom").click()
    page.wait_for_timeout(300)
    wait(page)
    browser.start_tracing(page=page, categories=["toplevel", "blink.user_timing"])
    page.evaluate(
        """() => {
            const lens = [...document.querySelectorAll("*")].find(one => one.shadowRoot).shadowRoot;
            const holes = lens.querySelector(".holes");
            const watcher = new MutationObserver(() => {
                performance.mark(holes.dataset.whole ? "holes end" : "holes begin");
                if (holes.dataset.whole) watcher.disconnect();
            });
            watcher.observe(holes, {attributeFilter: ["data-whole"]});
        }"""
    )
    page.get_by_role("button", name="zoom out").click()
    page.wait_for_timeout(300)
    wait(page)
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    begin, end = (
        next(event for event in trace if event["name"] == f"holes {which}")
        for which in ("begin", "end")
    )
    tasks = [
        event
        for event in trace
        if event["name"].endswith("RunTask")
        and (event["pid"], event["tid"]) == (begin["pid"], begin["tid"])
        and begin["ts"] <= event["ts"] < end["ts"]
        and "tdur" in event
    ]
    clock, work = (max(task[kind] for task in tasks) / 1e3 for kind in ("dur", "tdur"))
    return (end["ts"] - begin["ts"]) / 1e6, clock, work


if __name__ == "__main__":
    main()
