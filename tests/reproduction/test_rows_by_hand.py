"""What rows do with models and data: which numbers they take, and how they measure their own."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli

from aemodels import data
from aemodels.analysis import likelihood
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.corruption import corrupt
from reproduction.row import Measured
from reproduction.rows import ROWS, beta, contraction, flaw
from reproduction.rows import likelihood as likelihood_rows
from tests.library import small

COUNT = 200


class Context:
    """A context whose models are these, by name, or one for all."""

    quick = False

    def __init__(self, models: Any) -> None:
        self.models = models
        self.fitted: list[Config] = []
        self.test = data.load_test()
        self.labels = self.test.labels[:COUNT]

    def images(self, kind: str = "grey") -> np.ndarray:
        return data.binarise(self.test.images[:COUNT], kind)

    def bundle(self, name: str) -> Any:
        return self.models[name] if isinstance(self.models, dict) else self.models

    def fit(self, name: str, config: Config, phases: object = None) -> Any:
        self.fitted.append(config)
        return self.bundle(name)

    def few(self, full: int, quick: int) -> int:
        return full


def trained(model: Autoencoder | None = None, **metrics: Any) -> Any:
    config = model.config if model else None
    return SimpleNamespace(
        name="x", model=model, config=config, metrics=Metrics(**metrics), curve=[]
    )


def measure(name: str, context: Context) -> Measured:
    return ROWS[name].measure(context)  # type: ignore[arg-type]


def test_likelihood_is_of_stochastic_digits_with_5000_samples_and_counted_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[Any] = []

    def log_likelihood(model: object, images: np.ndarray, samples: int, check: object) -> float:
        given.extend([images, samples])
        return -85.0

    monkeypatch.setattr(likelihood, "log_likelihood", log_likelihood)
    context = Context(trained(negative_elbo_sample=91.0))
    found = measure("likelihood", context)
    assert [figure.value for figure in found.figures] == [85.0, 91.0]
    np.testing.assert_array_equal(given[0], context.images("stochastic"))
    assert set(np.unique(given[0])) == {0, 1}
    assert given[1] == 5000


def test_each_seed_of_the_example_is_trained_and_both_numbers_kept_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Metrics(negative_elbo_sample=105.0, negative_elbo_mean=97.0, kl=25.0)
    monkeypatch.setattr(likelihood_rows, "elbo", lambda context, trained: found)
    context = Context(trained())
    figures = measure("vae-20", context).figures
    assert [figure.ours for figure in figures] == [(105.0,) * 3, (97.0,) * 3] * 2
    assert [config.loop.seed for config in context.fitted] == [0, 1, 2] * 2


def test_maps_take_their_own_number_of_neighbours() -> None:
    models = {
        name: trained(knn1=base, knn5=base + 0.05)
        for name, base in (("pca-2", 0.3), ("vae-2", 0.7), ("ae-2", 0.8))
    }
    found = [figure.value for figure in measure("maps-neighbours", Context(models)).figures]
    assert found == pytest.approx([0.3, 0.35, 0.7, 0.75, 0.8, 0.85])


def test_norm_of_an_encoder_is_the_mean_norm_of_its_jacobian() -> None:
    model = Autoencoder(small.config("contractive"))
    images = data.to_vectors(data.load_test().images[:6])
    codes, weight = model.encode(images), model.state_dict()["encoder.0.weight"].numpy()
    # Of one sigmoid layer: each row of its weights times the sigmoid's slope.
    jacobians = (codes * (1 - codes))[:, :, None] * weight
    expected = np.mean([np.linalg.norm(jacobian) for jacobian in jacobians])
    assert contraction._norm(model, images) == pytest.approx(expected, rel=1e-4)


def test_movement_is_a_share_of_the_distance_between_neighbours() -> None:
    codes = {0: [[0.0, 0.0], [3.0, 4.0], [0.0, 4.0]], 1: [[0.0, 1.0], [3.0, 6.0], [3.0, 4.0]]}
    model = SimpleNamespace(encode=lambda images: np.array(codes[images]))
    # The codes lie 4, 5 and 3 apart, in a ring; they move by 1, 2 and 3.
    found = contraction._movement(SimpleNamespace(model=model), 0, 1)  # type: ignore[arg-type]
    assert found == pytest.approx(2 / 4)


def masked(family: Any, images: np.ndarray) -> np.ndarray:
    """Another draw of the noise than the row's."""
    noise = np.random.default_rng(0)
    return images * (noise.random(images.shape) >= family.corruption_level)


def test_what_was_corrupted_is_compared_with_the_clean_digit() -> None:
    config = small.config("denoising", corruption="gaussian", corruption_level=0.55)
    model = Autoencoder(config)
    context = Context(trained(model, sse=40.0))
    images = torch.from_numpy(context.images())
    # The very noise of the row: it has no mean, so errors to both differ little.
    noisy = corrupt(images, "gaussian", 0.55, torch.Generator().manual_seed(0))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(4)
        logits = model.logits(torch.from_numpy(model.encode(noisy.numpy()))).double()
        clean, other = (
            -Bernoulli(logits=logits, validate_args=False).log_prob(x).sum(1).mean().item()
            for x in (images, noisy)
        )
    assert clean != pytest.approx(other, rel=1e-4)
    for figure in measure("denoising", context).figures:
        assert figure.value == pytest.approx(clean, rel=1e-5)


def test_a_repaired_digit_is_compared_with_the_masked_one() -> None:
    config = small.config("denoising", corruption="masking", corruption_level=0.3)
    model = Autoencoder(config)
    context = Context(trained(model, sse=40.0))
    images = context.images()
    hidden = masked(config.family, images)
    restored = model.decode(model.encode(hidden.astype(np.float32)))
    before, after = (np.square(x - images).sum(1).mean() for x in (hidden, restored))
    found = measure("repair", context).figures[0]
    assert found.target == pytest.approx(before, rel=0.02)
    assert found.value == pytest.approx(after, rel=0.02)
    assert before < after / 2, "an untrained network makes it worse"


def test_error_of_a_classifier_is_of_the_last_epoch_on_test_digits() -> None:
    stacked = trained(Autoencoder(small.config("stacked")))
    given: dict[str, Any] = {}

    class Classifying(Context):
        quick = True

        def classify(self, name: str, source: Any, *settings: object) -> list[Any]:
            given[name] = source
            last = 0.01 if source is stacked.model else 0.03
            return [{"train": {"error": 0.002}, "test": {"error": each}} for each in (0.2, last)]

    found = measure("stacked-classifier", Classifying(stacked)).figures
    assert [figure.value for figure in found] == pytest.approx([1, 3])
    assert [source is stacked.model for source in given.values()] == [True, False]


def test_error_of_a_beta_vae_is_its_elbo_without_the_kl(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Metrics(negative_elbo_sample=105.0, kl=25.0)
    monkeypatch.setattr(beta, "elbo", lambda context, trained: found)
    monkeypatch.setattr(beta, "reconstructions", lambda context, *models: [])
    context = Context(trained(Autoencoder(small.config("vae"))))
    figures = measure("beta", context).figures
    assert [figure.value for figure in figures[:2]] == [80.0, 25.0]


def test_beta_is_scaled_down_with_the_number_of_pixels() -> None:
    assert beta.FEWER == 784 / 1024


def test_only_digits_that_are_known_can_become_another() -> None:
    black, white = (np.full((28, 28), grey, np.uint8) for grey in (0, 255))
    # The last one is taken for a 0 before it is reconstructed.
    images = data.to_vectors(np.stack([black, white, black]))
    context = SimpleNamespace(
        images=lambda: images,
        labels=np.array([0, 1, 1]),
        mnist=SimpleNamespace(train_images=np.stack([black, white]), train_labels=np.array([0, 1])),
    )
    # The black ones become white, the white one stays.
    model: Any = SimpleNamespace(encode=lambda x: x, decode=np.ones_like)
    share = flaw._misclassified(context, model, 3)  # type: ignore[arg-type]
    assert share == 0.5
