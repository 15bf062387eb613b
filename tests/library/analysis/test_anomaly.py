"""Scores, ranks and areas against scipy, scikit-learn and paper; the zoo against clothes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import laplace, mannwhitneyu, norm, rankdata  # type: ignore[import-untyped]
from sklearn.decomposition import PCA
from torch.nn import functional

from aemodels import data, paths
from aemodels.analysis import anomaly, likelihood
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit
from tests.library import small

ZOO = paths.zoo()


@pytest.fixture(scope="module")
def digits() -> data.Split:
    return data.load_test("mnist")


@pytest.fixture(scope="module")
def clothes() -> data.Split:
    return data.load_test("fashion-mnist")


def area(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """The area under the curve is the U statistic; Hanley & McNeil 1982."""
    return float(mannwhitneyu(anomalous, normal).statistic / (len(anomalous) * len(normal)))


def test_area_by_hand() -> None:
    normal = np.array([1.0, 2, 3, 4])
    # 3.5 is above three of the four, 5 above all, 0 above none.
    assert anomaly.auroc(normal, np.array([3.5, 5, 0])) == pytest.approx(7 / 12)
    # A tie counts half.
    assert anomaly.auroc(normal, np.array([2.0])) == pytest.approx(1.5 / 4)


def test_area_is_the_u_statistic_and_that_under_the_curve() -> None:
    generator = np.random.default_rng(0)
    normal, anomalous = generator.integers(0, 30, 200), generator.integers(10, 50, 90)
    expected = area(normal, anomalous)
    assert anomaly.auroc(normal, anomalous) == pytest.approx(expected)
    # The curve by hand: the shares that a threshold flags, from the highest score down.
    thresholds = np.arange(50, -1, -1)[:, None]
    false_positive, true_positive = ((x >= thresholds).mean(1) for x in (normal, anomalous))
    assert np.trapezoid(true_positive, false_positive) == pytest.approx(expected)


def test_ranks_are_those_of_scipy() -> None:
    generator = np.random.default_rng(1)
    normal, anomalous = generator.integers(0, 40, 100), generator.integers(0, 60, 50)
    expected = [rankdata(-np.append(normal, one), method="max")[-1] for one in anomalous]
    assert anomaly.ranks(anomalous, normal).tolist() == expected
    assert anomaly.ranks(np.array([5, 9.5]), np.array([1.0, 9, 5, 7])).tolist() == [4, 1]


def test_most_anomalous_by_hand() -> None:
    assert anomaly.most_anomalous(np.array([3.0, 8, 1, 8, 5]), 3).tolist() == [1, 3, 4]


@pytest.mark.parametrize("bad", [np.array([1, np.nan]), np.array([np.inf]), np.zeros(0)])
def test_scores_that_are_none_are_refused(bad: np.ndarray) -> None:
    good = np.array([1.0, 2])
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(ValueError, match="scores"):
            anomaly.auroc(*pair)
        with pytest.raises(ValueError, match="scores"):
            anomaly.ranks(*pair)
    with pytest.raises(ValueError, match="scores"):
        anomaly.most_anomalous(bad, 1)


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["bce", "mse", "l1"])
def test_negative_elbo_is_that_of_a_long_sum_by_hand(
    loss: str, made: Path, digits: data.Split
) -> None:
    vae, images = load(made / "vae"), data.to_vectors(digits.images[:4])
    vae.config = vae.config.with_(reconstruction_loss=loss)
    mean, log_var = (array.astype(np.float64) for array in vae.posterior(images))
    deviation = np.exp(log_var / 2)
    kl = -0.5 * (1 + np.log(deviation**2) - mean**2 - deviation**2).sum(1)
    noise = np.random.default_rng(5).standard_normal((4000, *mean.shape))
    codes = (mean + deviation * noise).reshape(-1, mean.shape[1])
    p = vae.decode(codes).reshape(4000, *images.shape).astype(np.float64)
    error = {
        "bce": -(images * np.log(p) + (1 - images) * np.log1p(-p)).sum(-1),
        # Up to what the density is where nothing differs.
        "mse": -(norm.logpdf(images, p, 0.5**0.5) - norm.logpdf(0, 0, 0.5**0.5)).sum(-1),
        "l1": -(laplace.logpdf(images, p) - laplace.logpdf(0)).sum(-1),
    }[loss]
    spread = error.std(0)
    found = anomaly.elbo_scores(vae, digits.images[:4], samples=1000)
    # Four standard errors of the shorter sum.
    assert (np.abs(found - (error.mean(0) + kl)) < 4 * spread / np.sqrt(1000) + 1e-3).all()


def test_scores_are_the_same_each_time_and_of_a_vae_only(made: Path, digits: data.Split) -> None:
    vae, pictures = load(made / "vae"), digits.images[:50]
    for score in (anomaly.scores, anomaly.elbo_scores):
        first = score(vae, pictures)
        assert first.shape == (50,)
        assert np.array_equal(first, score(vae, pictures))
        assert score(vae, pictures[:0]).shape == (0,)
    with pytest.raises(TypeError, match="has no posterior"):
        anomaly.elbo_scores(load(made / "ae"), pictures)


def test_scores_of_a_vae_are_its_elbo_with_that_many_samples_of_that_seed(
    made: Path, digits: data.Split
) -> None:
    vae, pictures = load(made / "vae"), digits.images[:20]
    images = data.to_vectors(pictures)
    for samples, seed in ((10, 0), (1, 0), (10, 5), (2, 3)):
        expected = likelihood.per_image_elbo(vae, images, samples=samples, seed=seed).negative
        assert np.array_equal(anomaly.elbo_scores(vae, pictures, samples, seed), expected)
    assert np.array_equal(
        anomaly.elbo_scores(vae, pictures), anomaly.elbo_scores(vae, pictures, 10)
    )


def test_a_model_of_black_and_white_is_shown_such(made: Path, digits: data.Split) -> None:
    grey, trained = digits.images[:20], load(made / "vae")
    white = np.where(grey > 127, 255, 0).astype(np.uint8)
    for score in (anomaly.scores, anomaly.elbo_scores):
        trained.config = trained.config.with_(binarisation="grey")
        expected = score(trained, white)
        assert not np.array_equal(expected, score(trained, grey))
        trained.config = trained.config.with_(binarisation="threshold")
        assert np.array_equal(expected, score(trained, grey))


def test_images_are_taken_as_bytes_or_as_shares(made: Path, digits: data.Split) -> None:
    vae, pictures = load(made / "vae"), digits.images[:20]
    for score in (anomaly.scores, anomaly.elbo_scores, anomaly.excess_scores):
        expected = score(vae, pictures)
        np.testing.assert_allclose(score(vae, data.to_vectors(pictures)), expected, rtol=1e-6)
        with pytest.raises(data.ImageError, match="type int64"):
            score(vae, pictures.astype(np.int64))


def test_black_and_white_has_no_floor_and_squared_error_none_of_that_kind(
    made: Path, digits: data.Split
) -> None:
    vae, pictures = load(made / "vae"), digits.images[:20]
    vae.config = vae.config.with_(binarisation="threshold")
    assert np.array_equal(anomaly.excess_scores(vae, pictures), anomaly.elbo_scores(vae, pictures))
    vae.config = vae.config.with_(binarisation="grey", reconstruction_loss="mse")
    with pytest.raises(
        ValueError, match="reconstruction_loss=mse: only cross-entropy has that floor"
    ):
        anomaly.excess_scores(vae, pictures)


def test_each_class_in_turn_is_left_out_of_training_and_found_among_test_images(
    mnist: data.Dataset,
) -> None:
    few = replace(
        mnist,
        train_images=mnist.train_images[:300],
        train_labels=mnist.train_labels[:300],
        test_images=mnist.test_images[:200],
        test_labels=mnist.test_labels[:200],
    )
    trained: list[Autoencoder] = []

    def train(config: Config, kept: data.Dataset) -> Autoencoder:
        others = few.train_labels != len(trained)
        np.testing.assert_array_equal(kept.train_images, few.train_images[others])
        np.testing.assert_array_equal(kept.train_labels, few.train_labels[others])
        np.testing.assert_array_equal(kept.test_images, few.test_images)
        trained.append(Autoencoder(config))
        return trained[-1]

    def ink(model: Autoencoder, images: np.ndarray) -> np.ndarray:
        assert model is trained[-1]
        return images.sum((1, 2), dtype=np.float64)

    found = anomaly.leave_one_out(train, small.config("ae"), few, ink)
    amounts = few.test_images.sum((1, 2), dtype=np.float64)
    for digit in range(10):
        anomalous = few.test_labels == digit
        expected = area(amounts[~anomalous], amounts[anomalous])
        assert found[digit] == pytest.approx(expected)
        assert abs(expected - 0.5) > 1e-3, "the other way round it would be the same"


def test_excess_is_what_is_above_the_best_answer(made: Path, digits: data.Split) -> None:
    vae, pictures = load(made / "vae"), digits.images[:30]
    grey = torch.from_numpy(data.to_vectors(pictures)).double()
    # The best answer to a grey level is that grey level.
    best = functional.binary_cross_entropy(grey, grey, reduction="none").sum(1).numpy()
    excess = anomaly.excess_scores(vae, pictures)
    np.testing.assert_allclose(excess, anomaly.elbo_scores(vae, pictures) - best, rtol=1e-5)
    assert (excess > 0).all()


@pytest.mark.slow
def test_left_out_digits_with_the_pca_of_scikit_learn(mnist: data.Dataset) -> None:
    few = replace(
        mnist,
        train_images=mnist.train_images[:1000],
        train_labels=mnist.train_labels[:1000],
        test_images=mnist.test_images[:500],
        test_labels=mnist.test_labels[:500],
    )
    reported: list[int] = []

    def train(config: Config, kept: data.Dataset) -> Autoencoder:
        missing = set(range(10)) - set(kept.train_labels.tolist())
        assert missing == {len(reported)}
        assert len(kept.test_images) == 500
        return fit.solve(config, kept).model

    found = anomaly.leave_one_out(
        train, small.config("pca"), few, on_class=lambda label, _: reported.append(label)
    )
    assert reported == list(range(10))
    test = data.to_vectors(few.test_images)
    for digit in range(10):
        kept = few.train_labels != digit
        # The settings ask for the first 600.
        pca = PCA(3).fit(data.to_vectors(few.train_images[kept])[:600])
        errors = np.square(pca.inverse_transform(pca.transform(test)) - test).sum(1)
        anomalous = few.test_labels == digit
        expected = area(errors[~anomalous], errors[anomalous])
        assert found[digit] == pytest.approx(expected, abs=2e-3)


@pytest.mark.slow
def test_mean_score_is_the_recorded_error(digits: data.Split) -> None:
    recorded = bundle.read(ZOO / "ae-16").metrics.number("sse")
    found = anomaly.scores(load(ZOO / "ae-16"), digits.images)
    assert found.mean() == pytest.approx(recorded, rel=2e-4)
    recorded = bundle.read(ZOO / "vae-16").metrics.number("negative_elbo_sample")
    found = anomaly.elbo_scores(load(ZOO / "vae-16"), digits.images)
    assert found.mean() == pytest.approx(recorded, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "score", "least"),
    [("ae-16", anomaly.scores, 0.995), ("vae-16", anomaly.elbo_scores, 0.998)],
)
def test_clothes_are_no_digits(
    name: str, score: anomaly.Score, least: float, digits: data.Split, clothes: data.Split
) -> None:
    assert anomaly.detect(load(ZOO / name), digits.images, clothes.images, score).auroc > least


# A few digits have a larger error since this model was trained with augmentation.
MISSED = pytest.mark.xfail(strict=True, reason="the first boot has rank 2, and 87 % come first")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "score", "first"),
    [
        pytest.param("ae-16", anomaly.scores, 0.95, marks=MISSED),
        ("vae-16", anomaly.elbo_scores, 0.97),
    ],
)
def test_boots_come_before_digits(
    name: str, score: anomaly.Score, first: float, digits: data.Split, clothes: data.Split
) -> None:
    boot = clothes.class_names.index("Ankle boot")
    # The one that the paper's notebook hides.
    assert clothes.labels[0] == boot
    shown = clothes.images[clothes.labels == boot]
    found = anomaly.detect(load(ZOO / name), digits.images, shown, score)
    assert (found.ranks[0], found.detected_first > first) == (1, True)


def test_scores_of_many_images_do_not_depend_on_the_batch(
    made: Path, digits: data.Split, monkeypatch: pytest.MonkeyPatch
) -> None:
    vae, images = load(made / "vae"), digits.images[:60]
    whole = anomaly.elbo_scores(vae, images)
    monkeypatch.setattr(likelihood, "BATCH", 7)
    np.testing.assert_allclose(anomaly.elbo_scores(vae, images), whole, rtol=1e-5)
