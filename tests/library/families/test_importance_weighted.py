"""The VAE with several importance samples: its terms, its measurement, and that it resumes."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import special  # type: ignore[import-untyped]
from torch.distributions import Bernoulli, Normal

from aemodels import data
from aemodels.analysis import likelihood
from aemodels.config import Config
from aemodels.families import vae
from aemodels.families.base import Batch, Terms
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.training import fit
from tests.library import small
from tests.library.running import assert_same

SAMPLES = 5
WEIGHTED = small.config("vae", importance_samples=SAMPLES, epochs=2, binarisation="threshold")


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, test_images=mnist.test_images[:50], test_labels=mnist.test_labels[:50])


def model(config: Config = WEIGHTED) -> Autoencoder:
    """With weights so large that samples differ."""
    made = Autoencoder(config).double()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(3)
    return made


def images(count: int = 7) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(count, 784, generator=generator).round().double()


def terms(made: Autoencoder, pictures: torch.Tensor, seed: int = 0) -> Terms:
    noise = torch.Generator(pictures.device).manual_seed(seed)
    return made.config.family.objective(made, Batch(pictures), noise)


@pytest.mark.parametrize("gradient", ["iwae", "dreg"])
def test_terms_are_those_of_pytorchs_distributions(gradient: str) -> None:
    made, pictures = model(WEIGHTED.with_(gradient=gradient)), images()
    found = terms(made, pictures)
    mean, log_var = made.encode_parameters(pictures)
    assert log_var is not None
    posterior, prior = Normal(mean, torch.exp(log_var / 2)), Normal(0.0, 1.0)
    noise = torch.Generator().manual_seed(0)
    drawn = torch.randn(SAMPLES, 7, 3, generator=noise, dtype=torch.float64)
    codes = mean + torch.exp(log_var / 2) * drawn
    log_p = Bernoulli(logits=made.logits(codes.flatten(0, 1)).view(SAMPLES, 7, 784)).log_prob(
        pictures
    )
    ratio = prior.log_prob(codes) - posterior.log_prob(codes)
    weights = (log_p.sum(-1) + ratio.sum(-1)).detach().numpy()
    bound = special.logsumexp(weights, axis=0) - np.log(SAMPLES)
    assert found["loss"].item() == pytest.approx(-bound.mean(), rel=1e-9)
    assert found["reconstruction"].item() == pytest.approx(-log_p.sum(-1).mean().item(), rel=1e-9)
    kl = torch.distributions.kl_divergence(posterior, prior).sum(1).mean()
    assert found["kl"].item() == pytest.approx(kl.item(), rel=1e-9)
    assert found.keys() == {"loss", "reconstruction", "kl"}
    # Samples differ, so the bound is tighter than the ELBO.
    assert found["loss"] < found["reconstruction"] + found["kl"] - 1


def test_decoding_some_samples_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made, pictures = model(WEIGHTED.with_(gradient="dreg")), images()

    def found() -> list[torch.Tensor]:
        losses = terms(made, pictures)
        slopes = torch.autograd.grad(losses["loss"], list(made.parameters()))
        return [*losses.values(), *slopes]

    whole = found()
    for most in (1, 20):
        monkeypatch.setattr(vae, "MOST_DECODED", most)
        for part, expected in zip(found(), whole, strict=True):
            torch.testing.assert_close(part, expected)


def test_more_samples_come_nearer_to_the_likelihood() -> None:
    """That of `analysis.likelihood`, which has its own code and noise, here of 2,000 samples."""
    pictures = images(4)
    losses = [
        np.mean([terms(model(WEIGHTED.with_(**k)), pictures, s)["loss"].item() for s in range(20)])
        for k in ({"importance_samples": 1}, {"importance_samples": 4}, {"importance_samples": 64})
    ]
    single = model().float()
    exact = -likelihood.log_likelihood(single, pictures.float().numpy(), 2000)
    assert losses[0] > losses[1] > losses[2] > exact - 0.5


def test_the_gradients_move_the_decoder_alike_and_the_encoder_otherwise() -> None:
    slopes = {}
    for gradient in ("iwae", "dreg"):
        made = model(WEIGHTED.with_(gradient=gradient))
        loss = terms(made, images())["loss"]
        names = dict(made.named_parameters())
        found = torch.autograd.grad(loss, list(names.values()))
        slopes[gradient] = dict(zip(names, found, strict=True))
    for name, slope in slopes["iwae"].items():
        same = torch.allclose(slope, slopes["dreg"][name])
        assert same == name.startswith("decoder")


@pytest.mark.parametrize("gradient", ["iwae", "dreg"])
def test_it_learns_is_measured_by_its_own_objective_and_resumes(
    gradient: str, few: data.Dataset
) -> None:
    config = WEIGHTED.with_(gradient=gradient)
    whole = fit.begin(config, few)
    first = whole.measure()
    records, checkpoints = [], []
    for record in whole.run():
        records.append(record)
        checkpoints.append(whole.checkpoint())
    assert records[-1].test["loss"] < records[0].test["loss"] < first["loss"]
    test = records[-1].test
    assert test["loss"] < test["reconstruction"] + test["kl"]
    pictures = torch.from_numpy(data.binarise(few.test_images, "threshold"))
    measured = terms(whole.model, pictures.to(whole.device))
    assert test == pytest.approx({name: v.item() for name, v in measured.items()}, rel=1e-4)
    resumed = fit.begin(config, few)
    resumed.restore(checkpoints[0])
    list(resumed.run())
    assert_same(tensors(resumed.model), tensors(whole.model))
