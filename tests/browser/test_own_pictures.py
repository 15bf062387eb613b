"""One's own pictures in the browser: no page calls them digits, and a reader of theirs is used."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, expect
from sklearn.datasets import load_digits

from aemodels import pictures, reader
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.cli import main
from aemodels.reader import training
from browser import server
from browser.lens import Lens
from tests.browser.conftest import one_tab

NAMES = ("ring", "stick", "swan")
ADDRESSES = (
    "/?model=run:shapes-vae",
    "/compare?models=run:shapes-vae,run:shapes-pca",
    "/interpolate?models=run:shapes-vae,run:shapes-pca",
    "/train?run=shapes-vae",
)
# All words that can be seen, and those that a screen reader or the pointer finds.
WORDS = """() => {
    const found = [];
    const look = root => {
        for (const one of root.querySelectorAll("*")) {
            if (one.shadowRoot) look(one.shadowRoot);
            if (!one.checkVisibility() || one.matches("script, style, [hidden] *")) continue;
            for (const name of ["aria-label", "title", "placeholder", "alt"]) {
                found.push(one.getAttribute(name) ?? "");
            }
            for (const node of one.childNodes) if (node.nodeType === 3) found.push(node.data);
        }
    };
    look(document);
    return found.map(words => words.trim()).filter(words => words);
}"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data set of three classes with its reader, and two models of it."""
    folder = tmp_path_factory.mktemp("home")
    digits = load_digits(n_class=3)
    np.savez(
        folder / "shapes.npz", images=(digits.images * 15).astype(np.uint8), labels=digits.target
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_HOME", str(folder))
        patch.setattr(training, "OWN_STEPS", 30)
        patch.setattr(training, "OWN_PASSES", 1)
        pictures.add("shapes", folder / "shapes.npz", class_names=NAMES, title="Shapes")
        assert main(["train-reader", "--dataset", "shapes"]) == 0
        for family, options in (("vae", ["--hidden", "32", "--epochs", "3"]), ("pca", [])):
            words = ["--family", family, "--dataset", "shapes", "--latent-dim", "2", *options]
            assert main(["train", *words, "--run", f"shapes-{family}"]) == 0
        yield folder


@pytest.fixture(scope="module")
def url(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {"LATENT_LAB_HOME": str(home)}
    with server.app(tmp_path_factory.mktemp("app") / "app.log", settings) as found:
        yield found


@pytest.fixture(scope="module")
def tab(url: str, browser: Browser) -> Iterator[Lens]:
    with one_tab(browser, url) as found:
        yield found


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_calls_them_digits(tab: Lens, address: str) -> None:
    tab.open(address)
    for title in ("What am I seeing?", "How to read this"):
        for fold in tab.page.get_by_text(title).all():
            fold.click()
            expect(tab.page.locator("details[open] [data-testid=stMarkdown]").last).to_be_visible()
    assert "picture" in " ".join(tab.page.evaluate(WORDS))
    assert [words for words in tab.page.evaluate(WORDS) if "digit" in words.lower()] == []


def test_explore_says_what_the_reader_reads(tab: Lens, home: Path) -> None:
    tab.open("/?model=run:shapes-vae")
    model, reads = (
        load(bundle.read(home / "runs/shapes-vae/bundle")),
        reader.load(home / "datasets/shapes/reader"),
    )
    line = tab.page.locator(".reading")

    def right() -> bool:
        (probabilities,) = reads.read(model.decode(tab.z()[None]))
        name, sure = NAMES[probabilities.argmax()], probabilities.max()
        words = line.inner_text()
        near = abs(sure - 0.9) < 0.01
        return name in words and bool(near or words.startswith("reads as") == (sure >= 0.9))

    tab.eventually(right)
    tab.page.get_by_role("button", name="Random").click()
    tab.eventually(right)
    assert "Their classifier reads" in tab.page.locator("[data-testid=stMain]").inner_text()
    tab.page.get_by_role("button", name="Holes").click()
    legible = tab.page.locator(".legible:visible").first
    tab.eventually(lambda: "%" in legible.inner_text(), 30)


def test_interpolate_reads_each_frame_and_says_how_well(tab: Lens, home: Path) -> None:
    tab.open("/interpolate?models=run:shapes-vae,run:shapes-pca")
    manifest = reader.read_manifest(home / "datasets/shapes/reader")
    share = f"{100 * manifest.test.accuracy:.1f}\u00a0% of the test pictures right"
    expect(tab.page.locator(".reader-hint")).to_contain_text(share)
    frames = tab.page.locator(".verdicts").first.locator("span")
    shown = tab.eventually(lambda: [w for w in frames.all_inner_texts() if w], 20)
    assert set(shown) <= {*NAMES, "?"}
    # Long names are cut off, not laid over each other, and told in full by a title.
    boxes = [tab.box(each) for each in frames.all()]
    assert all(a["x"] + a["width"] <= b["x"] + 0.5 for a, b in pairwise(boxes))
    assert frames.first.get_attribute("title") in {*NAMES, "hard to read"}
    assert frames.first.evaluate("one => getComputedStyle(one).overflow") == "hidden"
