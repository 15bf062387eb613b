"""Cumulative layout shift of every page while it loads, wide and on a phone.

    python -m benchmarks.layout

Each page is opened in a fresh headless Chromium profile, from navigation until nothing moves.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from benchmarks.train import machine
from browser import chromium, server
from browser.layout import PAGES, cumulative_shift, measured

SIZES: dict[str, ViewportSize] = {
    "1280x800": {"width": 1280, "height": 800},
    "390x664": {"width": 390, "height": 664},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", help="of an app that runs already")
    url = parser.parse_args().url
    executable = chromium.find()
    assert executable, chromium.INSTALL
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium.launch(playwright, executable)
        with server.app(Path(folder, "app.log"), {"LATENT_LAB_HOME": folder}) as own:
            print(f"{machine()}\n\n| page | {' | '.join(SIZES)} |\n|---|{'--:|' * len(SIZES)}")
            for address in PAGES:
                found = []
                for size in SIZES.values():
                    page = browser.new_page(viewport=size)
                    measured(page, url or own, address)
                    found.append(f"{cumulative_shift(page):.3f}")
                    page.close()
                print(f"| `{address}` | {' | '.join(found)} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
