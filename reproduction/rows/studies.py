"""One thing changed at a time: size of the code, loss, sparsity, recurrence; nothing published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aemodels.bundles import recipes
from aemodels.config import Config
from aemodels.families.sparse import Sparse
from reproduction.details import as_numbers, reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext, Trained

SSE = "squared error, sum over pixels"
LOSSES = {
    "squared error": "bottleneck-16",
    "cross-entropy": "loss-bce",
    "absolute error": "loss-l1",
}
ACTIVE = 0.1
BINS = 50


def _bottleneck(context: ReproductionContext) -> Measured:
    figures, errors, yardstick, models = [], [], [], []
    for size in recipes.BOTTLENECKS:
        name = f"pca-{size}"
        pca = (
            context.bundle(name)
            if name in recipes.RECIPES
            else context.fit(name, Config.of("pca", latent_dim=size))
        )
        models.append(context.bundle(f"bottleneck-{size}"))
        errors.append(models[-1].metrics.number("sse"))
        yardstick.append(pca.metrics.number("sse"))
        figures.append(
            Figure(
                f"{size} codes",
                SSE,
                errors[-1:],
                "lower",
                target=yardstick[-1],
                note="asked for is PCA's error with as many components",
            )
        )
    details = {
        "latents": list(recipes.BOTTLENECKS),
        "ae": as_numbers(errors),
        "pca": as_numbers(yardstick),
        "pictures": reconstructions(context, *models),
    }
    return Measured(figures, details)


def _losses(context: ReproductionContext) -> Measured:
    figures, matrix = [], []
    models = [context.bundle(name) for name in LOSSES.values()]
    for learnt, trained in zip(LOSSES, models, strict=True):
        images = context.images()
        pictures = trained.model.decode(trained.model.encode(images))
        values = (
            trained.metrics.number("sse"),
            trained.metrics.number("bce"),
            float(np.abs(pictures.astype(np.float64) - images).sum(1).mean()),
        )
        matrix.append(as_numbers(values))
        figures += [
            Figure(f"trained on {learnt}, measured in {error}", "sum over pixels", (value,))
            for error, value in zip(LOSSES, values, strict=True)
        ]
    details = {
        "models": list(LOSSES.values()),
        "errors": list(LOSSES),
        "matrix": matrix,
        "pictures": reconstructions(context, *models),
    }
    return Measured(figures, details)


def _sparse(context: ReproductionContext) -> Measured:
    details: dict[str, Any] = {"active_above": ACTIVE}
    figures = []
    models = [context.bundle(name) for name in ("sparse-kl", "sparse-l1", "plain-64")]
    for trained in models:
        codes = trained.model.encode(context.images())
        share, mean = float((codes > ACTIVE).mean()), float(codes.mean())
        details[trained.name] = _activations(trained, codes)
        figures += [
            Figure(f"{trained.name}, mean activation", "", (mean,)),
            Figure(
                f"{trained.name}, share of the latents above {ACTIVE} for a digit", "", (share,)
            ),
            Figure(trained.name, SSE, (trained.metrics.number("sse"),)),
        ]
    return Measured(figures, {**details, "pictures": reconstructions(context, *models)})


def _activations(trained: Trained, codes: np.ndarray) -> dict[str, Any]:
    """Of codes (N, d): a histogram of them all, and of each latent the mean and the share of digits
    for which it is active.
    """
    family = trained.config.family
    top = float(max(codes.max(), 1e-6))
    counts, edges = np.histogram(codes, BINS, (0, top))
    return {
        "edges": as_numbers(edges),
        "counts": counts.tolist(),
        "mean_by_latent": as_numbers(codes.mean(0)),
        "active_by_latent": as_numbers((codes > ACTIVE).mean(0)),
        "active_share": float((codes > ACTIVE).mean()),
        "mean": float(codes.mean()),
        "target": family.target_activation if isinstance(family, Sparse) else None,
    }


def _recurrent(context: ReproductionContext) -> Measured:
    trained, twin = context.bundle("recurrent-16"), context.bundle("loss-bce")
    pca = context.bundle("pca-16")
    figures = [
        Figure(
            "recurrent, 16 codes",
            SSE,
            (trained.metrics.number("sse"),),
            "lower",
            target=pca.metrics.number("sse"),
            note="asked for is PCA's error with as many components",
        ),
        Figure("fully connected, 16 codes", SSE, (twin.metrics.number("sse"),)),
    ]
    return Measured(figures, {"pictures": reconstructions(context, trained, twin)})


OURS = "our own settings; the bar is ours: less error than PCA"

ROWS = (
    Row(
        id="bottleneck",
        title="How small may a code be?",
        source="no published number for this network",
        recipe="one network, codes of 2 to 64 numbers, squared error",
        difference=OURS,
        measure=_bottleneck,
        families=("ae", "pca"),
        recipes=(*(f"bottleneck-{size}" for size in recipes.BOTTLENECKS), "pca-2", "pca-16"),
    ),
    Row(
        id="losses",
        title="One network, three losses",
        source="no published number for this network",
        recipe="16 codes; each of the three networks is measured in all three errors",
        difference="our own settings; absolute error learns in batches of 64 in place of 256, in "
        "which it gets stuck; nothing is asked for",
        measure=_losses,
        families=("ae",),
        recipes=tuple(LOSSES.values()),
    ),
    Row(
        id="sparse",
        title="How many latents speak for a digit?",
        source="Ng 2011, “Sparse autoencoder”, and Olshausen & Field 1996: the penalties",
        recipe="100 codes; the KL penalty asks for a mean activation of .05, or L1 of the codes",
        difference="our own settings; nothing is asked for; a plain autoencoder beside them",
        measure=_sparse,
        families=("sparse", "ae"),
        recipes=("sparse-kl", "sparse-l1", "plain-64"),
    ),
    Row(
        id="recurrent",
        title="A GRU that reads and writes digits row by row",
        source="Srivastava et al. 2015: the idea; no number for this network was published",
        recipe="16 codes, cross-entropy",
        difference=OURS,
        measure=_recurrent,
        families=("recurrent", "ae", "pca"),
        recipes=("recurrent-16", "loss-bce", "pca-16"),
    ),
)
