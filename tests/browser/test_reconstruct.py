"""Reconstruct: what the browser encodes and decodes is PyTorch's, corrupted or perturbed, live."""

import functools
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
import scipy.ndimage  # type: ignore[import-untyped]
import scipy.stats  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Route

from aemodels import data, paths, views
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.views import html
from browser.lens import Lens, near, pixels
from tests.browser.test_layout import SIZES, settle

TITLES = {"pca-16": "PCA", "ae-16": "Autoencoder", "vae-16": "VAE"}

# The view's own HTML is the whole page; it is mounted as Streamlit would.
MOUNT = """async data => {
    const { mount } = await import("/lens/mount.mjs");
    await mount({ data, setStateValue() {} }, document.querySelector(".lens"));
}"""


def entry(name: str, **more: Any) -> dict[str, Any]:
    """What Python says of a model of the zoo, without what this view does not read."""
    item = bundle.read(zoo.folder() / name)
    return {
        "name": name,
        "family": item.family,
        "variational": item.config.family.variational,
        "title": TITLES[name],
        "label": TITLES[name],
        "latent_dim": item.latent_dim,
        "binarisation": "grey",
        "objective": views.model(item)["objective"],
        "url": f"/zoo/{name}",
        "stamp": "",
        "digests": {},
        **more,
    }


def mount(lens: Lens, **options: Any) -> Lens:
    """The view alone, with three models of the zoo or those given."""
    lens.page.goto(f"{lens.url}/lens/views/reconstruct.html")
    lens.page.evaluate("html => { document.body.innerHTML = html; }", html("reconstruct"))
    return update(lens, **options)


def update(lens: Lens, **options: Any) -> Lens:
    """Hand the view other data, as a rerun of a page does."""
    models = [entry(name) for name in TITLES]
    start = {"controls": None, "kind": "masking", "level": 0.3, "images": None}
    words = {"view": "reconstruct", "base": "", "dataset": views.dataset("mnist")}
    lens.page.evaluate(MOUNT, {**words, "models": models, **start, **options})
    lens.ready()
    return lens


def row(lens: Lens, start: str) -> np.ndarray:
    """The pictures of a row, (N, 28, 28) uint8, by the start of their labels."""
    found = lens.page.locator(f'canvas[aria-label^="{start}, "]')
    return np.array([pixels(canvas) for canvas in found.all()])


def shown(lens: Lens) -> list[int]:
    """The numbers of the test digits on show."""
    labels = lens.page.locator('canvas[aria-label^="test digit, "]').evaluate_all(
        "all => all.map(one => one.ariaLabel)"
    )
    return [int(label.split()[-1]) for label in labels]


def number(lens: Lens, name: str, what: str) -> float:
    """What stands behind the row of this name, as "squared error"."""
    line = lens.page.locator(".line").filter(has=lens.page.get_by_text(name, exact=True))
    text = line.locator(".numbers > span").filter(has_text=what).inner_text()
    found = re.search(r"[\d.]+", text)
    assert found is not None
    return float(found[0])


def set_to(slider: Locator, value: float) -> None:
    """Move a slider to a value, as a pointer would."""
    slider.evaluate(
        "(one, value) => { one.value = value; one.dispatchEvent(new Event('input')); }", value
    )


def noise(lens: Lens, image: int, pattern: int = 0) -> dict[str, np.ndarray]:
    """The random numbers of a test digit, (784,) each."""
    found = lens.page.evaluate(
        """async ([image, pattern]) => {
            const { noiseFor } = await import("/lens/maths/noise.mjs");
            return Object.entries(noiseFor(image, pattern)).map(([name, all]) => [name, [...all]]);
        }""",
        [image, pattern],
    )
    return {name: np.array(values) for name, values in found}


@functools.cache
def loaded(name: str) -> Any:
    return load(zoo.folder() / name)


def reconstructed(name: str, images: np.ndarray) -> np.ndarray:
    """What PyTorch makes of images (N, 784) in 0 to 1: (N, 784), not clipped."""
    network = loaded(name)
    return network.decode(network.encode(np.asarray(images, np.float32)))


def agrees(lens: Lens, name: str, images: np.ndarray, clean: np.ndarray, title: str = "") -> None:
    """The row of a model, and its error, are what PyTorch makes of the images (N, 784)."""
    title = title or TITLES[name]
    expected = reconstructed(name, images)
    pictures = 255 * expected.clip(0, 1).reshape(-1, 28, 28)
    lens.eventually(lambda: near(row(lens, f"decoded digit, {title}"), pictures))
    error = ((expected - clean) ** 2).sum(1).mean()
    assert number(lens, title, "squared error") == pytest.approx(error, abs=0.06)


def to_vectors(mnist: data.Dataset, numbers: list[int]) -> np.ndarray:
    return data.to_vectors(mnist.test_images[numbers])


def test_clean_digits_are_reconstructed_as_by_pytorch(lens, mnist):
    mount(lens)
    numbers = shown(lens)
    assert mnist.test_labels[numbers].tolist() == list(range(10))
    assert (row(lens, "test digit") == mnist.test_images[numbers]).all()
    clean = to_vectors(mnist, numbers)
    for name in TITLES:
        agrees(lens, name, clean, clean)
    assert not lens.page.locator("input:visible").count()
    assert not lens.page.get_by_text("corrupted").count()


@pytest.mark.parametrize("kind", ["masking", "salt-pepper"])
def test_corrupted_pixels_are_what_the_models_get(lens, mnist, kind):
    mount(lens, controls="corruption", kind=kind, level=0.4)
    clean = to_vectors(mnist, shown(lens))
    corrupted = row(lens, "corrupted digit")
    flat = data.to_vectors(corrupted)
    for name in TITLES:
        agrees(lens, name, flat, clean)
    error = ((flat - clean) ** 2).sum(1).mean()
    assert number(lens, "corrupted", "squared error") == pytest.approx(error, abs=0.06)
    hit = np.array([noise(lens, i)["hit"] for i in shown(lens)]) < 0.4
    assert hit.mean() == pytest.approx(0.4, abs=0.02)
    assert (flat[~hit] == clean[~hit]).all()
    if kind == "masking":
        assert (flat[hit] == 0).all()
    else:
        assert set(flat[hit].tolist()) == {0.0, 1.0}
        assert flat[hit].mean() == pytest.approx(0.5, abs=0.03)


def test_gaussian_noise_is_clipped_for_show_only(lens, mnist):
    mount(lens, controls="corruption", kind="gaussian", level=0.6)
    numbers = shown(lens)
    clean = to_vectors(mnist, numbers)
    corrupted = clean + 0.6 * np.array([noise(lens, i)["normal"] for i in numbers])
    for name in TITLES:
        agrees(lens, name, corrupted, clean)
    pictures = 255 * corrupted.clip(0, 1).reshape(-1, 28, 28)
    assert near(row(lens, "corrupted digit"), pictures)


def test_fields_are_uniform_and_normal_and_unlike_each_other(lens):
    mount(lens)
    fields = [noise(lens, i, pattern) for i in range(20) for pattern in range(3)]
    for name in ("hit", "coin"):
        together = np.concatenate([one[name] for one in fields])
        assert scipy.stats.kstest(together, "uniform").pvalue > 0.01
    together = np.concatenate([one["normal"] for one in fields])
    assert scipy.stats.kstest(together, "norm").pvalue > 0.01
    rows = np.array([one[name] for one in fields for name in ("hit", "coin", "normal")])
    alike = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(alike).max() < 0.2


def test_noise_grows_out_of_one_field_until_new_noise(lens):
    mount(lens, controls="corruption", kind="masking", level=0.2)
    slider = lens.slider("noise")

    def at(level: float) -> np.ndarray:
        now = row(lens, "decoded digit, VAE")
        set_to(slider, level)
        lens.eventually(lambda: (row(lens, "decoded digit, VAE") != now).any())
        return row(lens, "corrupted digit")

    light = row(lens, "corrupted digit")
    heavy = at(0.5)
    assert ((heavy == light) | (heavy == 0)).all()
    assert (heavy != light).any((1, 2)).all()
    assert (at(0.2) == light).all()
    lens.page.get_by_role("button", name="New noise").click()
    lens.eventually(lambda: (row(lens, "corrupted digit") != light).any((1, 2)).all())
    assert (at(1.0) == 0).all()


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        ("shift", 0.5, lambda image: scipy.ndimage.shift(image, (0, 1.5), order=1)),
        (
            "rotate",
            0.6,
            lambda image: scipy.ndimage.rotate(
                image, 27, reshape=False, order=1, mode="grid-constant"
            ),
        ),
    ],
)
def test_perturbed_digits_and_how_far_codes_move(
    lens: Lens, mnist: data.Dataset, kind: str, level: float, expected: Callable
) -> None:
    mount(lens, controls="perturbation", kind=kind, level=level)
    clean = to_vectors(mnist, shown(lens))
    perturbed = np.array([expected(image) for image in clean.reshape(-1, 28, 28)])
    assert near(row(lens, "perturbed digit"), 255 * perturbed)
    flat = perturbed.reshape(-1, 784)
    for name, title in TITLES.items():
        agrees(lens, name, flat, flat)
        codes = bundle.read(zoo.folder() / name).codes()[0].astype(float)
        apart = np.linalg.norm(codes - np.roll(codes, -1, axis=0), axis=1).mean()
        encode = loaded(name).encode
        before, after = encode(clean), encode(flat.astype(np.float32))
        move = np.linalg.norm(after - before, axis=1).mean() / apart
        assert number(lens, title, "code moves") == pytest.approx(100 * move, abs=0.6)


def test_a_shift_goes_where_its_direction_says(lens, mnist):
    mount(lens, controls="perturbation", kind="shift", level=1)
    set_to(lens.slider("direction"), 90)
    images = mnist.test_images[shown(lens)].astype(float)
    up = np.array([scipy.ndimage.shift(image, (-3, 0), order=1) for image in images])
    lens.eventually(lambda: near(row(lens, "perturbed digit"), up))
    lens.page.get_by_role("button", name="Rotate").click()
    assert not lens.slider("direction").is_visible()
    assert lens.value("rotation") == 45


@pytest.mark.parametrize("kind", ["threshold", "stochastic"])
def test_a_model_of_black_and_white_pixels_sees_them(lens, mnist, kind):
    models = [entry("ae-16"), entry("ae-16", label="binary", binarisation=kind)]
    mount(lens, models=models)
    numbers = shown(lens)
    clean = to_vectors(mnist, numbers)
    limit = np.array([noise(lens, i)["draw"] for i in numbers]) if kind == "stochastic" else 0.5
    binary = (clean > limit).astype(np.float32)
    agrees(lens, "ae-16", clean, clean)
    expected = 255 * reconstructed("ae-16", binary).clip(0, 1).reshape(-1, 28, 28)
    lens.eventually(lambda: near(row(lens, "decoded digit, binary"), expected))
    # On other pixels than the row above it: not a number in the same column.
    line = lens.page.locator(".line").filter(has=lens.page.get_by_text("binary", exact=True))
    assert line.locator(".numbers").inner_text().split() == ["–", "black-and-white", "pixels"]
    assert "binary: sees digits in black and white" in lens.page.locator(".hint").inner_text()
    update(lens, models=models[1:])
    lens.eventually(lambda: (row(lens, "test digit").reshape(-1, 784) == 255 * binary).all())


def test_other_digits(lens, mnist):
    first = [3, 2, 1]
    mount(lens, images=first)
    assert shown(lens) == first
    lens.page.locator(".pictures button").nth(1).click()
    labels = mnist.test_labels

    def after(i: int) -> int:
        return int(i + 1 + np.flatnonzero(labels[i + 1 :] == labels[i])[0])

    assert shown(lens) == [3, after(2), 1]
    lens.page.get_by_role("button", name="Next digits").click()
    now = [after(3), after(after(2)), after(1)]
    assert shown(lens) == now
    for name in TITLES:
        agrees(lens, name, to_vectors(mnist, now), to_vectors(mnist, now))
    # A rerun with the same start leaves them; another start does not.
    update(lens, images=first, models=[entry("pca-16")])
    assert shown(lens) == now
    assert not lens.page.get_by_text("VAE", exact=True).count()
    update(lens, images=[7, 8])
    assert shown(lens) == [7, 8]


def test_everything_works_by_keyboard(lens):
    mount(lens, controls="corruption", kind="masking", level=0.3)
    press = lens.page.keyboard.press
    lens.page.get_by_role("button", name="Masking").focus()
    press("Tab")
    press("Enter")
    assert lens.page.locator("[data-kind=salt-pepper]").get_attribute("aria-pressed") == "true"
    press("Tab")
    press("Tab")
    before = row(lens, "decoded digit, PCA")
    press("ArrowRight")
    assert lens.value("noise") == pytest.approx(0.31)
    assert lens.slider("noise").get_attribute("aria-valuetext") == "31 % corrupted"
    lens.eventually(lambda: (row(lens, "decoded digit, PCA") != before).any())
    press("Tab")
    before = row(lens, "corrupted digit")
    press("Enter")
    lens.eventually(lambda: (row(lens, "corrupted digit") != before).any((1, 2)).all())
    numbers = shown(lens)
    press("Tab")
    press("Enter")
    assert not set(shown(lens)) & set(numbers)
    numbers = shown(lens)
    press("Tab")
    press("Enter")
    assert [i for i, j in zip(shown(lens), numbers, strict=True) if i != j] == [shown(lens)[0]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits(lens, scheme):
    lens.page.emulate_media(color_scheme=scheme)
    lens.open("/families")
    for size in SIZES:
        lens.page.set_viewport_size(size)
        settle(lens, size["width"])
        widths = lens.page.locator(".pictures canvas").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().width)"
        )
        assert min(widths) >= 30


def test_fashion_is_read_from_its_own_folder(lens, mnist):
    """It is served here from MNIST's files, so that the test needs no second data set."""

    def answer(route: Route) -> None:
        # Without what tells the browser which version of the file it is.
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        route.fulfill(path=paths.data() / "mnist" / name)

    lens.page.route("**/fashion-mnist/*", answer)
    fashion = views.dataset("fashion-mnist")
    mount(lens, models=[entry("pca-16")], dataset=fashion)
    labels = lens.page.locator('canvas[aria-label^="test garment, "]')
    first = fashion["example_images"][0]
    name = fashion["class_names"][mnist.test_labels[first]]
    assert labels.first.get_attribute("aria-label").endswith(f"{name}, test garment {first}")
    assert (pixels(labels.first) == mnist.test_images[first]).all()


def test_runs_of_several_graphs_do_not_disturb_each_other(lens, mnist):
    mount(lens)
    images = to_vectors(mnist, list(range(8)))
    found = lens.page.evaluate(
        """async ([models, images]) => {
            const { leaseModel } = await import("/lens/model/model.mjs");
            const opened = await Promise.all(models.map(entry => leaseModel("", entry).model));
            const once = async (model, image) =>
                [...await model.decode(await model.encode(new Float32Array(image)))];
            return Promise.all(opened.map(model =>
                Promise.all(images.map(image => once(model, image)))));
        }""",
        [[entry(name) for name in TITLES], images.tolist()],
    )
    for name, pictures in zip(TITLES, found, strict=True):
        assert np.abs(np.array(pictures) - reconstructed(name, images)).max() < 1e-4


def test_an_encoder_that_cannot_be_fetched_gets_a_sentence(new_lens, complaints):
    lens = new_lens()
    lens.page.route("**/encoder.onnx*", lambda route: route.fulfill(status=500, body=""))
    lens.page.goto(f"{lens.url}/families")
    lens.page.get_by_role("alert").filter(has_text="can't be shown").wait_for()
    assert all("encoder.onnx" in complaint for complaint in complaints)
    complaints.clear()
