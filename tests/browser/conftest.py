"""One app and one Chromium for all browser tests; each test has a browser context of its own."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

from aemodels import data
from aemodels.bundles import bundle, zoo
from browser import chromium, server
from browser.lens import Lens

Codes = Callable[[str], np.ndarray]
Decode = Callable[..., np.ndarray]
# A machine that does other work as well is slow, and is no fault of a page.
expect.set_options(timeout=20_000)
SIZE: ViewportSize = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app."""
    with server.app(tmp_path_factory.mktemp("app") / "app.log") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium.find()
    if executable is None:
        words = f"no Chromium found; this installs one: {chromium.INSTALL}"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        found = chromium.launch(playwright, executable)
        yield found
        found.close()


class Complaints(list[str]):
    """What a browser said that a good page never says."""

    allowed: tuple[str, ...] = ()  # other addresses that may be asked

    def watch(self, page: Page, url: str) -> None:
        """Collect errors in the console, uncaught errors and requests that leave this machine."""

        def heard(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.append(f"console: {message.text} {message.location['url']}")

        def asked(request: Request) -> None:
            if not request.url.startswith((url, "blob:", "data:", *self.allowed)):
                self.append(f"request: {request.url}")

        page.on("console", heard)
        page.on("pageerror", lambda error: self.append(f"uncaught: {error}"))
        page.on("request", asked)


@contextlib.contextmanager
def one_tab(browser: Browser, url: str, **options: Any) -> Iterator[Lens]:
    """A tab for all tests of a file; the page must not have complained at the end.

    `options` go to `Browser.new_context`.
    """
    context = browser.new_context(**{"viewport": SIZE, **options})
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page, url)
    yield Lens(page, url)
    context.close()
    assert not complaints


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    found = Complaints()
    yield found
    assert not found


@pytest.fixture
def new_lens(app: str, browser: Browser, complaints: Complaints) -> Iterator[Callable[..., Lens]]:
    """Opens a tab in a browser context of its own; keywords go to `Browser.new_context`."""
    contexts = []

    def open_tab(url: str = app, **options: Any) -> Lens:
        context = browser.new_context(**{"viewport": SIZE, **options})
        contexts.append(context)
        page = context.new_page()
        complaints.watch(page, url)
        return Lens(page, url)

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context that keeps its cache from test to test, as a person's does."""
    context = browser.new_context(viewport=SIZE)
    yield context
    context.close()


@pytest.fixture
def lens(app: str, profile: BrowserContext, complaints: Complaints) -> Iterator[Lens]:
    """One new tab."""
    page = profile.new_page()
    complaints.watch(page, app)
    yield Lens(page, app)
    page.close()


@pytest.fixture(scope="session")
def mnist() -> data.Dataset:
    return data.load()


@pytest.fixture(scope="session")
def codes() -> Codes:
    """Codes (10000, latent_dim) of the test digits by a model of the zoo; for a VAE the means."""
    return functools.cache(lambda name: bundle.read(zoo.folder() / name).codes()[0])


@pytest.fixture(scope="session")
def decode() -> Decode:
    """What PyTorch decodes: a model of the zoo and a code (latent_dim,) -> (28, 28), 0 to 255.

    With `clip=False` the grey levels stay as the model gives them; PCA's leave the range.
    """

    from aemodels.bundles.load import load

    loaded = functools.cache(lambda name: load(zoo.folder() / name))

    def picture(name: str, z: np.ndarray, clip: bool = True) -> np.ndarray:
        grey = loaded(name).decode(np.asarray(z, np.float32)[None])[0].reshape(28, 28)
        return 255 * (grey.clip(0, 1) if clip else grey)

    return picture
