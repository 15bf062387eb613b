"""The one sentence of each family's section, measured on the models that we ship."""

import numpy as np
import pytest
from scipy.linalg import subspace_angles  # type: ignore[import-untyped]

from aemodels import data
from aemodels.analysis import decoder
from aemodels.bundles import Bundle, zoo
from aemodels.bundles.bundle import read
from aemodels.bundles.load import load
from pages.families import SECTIONS
from pages.families.loss import NAMES
from pages.uses import features
from reproduction import result

IMAGES = 300


def bundle(name: str) -> Bundle:
    return read(zoo.folder() / name)


def error(name: str) -> float:
    return bundle(name).metrics.number("sse")


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return data.to_vectors(data.load().test_images[:IMAGES])


def says(section: str, words: str) -> None:
    """The section still says what is tested here."""
    one = SECTIONS[section]
    assert words in f"{one.idea} {one.look} {one.sentence}"


@pytest.mark.parametrize("size", [2, 16])
def test_a_linear_autoencoder_finds_the_span_of_pca_if_not_its_axes(
    images: np.ndarray, size: int
) -> None:
    says("linear", "finds PCA's span, but not always PCA's axes")
    says("linear", "redraw each digit the same way")
    models = [load(zoo.folder() / f"{name}-{size}") for name in ("linear", "pca")]
    ours, theirs = (model.decode(model.encode(images)) for model in models)
    assert np.abs(ours - theirs).mean() < 1 / 255
    spans = [decoder.atoms(bundle(f"{name}-{size}")).T for name in ("linear", "pca")]
    assert np.degrees(subspace_angles(*spans)).max() < 3
    if size == 16:
        # An axis of PCA is no axis of the other.
        ours, theirs = (span / np.linalg.norm(span, axis=0) for span in spans)
        assert np.abs(ours.T @ theirs).max(0).max() < 0.95


def test_a_deep_network_redraws_more_exactly_with_two_latents_fewer() -> None:
    says("deep", "With two latents fewer, the deep network redraws digits more exactly")
    assert bundle("bottleneck-32").latent_dim - bundle("deep-30").latent_dim == 2
    assert error("deep-30") < error("bottleneck-32")


def test_l1_wins_by_the_absolute_error_and_loses_by_the_other_two() -> None:
    says("loss", "L1 wins by the absolute error and loses by the other two")
    found = result.read(result.committed() / "losses.json").details
    absolute = {name: row[2] for name, row in zip(found["models"], found["matrix"], strict=True)}
    assert min(absolute, key=absolute.__getitem__) == "loss-l1"
    for kind in ("sse", "bce"):
        errors = {name: bundle(name).metrics.number(kind) for name in NAMES}
        assert max(errors, key=errors.__getitem__) == "loss-l1"


def test_what_a_latent_adds_looks_more_like_a_digit_if_few_are_active(images: np.ndarray) -> None:
    says("sparse", "what one of them adds looks more like a digit")
    digits = images / np.linalg.norm(images, axis=1, keepdims=True)

    def likeness(name: str) -> float:
        """How alike its atoms are to the most similar test digit, as a cosine: the median."""
        found = decoder.activity(bundle(name)).atoms
        found = found[np.abs(found).max(1) > np.abs(found).max() / 1000].clip(0)
        return float(np.median((found / np.linalg.norm(found, axis=1)[:, None] @ digits.T).max(1)))

    plain = likeness("plain-64")
    for name in ("sparse-kl", "sparse-l1"):
        assert likeness(name) > plain + 0.02
        sparse, dense = (decoder.activity(bundle(one)).active for one in (name, "plain-64"))
        assert sparse < dense / 3


@pytest.mark.parametrize(("kind", "level"), [("masking", 0.3), ("masking", 0.5)])
def test_masked_digits_are_repaired_best_by_the_network_trained_on_them(
    images: np.ndarray, kind: str, level: float
) -> None:
    says("denoising", "repaired best by a network that was trained on it")
    hit = np.random.default_rng(0).random(images.shape) < level
    errors = repairs(images, np.where(hit, 0, images))
    assert min(errors, key=errors.__getitem__) == "denoising-masking"


@pytest.mark.parametrize("level", [0.2, 0.5])
def test_gaussian_noise_is_removed_best_by_those_trained_on_it(
    images: np.ndarray, level: float
) -> None:
    says("denoising", "repaired best by a network that was trained on it")
    noise = np.random.default_rng(0).standard_normal(images.shape)
    errors = repairs(images, images + level * noise)
    best = sorted(errors, key=errors.__getitem__)[:2]
    assert set(best) == {"denoising-conv", "denoising-gaussian"}


def repairs(clean: np.ndarray, corrupted: np.ndarray) -> dict[str, float]:
    """Squared error against the clean digits of each network in the section."""
    found = {}
    for name in SECTIONS["denoising"].strip:
        model = load(zoo.folder() / name)
        decoded = model.decode(model.encode(corrupted.astype(np.float32)))
        found[name] = float(np.square(decoded - clean).sum(1).mean())
    return found


def test_layer_by_layer_is_a_better_start_but_hardly_a_better_end() -> None:
    says("stacked", "after the last epoch both classifiers err almost equally often")
    curves = result.read(result.committed() / "stacked-classifier.json").details["fine_tuning"]
    pretrained, scratch = (
        [record["test"]["error"] for record in curves[name]]
        for name in ("pretrained", "from scratch")
    )
    assert pretrained[0] < 0.7 * scratch[0]
    assert abs(pretrained[-1] - scratch[-1]) < 0.002


def test_with_the_contractive_penalty_codes_hold_still_under_noise_and_errors_grow() -> None:
    says("contractive", "codes hold still under noise; the price is a larger error")
    found = result.read(result.committed() / "perturbation.json").details
    held, plain = (np.array(found[name]["noise"]) for name in ("contractive-64", "plain-64"))
    assert (held < 0.6 * plain).all()
    assert error("contractive-64") > error("plain-64")


def test_the_recurrent_network_redraws_more_exactly_than_the_dense_one() -> None:
    says("recurrent", "redraws digits more exactly than the dense one")
    recurrent, dense = map(bundle, SECTIONS["recurrent"].strip)
    assert recurrent.latent_dim == dense.latent_dim
    assert error(recurrent.name) < error(dense.name)


def test_the_shorter_a_code_the_more_is_lost() -> None:
    says("bottleneck", "A code that is too short keeps what changes the picture most")
    errors = [error(name) for name in SECTIONS["bottleneck"].strip]
    assert errors == sorted(errors, reverse=True)
    # What is kept is what changes the picture most: the part of PCA's first directions.
    plane = decoder.atoms(bundle("pca-2"))
    plane = plane / np.linalg.norm(plane, axis=1, keepdims=True)
    pictures = data.to_vectors(data.load().test_images[:IMAGES])
    model = load(zoo.folder() / "bottleneck-2")
    lost = pictures - model.decode(model.encode(pictures))
    along = np.square(lost @ plane.T).sum() / np.square(lost).sum()
    share = np.square((pictures - pictures.mean(0)) @ plane.T).sum()
    share /= np.square(pictures - pictures.mean(0)).sum()
    assert along < share / 2


def test_sixteen_numbers_classify_about_as_well_as_all_pixels_and_faster() -> None:
    """Uses: "about as well as all 784 pixels, in a fraction of the time"."""
    table = result.read(result.committed() / "features.json").details["table"]
    neighbours = [each for each in table if each["classifier"] == "kNN-7"]
    (pixels,) = (each for each in neighbours if each["features"] == "pixels")
    codes = [each for each in neighbours if each["dimensions"] == 16]
    assert len(codes) == 3
    for each in codes:
        assert each["accuracy"] > pixels["accuracy"] - 0.01
        assert features.seconds(each) < features.seconds(pixels) / 5


def test_a_bad_reconstruction_is_a_good_alarm_and_a_likelihood_can_be_fooled() -> None:
    """Uses: the sentence on anomalies."""
    areas = {
        (row, each["model"], each["score"]): each["auroc"]
        for row in ("anomaly-digits", "anomaly-fashion")
        for each in result.read(result.committed() / f"{row}.json").details["detectors"]
    }
    networks = [key for key in areas if key[2] == "squared error" and "pca" not in key[1]]
    assert min(areas[key] for key in networks) > 0.95
    assert areas["anomaly-fashion", "vae-16-fashion", "negative ELBO"] < 0.5
