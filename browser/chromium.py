"""A headless Chromium of this machine, driven by Playwright."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Playwright

NAMES = (
    # It has no windows and menus, which nobody sees here.
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
)
INSTALL = (
    "brew install --cask chromium" if sys.platform == "darwin" else "sudo apt-get install chromium"
)


def find() -> str | None:
    """The path of `$CHROMIUM`, else of the first known browser, else None."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((place for place in PLACES if Path(place).exists()), None)


def launch(
    playwright: Playwright | Browser,
    executable: str,
    *,
    hosts: Sequence[str] = (),
    flags: Sequence[str] = (),
) -> Browser:
    """Start a browser, with a fresh profile and no window; another one next to one that runs.

    It finds localhost and `hosts`: what the app needs is on this machine, and anything else must
    not be found.
    """
    kind = playwright.browser_type if isinstance(playwright, Browser) else playwright.chromium
    found = ", ".join(f"EXCLUDE {host}" for host in ("localhost", *hosts))
    rules = f"--host-resolver-rules=MAP * ~NOTFOUND, {found}"
    return kind.launch(executable_path=executable, args=[*FLAGS, *flags, rules])
