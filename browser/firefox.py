"""A headless Firefox of this machine, driven by WebDriver BiDi (W3C), which it speaks itself.

with firefox.start(profile) as tab:
    tab.open("http://localhost:8501/compare")
    tab.value("document.title")
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from websockets.sync.client import ClientConnection, connect

T = TypeVar("T")
NAMES = ("firefox-esr", "firefox")
INSTALL = "sudo apt-get install firefox-esr"
# Where it says which port it listens on, in its profile.
SERVER = "WebDriverBiDiServer.json"
# Nothing that a test needs is outside this machine.
PREFERENCES: Mapping[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutConfig.showWarning": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}
# WebDriver's code points of keys.
KEYS = {
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
    "End": "\ue010",
    "Home": "\ue011",
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Escape": "\ue00c",
}
# `deep(selector)` finds the elements in all shadow roots, which Streamlit's components live in.
DEEP = """
const deep = (selector, root = document) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")]
    .filter((one) => one.shadowRoot)
    .flatMap((one) => deep(selector, one.shadowRoot)),
];
"""


class BrowserError(Exception):
    """What the browser answers if a command fails."""


def find() -> str | None:
    """The path of `$FIREFOX`, else of the first known one, else None."""
    wanted = os.environ.get("FIREFOX")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, NAMES)), None)


class Tab:
    """One tab of a running Firefox. A place is in CSS pixels of the viewport."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._count = 0
        self.errors: list[str] = []  # in the console, and uncaught
        self.call("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
        self.call("session.subscribe", events=["log.entryAdded"])
        tree = self.call("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and wait for its result. Raises BrowserError."""
        self._count += 1
        wanted = self._count
        command = {"id": wanted, "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while True:
            found = json.loads(self._socket.recv(timeout=60))
            if found.get("type") == "event":
                self._heard(found)
            elif found.get("id") == wanted:
                if found["type"] == "error":
                    raise BrowserError(f"{method}: {found['error']}: {found['message']}")
                return found["result"]

    def _heard(self, event: Mapping[str, Any]) -> None:
        entry = event["params"]
        if event["method"] == "log.entryAdded" and entry["level"] == "error":
            self.errors.append(str(entry["text"]))

    def open(self, url: str) -> None:
        """Go to an address and wait until the page has loaded."""
        self.call("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def resize(self, width: int, height: int) -> None:
        """Give the viewport a size."""
        size = {"width": width, "height": height}
        self.call("browsingContext.setViewport", context=self._context, viewport=size)

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression, which may be a promise, in the page.

        It may use `deep(selector)`, the elements in all shadow roots.
        """
        result = self.call(
            "script.evaluate",
            expression=f"(async () => {{ {DEEP} return JSON.stringify(await ({expression})); }})()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise BrowserError(result["exceptionDetails"]["text"])
        text = result["result"].get("value")
        return None if text is None else json.loads(text)

    def wait(self, expression: str, seconds: float = 30) -> Any:
        """The value of an expression once it is true. Raises AssertionError."""
        return eventually(lambda: self.value(expression), seconds, expression)

    def place(self, selector: str, across: float = 0.5, down: float = 0.5) -> tuple[int, int]:
        """A place in the first element, after scrolling it into view; shares of its box."""
        box = self.wait(
            f"(() => {{ const one = deep({json.dumps(selector)})[0]; if (!one) return null;"
            " one.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const {x, y, width, height} = one.getBoundingClientRect();"
            " return width && [x, y, width, height]; })()"
        )
        return round(box[0] + across * box[2]), round(box[1] + down * box[3])

    def drag(self, *places: tuple[int, int]) -> None:
        """Press the mouse at the first place, move through the others and let go."""
        steps: list[dict[str, Any]] = [_move(places[0]), {"type": "pointerDown", "button": 0}]
        steps += [_move(place, 60) for place in places[1:]]
        self._act("pointer", [*steps, {"type": "pointerUp", "button": 0}])

    def click(self, selector: str, across: float = 0.5, down: float = 0.5) -> None:
        """Click into the first element."""
        self.drag(self.place(selector, across, down))

    def focus(self, selector: str) -> None:
        """Give the first element the keyboard focus."""
        self.value(f"deep({json.dumps(selector)})[0].focus()")

    def press(self, *keys: str) -> None:
        """Press keys one after another: letters, or names such as ArrowLeft."""
        codes = [KEYS.get(key, key) for key in keys]
        self._act("key", [{"type": t, "value": c} for c in codes for t in ("keyDown", "keyUp")])

    def screenshot(self, selector: str) -> bytes:
        """A PNG of the first element as it is on the screen."""
        x, y, width, height = self.wait(
            f"(() => {{ const {{x, y, width, height}} = deep({json.dumps(selector)})[0]"
            ".getBoundingClientRect(); return width && [x, y, width, height]; })()"
        )
        clip = {"type": "box", "x": x, "y": y, "width": width, "height": height}
        found = self.call("browsingContext.captureScreenshot", context=self._context, clip=clip)
        return base64.b64decode(found["data"])

    def _act(self, kind: str, actions: Sequence[Mapping[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.call("input.performActions", context=self._context, actions=[source])


def _move(place: tuple[int, int], milliseconds: int = 0) -> dict[str, Any]:
    return {"type": "pointerMove", "x": place[0], "y": place[1], "duration": milliseconds}


def eventually(look: Callable[[], T], seconds: float, words: str) -> T:
    """What `look` returns once it is true. Raises AssertionError."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not true after {seconds:g} s: {words}")
        time.sleep(0.1)


def _port(server: Path) -> int | None:
    """The port that a file names, once it is there and whole."""
    try:
        port: int = json.loads(server.read_text(encoding="utf-8"))["ws_port"]
    except (OSError, ValueError):
        return None
    return port


@contextlib.contextmanager
def start(
    executable: str, profile: Path, preferences: Mapping[str, bool | int | str] | None = None
) -> Iterator[Tab]:
    """Start a Firefox with a profile in the empty folder `profile`, and stop it at the end."""
    lines = {**PREFERENCES, **(preferences or {})}
    text = "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in lines.items())
    (profile / "user.js").write_text(text, encoding="utf-8")
    command = [executable, "--headless", "--no-remote", "--profile", str(profile)]
    with (profile / "firefox.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--remote-debugging-port=0"], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        port = eventually(lambda: _port(profile / SERVER), 60, "Firefox listens")
        # Its default limit of a message is less than a film.
        address = f"ws://127.0.0.1:{port}/session"
        with connect(address, max_size=None, open_timeout=30, proxy=None) as socket:
            tab = Tab(socket)
            yield tab
            with contextlib.suppress(BrowserError, OSError, EOFError):
                tab.call("session.end")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
