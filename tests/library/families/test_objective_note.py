"""What a family says of its objective: something where it isn't the cost that Explore shows."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
import torch

from aemodels import views
from aemodels.bundles import bundle, zoo
from aemodels.config import Config
from aemodels.families.base import Batch, Family, Model, Terms
from aemodels.families.vae import VAE
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise
from tests.library import small

SEED = 3
SETTINGS = [
    *(small.config(family) for family in small.TRAINED),
    small.config("vae", beta=4.0),
    small.config("vae", free_bits=0.5),
    small.config("vae", free_bits=0.5, beta=0.0),
    small.config("vae", kl_warmup=0.5),
    small.config("vae", importance_samples=5),
    small.config("vae", importance_samples=5, gradient="dreg"),
    small.config("sparse", sparsity="l1"),
    small.config("sparse", penalty_weight=0.0),
    small.config("contractive", penalty_weight=0.0),
    small.config("denoising", corruption_level=0.0),
    small.config("stacked", layer_corruption=(0.0, 0.2, 0.2), hidden=(16, 8)),
]


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(SEED)


def cost(model: Autoencoder, images: torch.Tensor) -> torch.Tensor:
    """The mean cost of images by the reconstruction error and β times the KL."""
    mean, log_var = model.encode_parameters(images)
    if log_var is None:
        return model.reconstruction_error(mean, images).mean()
    codes = reparameterise(mean, log_var, generator())
    beta = model.config.to_dict()["beta"]
    kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
    return model.reconstruction_error(codes, images).mean() + beta * kl


def is_all(config: Config) -> bool:
    """Whether training halfway into the last stage minimises that cost."""
    torch.manual_seed(SEED)
    model = Autoencoder(config).double()
    images = torch.rand(20, 784, generator=generator(), dtype=torch.float64)
    batch = Batch(images, stage=config.family.stages(config.network) - 1, progress=0.25)
    loss = config.family.objective(model, batch, generator())["loss"]
    return loss.item() == pytest.approx(cost(model, images).item(), rel=1e-12)


@pytest.mark.parametrize("config", SETTINGS, ids=lambda config: config.command())
def test_a_family_says_what_its_objective_has_besides(config: Config) -> None:
    note = config.family.objective_note
    assert (note == "") == is_all(config)
    assert note == "" or note.endswith(".")


@dataclass(frozen=True)
class Unspoken(Family):
    """A family with an objective of which it says nothing."""

    name: ClassVar[str] = "unspoken"
    title: ClassVar[str] = "Unspoken"
    meaning: ClassVar[str] = "autoencoder of small codes"

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        codes, _ = model.encode_parameters(batch.images)
        error = model.reconstruction_error(codes, batch.images).mean()
        return {"loss": error + codes.square().sum(), "reconstruction": error}


def test_that_there_is_more_is_said_for_a_family_that_says_nothing() -> None:
    assert "own objective" in Unspoken().objective_note


def test_notes_give_the_settings() -> None:
    dreg = bundle.read(zoo.folder() / "vae-50")
    assert dreg.config.to_dict()["importance_samples"] == 5
    note = views.model(dreg)["objective"]["note"]
    assert note.startswith("Training minimised −L₅, the importance-weighted bound of 5 samples")
    assert "doubly reparameterised" in note
    assert "−L₁₂" in VAE(importance_samples=12).objective_note
    both = VAE(kl_warmup=0.25, beta=2.0, free_bits=0.1).objective_note
    assert "first 25 % of training" in both
    assert "from 0 to 2." in both
    assert "0.1 nats" in both
    falling = VAE(kl_warmup=1, beta_start=2).objective_note
    assert falling == "During training, the weight of the [KL](kl) went from 2 to 1."
