"""Objectives against torch.distributions, Monte-Carlo estimates and finite differences."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal, kl_divergence

from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.corruption import KINDS
from aemodels.objectives.divergences import kl_to_standard_normal, kl_to_target, reparameterise
from aemodels.objectives.losses import absolute_error, bce, squared_error

VAE = Config.of(latent_dim=2, hidden=(5,), activation="tanh")


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


@pytest.mark.parametrize("width", [1, 9, 250, 784])
def test_the_gradient_of_bce_is_that_of_finite_differences(width: int) -> None:
    logits = 3 * torch.randn(3, width, generator=generator(), dtype=torch.float64)
    target = torch.rand(3, width, generator=generator(1), dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: bce(x, target), (logits.requires_grad_(),))


def test_bce_keeps_its_digits_in_float32() -> None:
    logits = 8 * torch.randn(200, 784, generator=generator())
    target = torch.rand(200, 784, generator=generator(1))
    exact = -Bernoulli(logits=logits.double(), validate_args=False).log_prob(target.double())
    torch.testing.assert_close(bce(logits, target).double(), exact.sum(1), rtol=1e-6, atol=0)


def test_squared_error_sums_over_pixels() -> None:
    assert squared_error(torch.full((3, 784), 0.5), torch.zeros(3, 784)).tolist() == [196.0] * 3


def test_sample_has_the_mean_and_deviation_that_were_asked_for() -> None:
    # σ = exp(½ log σ²): log σ² = 2 log 3 must give 3, neither 9 nor √3.
    mean, log_var = torch.full((200_000, 1), -2.0), torch.full((200_000, 1), 3.0).log() * 2
    z = reparameterise(mean, log_var, generator())
    assert z.mean().item() == pytest.approx(-2, abs=0.05)
    assert z.std().item() == pytest.approx(3, rel=0.01)


def test_absolute_error_sums_over_pixels() -> None:
    pictures = torch.full((2, 784), 0.25)
    assert absolute_error(pictures, torch.tensor([[0.0], [1.0]])).tolist() == [196.0, 588.0]


@pytest.mark.parametrize("target", [0.001, 0.05, 0.5, 0.999])
def test_kl_to_a_target_is_that_of_two_coins(target: float) -> None:
    activation = torch.tensor([1e-5, 0.01, 0.05, 0.4, 0.9, 1 - 1e-5], dtype=torch.float64)
    coin = Bernoulli(torch.tensor(target, dtype=torch.float64))
    exact = kl_divergence(coin, Bernoulli(activation))
    torch.testing.assert_close(kl_to_target(activation, target), exact, rtol=1e-9, atol=1e-12)


def test_kl_to_a_target_is_finite_where_a_latent_is_always_off_or_on() -> None:
    silent = torch.tensor([0.0, 1.0])
    assert kl_to_target(silent, 0.05).isfinite().all()


def test_a_latent_that_fell_silent_is_asked_to_speak_again() -> None:
    # Through a sigmoid: d/da KL(ρ ‖ σ(a)) = σ(a) - ρ, however small σ(a) is.
    before = torch.tensor([-20.0, -60.0], requires_grad=True)
    kl_to_target(before.sigmoid(), 0.05).sum().backward()
    torch.testing.assert_close(before.grad, torch.tensor([-0.05, -0.05]), rtol=1e-4, atol=0)


SPARSE = Config.of("sparse", latent_dim=6)
LAYERS: dict[str, Any] = {"latent_dim": 3, "hidden": (6, 5), "layer_corruption": (0.1, 0.2, 0.3)}


@pytest.mark.parametrize(
    ("config", "stage"),
    [
        *((VAE.with_(beta=3.0, reconstruction_loss=name), 0) for name in ("bce", "mse", "l1")),
        *((VAE.with_(family="ae", reconstruction_loss=name), 0) for name in ("bce", "mse", "l1")),
        (VAE.with_(family="ae", tied=True, code_activation="sigmoid"), 0),
        (VAE.with_(family="ae", reconstruction_loss="mse", output_activation="relu"), 0),
        (VAE.with_(family="ae", reconstruction_loss="mse", output_activation="linear"), 0),
        (Config.of("linear", latent_dim=3), 0),
        (SPARSE, 0),
        (SPARSE.with_(tied=True, target_activation=0.3), 0),
        (SPARSE.with_(sparsity="l1", code_activation="tanh"), 0),
        *(
            (
                Config.of(
                    "denoising", latent_dim=2, hidden=(5,), activation="tanh", corruption=kind
                ),
                0,
            )
            for kind in KINDS
        ),
        *((Config.of("stacked", **LAYERS), stage) for stage in range(4)),
        *(
            (Config.of("stacked", **LAYERS, activation="tanh", tied=True), stage)
            for stage in range(4)
        ),
        (Config.of("contractive", latent_dim=4), 0),
        (Config.of("contractive", latent_dim=4, tied=True), 0),
        (Config.of("contractive", latent_dim=2, network="mlp", hidden=(5,), activation="tanh"), 0),
        (Config.of("recurrent", latent_dim=2), 0),
    ],
    ids=lambda value: value if isinstance(value, int) else value.family,
)
def test_gradients_agree_with_finite_differences(config: Config, stage: int) -> None:
    model, task = Autoencoder(config).double(), config.family

    def loss() -> Tensor:
        # The same noise each time, so that only the weight differs.
        return task.objective(model, Batch(images(), stage=stage), generator())["loss"]

    trained = task.parameters(model, stage)
    slopes = torch.autograd.grad(loss(), list(trained.values()))
    pick = generator(2)
    for (name, weights), gradient in zip(trained.items(), slopes, strict=True):
        flat = weights.data.view(-1)
        for index in torch.randint(len(flat), (6,), generator=pick).tolist():
            before, step = flat[index].item(), 1e-5
            values = []
            for moved in (before + step, before - step):
                flat[index] = moved
                values.append(loss().item())
            flat[index] = before
            slope = (values[0] - values[1]) / (2 * step)
            assert gradient.reshape(-1)[index].item() == pytest.approx(slope, rel=1e-4, abs=1e-5), (
                name
            )


def test_beta_weighs_the_kl_term() -> None:
    def terms(beta: float) -> dict[str, float]:
        model = Autoencoder(VAE.with_(beta=beta)).double()
        return {
            k: v.item()
            for k, v in model.config.family.objective(model, Batch(images()), generator()).items()
        }

    one, four = terms(1.0), terms(4.0)
    assert one["kl"] > 0
    assert one["loss"] == pytest.approx(one["reconstruction"] + one["kl"])
    assert four["loss"] == pytest.approx(one["loss"] + 3 * one["kl"])


def test_terms_are_sums_over_pixels_and_latents_and_means_over_images() -> None:
    model = Autoencoder(VAE).double()
    terms = model.config.family.objective(model, Batch(images()), generator())
    mean, log_var = model.encode_parameters(images())
    assert log_var is not None
    posterior = Normal(mean, torch.exp(log_var / 2))
    kl = kl_divergence(posterior, Normal(0.0, 1.0))
    assert kl.shape == (4, 2)
    torch.testing.assert_close(terms["kl"], kl.sum() / 4)
    # Twice the same images: a sum over images would double.
    twice = model.config.family.objective(model, Batch(images().repeat(2, 1)), generator())
    torch.testing.assert_close(twice["kl"], terms["kl"])
    ae = Autoencoder(VAE.with_(family="ae")).double()
    error = ae.config.family.objective(ae, Batch(images()), generator())["loss"]
    picture = Bernoulli(logits=ae.decoder(ae.encoder(images())), validate_args=False)
    torch.testing.assert_close(error, -picture.log_prob(images()).sum() / 4)


def test_sparse_penalty_is_of_the_mean_activations_and_weighted() -> None:
    model = Autoencoder(SPARSE.with_(penalty_weight=2.5, target_activation=0.2)).double()
    terms = model.config.family.objective(model, Batch(images(50)), generator())
    codes = torch.sigmoid(model.encoder[0](images(50)))  # type: ignore[index]
    coin = Bernoulli(torch.tensor(0.2, dtype=torch.float64))
    exact = kl_divergence(coin, Bernoulli(codes.mean(0))).sum()
    torch.testing.assert_close(terms["penalty"], exact)
    torch.testing.assert_close(terms["loss"], terms["reconstruction"] + 2.5 * exact)
    lasso = Autoencoder(SPARSE.with_(sparsity="l1", code_activation="tanh")).double()
    found = lasso.config.family.objective(lasso, Batch(images(50)), generator())["penalty"]
    codes = torch.tanh(lasso.encoder[0](images(50)))  # type: ignore[index]
    torch.testing.assert_close(found, torch.linalg.vector_norm(codes, ord=1, dim=1).sum() / 50)


def test_error_of_a_denoised_picture_is_to_the_clean_one() -> None:
    config = Config.of("denoising", latent_dim=2, hidden=(5,), corruption_level=1.0)
    model = Autoencoder(config).double()
    terms = model.config.family.objective(model, Batch(images()), generator())
    # Everything is hidden, so each picture is what the network makes of a black one.
    logits = model.decoder(model.encoder(torch.zeros(4, 784).double()))
    exact = -Bernoulli(logits=logits, validate_args=False).log_prob(images()).sum(1).mean()
    torch.testing.assert_close(terms["loss"], exact)
