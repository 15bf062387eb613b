"""Requests and bytes of a first and of a second visit to each page, as a Markdown table.

    python -m benchmarks.traffic

Chromium counts what goes over the wire, heads of answers included; the websocket, over which
Streamlit sends the page itself, is not counted. Every first visit begins with an empty cache; the
second one is a new tab of the same browser.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from browser import chromium, server
from browser.lens import Lens
from browser.network import Network, Transfer

PAGES = ("/", "/compare", "/interpolate", "/families", "/uses", "/train", "/results")
PARTS: dict[str, Callable[[str], bool]] = {
    "WASM": lambda path: ".wasm?" in path,
    "lens": lambda path: path.startswith("/lens/") and ".wasm?" not in path,
    "models and digits": lambda path: path.startswith(("/zoo/", "/mnist/", "/fashion-mnist/")),
    "Streamlit": lambda path: path.startswith("/static/"),
}


def visit(context: BrowserContext, url: str, address: str) -> list[Transfer]:
    """Open a page in a new tab until nothing is asked for any more."""
    page = context.new_page()
    network = Network(page)
    lens = Lens(page, url)
    page.goto(url + address)
    if address == "/results":
        page.locator("table").last.wait_for(timeout=60_000)
    else:
        lens.ready(60)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)
    page.close()
    return network.transfers()


def row(name: str, visits: list[list[Transfer]], url: str) -> str:
    cells = [name]
    for transfers in visits:
        cells += [str(len(transfers)), f"{sum(one.bytes for one in transfers) / 1e6:.2f}"]
    first = [(one.url.removeprefix(url), one.bytes) for one in visits[0]]
    for belongs in PARTS.values():
        cells.append(f"{sum(size for path, size in first if belongs(path)) / 1e6:.2f}")
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="list the second visit's requests")
    listed = parser.parse_args().list
    executable = chromium.find()
    if executable is None:
        parser.error(f"no Chromium found; this installs one: {chromium.INSTALL}")
    print(
        "| page | first visit, requests | MB | second visit, requests | MB | first visit: "
        f"{' | '.join(f'{name}, MB' for name in PARTS)} |\n|---|{'--:|' * (4 + len(PARTS))}"
    )
    with (
        tempfile.TemporaryDirectory() as scratch,
        server.app(Path(scratch) / "app.log") as url,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright, executable)
        for address in PAGES:
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            visits = [visit(context, url, address) for _ in range(2)]
            context.close()
            print(row(address, visits, url), flush=True)
            if listed:
                for one in visits[1]:
                    print(f"    {one.status} {one.bytes:8} {one.url.removeprefix(url)}")
        browser.close()


if __name__ == "__main__":
    main()
