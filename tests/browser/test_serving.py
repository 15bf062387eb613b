"""The app works wherever it is served from: below a path, by a proxy, in a frame, on a LAN."""

import contextlib
import functools
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser

from aemodels import runs
from aemodels.config import Config
from browser import chromium, server
from browser.lens import Lens
from tests.browser import proxies
from tests.browser.conftest import Complaints
from ui import persons

ROOT = server.ROOT
ODD = "mit Leerzeichen äöü #1 100%"


@contextlib.contextmanager
def streamlit(log: Path, *options: str, base: str = "") -> Iterator[str]:
    """`streamlit run app.py` with options; gives its host and port."""
    port = server.free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    command += ["--server.port", str(port), "--server.headless", "true"]
    with server.serve(command, f"http://localhost:{port}{base}/_stcore/health", log):
        yield f"localhost:{port}"


def use(lens: Lens) -> None:
    """Compare by a direct link, then Explore by the menu, and a drag there."""
    lens.open("/compare", seconds=60)  # the first page of a new server
    assert lens.picture("VAE").max() > 127
    lens.page.get_by_role("link", name="Explore").click()
    lens.page.locator(".lens.explore[data-ready=true]").wait_for()
    assert lens.page.url.startswith(f"{lens.url}/?") or lens.page.url == f"{lens.url}/"
    lens.eventually(lambda: lens.picture().max() > 127)
    before = lens.picture()
    lens.drag(lens.map(), (0.45, 0.5), (0.55, 0.35))
    lens.eventually(functools.partial(differs, lens, before))
    lens.release()
    # The address follows, so the websocket goes both ways.
    lens.page.wait_for_function("() => location.search.includes('z=')")


def differs(lens: Lens, before: np.ndarray) -> bool:
    return bool((lens.picture() != before).any())


@pytest.fixture(scope="module")
def below_a_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host and port of an app with `server.baseUrlPath`."""
    log = tmp_path_factory.mktemp("lab") / "app.log"
    with streamlit(log, "--server.baseUrlPath", "lab", base="/lab") as host:
        yield host


def test_below_a_path(below_a_path: str, new_lens: Callable[..., Lens]) -> None:
    use(new_lens(f"http://{below_a_path}/lab"))


@pytest.mark.parametrize("name", ["caddy", "nginx"])
def test_behind_a_proxy_that_strips_a_prefix(
    name: str, below_a_path: str, new_lens: Callable[..., Lens], tmp_path: Path
) -> None:
    """Caddy also ends HTTPS. The app keeps its own base path: two prefixes in one address."""
    if proxies.program(name) is None:
        pytest.skip(f"{name} isn't installed")
    with getattr(proxies, name)(below_a_path, "/lab", tmp_path) as url:
        assert url.startswith("https:") == (name == "caddy")
        lens = new_lens(url, ignore_https_errors=True)
        use(lens)
        # Before its server ends, or it complains.
        lens.page.context.close()


def own_address() -> str | None:
    """This machine's IPv4 address in its network, as another device would name it."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # reserved for documentation; nothing is sent
        address = str(probe.getsockname()[0])
        if not address.startswith("127."):
            return address
    return None


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder that has nothing of ours, and the home of runs."""
    return tmp_path_factory.mktemp("elsewhere")


@pytest.fixture(scope="module")
def lan(elsewhere: Path) -> Iterator[str]:
    """The LAN address of an app that uvicorn serves from another working folder."""
    address = own_address()
    if address is None:
        pytest.skip("this machine has no address but its own")
    port = server.free_port()
    url = f"http://{address}:{port}"
    command = [sys.executable, "-m", "uvicorn", "app:app", "--app-dir", str(ROOT)]
    command += ["--host", "0.0.0.0", "--port", str(port)]
    with server.serve(
        command,
        f"{url}/_stcore/health",
        elsewhere / "app.log",
        folder=elsewhere,
        environment={"LATENT_LAB_HOME": str(elsewhere)},
    ):
        yield url


@pytest.fixture(scope="module")
def visitor(lan: str, browser: Browser) -> Iterator[Browser]:
    """A browser that finds the LAN address and this machine, and blocks third-party cookies."""
    found = chromium.launch(
        browser,
        str(chromium.find()),
        hosts=[lan.removeprefix("http://").partition(":")[0], "127.0.0.1"],
        flags=["--test-third-party-cookie-phaseout"],
    )
    yield found
    found.close()


def test_a_class_uses_it_over_plain_http(
    lan: str, visitor: Browser, complaints: Complaints
) -> None:
    page = visitor.new_context(accept_downloads=True).new_page()
    complaints.watch(page, lan)
    lens = Lens(page, lan)
    use(lens)
    # Browsers keep some of their abilities from such a page.
    assert not page.evaluate("() => isSecureContext")
    # Whoever comes over the network is known by a cookie.
    assert [cookie["name"] for cookie in page.context.cookies()] == [persons.COOKIE]
    # The theme of .streamlit/config.toml is there, although it isn't in the working folder.
    heading = "() => getComputedStyle(document.querySelector('.stApp')).color"
    assert page.evaluate(heading) == "rgb(28, 32, 48)"
    page.get_by_role("link", name="Interpolate").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download GIF").click()
    assert Path(download.value.path()).read_bytes().startswith(b"GIF89a")
    page.context.close()


def test_two_programs_share_one_folder_of_runs(
    lan: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(elsewhere))
    url = f"{lan}/live/from-elsewhere"
    assert not server.answers(url)
    run = runs.create(Config.of("vae", epochs=3), id="from-elsewhere")
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert json.load(answer)["state"] == run.state.value


def test_a_taken_port_is_one_sentence(lan: str, elsewhere: Path) -> None:
    port = lan.rpartition(":")[2]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    done = subprocess.run(
        [*command, "--server.address", "0.0.0.0", "--server.port", port],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert f"Port {port} is not available" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def course(lan: str, tmp_path: Path) -> Iterator[str]:
    """The address of a page of another site that frames the app."""
    (tmp_path / "index.html").write_text(
        f'<!doctype html><h1>Week 7</h1><iframe src="{lan}/" width="1200" height="900"></iframe>',
        encoding="utf-8",
    )
    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/index.html"
        listening.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: Any) -> None:
        pass


def test_in_a_frame_of_another_site(
    lan: str, course: str, visitor: Browser, complaints: Complaints, tmp_path: Path
) -> None:
    page = visitor.new_context(viewport={"width": 1280, "height": 1000}).new_page()
    page.set_default_timeout(90_000)
    complaints.allowed = (course,)
    complaints.watch(page, lan)
    page.goto(course)
    frame = page.frame_locator("iframe")
    frame.locator(".lens.explore[data-ready=true]").wait_for()
    sliders = frame.get_by_role("slider", name="z1", exact=True)
    before = sliders.input_value()
    box = frame.locator("[aria-label^='latent map']").bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.up()
    assert sliders.input_value() != before
    # No cookie arrives, which the Train page says, and yet a file can be uploaded.
    inner = page.frames[1]
    assert inner.evaluate("() => document.cookie") == ""
    frame.get_by_role("link", name="Train").click()
    frame.get_by_text(
        "yours only until the page is closed, loaded again, or offline for 2 minutes"
    ).wait_for()
    frame.get_by_text("Load a bundle").click()
    (tmp_path / "no.zip").write_bytes(b"no zip file")
    frame.locator("input[type=file]").first.set_input_files(tmp_path / "no.zip")
    frame.get_by_role("alert").filter(has_text="zip").wait_for()
    page.context.close()


def test_behind_a_notebook_server(
    tmp_path: Path, new_lens: Callable[..., Lens], complaints: Complaints
) -> None:
    if find_spec("jupyter_server_proxy") is None:
        pytest.skip("jupyter-server-proxy isn't installed")
    with (
        streamlit(tmp_path / "app.log") as host,
        proxies.jupyter(int(host.partition(":")[2]), tmp_path) as url,
    ):
        lens = new_lens(url)
        use(lens)
        lens.page.context.close()


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app whose folder is read-only, has a difficult name, and is started through a link.

    It holds what a zip of the repository would, as far as the pages need it, and no .git. The
    process has no HOME, the C locale and no UTF-8 mode.
    """
    home = tmp_path_factory.mktemp("odd")
    folder = home / "mit Leerzeichen äöü #1 100%"
    folder.mkdir()
    for name in ("aemodels", "lens", "pages", "server", "ui", "reproduction", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name in ("data", "zoo"):  # about 90 MB
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    link = home / "link"
    link.symlink_to(folder, target_is_directory=True)
    subprocess.run(["chmod", "-R", "a-w,a+rX", str(folder)], check=True)
    port = server.free_port()
    command = [sys.executable, "-B", "-m", "streamlit", "run", str(link / "app.py")]
    command += ["--server.port", str(port), "--server.headless", "true"]
    command = ["env", "-u", "HOME", "LC_ALL=C", "PYTHONUTF8=0", *command]
    if os.geteuid() == 0:
        # Else root may write anywhere.
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    health = f"http://localhost:{port}/_stcore/health"
    with server.serve(command, health, home / "log", folder=Path("/")):
        yield f"http://localhost:{port}"
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)


def test_from_a_difficult_folder(odd: str, new_lens: Callable[..., Lens]) -> None:
    lens = new_lens(odd).open("/")
    assert lens.picture().max() > 127
    # It reads text with umlauts and signs, whatever the locale is.
    for page, sign in (("Families", ".lens[data-ready=true]"), ("Results", "table")):
        lens.page.get_by_role("link", name=page).click()
        lens.page.wait_for_url(f"**/{page.lower()}*")
        lens.page.locator(sign).first.wait_for()
        assert "Traceback" not in lens.page.inner_text("body")
