"""Start the app by a shell command and see a decoded digit in Chromium.

    python -m tests.browser.smoke FOLDER 'COMMAND'

Ends with 1 and the app's log if the digit does not come. The app is stopped at the end.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import chromium, server
from browser.lens import Lens

URL = "http://localhost:8501"


def main(folder: Path, command: str) -> str:
    """Run `command` in `folder` and describe the digit that it decodes first."""
    if server.answers(URL):
        raise RuntimeError(f"{URL} is already taken: stop what listens there")
    executable = chromium.find()
    if executable is None:
        raise RuntimeError(f"no Chromium found: {chromium.INSTALL}")
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "app.log"
        # The command installs the requirements first.
        shell = ["bash", "-c", command]
        with (
            server.serve(shell, f"{URL}/_stcore/health", log, folder=folder, seconds=1800),
            sync_playwright() as playwright,
        ):
            browser = chromium.launch(playwright, executable)
            lens = Lens(browser.new_page(), URL)
            lens.open("/", seconds=60)
            grey = lens.picture()
            ink = int((grey > 127).sum())
            browser.close()
            # A digit has some ink and much paper.
            if not 20 <= ink <= 400:
                raise RuntimeError(f"the picture is no digit: {ink} of 784 pixels are bright")
            return f"{URL} shows a digit: {ink} of 784 pixels are bright"


if __name__ == "__main__":
    try:
        print(main(Path(sys.argv[1]), sys.argv[2]))
    except RuntimeError as error:
        sys.exit(str(error))
