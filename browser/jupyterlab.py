"""A JupyterLab of this machine with one notebook, driven as a person does."""

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page

from browser import server

APP = "@jupyterlab/apputils-extension"


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """JupyterLab over the notebooks of a folder; gives its address."""
    port = server.free_port()
    url = f"http://localhost:{port}"
    home, settings = folder / ".home", folder / ".home" / "settings"
    (settings / APP).mkdir(parents=True)
    # It would ask whether to fetch news.
    (settings / APP / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False}), "utf-8"
    )
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--port",
        str(port),
    ]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    environment = {
        "HOME": str(home),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONPATH": str(server.ROOT),
        "LATENT_LAB_QUICK": "1",
        "OMP_NUM_THREADS": "1",
    }
    with server.serve(command, f"{url}/api", folder / "lab.log", environment=environment):
        yield url


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page: Page, url: str, path: Path) -> None:
        self.page = page
        self.folder = path.parent
        self.idle = page.locator(".jp-StatusBar-TextItem", has_text="| Idle")
        page.goto(f"{url}/doc/tree/{path.name}", wait_until="commit")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)

    @property
    def cells(self) -> Locator:
        """The code cells, in their order."""
        return self.page.locator(".jp-Notebook .jp-CodeCell")

    def write(self, k: int, source: str) -> None:
        """Replace what the code cell k says."""
        self.cells.nth(k).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def start(self, k: int) -> Locator:
        """Run the code cell k; gives the mark that it has until it is done."""
        self.idle.wait_for(timeout=60_000)
        cell = self.cells.nth(k)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        return cell.locator(".jp-InputPrompt", has_text="[*]")

    def run(self, k: int, seconds: float = 60) -> Locator:
        """Run the code cell k, and wait until it is done; gives its output."""
        cell = self.cells.nth(k)
        before = cell.locator(".jp-InputPrompt").inner_text()
        self.start(k)
        prompt = cell.locator(".jp-InputPrompt", has_text=re.compile(r"\[\d+\]"))
        prompt.filter(has_not_text=before).wait_for(timeout=1000 * seconds)
        return cell.locator(".jp-Cell-outputArea")

    def choose(self, *names: str) -> None:
        """Choose an item of a menu, by the names on the way to it."""
        *above, item = names
        self.page.get_by_role("menuitem", name=above[0], exact=True).click()
        for name in above[1:]:
            self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{name}$")).hover()
        self.page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()
