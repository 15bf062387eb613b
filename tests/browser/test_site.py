"""A static site below a sub-path of a plain file server, offline, and as one file."""

from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from browser import axe, files
from browser.lens import Lens, near
from reproduction.result import ROW_IDS, Result
from site_builder import build, selection
from site_builder.selection import Selection
from tests.browser.conftest import SIZE, Complaints, Decode
from ui import page_words, result_filters, results_cache

MODELS = ("pca-2", "vae-2")
BELOW = "some/where"  # of the server's root


@pytest.fixture(scope="module")
def chosen() -> Selection:
    return selection.choose(MODELS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, chosen: Selection) -> Path:
    """A folder with the site in a folder of it."""
    root = tmp_path_factory.mktemp("served")
    sizes = build.site(root / BELOW, chosen)
    written = [path for path in (root / BELOW).rglob("*") if path.is_file()]
    assert sizes.total == sum(path.stat().st_size for path in written)
    return root


def drag(lens: Lens, decode: Decode, model: str) -> None:
    """Drag on the map: the code follows, and the picture is what PyTorch decodes from it."""
    before = lens.z()
    lens.drag(lens.map(), (0.4, 0.4), (0.6, 0.55))
    lens.eventually(lambda: (lens.z() != before).any())
    lens.eventually(lambda: near(lens.picture(), decode(model, lens.z())))
    assert np.ptp(lens.picture()) > 100
    lens.release()


def offline_ready(page: Page) -> None:
    """Wait until the service worker has kept everything."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => {})")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_the_site_works_below_a_path_and_offline(
    folder: Path, browser: Browser, complaints: Complaints, decode: Decode
) -> None:
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    with files.served(folder) as root:
        url = f"{root}{BELOW}/"
        complaints.watch(page, url)
        lens = Lens(page, url).open("index.html?model=vae-2&digit=3")
        expect(page).to_have_title("Explore VAE, 2 latents · Latent Lab")
        drag(lens, decode, "vae-2")
        # What was dragged is in the address, and another model comes without a reload.
        page.wait_for_function("() => location.search.includes('z=')")
        page.evaluate("() => { window.same = true; }")
        page.get_by_label("Model", exact=True).select_option("pca-2")
        expect(page).to_have_title("Explore PCA, 2 latents · Latent Lab")
        lens.eventually(lambda: near(lens.picture(), decode("pca-2", lens.z())))
        assert page.evaluate("window.same")
        assert "model=pca-2" in page.url
        offline_ready(page)
    context.set_offline(True)
    page.reload()
    lens.ready()
    drag(lens, decode, "pca-2")
    # A page that was never visited.
    page.get_by_role("link", name="Compare").click()
    lens.ready()
    expect(page).to_have_title("Compare PCA, VAE · Latent Lab")
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", name="Latent", exact=True)).to_be_visible()
    context.close()


def test_results_are_filtered_as_in_the_app(folder: Path, browser: Browser) -> None:
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    found = [results_cache.look(name) for name in ROW_IDS]
    results = [each for each in found if isinstance(each, Result)]

    def expect_rows(show: str, family: str) -> None:
        titles = [each.title for each in results if result_filters.fits(each, show, family)]
        expect(page.locator("article.result:visible h2")).to_have_text(titles)

    with files.served(folder) as root:
        page.goto(f"{root}{BELOW}/results.html?show=met")
        expect(page.get_by_label("Target met")).to_be_checked()
        expect_rows("met", "any")
        # By the keys, as radio buttons are chosen.
        page.get_by_label("Target met").focus()
        page.keyboard.press("ArrowUp")
        expect_rows("missed", "any")
        page.get_by_label("Family").select_option("vae")
        expect_rows("missed", "vae")
        expect(page).to_have_url(f"{root}{BELOW}/results.html?show=missed&family=vae")
        page.get_by_label("Family").select_option("pca")
        expect_rows("missed", "pca")
        none = page.get_by_text(page_words.NO_RESULT)
        hopeless = not any(result_filters.fits(each, "missed", "pca") for each in results)
        assert none.is_visible() == hopeless
        page.go_back()
        expect_rows("missed", "vae")
        page.get_by_label("Family").select_option("any")
        page.get_by_text("All", exact=True).click()
        expect_rows("all", "any")
        expect(page).to_have_url(f"{root}{BELOW}/results.html")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_pages_own_html(
    folder: Path, browser: Browser, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme=scheme, service_workers="block")
    page = context.new_page()
    with files.served(folder) as root:
        for address, title in (
            ("families.html?family=linear", "Families: Linear"),
            ("families.html?family=sparse", "Families: Sparse"),
            ("learn.html", "Learn"),
        ):
            page.goto(f"{root}{BELOW}/{address}")
            expect(page).to_have_title(f"{title} · Latent Lab")
            page.evaluate(
                "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"
            )
            assert axe.check(page) == []
    context.close()


def test_one_file_asks_for_nothing(
    tmp_path: Path, chosen: Selection, browser: Browser, complaints: Complaints, decode: Decode
) -> None:
    file = tmp_path / "lab.html"
    build.one_file(file, chosen)
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    # Any address but the file's own is a complaint.
    complaints.watch(page, file.as_uri())
    lens = Lens(page, file.as_uri()).open("#explore?model=vae-2")
    drag(lens, decode, "vae-2")
    page.evaluate("() => { window.same = true; }")
    page.get_by_role("link", name="Compare").click()
    lens.ready()
    expect(page).to_have_title("Compare PCA, VAE · Latent Lab")
    page.get_by_role("link", name="Families").click()
    page.get_by_role("link", name="Linear").click()
    expect(page.get_by_role("heading", name="Linear")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page).to_have_title("Compare PCA, VAE · Latent Lab")
    assert page.evaluate("window.same")
    context.close()


def test_keys_and_a_phone_find_their_way_in_one_file(
    tmp_path: Path, chosen: Selection, browser: Browser
) -> None:
    file = tmp_path / "lab.html"
    build.one_file(file, chosen)
    context = browser.new_context(viewport={"width": 390, "height": 664})
    page = context.new_page()
    lens = Lens(page, file.as_uri()).open("#learn")
    # The button that had the focus is gone; Tab goes on at the start of the lesson.
    page.get_by_role("button", name="Begin").press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All lessons")).to_be_focused()
    # The rows of links are wider than the window: the page on show is scrolled into view.
    page.evaluate("() => { location.hash = '#families?family=recurrent'; }")
    for name in ("Families", "Recurrent"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_in_viewport(ratio=1)
    page.evaluate("() => { location.hash = '#glossary'; }")
    lens.ready()
    expect(page.get_by_role("link", name="Glossary", exact=True)).to_be_in_viewport(ratio=1)
    page.evaluate("() => { location.hash = '#explore'; }")
    expect(page.get_by_role("link", name="Explore", exact=True)).to_be_in_viewport(ratio=1)
    context.close()


def test_random_codes_are_those_of_the_models_compared(tmp_path: Path, browser: Browser) -> None:
    """With two latents those of the usual pair, and why."""
    build.site(tmp_path, selection.choose(("pca-2", "vae-2", "pca-16", "ae-16", "vae-16")))
    context = browser.new_context(viewport=SIZE, service_workers="block")
    page = context.new_page()
    captions, why = page.locator(".rolled figcaption"), page.locator(".rolled .why")
    with files.served(tmp_path) as root:
        page.goto(f"{root}/compare.html?models=pca-16,vae-16")
        expect(captions).to_have_text(["PCA · 16 latents", "VAE · 16 latents"])
        expect(why).to_be_hidden()
        page.goto(f"{root}/compare.html?models=pca-2,vae-2")
        expect(captions).to_have_text(["Autoencoder, 16 latents", "VAE, 16 latents"])
        expect(why).to_be_visible()
        page.locator(".rolled").scroll_into_view_if_needed()
        page.locator(".draws[data-ready=true]").wait_for()
    context.close()


def test_a_distribution_can_be_read_in_a_narrow_column(folder: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 940, "height": 800})
    with files.served(folder) as root:
        Lens(page, f"{root}{BELOW}/").open("index.html?model=vae-2")
        shown, needed = page.locator(".distribution").evaluate(
            """select => {
              const whole = select.cloneNode(true);
              whole.style.cssText = "position: absolute; width: max-content";
              select.after(whole);
              return [select.offsetWidth, whole.offsetWidth];
            }"""
        )
        page.close()
    assert shown >= needed
