"""The zoo's other models, which train in less than a minute or two.

Models that differ in one setting alone share the others, chosen for one of them.
"""

from aemodels.bundles import recipes
from aemodels.bundles.recipes import RECIPES
from reproduction.choices.choice import Choice
from reproduction.choices.measures import decoded, mapped, restored

RATES = ({"learning_rate": 3e-3}, {"learning_rate": 6e-3}, {"learning_rate": 1.2e-2})
# Of codes through a sigmoid, whose slope is at most a quarter.
HIGHER_RATES = (
    *RATES,
    {"learning_rate": 2.4e-2},
    {"learning_rate": 4.8e-2},
    {"learning_rate": 9.6e-2},
)

EDGE = "with 64 latents the loss of training itself ends above 100: with 0.024, and 0.012 on 60,000"
AS_LEGIBLE = "random codes are about as legible with β = 0 as with 1, which the nine are to show"

CHOICES = (
    Choice(
        name="linear-2",
        base=RECIPES["linear-2"],
        candidates=(
            {"learning_rate": 0.01, "batch_size": 256},
            {"learning_rate": 0.003, "batch_size": 256},
            {"learning_rate": 0.03, "batch_size": 256},
        ),
        criterion="sse",
        measure=decoded,
        tolerance=1e-4,
        models=("linear-2",),
    ),
    Choice(
        name="linear-16",
        base=RECIPES["linear-16"],
        candidates=(
            {"learning_rate": 0.003, "batch_size": 256},
            {"learning_rate": 0.01, "batch_size": 256},
            {"learning_rate": 0.003, "batch_size": 128},
        ),
        criterion="sse",
        measure=decoded,
        tolerance=1e-4,
        models=("linear-16",),
    ),
    # loss-bce differs from bottleneck-16 in the loss alone.
    Choice(
        name="bottleneck",
        base=RECIPES["bottleneck-16"],
        candidates=(
            {"learning_rate": 3e-3, "weight_decay": 0.01},
            {"learning_rate": 6e-3, "weight_decay": 0.01},
            {"learning_rate": 1.5e-3, "weight_decay": 0.01},
            {"learning_rate": 3e-3, "weight_decay": 0.0},
            {"learning_rate": 1.2e-2, "weight_decay": 0.01},
            {"learning_rate": 6e-3, "weight_decay": 0.0},
            {"learning_rate": 2.4e-2, "weight_decay": 0.01},
            {"learning_rate": 4.8e-2, "weight_decay": 0.01},
        ),
        criterion="sse",
        measure=decoded,
        excluded={4: EDGE, 6: EDGE, 7: EDGE},
        models=(*(f"bottleneck-{size}" for size in recipes.BOTTLENECKS), "loss-bce"),
    ),
    Choice(
        name="loss-l1",
        base=RECIPES["loss-l1"],
        candidates=(
            {"batch_size": 64, "learning_rate": 3e-3},
            {"batch_size": 128, "learning_rate": 3e-3},
            {"batch_size": 256, "learning_rate": 3e-3},
            {"batch_size": 64, "learning_rate": 1.2e-2},
            {"batch_size": 64, "learning_rate": 2.4e-2},
        ),
        criterion="objective",
        measure=decoded,
        models=("loss-l1",),
    ),
    # With few latents it matters most: some may become inactive.
    Choice(
        name="shallow",
        base=recipes.shallow(8),
        candidates=(
            {"learning_rate": 6e-3, "mean_start": False},
            {"learning_rate": 3e-3, "mean_start": False},
            {"learning_rate": 1.2e-2, "mean_start": False},
            {"learning_rate": 6e-3, "mean_start": True},
            {"learning_rate": 3e-3, "mean_start": True},
            {"learning_rate": 1.2e-2, "mean_start": True},
        ),
        criterion="bce",
        measure=decoded,
        seeds=(0, 1, 2),
        models=("shallow-64",),
        rows=("shallow-bce", "knn-codes", "knn-fashion", "features", "anomaly-fashion"),
    ),
    Choice(
        name="sparse-kl",
        base=RECIPES["sparse-kl"],
        candidates=HIGHER_RATES,
        criterion="objective",
        measure=decoded,
        models=("sparse-kl",),
        rows=("sparse",),
    ),
    Choice(
        name="sparse-l1",
        base=RECIPES["sparse-l1"],
        candidates=(*RATES, {"learning_rate": 2.4e-2}),
        criterion="objective",
        measure=decoded,
        models=("sparse-l1",),
        rows=("sparse",),
    ),
    Choice(
        name="denoising-masking",
        base=RECIPES["denoising-masking"],
        candidates=(
            {"learning_rate": 3e-3, "weight_decay": 0.01},
            {"learning_rate": 6e-3, "weight_decay": 0.01},
            {"learning_rate": 3e-3, "weight_decay": 0.1},
            {"learning_rate": 1.2e-2, "weight_decay": 0.01},
            {"learning_rate": 2.4e-2, "weight_decay": 0.01},
        ),
        criterion="restored_sse",
        measure=restored,
        models=("denoising-masking",),
    ),
    Choice(
        name="denoising-gaussian",
        base=RECIPES["denoising-gaussian"],
        candidates=RATES,
        criterion="restored_bce",
        measure=restored,
        models=("denoising-gaussian",),
    ),
    Choice(
        name="denoising-conv",
        base=RECIPES["denoising-conv"],
        candidates=(
            {"epochs": 24, "batch_size": 128, "learning_rate": 3e-3},
            {"epochs": 12, "batch_size": 128, "learning_rate": 3e-3},
        ),
        criterion="restored_bce",
        measure=restored,
        models=("denoising-conv",),
    ),
    Choice(
        name="stacked-32",
        base=RECIPES["stacked-32"],
        candidates=(
            {"epochs": 30, "learning_rate": 3e-3},
            {"epochs": 15, "learning_rate": 1e-2},
        ),
        criterion="restored_sse",
        measure=restored,
        models=("stacked-32",),
    ),
    # contractive-64 differs from it in the penalty alone.
    Choice(
        name="plain-64",
        base=RECIPES["plain-64"],
        candidates=HIGHER_RATES,
        criterion="bce",
        measure=decoded,
        models=("plain-64", "contractive-64"),
    ),
    Choice(
        name="binary-vae-2",
        base=RECIPES["binary-vae-2"],
        candidates=(
            {"learning_rate": 2e-3, "batch_size": 100},
            {"learning_rate": 4e-3, "batch_size": 100},
            {"learning_rate": 4e-3, "batch_size": 256},
            {"learning_rate": 8e-3, "batch_size": 100},
            {"learning_rate": 1.6e-2, "batch_size": 100},
        ),
        criterion="negative_elbo_sample",
        measure=mapped,
        models=("binary-vae-2",),
    ),
    Choice(
        name="beta",
        base=recipes.beta(1.0),
        candidates=(
            {"learning_rate": 3e-3, "weight_decay": 0.01},
            {"learning_rate": 6e-3, "weight_decay": 0.01},
            {"learning_rate": 3e-3, "weight_decay": 0.0},
            {"learning_rate": 1.2e-2, "weight_decay": 0.01},
        ),
        criterion="negative_elbo_sample",
        measure=decoded,
        models=tuple(f"beta-{value:g}" for value in recipes.ZOO_BETAS),
        rows=("beta", "beta-logs"),
    ),
    Choice(
        name="beta-2d",
        base=recipes.beta_2d(1.0),
        candidates=(
            {"learning_rate": 3e-3, "weight_decay": 0.01},
            {"learning_rate": 6e-3, "weight_decay": 0.01},
            {"learning_rate": 3e-3, "weight_decay": 0.0},
            {"learning_rate": 1.2e-2, "weight_decay": 0.01},
        ),
        criterion="negative_elbo_sample",
        measure=mapped,
        excluded={1: AS_LEGIBLE, 3: AS_LEGIBLE},
        models=tuple(f"beta-2d-{value:g}" for value in recipes.BETAS_2D),
    ),
    Choice(
        name="recurrent-16",
        base=RECIPES["recurrent-16"],
        candidates=(
            {"epochs": 20, "learning_rate": 3e-3},
            {"epochs": 10, "learning_rate": 6e-3},
        ),
        criterion="bce",
        measure=decoded,
        models=("recurrent-16",),
    ),
)
