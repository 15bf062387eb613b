"""A drag at 60 moves a second in a headless Chromium, and how long each picture takes to follow.

A picture counts when the pixels of the decoded canvas change. Its latency runs from the time stamp
of the oldest pointer event that isn't shown yet until the pixels are set ("pixels") and, stricter,
until the frame after the one that shows them begins ("frame"). Latency is measured with moves at
random times, since moves in step with the screen would all wait equally long for its next frame;
frames per second are measured with a move every 1/60 s.
"""

import os
import platform
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import streamlit
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, sync_playwright

from aemodels.training import hardware
from browser import chromium, server
from browser.lens import Lens, Place, at

RATE = 60  # pointer moves a second
INSTRUMENT = (Path(__file__).parent / "instrument.js").read_text("utf-8")


@dataclass(frozen=True)
class Drag:
    """A drag to measure: a page, a handle on it, and how many canvases show the change."""

    name: str
    address: str
    handle: Callable[[Lens], Locator]
    canvases: int
    button: bool = True


@dataclass(frozen=True)
class Run:
    """One drag, measured: latencies in ms, p50 and p95; pictures a second; what was sent."""

    latency: tuple[float, float]
    frame: tuple[float, float]
    pictures: float
    requests: int
    frames_sent: int


def machine(browser: Browser) -> str:
    """The machine and the versions, in one line."""
    return (
        f"Machine: {hardware.describe_machine()}; headless Chromium {browser.version}; Python "
        f"{platform.python_version()}, Streamlit {streamlit.__version__}; load average at start "
        f"{os.getloadavg()[0]:.1f}."
    )


@contextmanager
def running(parser: ArgumentParser) -> Iterator[tuple[Browser, str]]:
    """A browser and the address of the app, both started for it; without Chromium, says so."""
    executable = chromium.find()
    if executable is None:
        parser.error(f"no Chromium found; this installs one: {chromium.INSTALL}")
    with sync_playwright() as playwright, TemporaryDirectory() as scratch:
        browser = chromium.launch(playwright, executable)
        with server.app(Path(scratch) / "app.log") as url:
            yield browser, url
        browser.close()


@contextmanager
def tab(browser: Browser, url: str, context: BrowserContext | None = None) -> Iterator[Lens]:
    """A tab with the instrument in it, in a fresh profile unless a context is given."""
    own = context or browser.new_context(viewport={"width": 1280, "height": 800})
    page = own.new_page()
    page.add_init_script(INSTRUMENT)
    yield Lens(page, url)
    page.close()
    if context is None:
        own.close()


def throttle(page: Page, factor: float) -> None:
    """Let the page's processor be `factor` times as slow."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": factor})


class Traffic:
    """What a page sends from now on."""

    def __init__(self, page: Page) -> None:
        self.requests = self.frames = 0
        page.on("websocket", lambda one: one.on("framesent", lambda _: self._count(frames=1)))
        page.on("request", lambda _: self._count(requests=1))

    def _count(self, requests: int = 0, frames: int = 0) -> None:
        self.requests += requests
        self.frames += frames

    def forget(self) -> None:
        """Count from 0 again."""
        self.requests = self.frames = 0


def measure(browser: Browser, url: str, drag: Drag, seconds: float, slower: float = 1) -> Run:
    """Drag at 60 Hz by the clock, on a processor that is `slower` times as slow."""
    with tab(browser, url) as lens:
        traffic = Traffic(lens.page)
        lens.open(drag.address)
        lens.page.wait_for_load_state("networkidle")
        return measure_in(lens, traffic, drag, seconds, slower)


def measure_in(lens: Lens, traffic: Traffic, drag: Drag, seconds: float, slower: float = 1) -> Run:
    """The same on a page that is open."""
    throttle(lens.page, slower)
    handle = drag.handle(lens)
    box = lens.box(handle)
    places = path(round(seconds * RATE))
    if not drag.button:
        places = lighting(lens, handle, places)
    mouse = lens.page.mouse
    mouse.move(*at(box, places[-1]))
    if drag.button:
        mouse.down()
    for place in path(RATE // 2):  # warm up
        mouse.move(*at(box, place))
    lens.page.wait_for_timeout(200)
    start = "needed => bench.start(needed)"
    lens.page.evaluate(start, drag.canvases)
    gaps = np.random.default_rng(0).uniform(0.5, 1.5, len(places)) / RATE
    follow(lens, box, places, np.cumsum(gaps))
    latencies, frames = lens.page.evaluate("() => [bench.latencies, bench.frames]")
    lens.page.evaluate(start, drag.canvases)
    traffic.forget()
    passed = follow(lens, box, places, np.arange(len(places)) / RATE)
    pictures = lens.page.evaluate("() => bench.changes / bench.needed") / passed
    sent = traffic.requests, traffic.frames
    if drag.button:
        mouse.up()
    return Run(percentiles(latencies), percentiles(frames), pictures, *sent)


def follow(lens: Lens, box: FloatRect, places: list[Place], moments: np.ndarray) -> float:
    """Move the pointer to each place at its time, in seconds from now; returns the time it took."""
    begin = time.perf_counter()
    for place, moment in zip(places, moments, strict=True):
        time.sleep(max(0, begin + float(moment) - time.perf_counter()))
        lens.page.mouse.move(*at(box, place))
    passed = time.perf_counter() - begin
    lens.page.wait_for_timeout(100)
    return passed


def path(steps: int) -> list[Place]:
    """Places that never stand still: to and fro across, slowly down and up."""
    across = np.abs((np.arange(steps) / 90) % 2 - 1)
    down = np.abs((np.arange(steps) / 410) % 2 - 1)
    return [
        (0.08 + 0.84 * float(x), 0.2 + 0.6 * float(y)) for x, y in zip(across, down, strict=True)
    ]


def lighting(lens: Lens, chart: Locator, places: list[Place]) -> list[Place]:
    """The places that highlight another digit than the one before; elsewhere nothing is drawn."""
    box = lens.box(chart)
    kept: list[Place] = []
    last = lens.page.locator(".which").inner_text()
    for place in places:
        lens.page.mouse.move(*at(box, place))
        lens.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))"
        )
        now = lens.page.locator(".which").inner_text()
        if now != last:
            kept.append(place)
        last = now
    return kept


def percentiles(values: list[float]) -> tuple[float, float]:
    """p50 and p95."""
    p50, p95 = np.percentile(values, [50, 95])
    return float(p50), float(p95)
