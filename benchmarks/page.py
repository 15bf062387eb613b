"""Cost of an open Train page: images per second with it and with the shell alone.

    python -m benchmarks.page
    python -m benchmarks.page --runs 1

The same training runs alone and with the page open on it, in a headless Chromium on the same
machine. The result is the median ratio, once over the second half of the epochs, when the page is
open, and once over the whole run, with the seconds in which a browser loads and draws the page. Let
nothing else run meanwhile.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.train import machine
from browser import chromium, server

EPOCHS = 30


def start(home: Path, name: str) -> subprocess.Popen[bytes]:
    """Begin a run as a shell would."""
    words = ["train", "--family", "vae", "--epochs", str(EPOCHS), "--run", name]
    return subprocess.Popen(
        [sys.executable, "-m", "aemodels", *words],
        cwd=server.ROOT,
        env={**os.environ, "LATENT_LAB_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def images_a_second(home: Path, name: str) -> tuple[float, float]:
    """The rates of a run that has ended: over its second half, and over all epochs but the first.

    Means over time, since the page draws its curves only now and then, which a median would miss.
    """
    lines = (home / "runs" / name / "records.jsonl").read_text("utf-8").splitlines()
    rates = [json.loads(line)["images_per_second"] for line in lines]
    return statistics.harmonic_mean(rates[EPOCHS // 2 :]), statistics.harmonic_mean(rates[1:])


def alone(home: Path, name: str) -> tuple[float, float]:
    """Train without a page."""
    start(home, name).wait()
    return images_a_second(home, name)


def watched(home: Path, name: str, page: Page, url: str) -> tuple[float, float]:
    """Train with the page open on the run."""
    process = start(home, name)
    while not (home / "runs" / name / "run.json").exists():
        page.wait_for_timeout(20)
    page.goto(f"{url}/train?run={name}")
    while process.poll() is None:
        page.wait_for_timeout(200)
    return images_a_second(home, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    executable = chromium.find()
    assert executable, chromium.INSTALL
    without: list[tuple[float, float]] = []
    with_page: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        with server.app(home / "app.log", {"LATENT_LAB_HOME": folder}) as url:
            browser = chromium.launch(playwright, executable)
            for k in range(runs):
                without.append(alone(home, f"alone-{k}"))
                page = browser.new_page()
                with_page.append(watched(home, f"watched-{k}", page, url))
                page.close()
            browser.close()
    print(f"{machine()}\n")
    print("| images per second, median | shell alone | with the Train page open | ratio |")
    print("|---|--:|--:|--:|")
    for part, name in enumerate(("second half of the epochs", "whole run")):
        shell, page_open = [run[part] for run in without], [run[part] for run in with_page]
        ratio = statistics.median(b / a for a, b in zip(shell, page_open, strict=True))
        shown = f"{statistics.median(shell):,.0f} | {statistics.median(page_open):,.0f}"
        print(f"| {name} | {shown} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
