"""A headless Chromium of this machine, driven by Playwright."""

import os
import shutil
import sys
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
    # What the app needs is on this machine; anything else must not be found.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
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


def launch(playwright: Playwright, executable: str) -> Browser:
    """Start the browser, with a fresh profile and no window."""
    return playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
