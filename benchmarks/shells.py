"""The shells side by side: bytes and time to the first digit, and a drag on Explore's map.

    python -m benchmarks.shells
    python -m benchmarks.shells --runs 1 --seconds 2    # a quick look

The app, a static site of six models from a plain file server, and the same as one file,
opened from a disk. "3G" is 1.6 Mbit/s down, 0.75 up and 150 ms of latency, as Chromium emulates
it; one file needs no network. What a drag's figures mean is said in `benchmarks.drags`. Let nothing
else run meanwhile.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.drags import RATE, Drag, machine, measure, tab
from browser import chromium, files, server
from browser.network import Network
from site_builder import build, selection

MODELS = ("pca-2", "ae-2", "vae-2", "pca-16", "ae-16", "vae-16")
THREE_G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
PATIENCE = 300_000  # ms to the first digit


@dataclass(frozen=True)
class Shell:
    """Where a shell shows Explore with the VAE of two latents; `total` bytes are all of it."""

    name: str
    root: str
    address: str
    total: int | None = None
    networked: bool = True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="runs of each; medians are printed")
    parser.add_argument("--seconds", type=float, default=4, help="length of a drag")
    asked = parser.parse_args()
    executable = chromium.find()
    if executable is None:
        parser.error(f"no Chromium found; this installs one: {chromium.INSTALL}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        browser = chromium.launch(playwright, executable)
        print(machine(browser), flush=True)
        folder = Path(scratch)
        chosen = selection.choose(MODELS)
        site = build.site(folder / "served" / "lab", chosen)
        single = build.one_file(folder / "lab.html", chosen)
        with server.app(folder / "app.log") as app, files.served(folder / "served") as served:
            shells = (
                Shell("app", app, "/?model=vae-2"),
                Shell("site", f"{served}lab/", "index.html?model=vae-2", site.total),
                Shell(
                    "one file",
                    (folder / "lab.html").as_uri(),
                    "#explore?model=vae-2",
                    single.total,
                    networked=False,
                ),
            )
            print(f"\nMedians of {asked.runs} runs; nothing is cached. MB are 10⁶ bytes.\n")
            print(
                "| shell | all of it, MB | to the first digit, MB | seconds, fast | seconds, 3G "
                f"| drag of {asked.seconds:g} s, {RATE} moves a second: to pixels, p50 / p95 ms "
                "| to frame, p50 / p95 ms | pictures a second |\n|---" + "|--:" * 7 + "|"
            )
            for shell in shells:
                print(row(browser, shell, asked.runs, asked.seconds), flush=True)
        browser.close()


def row(browser: Browser, shell: Shell, runs: int, seconds: float) -> str:
    """One shell's line."""
    fast = [first_digit(browser, shell) for _ in range(runs)]
    slow = [first_digit(browser, shell, slow=True) for _ in range(runs)] if shell.networked else []
    drag = Drag("Explore, map", shell.address, lambda lens: lens.map(), 1)
    found = [measure(browser, shell.root, drag, seconds) for _ in range(runs)]
    median: Callable[[list[float]], float] = statistics.median
    pairs = [
        " / ".join(f"{median([pair[k] for pair in each]):.1f}" for k in (0, 1))
        for each in ([run.latency for run in found], [run.frame for run in found])
    ]
    bytes_to_digit = median([size for _, size in fast]) if shell.networked else shell.total
    cells = [
        shell.name,
        f"{shell.total / 1e6:.1f}" if shell.total else "–",
        f"{bytes_to_digit / 1e6:.1f}" if bytes_to_digit else "–",
        f"{median([passed for passed, _ in fast]):.2f}",
        f"{median([passed for passed, _ in slow]):.1f}" if slow else "–",
        *pairs,
        f"{median([run.pictures for run in found]):.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def first_digit(browser: Browser, shell: Shell, slow: bool = False) -> tuple[float, float]:
    """Seconds from asking for the address to the first picture, and the bytes that came."""
    with tab(browser, shell.root) as lens:
        network = Network(lens.page)
        if slow:
            session = lens.page.context.new_cdp_session(lens.page)
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", THREE_G)
        begin = time.time()
        lens.page.goto(shell.root + shell.address, wait_until="commit", timeout=PATIENCE)
        passed = seen(lens.page) - begin
        return passed, sum(transfer.bytes for transfer in network.transfers())


def seen(page: Page) -> float:
    """The time of the first picture, in seconds since 1970."""
    found = page.wait_for_function("() => bench.first", polling=5, timeout=PATIENCE)
    return float(found.json_value()) / 1000


if __name__ == "__main__":
    main()
