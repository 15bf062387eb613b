"""The reader in the browser reads as PyTorch's does; its words are beside every decoded image."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser

import aemodels
from aemodels import data, reader, views
from aemodels.analysis import latent_space
from browser.lens import Lens, query
from tests.browser.conftest import Codes, one_tab

READ = """async ([base, entry, pixels]) => {
    const {openReader} = await import(`${base}/lens/model/reader.mjs`);
    const one = await openReader(base, entry);
    return Array.from(await one.graph.run(Float32Array.from(pixels)));
}"""
WAYS = {
    "PCA, straight line": ("pca-2", latent_space.lerp),
    "Autoencoder, straight line": ("ae-2", latent_space.lerp),
    "VAE, straight line": ("vae-2", latent_space.lerp),
    "VAE, spherical": ("vae-2", latent_space.slerp),
}
A, B = 5, 17
# A confidence this near the threshold may fall on its other side in the browser.
NEAR = 1e-3


@pytest.fixture(scope="module")
def reads() -> reader.Reader:
    return reader.load()


@pytest.fixture(scope="module")
def tab(app: str, browser: Browser) -> Iterator[Lens]:
    """Interpolate first, then Explore."""
    with one_tab(browser, app) as found:
        yield found.open(f"/interpolate?latents=2&a={A}&b={B}&t=0.3")


def test_the_browser_reads_as_pytorch_does(
    tab: Lens, reads: reader.Reader, mnist: data.Dataset
) -> None:
    digits = data.to_vectors(mnist.test_images[:300])
    images = np.concatenate([digits, (digits + digits[::-1]) / 2, 2 * digits - 0.5])
    entry = views.dataset("mnist")["reader"]
    assert entry is not None
    assert entry["accuracy"] == reads.manifest.test.accuracy
    found = tab.page.evaluate(READ, [tab.url, entry, images.ravel().tolist()])
    assert np.abs(np.reshape(found, (-1, 10)) - reads.read(images)).max() <= 1e-3


def test_each_frame_has_its_verdict_and_each_way_its_legible_share(
    tab: Lens, reads: reader.Reader, codes: Codes, mnist: data.Dataset
) -> None:
    points = np.linspace(0, 1, 101)
    ends = data.to_vectors(mnist.test_images[[A, B]])
    pictures = {"Pixel cross-fade": latent_space.lerp(ends[0], ends[1], points)}
    for way, (name, between) in WAYS.items():
        path = between(codes(name)[A], codes(name)[B], points)
        pictures[way] = aemodels.load(name).decode(path.astype(np.float32))
    shares = {}
    for way, images in pictures.items():
        probabilities = reads.read(images)
        sure = probabilities.max(1)
        row = tab.page.locator(".row", has=tab.page.get_by_role("img", name=f"the frames, {way}:"))
        text = tab.eventually(row.locator(".legible").inner_text)
        least, most = ((sure >= 0.9 + gap).mean() for gap in (NEAR, -NEAR))
        (shares[way],) = map(int, re.findall(r"^legible: (\d+)\xa0%$", text))
        assert round(100 * least) <= shares[way] <= round(100 * most)
        shown = row.locator(".verdicts span").all_inner_texts()
        assert len(shown) == 11
        for frame, word in zip(range(0, 101, 10), shown, strict=True):
            if abs(sure[frame] - 0.9) > NEAR:
                label = str(probabilities[frame].argmax())
                assert word == (label if sure[frame] >= 0.9 else "?"), f"{way}, frame {frame}"
    # What the page is there to show, for this pair of digits.
    assert shares["VAE, straight line"] > shares["Pixel cross-fade"]


def test_the_verdict_at_t_follows_the_slider(
    tab: Lens, reads: reader.Reader, codes: Codes, mnist: data.Dataset
) -> None:
    start, end = codes("vae-2")[[A, B]]
    row = tab.page.locator(
        ".row", has=tab.page.get_by_role("img", name="the frames, VAE, straight")
    )
    for key in ("PageUp", "PageUp", "ArrowRight", "End", "Home"):
        tab.slider("t").press(key)
        code = latent_space.lerp(start, end, tab.value("t"))[None].astype(np.float32)
        expected = briefly(reads, aemodels.load("vae-2").decode(code))

        def shown(words: list[str] = expected) -> bool:
            return row.locator(".verdict").inner_text() in words

        tab.eventually(shown)
    said = tab.page.locator(".announcement")
    # At t = 0 the cross-fade is A itself.
    words = f"; Pixel cross-fade: reads as {mnist.test_labels[A]}, 9"
    tab.eventually(lambda: words in said.inner_text())


def briefly(reads: reader.Reader, image: np.ndarray) -> list[str]:
    """What may stand beside the picture, where its confidence is rounded one way or the other."""
    (probabilities,) = reads.read(image)
    label, sure = probabilities.argmax(), probabilities.max()
    near = {int(min(99, 100 * (sure + gap))) for gap in (-NEAR, NEAR)}
    return [f"{label}{mark}, {percent} %" for percent in near for mark in ("", "?")]


def test_explore_reads_while_z_moves(tab: Lens, reads: reader.Reader, mnist: data.Dataset) -> None:
    tab.open("/?model=vae&latents=2")
    line = tab.page.locator(".reading")

    def right() -> bool:
        (probabilities,) = reads.read(tab.picture()[None].astype(np.uint8))
        label, sure = probabilities.argmax(), probabilities.max()
        shown = line.inner_text()
        found = re.fullmatch(r"(?:reads as|hard to read, perhaps) (\d)(?:, | \()(\d\d) %\)?", shown)
        # The picture has been rounded to 255 grey levels.
        return (
            found is not None
            and int(found[1]) == label
            and abs(int(found[2]) - min(99, 100 * sure)) <= 2
            and (shown.startswith("reads") == (sure >= 0.9) or abs(sure - 0.9) < 0.02)
        )

    tab.eventually(right)
    box = tab.box(line)
    seen = set()
    tab.drag(tab.map("").first, (0.5, 0.5))
    for share in np.linspace(0.05, 0.95, 10):
        tab.move(tab.map("").first, (share, 0.45))
        tab.eventually(right)
        seen.add(line.inner_text())
    tab.release()
    assert len(seen) > 2
    assert tab.box(line) == box
    said = tab.page.locator(".announcement")
    words = line.inner_text()
    tab.eventually(lambda: f"{words[0].upper()}{words[1:]}. z = " in said.inner_text())
    assert said.inner_text() in (tab.canvas().get_attribute("aria-label") or "")
    tab.eventually(lambda: "z" in query(tab.page.url))
