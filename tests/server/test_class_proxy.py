"""Behind the proxies of docs/class.md, nobody comes in without a password or under another name."""

import base64
import http.server
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from websockets.exceptions import InvalidStatus

from browser import server
from browser.visitor import Visitor
from tests.browser.proxies import program
from tests.server import class_proxies

ADA = "Basic " + base64.b64encode(f"ada:{class_proxies.PASSWORD}".encode()).decode()
NAMES = ["nginx", "caddy"]


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers that arrived, as pairs."""

    def do_GET(self) -> None:
        content = json.dumps(self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def anybody() -> ssl.SSLContext:
    """Trusts the certificates that tests sign."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def ask(url: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body, once the proxy listens."""
    end = monotonic() + 60
    while True:
        try:
            request = urllib.request.Request(url, headers=headers)
            with urllib.request.urlopen(request, timeout=60, context=anybody()) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            assert monotonic() < end
            sleep(0.1)


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{listening.server_port}"
        listening.shutdown()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The host and port of the app, as docs/class.md starts it."""
    home = tmp_path_factory.mktemp("class")
    environment = {
        "LATENT_LAB_HOME": str(home),
        "LATENT_LAB_SHARED": "yes",
        "LATENT_LAB_USER_HEADER": "X-Remote-User",
    }
    for name in environment.keys() - {"LATENT_LAB_HOME"}:
        assert f"{name}={environment[name]}" in class_proxies.DOCS.read_text("utf-8")
    with server.app(home / "app.log", environment) as url:
        yield url.removeprefix("http://")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_cannot_be_forged(name: str, echo: str, tmp_path: Path) -> None:
    if program(name) is None:
        pytest.skip(f"{name} isn't installed")
    with getattr(class_proxies, name)(echo, tmp_path) as url:
        assert ask(url, {})[0] == 401
        assert ask(url, {"X-Remote-User": "ada"})[0] == 401
        wrong = "Basic " + base64.b64encode(b"ada:guess").decode()
        assert ask(url, {"Authorization": wrong})[0] == 401
        for forged in ({}, {"X-Remote-User": "eve"}, {"x-remote-user": "eve"}):
            status, content = ask(url, {"Authorization": ADA, **forged})
            assert status == 200
            said = [value for key, value in json.loads(content) if key.lower() == "x-remote-user"]
            assert said == ["ada"]


@pytest.mark.parametrize("name", NAMES)
def test_pages_run_over_tls(name: str, app: str, tmp_path: Path) -> None:
    if program(name) is None:
        pytest.skip(f"{name} isn't installed")
    with getattr(class_proxies, name)(app, tmp_path) as url:
        assert ask(f"{url}/train", {"Authorization": ADA})[0] == 200
        with Visitor(url, headers={"Authorization": ADA}, tls=anybody()) as ada:
            ada.open("train")
            assert ada.session
        with pytest.raises(InvalidStatus, match="401"):
            Visitor(url, headers={"X-Remote-User": "ada"}, tls=anybody())
