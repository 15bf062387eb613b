"""Warm-up and free bits of the VAE: at their formulas, and each with the effect it is known for."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from aemodels import data
from aemodels.analysis import latent_space
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.families.vae import VAE
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.training import checkpoint, fit
from tests.library import small
from tests.library.running import assert_same

BETA = 3.0
STEPS = 6  # of an epoch


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


@dataclass
class Posterior:
    """A model whose codes are these numbers, and which reconstructs without an error."""

    mean: Tensor
    log_var: Tensor
    encoder: torch.nn.Module = field(default_factory=torch.nn.Identity)
    decoder: torch.nn.Module = field(default_factory=torch.nn.Identity)

    def encode_parameters(self, images: Tensor) -> tuple[Tensor, Tensor]:
        return self.mean, self.log_var

    def reconstruction_error(self, codes: Tensor, images: Tensor) -> Tensor:
        return 0 * codes.sum(1)

    def output_error(self, logits: Tensor, images: Tensor) -> Tensor:
        raise AssertionError


def posterior(latents: int = 3) -> Posterior:
    """Of 40 images; the KL of a latent is the larger, the higher its number."""
    noise = np.random.default_rng(0)
    size = np.arange(latents)
    mean = torch.tensor(noise.standard_normal((40, latents)) * size, requires_grad=True)
    log_var = torch.tensor(-0.1 * np.ones((40, latents)) - size, requires_grad=True)
    return Posterior(mean, log_var)


def kl_by_hand(mean: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """KL of each latent, as mean over the images."""
    two = Normal(torch.tensor(mean), torch.exp(torch.tensor(log_var) / 2)), Normal(0.0, 1.0)
    return np.asarray(kl_divergence(*two).mean(0))


def pulls(family: VAE, model: Posterior, progress: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of the loss at mean and log σ², both (N, d)."""
    batch = Batch(torch.zeros(len(model.mean), 784), progress=progress)
    loss = family.objective(model, batch, torch.Generator())["loss"]
    mean, log_var = torch.autograd.grad(loss, [model.mean, model.log_var])
    return mean.numpy(), log_var.numpy()


@pytest.mark.parametrize(("progress", "share"), [(0, 0), (0.1, 0.25), (0.2, 0.5), (0.4, 1), (1, 1)])
def test_warm_up_pulls_at_the_codes_with_its_share_of_the_weight(
    progress: float, share: float
) -> None:
    warm, usual = VAE(beta=BETA, kl_warmup=0.4), VAE(beta=BETA)
    for found, expected in zip(
        pulls(warm, posterior(), progress), pulls(usual, posterior(), progress), strict=True
    ):
        np.testing.assert_allclose(found, share * expected, rtol=1e-12)
    assert np.abs(pulls(usual, posterior())[0]).max() > 0


@pytest.mark.parametrize(("progress", "weight"), [(0, 5), (0.25, 4.5), (0.5, 4), (1, 3)])
def test_the_weight_can_start_above_beta_and_fall(progress: float, weight: float) -> None:
    falling, fixed = VAE(beta=BETA, beta_start=5, kl_warmup=1), VAE(beta=weight)
    for found, expected in zip(
        pulls(falling, posterior(), progress), pulls(fixed, posterior()), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    on_device = torch.tensor(progress, dtype=torch.float64)
    assert falling.kl_weight(on_device).item() == pytest.approx(weight)
    assert VAE(beta=BETA, beta_start=5, kl_warmup=0.5).kl_weight(0.75).item() == BETA


def test_from_zero_it_has_the_bits_that_it_had() -> None:
    family = VAE(beta=BETA, kl_warmup=0.3)
    for progress in np.linspace(0, 1, 61):
        share = torch.as_tensor(progress, dtype=torch.float64)
        expected = BETA * (share / 0.3).clamp(max=1)
        assert family.kl_weight(float(progress)).item() == expected.item()


def test_warm_up_rises_with_every_step_and_starts_once(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = []
    original = VAE.objective

    def objective(
        self: VAE, model: Autoencoder, batch: Batch, generator: torch.Generator
    ) -> object:
        terms = original(self, model, batch, generator)
        if torch.is_grad_enabled():
            weights.append(float(terms["kl_weight"]))
        return terms

    monkeypatch.setattr(VAE, "objective", objective)
    config = small.config("vae", epochs=4, beta=BETA, kl_warmup=0.5)
    # A run that was continued for one epoch more: it doesn't warm up again.
    records = list(fit.begin(config, few, (4, 1)).run())
    steps = np.arange(5 * STEPS)
    np.testing.assert_allclose(weights, BETA * np.minimum(1, steps / (2 * STEPS)), rtol=1e-6)
    for record, share in zip(records, (0.5, 1, 1, 1, 1), strict=True):
        # Test images are measured by the objective as it is at the end of the epoch.
        test = record.test
        weight = (test["loss"] - test["reconstruction"]) / test["kl"]
        assert weight == pytest.approx(share * BETA, rel=1e-3)


def test_a_latent_below_the_floor_is_not_pulled_at_all() -> None:
    model = posterior()
    mean, log_var = model.mean.detach().numpy(), model.log_var.detach().numpy()
    each = kl_by_hand(mean, log_var)
    floor = (each[0] + each[1]) / 2
    family = VAE(beta=BETA, free_bits=float(floor))

    def charged(mean: np.ndarray, log_var: np.ndarray) -> float:
        return BETA * float(np.maximum(kl_by_hand(mean, log_var), floor).sum())

    batch = Batch(torch.zeros(len(mean), 784))
    terms = family.objective(model, batch, torch.Generator())
    assert terms["loss"].item() == pytest.approx(charged(mean, log_var))
    # Recorded is the KL itself.
    assert terms["kl"].item() == pytest.approx(each.sum())
    found = pulls(family, model)
    for gradient in found:
        assert (gradient[:, 0] == 0).all()
        assert (np.abs(gradient[:, 1:]) > 0).any()
    step = 1e-6
    for place in ((0, 0), (0, 1), (7, 2), (39, 1)):
        for which in (0, 1):
            ends = []
            for sign in (1, -1):
                moved = [mean.copy(), log_var.copy()]
                moved[which][place] += sign * step
                ends.append(charged(*moved))
            slope = (ends[0] - ends[1]) / (2 * step)
            assert found[which][place] == pytest.approx(slope, abs=1e-7)


def test_without_them_it_is_the_vae_that_it_was() -> None:
    model = posterior()
    batch = Batch(torch.zeros(40, 784), progress=0.5)
    terms = VAE(beta=BETA).objective(model, batch, torch.Generator())
    assert terms.keys() == {"loss", "reconstruction", "kl"}
    each = kl_by_hand(model.mean.detach().numpy(), model.log_var.detach().numpy())
    assert terms["loss"].item() == pytest.approx(BETA * each.sum())
    old = Config.of("vae").to_dict()
    for name in ("kl_warmup", "beta_start", "free_bits"):
        del old[name]
    assert Config.from_dict(old) == Config.of("vae")


@pytest.mark.parametrize(("beta", "cost"), [(0.0, 100), (0.5, 102), (1.0, 104), (1000.0, 104)])
def test_a_high_price_of_the_kl_is_no_divergence(beta: float, cost: float) -> None:
    assert VAE(beta=beta).cost({"reconstruction": 100.0, "kl": 4.0}) == cost


def kl_of_test_digits(config: Config, few: data.Dataset) -> np.ndarray:
    """The KL of each latent of a trained model, the largest first."""
    model = fit.fit(config, few).model
    mean, log_var = model.posterior(data.to_vectors(few.test_images))
    return np.sort(latent_space.kl(mean, log_var).mean(0))[::-1]


def test_free_bits_keep_latents_that_would_collapse(few: data.Dataset) -> None:
    config = small.config("vae", hidden=(64,), latent_dim=6, beta=10, epochs=6, train_images=2000)
    collapsed, kept = (kl_of_test_digits(config.with_(free_bits=nats), few) for nats in (0.0, 0.5))
    assert collapsed[-1] < 0.1
    assert kept[-1] > 0.4


def test_early_in_a_warm_up_codes_carry_more(few: data.Dataset) -> None:
    config = small.config("vae", hidden=(64,), beta=10, epochs=4, train_images=2000)
    first = [
        next(fit.begin(config.with_(kl_warmup=share), few).run()).test["kl"] for share in (0, 1)
    ]
    assert first[1] > 2 * first[0]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_warm_up_resumes_with_the_same_bits(precision: str, few: data.Dataset) -> None:
    config = small.config("vae", epochs=3, kl_warmup=1, free_bits=0.1, precision=precision)
    whole = fit.begin(config, few, (3, 1))
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    for content in checkpoints[:-1]:
        resumed = fit.begin(config, few, (3, 1))
        resumed.restore(content)
        list(resumed.run())
        assert_same(tensors(resumed.model), tensors(whole.model))
    cold = fit.begin(config.with_(kl_warmup=0), few, (3, 1))
    list(cold.run())
    with pytest.raises(AssertionError):
        assert_same(tensors(cold.model), tensors(whole.model))


def test_a_checkpoint_from_before_these_settings_still_resumes(few: data.Dataset) -> None:
    config = small.config("vae", epochs=2)
    training = fit.begin(config, few)
    next(training.run())
    found, facts = checkpoint.unpack(training.checkpoint())
    old = {k: v for k, v in facts.settings.items() if k not in VAE.table() or k == "beta"}
    content = checkpoint.pack(found, replace(facts, settings=old))
    resumed = fit.begin(config, few)
    resumed.restore(content)
    assert resumed.epoch == 1
    with pytest.raises(checkpoint.CheckpointError, match="of another model"):
        fit.begin(config.with_(free_bits=0.5), few).restore(content)
