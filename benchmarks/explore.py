"""Speed of Explore from pen and pointer to picture in a headless Chromium, as a Markdown table.

    python -m benchmarks.explore
    python -m benchmarks.explore --runs 1 --seconds 2    # a quick look

Each figure is measured as it is, and once more with the page's processor six times as slow, as in a
cheap school laptop. Posterior, cost, reader and nearest digits are on; what counts as a picture and
as its latency is said in `benchmarks.drags`. Let nothing else run meanwhile.
"""

import argparse
import statistics

import numpy as np
from playwright.sync_api import Browser

from benchmarks.drags import (
    RATE,
    Drag,
    follow,
    machine,
    measure,
    percentiles,
    running,
    tab,
    throttle,
)
from browser.lens import Place, at

SLOWER = (1, 6)
# All that Explore shows beside the decoded image; the clouds are a layer of the map.
DRAGS = (
    Drag("drag on the map, 2 latents", "/?prior=circles&samples=1", lambda lens: lens.map(), 1),
    Drag("drag on the map, 16 latents", "/?latents=16&samples=1", lambda lens: lens.map(), 1),
    Drag("drag a slider, 2 latents", "/?prior=circles", lambda lens: lens.slider("z1"), 1),
)
GOALS = {1: 16.7, 6: 33}  # ms, p95
SAMPLES_GOAL = 50  # ms


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="runs; medians are printed")
    parser.add_argument("--seconds", type=float, default=4, help="length of a drag")
    asked = parser.parse_args()
    with running(parser) as (browser, url):
        print(f"{machine(browser)}\n\nMedians of {asked.runs}, in ms; goals in brackets.\n")
        print("| what | p50 / p95 | processor 6 times as slow |\n|---|--:|--:|")
        for drag in DRAGS:
            cells = [
                median(
                    [
                        measure(browser, url, drag, asked.seconds, slower).latency
                        for _ in range(asked.runs)
                    ]
                )
                for slower in SLOWER
            ]
            row(f"{drag.name}, event to picture", cells)
        cells = [
            median([pen(browser, url, slower) for _ in range(asked.runs)]) for slower in SLOWER
        ]
        row("pen, event to code and picture", cells)
        usual, slow = (
            statistics.median(samples(browser, url, slower) for _ in range(asked.runs))
            for slower in SLOWER
        )
        print(f"| 20 samples, drawn and decoded | {usual:.0f} ({SAMPLES_GOAL}) | {slow:.0f} |")


def row(name: str, cells: list[tuple[float, float]]) -> None:
    words = [
        f"{p50:.1f} / {p95:.1f} ({GOALS[slower]:g})"
        for slower, (p50, p95) in zip(SLOWER, cells, strict=True)
    ]
    print(f"| {name} | {' | '.join(words)} |", flush=True)


def median(found: list[tuple[float, float]]) -> tuple[float, float]:
    p50, p95 = np.median(found, axis=0)
    return float(p50), float(p95)


def pen(browser: Browser, url: str, slower: float) -> tuple[float, float]:
    """Milliseconds from a stroke to the picture of its code, p50 and p95, over a spiral of 2 s."""
    with tab(browser, url) as lens:
        lens.open("/")
        lens.page.wait_for_load_state("networkidle")
        lens.page.get_by_role("button", name="Draw", exact=True).click()
        square = lens.page.locator(".pen")
        box = lens.box(square)
        throttle(lens.page, slower)
        places = spiral(2 * RATE)
        mouse = lens.page.mouse
        mouse.move(*at(box, places[0]))
        mouse.down()
        follow(lens, box, places[:10], np.arange(10) / RATE)  # the encoder is fetched
        lens.page.wait_for_timeout(1000)
        lens.page.evaluate("() => bench.start(1)")
        gaps = np.random.default_rng(0).uniform(0.5, 1.5, len(places) - 10) / RATE
        follow(lens, box, places[10:], np.cumsum(gaps))
        latencies = lens.page.evaluate("() => bench.latencies")
        mouse.up()
    return percentiles(latencies)


def spiral(steps: int) -> list[Place]:
    """Places from the middle outwards, so that each adds ink."""
    turn = np.linspace(0, 1, steps)
    return [
        (0.5 + 0.4 * float(t) * np.cos(14 * t), 0.5 + 0.4 * float(t) * np.sin(14 * t)) for t in turn
    ]


def samples(browser: Browser, url: str, slower: float) -> float:
    """Milliseconds from a click on "20 samples" until all 20 are drawn."""
    with tab(browser, url) as lens:
        lens.open("/")
        lens.page.wait_for_load_state("networkidle")
        throttle(lens.page, slower)
        found: float = lens.page.evaluate(SAMPLES)
    return found


# The first click makes the space for them; what is measured is the next one.
SAMPLES = """async () => {
    const roots = [...document.querySelectorAll("*")].map(one => one.shadowRoot).filter(Boolean);
    const root = roots.find(one => one.querySelector(".twenty"));
    const button = root.querySelector(".twenty");
    const last = [...root.querySelectorAll(".sample-pictures canvas")].at(-1);
    const ink = () => last.getContext("2d").getImageData(0, 0, 28, 28).data.join();
    const drawn = async () => {
        const before = ink(), start = performance.now();
        button.click();
        while (ink() === before) await new Promise(done => setTimeout(done));
        return performance.now() - start;
    };
    await drawn();
    await new Promise(done => setTimeout(done, 500));
    return drawn();
}"""


if __name__ == "__main__":
    main()
