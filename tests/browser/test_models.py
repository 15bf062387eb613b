"""Two, three and four models side by side, own runs among them: each with its name, its map and its
pictures, and nothing on the page moves when they are chosen.
"""

import functools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from aemodels import runs
from aemodels.analysis import latent_space
from browser import server
from browser.lens import Lens, near, query, rgba
from tests.browser.conftest import Codes, Decode
from tests.pages import own

NewLens = Callable[..., Lens]
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 664}
# By title, the model of the zoo that it is.
MODELS = {
    "VAE · 2 latents": "vae-2",
    "my VAE · 2 latents": "vae-2",
    "PCA · 16 latents": "pca-16",
    "VAE · β = 4 · 10 latents": "beta-4",
}
KEYS = ("vae-2", "run:mine", "pca-16", "beta-4")
LABELS = ("VAE · 2 latents", "my VAE · 2 latents", "PCA · 16 latents", "VAE · 10 latents · β = 4")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for runs, used here as by the app."""
    folder = tmp_path_factory.mktemp("home")
    before = os.environ.get("LATENT_LAB_HOME")
    os.environ["LATENT_LAB_HOME"] = str(folder)
    yield folder
    del os.environ["LATENT_LAB_HOME"]
    if before is not None:
        os.environ["LATENT_LAB_HOME"] = before


@pytest.fixture(scope="module")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {"LATENT_LAB_HOME": str(home)}
    with server.app(tmp_path_factory.mktemp("app") / "app.log", settings) as found:
        yield found


def mine() -> None:
    """An own run with the model of the zoo's vae-2, unless there is one."""
    if not any(run.id == "mine" for run in runs.list_runs()):
        own.run("mine", "my VAE")


def delete() -> None:
    """No own run."""
    for run in runs.list_runs():
        runs.delete(run)


def add(lens: Lens, label: str) -> None:
    """Choose one more model in the open list, by typing its label."""
    lens.page.get_by_role("combobox", name="Add a model").click()
    lens.page.keyboard.type(label)
    lens.page.get_by_role("option", name=label, exact=True).click()


def open_list(lens: Lens) -> None:
    lens.page.get_by_role("button", name="Models:").click()


def top(lens: Lens) -> float:
    """Where the first view begins on the page, however far that is scrolled."""
    stage = lens.page.locator(".stage").first
    main = "document.querySelector('[data-testid=stMain]')"
    return float(stage.evaluate(f"one => one.getBoundingClientRect().top + {main}.scrollTop"))


def overlaps(lens: Lens, parts: str) -> list[str]:
    """Texts that lie on one another or stick out of the window."""
    return list(
        lens.page.locator(parts).evaluate_all(
            """all => {
                const boxes = all.filter(one => one.textContent.trim()).map(one => {
                    // Wider than its box and not cut off: it runs into what is next to it.
                    const free = getComputedStyle(one).overflowX === "visible";
                    const wide = free && one.clientWidth && one.scrollWidth > one.clientWidth + 1;
                    return {text: one.textContent, wide, box: one.getBoundingClientRect()};
                }).filter(({box}) => box.width);
                return boxes.flatMap(({text, wide, box: a}, i) => [
                    ...(wide || a.right > innerWidth + 0.5 ? [`${text} sticks out`] : []),
                    ...boxes.slice(i + 1).filter(({box: b}) =>
                        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
                        Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5)
                        .map(({text: other}) => `${text} lies on ${other}`),
                ]);
            }"""
        )
    )


def stand_apart(lens: Lens, parts: str) -> None:
    """On a phone and on a laptop, no text touches another."""
    for size in (PHONE, LAPTOP):
        lens.page.set_viewport_size(size)
        try:
            lens.eventually(lambda: not overlaps(lens, parts))
        except AssertionError:
            assert overlaps(lens, parts) == [], size


def shown(count: int) -> dict[str, str]:
    """The first models by title; while all have one number of latents, no title has it."""
    return {
        title if count > 2 else title.removesuffix(" · 2 latents"): name
        for title, name in list(MODELS.items())[:count]
    }


def texts(lens: Lens, words: str) -> list[str]:
    return lens.page.locator(words).all_inner_texts()


def test_compare_with_two_three_and_four_models(
    url: str, new_lens: NewLens, codes: Codes, decode: Decode
) -> None:
    mine()
    lens = new_lens(url).open("/compare?models=vae-2,run:mine")
    before = top(lens)
    open_list(lens)
    for count in (2, 3, 4):
        if count > 2:
            add(lens, LABELS[count - 1])
        columns_are(lens, shown(count), codes, decode)
        assert query(lens.page.url)["models"] == ",".join(KEYS[:count])
        assert top(lens) == before
        stand_apart(lens, ".cell strong, .cell .error, .cell .unit, .cell .which")
    head = lens.page.get_by_role("columnheader").all_inner_texts()
    assert [word for word in head if word in MODELS] == list(MODELS)
    # One click for the models of a size.
    lens.page.keyboard.press("Escape")
    lens.page.get_by_text("16 latents", exact=True).first.click()
    trio = {"PCA": "pca-16", "Autoencoder": "ae-16", "VAE": "vae-16"}
    columns_are(lens, trio, codes, decode)
    assert query(lens.page.url) == {"latents": "16"}


def columns_are(lens: Lens, models: dict[str, str], codes: Codes, decode: Decode) -> None:
    """Compare has a column for each, with its title, its map and what PyTorch decodes."""
    names = ".cell:not(.original) strong"
    lens.eventually(lambda: texts(lens, names) == list(models), 15)
    expect(lens.page.locator(".map")).to_have_count(len(models))
    for title, name in models.items():
        expected = decode(name, codes(name)[0])
        # At rest, its name goes on.
        name_of = re.compile(f"^decoded digit, {re.escape(title)}(, reconstruction of|$)")
        picture = lens.page.get_by_role("img", name=name_of)
        lens.eventually(functools.partial(draws, picture, expected), 15)


def draws(canvas: Locator, expected: np.ndarray) -> bool:
    """Whether a canvas shows these images (28, 28 n) beside one another, 0 to 255."""
    return near(rgba(canvas)[..., 0], expected)


def test_interpolate_with_two_three_and_four_models(
    url: str, new_lens: NewLens, codes: Codes, decode: Decode
) -> None:
    mine()
    lens = new_lens(url).open("/interpolate?models=vae-2,run:mine&a=5&b=17")
    before = top(lens)
    open_list(lens)
    for count in (2, 3, 4):
        if count > 2:
            add(lens, LABELS[count - 1])
        rows_are(lens, shown(count), codes, decode)
        assert top(lens) == before
        stand_apart(lens, ".row .name b, .row .name small, figcaption")


def rows_are(lens: Lens, models: dict[str, str], codes: Codes, decode: Decode) -> None:
    """Interpolate has the rows and maps of these models, the last first, as PyTorch decodes."""
    ways = [way for t, n in reversed(models.items()) for way in ways_of(t, n)]
    labels = [f"strip of 11 frames, {way}" for way in (*ways, "Pixel cross-fade")]
    strips = lens.page.locator(".strip canvas")
    read = "all => all.map(one => one.ariaLabel)"
    lens.eventually(lambda: strips.evaluate_all(read) == labels, 15)
    expect(lens.page.locator(".squares figure")).to_have_count(len(models))
    for title, name in models.items():
        path = latent_space.lerp(codes(name)[5], codes(name)[17], np.linspace(0, 1, 11))
        expected = np.concatenate([decode(name, code) for code in path], axis=1)
        label = f"strip of 11 frames, {title}, straight line"
        strip = lens.page.get_by_role("img", name=label, exact=True)
        lens.eventually(functools.partial(draws, strip, expected), 15)


def ways_of(title: str, name: str) -> list[str]:
    """The rows of a model."""
    straight = f"{title}, straight line"
    return [straight] if name.startswith("pca") else [straight, f"{title}, spherical"]


def test_nothing_moves_on_explore_when_there_is_an_own_run(url: str, new_lens: NewLens) -> None:
    """And from there it goes to Compare, beside the models of its size."""
    delete()
    lens = new_lens(url).open("/")
    picker = lens.page.get_by_role("combobox", name="Model")
    before = [lens.box(lens.map()), lens.box(picker)]
    mine()
    lens.page.reload()
    lens.ready()
    assert [lens.box(lens.map()), lens.box(picker)] == before
    picker.click()
    lens.page.keyboard.type("my VAE")
    lens.page.get_by_role("option", name="my VAE · 2 latents").click()
    lens.eventually(lambda: query(lens.page.url).get("model") == "run:mine")
    assert [lens.box(lens.map()), lens.box(picker)] == before
    lens.page.get_by_role("button", name="Compare with …").click()
    names = ["PCA", "Autoencoder", "VAE", "my VAE"]
    lens.eventually(lambda: texts(lens, ".cell:not(.original) strong") == names, 15)
