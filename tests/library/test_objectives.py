"""Objectives against torch.distributions, Monte-Carlo estimates and finite differences."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence

from aemodels.config import Config
from aemodels.families import OBJECTIVES
from aemodels.model import Autoencoder
from aemodels.objectives import bce, kl_to_standard_normal, reparameterise, squared_error

VAE = Config(latent_dim=2, hidden=(5,), activation="tanh")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(count: int = 4) -> Tensor:
    return torch.rand(count, 784, generator=generator(1), dtype=torch.float64)


def test_kl_agrees_with_a_monte_carlo_estimate() -> None:
    mean = torch.tensor([[0.0, 1.5, -0.7]], dtype=torch.float64)
    log_var = torch.tensor([[0.0, -2.0, 0.9]], dtype=torch.float64)
    posterior = Normal(mean, torch.exp(log_var / 2))
    z = mean + torch.exp(log_var / 2) * torch.randn(400_000, 3, generator=generator()).double()
    ratios = posterior.log_prob(z) - Normal(0.0, 1.0).log_prob(z)
    error = ratios.std(0) / len(z) ** 0.5
    found = kl_to_standard_normal(mean, log_var)[0]
    assert ((found - ratios.mean(0)).abs() <= 4 * error + 1e-12).all()
    exact = kl_divergence(posterior, Normal(0.0, 1.0))[0]
    torch.testing.assert_close(found, exact)


def test_bce_is_a_bernoulli_log_likelihood_summed_over_pixels() -> None:
    logits = 3 * torch.randn(4, 784, generator=generator()).double()
    exact = -Bernoulli(logits=logits, validate_args=False).log_prob(images()).sum(1)
    torch.testing.assert_close(bce(logits, images()), exact)


def test_bce_stays_exact_where_a_sigmoid_rounds_to_one() -> None:
    logits = torch.tensor([[200.0, -200.0]])
    torch.testing.assert_close(bce(logits, torch.tensor([[1.0, 0.0]])), torch.tensor([0.0]))
    torch.testing.assert_close(bce(logits, torch.tensor([[0.0, 1.0]])), torch.tensor([400.0]))


def test_squared_error_sums_over_pixels() -> None:
    assert squared_error(torch.full((3, 784), 0.5), torch.zeros(3, 784)).tolist() == [196.0] * 3


def test_sample_has_the_mean_and_deviation_that_were_asked_for() -> None:
    # σ = exp(½ log σ²): log σ² = 2 log 3 must give 3, neither 9 nor √3.
    mean, log_var = torch.full((200_000, 1), -2.0), torch.full((200_000, 1), 3.0).log() * 2
    z = reparameterise(mean, log_var, generator())
    assert z.mean().item() == pytest.approx(-2, abs=0.05)
    assert z.std().item() == pytest.approx(3, rel=0.01)


@pytest.mark.parametrize("objective", ["bce", "mse"])
@pytest.mark.parametrize("family", ["vae", "ae"])
def test_gradients_agree_with_finite_differences(family: str, objective: str) -> None:
    beta = 3.0 if family == "vae" else 1.0
    config = replace(VAE, family=family, objective=objective, beta=beta)
    model = Autoencoder(config).double()
    loss = OBJECTIVES[family]
    loss(model, images(), generator())["loss"].backward()
    pick = generator(2)
    for name, weights in model.named_parameters():
        flat = weights.data.view(-1)
        assert weights.grad is not None
        for index in torch.randint(len(flat), (6,), generator=pick).tolist():
            before, step = flat[index].item(), 1e-5
            values = []
            for moved in (before + step, before - step):
                flat[index] = moved
                # The same noise in each, so that only the weight differs.
                values.append(loss(model, images(), generator())["loss"].item())
            flat[index] = before
            slope = (values[0] - values[1]) / (2 * step)
            assert weights.grad.view(-1)[index].item() == pytest.approx(
                slope, rel=1e-4, abs=1e-5
            ), name


def test_beta_weighs_the_kl_term() -> None:
    def terms(beta: float) -> dict[str, float]:
        model = Autoencoder(replace(VAE, beta=beta)).double()
        return {k: v.item() for k, v in OBJECTIVES["vae"](model, images(), generator()).items()}

    one, four = terms(1.0), terms(4.0)
    assert one["kl"] > 0
    assert one["loss"] == pytest.approx(one["reconstruction"] + one["kl"])
    assert four["loss"] == pytest.approx(one["loss"] + 3 * one["kl"])


def test_terms_are_sums_over_pixels_and_latents_and_means_over_images() -> None:
    model = Autoencoder(VAE).double()
    terms = OBJECTIVES["vae"](model, images(), generator())
    mean, log_var = model.head(images())
    assert log_var is not None
    posterior = Normal(mean, torch.exp(log_var / 2))
    kl = kl_divergence(posterior, Normal(0.0, 1.0))
    assert kl.shape == (4, 2)
    torch.testing.assert_close(terms["kl"], kl.sum() / 4)
    # Twice the same images: a sum over images would double.
    twice = OBJECTIVES["vae"](model, images().repeat(2, 1), generator())
    torch.testing.assert_close(twice["kl"], terms["kl"])
    ae = Autoencoder(replace(VAE, family="ae")).double()
    error = OBJECTIVES["ae"](ae, images(), generator())["loss"]
    picture = Bernoulli(logits=ae.decoder(ae.encoder(images())), validate_args=False)
    torch.testing.assert_close(error, -picture.log_prob(images()).sum() / 4)
