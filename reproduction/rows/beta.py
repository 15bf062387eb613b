"""What β buys and costs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from aemodels.analysis import latent_space
from aemodels.bundles import recipes
from reproduction.details import as_numbers, reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row
from reproduction.rows.likelihood import elbo, kl_per_latent

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext, Trained

# Pixels of a digit as it is and resized, which the published logs have. An error that is a sum over
# fewer pixels weighs less against the KL, unless β is smaller by as much.
SMALL, LARGE = 28 * 28, 32 * 32
FEWER = SMALL / LARGE


def _beta(context: ReproductionContext) -> Measured:
    figures, active, errors, kls, parts = [], [], [], [], []
    models = [_trained(context, value) for value in recipes.BETAS]
    for value, trained in zip(recipes.BETAS, models, strict=True):
        images = context.images()
        found = elbo(context, trained)
        errors.append(found.number("negative_elbo_sample") - found.number("kl"))
        kls.append(found.number("kl"))
        parts.append(as_numbers(kl_per_latent(trained, images)))
        active.append(latent_space.active_units(trained.model.encode(images)))
        figures += [
            Figure(f"β = {value:g}, cross-entropy, z sampled", "nats", (errors[-1],)),
            Figure(f"β = {value:g}, KL", "nats", (kls[-1],)),
            Figure(f"β = {value:g}, active units of 10", "", (active[-1],)),
        ]
    falls = all(before > after for before, after in pairwise(kls))
    figures.append(
        Figure("KL falls with every larger β", "1 is yes", (float(falls),), "near", target=1.0)
    )
    details = {
        "beta": list(recipes.BETAS),
        "reconstruction": as_numbers(errors),
        "kl": as_numbers(kls),
        "active_units": active,
        "kl_per_latent": parts,
        "pictures": reconstructions(context, *models),
    }
    return Measured(figures, details)


def _logs(context: ReproductionContext) -> Measured:
    figures = []
    for value, error, kl in ((1.0, 118.8, 19.7), (4.0, 138.8, 11.0)):
        scaled = FEWER * value
        found = elbo(context, context.fit(f"beta-{scaled:.3g}", recipes.beta(scaled)))
        ours = found.number("negative_elbo_sample") - found.number("kl")
        name = f"β = {value:g} at 32x32, {scaled:.3g} at 28x28"
        note = "published are training means at 32x32 pixels; ours is the test split at 28x28"
        fewer = FEWER * error
        figures += [
            Figure(
                f"{name}, cross-entropy, z sampled",
                "nats",
                (ours,),
                "near",
                (error,),
                target=fewer,
                margin=0.1 * fewer,
                note=f"{note}, so the bar is the published number times {SMALL}/{LARGE}",
            ),
            Figure(
                f"{name}, KL",
                "nats",
                (found.number("kl"),),
                "near",
                (kl,),
                margin=0.1 * kl,
                note=note,
            ),
        ]
    return Measured(figures)


def _trained(context: ReproductionContext, value: float) -> Trained:
    name = f"beta-{value:g}"
    if value in recipes.ZOO_BETAS:
        return context.bundle(name)
    return context.fit(name, recipes.beta(value))


ROWS = (
    Row(
        id="beta",
        title="What β does to a VAE with 10 latents",
        source="Higgins et al. 2017, “β-VAE”: the idea; no number for this network was published",
        recipe="cross-entropy + β KL",
        difference="the bar is ours: more weight on the KL gives less of it",
        measure=_beta,
        families=("vae",),
        recipes=tuple(f"beta-{value:g}" for value in recipes.ZOO_BETAS),
    ),
    Row(
        id="beta-logs",
        title="β of 1 and 4, 10 latents",
        source="the training logs in the repository YannDubs/disentangling-vae",
        recipe="a convolutional β-VAE, digits resized to 32x32, Adam 5e-4, batch 64, 400 epochs; "
        "cross-entropy and KL in training",
        difference="one hidden layer of 256, test split; 28x28 pixels, and β times 784/1024, so "
        "that it weighs as much beside fewer pixels; within 10 % is asked for",
        measure=_logs,
        families=("vae",),
    ),
)
