"""A drag is silent: no request, no frame. A second visit asks for no file again."""

import functools
from collections import Counter

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, WebSocket

from browser.lens import Lens, Place
from browser.network import Network


class Traffic:
    """Counts a page's HTTP requests and the websocket frames that it sends."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.frames: list[int] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", self.listen)

    def listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self.frames.append(len(frame)))

    def forget(self) -> None:
        self.requests.clear()
        self.frames.clear()


def circle(steps: int) -> list[Place]:
    angles = np.linspace(0, 2 * np.pi, steps)
    return [(0.5 + 0.35 * float(np.cos(a)), 0.5 + 0.35 * float(np.sin(a))) for a in angles]


def differs(lens: Lens, title: str, before: np.ndarray) -> bool:
    return bool((lens.picture(title) != before).any())


@pytest.mark.parametrize(
    ("address", "picture"),
    [("/", ""), ("/?latents=16", ""), ("/compare", "VAE"), ("/interpolate", "VAE, spherical")],
)
def test_a_drag_is_silent(lens: Lens, address: str, picture: str) -> None:
    traffic = Traffic(lens.page)
    lens.open(address)
    lens.page.wait_for_load_state("networkidle")
    handles = {
        "/compare": [lens.map("VAE")],
        "/interpolate": [lens.slider("t")],
    }.get(address, [lens.first_slider(), lens.map()])
    for handle in handles:
        before = lens.picture(picture)
        traffic.forget()
        lens.drag(handle, *circle(60))
        lens.eventually(functools.partial(differs, lens, picture, before))
        assert traffic.requests == []
        assert traffic.frames == []
        was = lens.page.url
        lens.release()
        # A drag of Compare's maps is nobody's business; else the address follows.
        if address != "/compare":
            lens.page.wait_for_function("was => location.href !== was", arg=was)
        assert len(traffic.frames) <= 1
        assert sum(traffic.frames) < 2000


def test_a_second_visit_asks_for_nothing_that_has_not_changed(app: str, browser: Browser) -> None:
    context = browser.new_context()
    visits = []
    for _ in range(2):
        page = context.new_page()
        network = Network(page)
        Lens(page, app).open("/")
        page.wait_for_load_state("networkidle")
        page.close()
        visits.append(network.transfers())
    context.close()
    first, second = visits
    # The page, whether the server is well, and what it allows.
    live = ["/", "/_stcore/health", "/_stcore/host-config"]
    assert [one.url.removeprefix(app) for one in second] == live
    assert [one.url for one in first if one.status != 200] == []
    # Nothing is asked for twice, and the runtime comes compressed.
    assert max(Counter(one.url for one in first).values()) == 1
    assert [one.bytes < 4e6 for one in first if ".wasm?" in one.url] == [True]
