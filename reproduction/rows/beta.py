"""β-VAEs: reconstruction error against KL."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from aemodels import reader
from aemodels.analysis import latent_space
from aemodels.bundles import recipes
from reproduction.details import as_numbers, reconstructions
from reproduction.result import YES_OR_NO, Figure
from reproduction.row import Measured, Row
from reproduction.rows.likelihood import elbo, kl_per_latent

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext, Trained

# Pixels of a digit, and of the resized ones in the published logs. A sum over fewer pixels weighs
# less against the KL unless β is scaled down with it.
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
        Figure("KL falls at each larger β", YES_OR_NO, (float(falls),), "near", target=1.0)
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


def _two_latents(context: ReproductionContext) -> Measured:
    from aemodels.analysis.legibility import legible_share

    reads = reader.load()
    figures, active, errors, kls, legible = [], [], [], [], []
    for value in recipes.BETAS_2D:
        trained = context.bundle(f"beta-2d-{value:g}")
        codes = trained.model.encode(context.images())
        found = elbo(context, trained)
        errors.append(found.number("negative_elbo_sample") - found.number("kl"))
        kls.append(found.number("kl"))
        active.append(latent_space.active_units(codes))
        legible.append(legible_share(trained.model, codes, reads))
        figures += [
            Figure(f"β = {value:g}, cross-entropy, z sampled", "nats", (errors[-1],)),
            Figure(f"β = {value:g}, KL", "nats", (kls[-1],)),
            Figure(f"β = {value:g}, active units of 2", "", (active[-1],)),
            Figure(f"β = {value:g}, draws from the prior that are legible", "", (legible[-1],)),
        ]
    falls = all(before > after for before, after in pairwise(kls))
    figures.append(
        Figure("KL falls at each larger β", YES_OR_NO, (float(falls),), "near", target=1.0)
    )
    details = {
        "beta": list(recipes.BETAS_2D),
        "reconstruction": as_numbers(errors),
        "kl": as_numbers(kls),
        "active_units": active,
        "legible_share": legible,
    }
    return Measured(figures, details)


def _logs(context: ReproductionContext) -> Measured:
    figures = []
    for value, error, kl in ((1.0, 118.8, 19.7), (4.0, 138.8, 11.0)):
        scaled = FEWER * value
        found = elbo(context, context.fit(f"beta-{scaled:.3g}", recipes.beta(scaled)))
        ours = found.number("negative_elbo_sample") - found.number("kl")
        name = f"β = {value:g} at 32x32, {scaled:.3g} at 28x28"
        note = "published on training images of 32x32 pixels, ours on test images of 28x28"
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
                note=f"{note}, so the target is the published number times {SMALL}/{LARGE}",
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
        title="Effect of β on a VAE with 10 latents",
        source="idea from Higgins et al. 2017, “β-VAE”; no published number for this network",
        recipe="cross-entropy + β · KL",
        difference="our own network and target: a larger weight on the KL term gives a smaller KL",
        measure=_beta,
        families=("vae",),
        recipes=tuple(f"beta-{value:g}" for value in recipes.ZOO_BETAS),
    ),
    Row(
        id="beta-2d",
        title="Effect of β on a VAE with 2 latents",
        source="idea from Higgins et al. 2017, “β-VAE”; no published number for this network",
        recipe="cross-entropy + β · KL; legible is what our reader reads with at least 90 %, of "
        "1,000 draws from N(0, I)",
        difference="our own network and target: a larger weight on the KL term gives a smaller KL",
        measure=_two_latents,
        families=("vae",),
        recipes=tuple(f"beta-2d-{value:g}" for value in recipes.BETAS_2D),
    ),
    Row(
        id="beta-logs",
        title="β = 1 and β = 4 with 10 latents, against published logs",
        source="training logs in the repository YannDubs/disentangling-vae",
        recipe="a convolutional β-VAE, digits resized to 32x32, Adam 5e-4, batch 64, 400 epochs; "
        "cross-entropy and KL on the training images",
        difference="one hidden layer of 256; test split; 28x28 pixels, so β is scaled by 784/1024 "
        "to keep the balance of the two terms; the target is within 10 % of the published number",
        measure=_logs,
        families=("vae",),
    ),
)
