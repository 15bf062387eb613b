"""Our own studies of one factor each: code size, loss, sparsity, recurrence."""

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
# Of each penalty: the zoo's weight and heavier ones.
WEIGHTS = {"sparse-kl": (16.0, 64.0, 256.0), "sparse-l1": (1.0, 2.0, 3.0)}


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
                f"{size} latents",
                SSE,
                errors[-1:],
                "lower",
                target=yardstick[-1],
                note="the target is the error of PCA with as many components",
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
    for loss, trained in zip(LOSSES, models, strict=True):
        images = context.images()
        pictures = trained.model.decode(trained.model.encode(images))
        values = (
            trained.metrics.number("sse"),
            trained.metrics.number("bce"),
            float(np.abs(pictures.astype(np.float64) - images).sum(1).mean()),
        )
        matrix.append(as_numbers(values))
        figures += [
            Figure(f"trained on {loss}, measured by {error}", "sum over pixels", (value,))
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
            Figure(f"{trained.name}, fraction of latents above {ACTIVE} for a digit", "", (share,)),
            Figure(trained.name, SSE, (trained.metrics.number("sse"),)),
        ]
    details["weights"] = {}
    for name, weights in WEIGHTS.items():
        tried = [_weighted(context, name, weight) for weight in weights]
        means, errors = zip(*tried, strict=True)
        details["weights"][name] = {
            "weight": list(weights),
            "mean": as_numbers(means),
            "sse": as_numbers(errors),
        }
        heaviest = f"{name} with a weight of {weights[-1]:g}"
        figures += [_heaviest(name, heaviest, means[-1]), Figure(heaviest, SSE, errors[-1:])]
    return Measured(figures, {**details, "pictures": reconstructions(context, *models)})


def _weighted(context: ReproductionContext, name: str, weight: float) -> tuple[float, float]:
    """Mean activation and squared error of a sparse model with another weight of its penalty."""
    recipe = recipes.RECIPES[name]
    if weight == recipe.to_dict()["penalty_weight"]:
        trained = context.bundle(name)
    else:
        trained = context.fit(f"{name}-{weight:g}", recipe.with_(penalty_weight=weight))
    codes = trained.model.encode(context.images())
    return float(codes.mean()), trained.metrics.number("sse")


def _heaviest(name: str, what: str, mean: float) -> Figure:
    """With a target where the penalty has one."""
    family = recipes.RECIPES[name].family
    assert isinstance(family, Sparse)
    if family.sparsity != "kl":
        return Figure(f"{what}, mean activation", "", (mean,))
    return Figure(
        f"{what}, mean activation",
        "",
        (mean,),
        "near",
        target=family.target_activation,
        margin=0.1 * family.target_activation,
        note="the penalty is a price, not a bound: the mean comes nearer to its target as the "
        "weight grows, and the error grows too",
    )


def _activations(trained: Trained, codes: np.ndarray) -> dict[str, Any]:
    """A histogram of codes (N, d); for each latent its mean and the fraction of digits for which
    it is active.
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
            "recurrent, 16 latents",
            SSE,
            (trained.metrics.number("sse"),),
            "lower",
            target=pca.metrics.number("sse"),
            note="the target is the error of PCA with as many components",
        ),
        Figure("fully connected, 16 latents", SSE, (twin.metrics.number("sse"),)),
    ]
    return Measured(figures, {"pictures": reconstructions(context, trained, twin)})


OURS = "our own settings and target: a smaller error than PCA's"

ROWS = (
    Row(
        id="bottleneck",
        title="How small can a code be?",
        source="no published number for this network",
        recipe="the same network with 2 to 64 latents, squared error",
        difference=OURS,
        measure=_bottleneck,
        families=("ae", "pca"),
        recipes=(*(f"bottleneck-{size}" for size in recipes.BOTTLENECKS), "pca-2", "pca-16"),
    ),
    Row(
        id="losses",
        title="The same network with three losses",
        source="no published number for this network",
        recipe="16 latents; each network is measured by all three losses",
        difference="our own settings, no target; for absolute error batches of 64, because "
        "training gets stuck with 256, and a learning rate and weight decay chosen for it",
        measure=_losses,
        families=("ae",),
        recipes=tuple(LOSSES.values()),
    ),
    Row(
        id="sparse",
        title="How many latents are active for a digit?",
        source="penalties from Ng 2011, “Sparse autoencoder”, and Olshausen & Field 1996",
        recipe="100 latents; a KL penalty with a target activation of 0.05, or the L1 norm of the "
        "codes",
        difference="our own settings; a plain autoencoder for comparison; both penalties with "
        "larger weights too",
        measure=_sparse,
        families=("sparse", "ae"),
        recipes=("sparse-kl", "sparse-l1", "plain-64"),
    ),
    Row(
        id="recurrent",
        title="Recurrent autoencoder that reads and writes digits row by row",
        source="idea from Srivastava et al. 2015; no published number for this network",
        recipe="GRUs, 16 latents, cross-entropy",
        difference=OURS,
        measure=_recurrent,
        families=("recurrent", "ae", "pca"),
        recipes=("recurrent-16", "loss-bce", "pca-16"),
    ),
)
