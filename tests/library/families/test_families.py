"""Every family goes the whole way: trained to the same bits, resumed, saved, loaded, measured."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from sklearn.manifold import trustworthiness
from sklearn.neighbors import KNeighborsClassifier

from aemodels import config, data
from aemodels.analysis import evaluation
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Model, Terms, code_activation_setting
from aemodels.models.autoencoder import Autoencoder
from aemodels.setting import SettingError, setting
from aemodels.training import fit
from tests.library import small


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    """The first 2,000 and 400 digits."""
    return replace(
        mnist,
        train_images=mnist.train_images[:2000],
        train_labels=mnist.train_labels[:2000],
        test_images=mnist.test_images[:400],
        test_labels=mnist.test_labels[:400],
    )


def same(a: Autoencoder, b: Autoencoder) -> bool:
    return all(torch.equal(v, b.state_dict()[k]) for k, v in a.state_dict().items())


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("family", small.TRAINED)
def test_same_seed_same_bits_resumed_or_not(family: str, precision: str, few: data.Dataset) -> None:
    settings = small.config(family, epochs=2, train_images=200, precision=precision)
    torch.manual_seed(1)
    whole = fit.begin(settings, few)
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    assert len(checkpoints) == sum(settings.phases)
    torch.manual_seed(2)
    again = fit.begin(settings, few)
    list(again.run())
    assert same(whole.model, again.model)
    # From every epoch, so across every border between two stages.
    for content in checkpoints[:-1]:
        resumed = fit.begin(settings, few)
        resumed.restore(content)
        list(resumed.run())
        assert same(whole.model, resumed.model)
        assert resumed.checkpoint()[200:] != content[200:]
    other = fit.begin(settings.with_(seed=1), few)
    list(other.run())
    assert not same(whole.model, other.model)


@pytest.mark.parametrize("family", small.TRAINED)
def test_training_lowers_the_loss_of_test_images(family: str, few: data.Dataset) -> None:
    settings = small.config(family, epochs=3, train_images=1000, latent_dim=8)
    training = fit.begin(settings, few)
    # In a training of several stages only losses of the same stage can be compared.
    last = (settings.loop.epochs,) if len(settings.phases) == 1 else settings.phases
    training.phases = last
    losses = [record.test["loss"] for record in training.run()]
    assert losses[-1] < losses[-3]
    for terms in (training.measure(), next(fit.begin(settings, few).run()).train):
        assert terms.keys() >= {"loss", "reconstruction"}
        assert np.isfinite(list(terms.values())).all()


@pytest.mark.parametrize("family", small.NAMES)
def test_a_bundle_of_every_family_is_measured(
    family: str, made: Path, few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "TRUSTWORTHINESS_POINTS", 100)
    found = evaluation.evaluate(load(made / family), few)
    images = data.to_vectors(few.test_images)
    loaded = load(made / family)
    pictures = loaded.decode(loaded.encode(images))
    assert found.sse == pytest.approx(784 * np.square(pictures - images).mean(), rel=1e-4)
    assert (found.bce is None) == (family in ("pca", "linear"))
    assert (found.kl is None) == (family != "vae")
    train_codes, codes = loaded.encode(few.train_images), loaded.encode(few.test_images)
    nearest = KNeighborsClassifier(5).fit(train_codes, few.train_labels)
    assert found.knn5 == nearest.score(codes, few.test_labels)
    assert found.trustworthiness == trustworthiness(images[:100], codes[:100], n_neighbors=5)


@pytest.mark.parametrize("output", ["linear", "relu"])
def test_a_vae_without_a_sigmoid_has_a_kl_but_no_likelihood(output: str, few: data.Dataset) -> None:
    settings = small.config("vae", reconstruction_loss="mse", output_activation=output)
    vae = fit.fit(settings, few).model
    found = evaluation.elbo(vae, data.to_vectors(few.test_images))
    assert found.number("kl") > 0
    assert found == Metrics(kl=found.kl)


@dataclass(frozen=True)
class Orthogonal(Family):
    """A tenth family with a setting of its own: latents that are uncorrelated in each batch."""

    decorrelation: float = setting(5.0, "weight of the covariances", low=0, high=1e6)
    code_activation: str = code_activation_setting("tanh")

    name: ClassVar[str] = "orthogonal"
    title: ClassVar[str] = "Orthogonal autoencoder"
    meaning: ClassVar[str] = "autoencoder of uncorrelated latents"

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        codes, _ = model.encode_parameters(batch.images)
        covariance = torch.cov(codes.T)
        penalty = (covariance - covariance.diag().diag()).square().sum()
        error = model.reconstruction_error(codes, batch.images).mean()
        loss = error + self.decorrelation * penalty
        return {"loss": loss, "reconstruction": error, "penalty": penalty}


def test_another_family_needs_nothing_but_its_own_class(
    mnist: data.Dataset, few: data.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAMILIES, "orthogonal", Orthogonal)
    settings = small.config("orthogonal", epochs=2)
    assert settings.family.code_activation == "tanh"
    assert Config.from_dict(settings.to_dict()) == settings
    assert "--decorrelation 5 " in settings.command()
    assert config.every_setting()["decorrelation"].label == "Decorrelation"
    with pytest.raises(SettingError, match=r"decorrelation: family ae .* use --family orthogonal"):
        Config.of("ae", decorrelation=1.0)
    fitted = fit.fit(settings, mnist)
    fit.save(fitted, evaluation.quick(fitted.model, mnist), mnist, tmp_path / "new")
    loaded = load(tmp_path / "new")
    assert same(loaded, fitted.model)
    assert loaded.config.family == Orthogonal()
    free = fit.fit(settings.with_(decorrelation=0.0, epochs=6), few).model
    bound = fit.fit(settings.with_(decorrelation=1000.0, epochs=6), few).model

    def correlation(found: Autoencoder) -> float:
        covariance = np.cov(found.encode(data.to_vectors(few.test_images)).T)
        return float(np.abs(covariance - np.diag(np.diag(covariance))).sum())

    assert correlation(bound) < correlation(free) / 2


@dataclass(frozen=True)
class Patches(Family):
    """A family that is solved: each latent is one pixel of the image, evenly spread."""

    name: ClassVar[str] = "patches"
    title: ClassVar[str] = "Pixels"
    meaning: ClassVar[str] = "a few pixels of the image"
    closed_form: ClassVar[bool] = True
    networks: ClassVar[tuple[str, ...]] = ("linear",)

    def solve(self, latent_dim: int, images: np.ndarray) -> dict[str, np.ndarray]:
        chosen = np.eye(784)[np.linspace(0, 783, latent_dim).astype(int)]
        return {
            "encoder.weight": chosen,
            "encoder.bias": np.zeros(latent_dim),
            "decoder.weight": chosen.T,
            "decoder.bias": images.mean(0),
        }


def test_another_family_can_be_solved_by_its_own_formula(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FAMILIES, "patches", Patches)
    model = fit.fit(Config.of("patches", latent_dim=4), few).model
    digits = data.to_vectors(few.test_images)
    np.testing.assert_array_equal(model.encode(digits), digits[:, [0, 261, 522, 783]])
    mean = data.to_vectors(few.train_images).mean(0)
    np.testing.assert_allclose(model.decode(np.zeros((1, 4), np.float32))[0], mean, atol=1e-6)


def test_a_closed_form_without_a_formula_says_what_it_lacks(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unsolved(Patches):
        solve = Family.solve

    monkeypatch.setitem(FAMILIES, "patches", Unsolved)
    with pytest.raises(NotImplementedError, match="patches has closed_form = True, so it must"):
        fit.fit(Config.of("patches", latent_dim=4), few)
