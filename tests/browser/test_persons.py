"""Two browsers at one shared app: a run is its owner's, whatever another browser sends."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from aemodels import runs
from aemodels.runs.status import RunStatus, read_status
from browser import axe, server, states
from browser import runs as made
from browser.lens import Lens
from tests.browser import proxies

CODE = "sesame 7"
PATIENCE = 120_000  # milliseconds
OTHERS = "Started by someone else; you can look, explore and compare."
# Keeps the sockets of a page, what it sends while `kept` is a list, and what is no large picture of
# what it hears while `heard` is one.
TAP = """
const send = WebSocket.prototype.send;
window.sockets = [];
WebSocket.prototype.send = function (data) {
  if (!window.sockets.includes(this)) {
    window.sockets.push(this);
    this.addEventListener("message", ({data}) => {
      if (window.heard && data.byteLength < 50_000) window.heard.push([...new Uint8Array(data)]);
    });
  }
  const {buffer = data, byteOffset = 0, byteLength} = data;
  if (window.kept) window.kept.push([...new Uint8Array(buffer, byteOffset, byteLength)]);
  return send.call(this, data);
};
"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    """A shared app, on this machine alone, with a teacher's code; one live run a person."""
    own = {"LATENT_LAB_SHARED": "yes", "LATENT_LAB_TEACHER": CODE, "LATENT_LAB_LIVE_RUNS": "1"}
    with server.app(home / "app.log", made.settings(home) | own) as found:
        yield found


@pytest.fixture
def train(url: str, new_lens: Callable[..., Lens]) -> Open:
    """Opens the Train page in a browser context of its own."""

    def open_page(query: str = "", root: str = url) -> Page:
        page = new_lens(root).page
        # Where others train too, even a click takes long.
        page.set_default_timeout(PATIENCE)
        page.add_init_script(TAP)
        page.goto(f"{root}/train{query}")
        page.get_by_role("button", name="Train", exact=True).wait_for()
        states.settle(page)
        return page

    return open_page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def offers(page: Page, name: str) -> None:
    """Wait until the page has this button, which tells the run's state."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible(timeout=PATIENCE)


def resend(page: Page, frames: list[list[int]]) -> None:
    """Send what was sent before, by the page's own socket, and wait until the server has run the
    page because of it.
    """
    page.evaluate(
        """frames => {
          window.heard = [];
          for (const one of frames) window.sockets.at(-1).send(new Uint8Array(one));
        }""",
        frames,
    )
    end = monotonic() + PATIENCE / 1000
    while not has_run(page.evaluate("() => window.heard")):
        assert monotonic() < end, "the server has not run the page"
        page.wait_for_timeout(200)
    page.evaluate("() => { window.heard = null; }")
    states.settle(page)


def has_run(heard: list[list[int]]) -> bool:
    """Whether a run of the page's script has begun in these messages, and ended."""
    kinds = [ForwardMsg.FromString(bytes(each)).WhichOneof("type") for each in heard]
    begun = kinds.index("new_session") if "new_session" in kinds else len(kinds)
    return "script_finished" in kinds[begun:]


def trains_on(home: Path, run_id: str) -> None:
    """Wait until the run has trained two more epochs: its process looks for requests meanwhile."""

    def status() -> RunStatus:
        found = read_status(home / "runs" / run_id)
        assert found is not None
        return found

    start, end = status().epoch, monotonic() + PATIENCE / 1000
    while (now := status()).epoch < start + 2:
        assert now.state == "running"
        assert monotonic() < end
        sleep(0.1)
    assert now.state == "running"


def test_another_may_look_a_teacher_may_stop_and_a_forger_may_not(
    train: Open, url: str, home: Path
) -> None:
    ada = train("?class=7b")
    ada.get_by_text("Full", exact=True).click()
    states.settle(ada)
    press(ada, "Train")
    offers(ada, "Pause")
    (run,) = runs_in(home)
    assert (run["group"], len(run["owner"])) == ("7b", 32)
    (cookie,) = ada.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert cookie["value"] not in json.dumps(run)

    # A second one is one too many, and she reads what helps.
    press(ada, "Train")
    said = "You have a run that is being trained; wait until it ends, or stop it."
    expect(ada.get_by_text(said)).to_be_visible(timeout=PATIENCE)

    bob = train("?class=7b")
    expect(bob.get_by_text(OTHERS)).to_be_visible(timeout=PATIENCE)
    for name in ("Pause", "Stop", "Rename", "Delete"):
        assert bob.get_by_role("button", name=name, exact=True).count() == 0
    assert axe.check(bob) == []
    # The class isn't his who comes by the plain address.
    expect(train().get_by_text("Your runs appear here.")).to_be_visible(timeout=PATIENCE)

    # What her browser sends for Pause does it again from hers, and nothing from his.
    ada.evaluate("() => { window.kept = []; }")
    press(ada, "Pause")
    offers(ada, "Resume")
    frames = ada.evaluate("() => { const all = window.kept; window.kept = null; return all; }")
    assert frames
    press(ada, "Resume")
    offers(ada, "Pause")
    resend(bob, frames)
    expect(bob.get_by_text(OTHERS)).to_be_visible(timeout=PATIENCE)
    trains_on(home, run["id"])
    resend(ada, frames)
    offers(ada, "Resume")

    bob.get_by_role("button", name="Teacher").click()
    bob.get_by_role("textbox", name="Code").fill(CODE)
    assert axe.check(bob) == []
    press(bob, "Enter")
    expect(bob.get_by_text("Started by someone else, class 7b.")).to_be_visible(timeout=PATIENCE)
    press(bob, "Stop")
    offers(bob, "Delete")
    assert axe.check(bob) == []
    assert state_of(home, run["id"]) == "stopped"


def test_a_login_of_a_proxy(train: Open, home: Path, tmp_path: Path) -> None:
    """Whoever the proxy names has the run in every browser, whatever they send by that name."""
    if proxies.program("nginx") is None:
        pytest.skip("nginx isn't installed")
    own = {"LATENT_LAB_USER_HEADER": "X-Remote-User", "LATENT_LAB_HOME": str(tmp_path)}
    with server.app(tmp_path / "app.log", own) as app:
        target = app.removeprefix("http://")
        with (
            proxies.nginx(target, "", tmp_path / "ada", user="ada") as ada,
            proxies.nginx(target, "", tmp_path / "bob", user="bob") as bob,
        ):
            first = train(root=ada)
            assert first.context.cookies() == []
            press(first, "Train")
            offers(first, "Stop")
            again, other = train(root=ada), train(root=bob)
            expect(other.get_by_text(OTHERS)).to_be_visible(timeout=PATIENCE)
            press(again, "Stop")
            offers(again, "Delete")
            (run,) = runs_in(tmp_path)
            assert "ada" not in json.dumps(run)
            for page in (first, again, other):
                page.context.close()


def test_whoever_logs_in_comes_back_to_the_page_and_the_class(train: Open, tmp_path: Path) -> None:
    """A login ends on the app's first page, by its plain address; here, no provider is asked."""
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    values = dict.fromkeys(("redirect_uri", "server_metadata_url"), "https://login.invalid/")
    values |= dict.fromkeys(("cookie_secret", "client_id", "client_secret"), "lab")
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    secrets.write_text("\n".join(["[auth]", *lines]), "utf-8")
    own = {"HOME": str(tmp_path), "LATENT_LAB_HOME": str(tmp_path)}
    with server.app(tmp_path / "app.log", own) as app:
        page = train("?class=7b", root=app)
        press(page, "Log in")
        page.goto(f"{app}/")
        page.wait_for_url(f"{app}/train?class=7b")
        # Once, and nobody is led away who comes by themselves.
        page.goto(f"{app}/")
        page.get_by_role("button", name="Copy link").wait_for()
        assert page.url == f"{app}/"
        page.context.close()


def runs_in(home: Path) -> list[dict[str, str]]:
    return [
        {"id": path.parent.name, **json.loads(path.read_text("utf-8"))}
        for path in (home / "runs").glob("*/run.json")
    ]


def state_of(home: Path, run_id: str) -> str:
    return runs.run.read_folder(home / "runs" / run_id).state.value
