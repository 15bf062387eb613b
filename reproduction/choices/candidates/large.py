"""The models of the first pages and of the published records, which train for minutes."""

from aemodels.bundles.recipes import RECIPES
from reproduction.choices.choice import Choice
from reproduction.choices.measures import decoded, mapped, weighed

CHOICES = (
    Choice(
        name="ae-2",
        base=RECIPES["ae-2"],
        candidates=(
            {"epochs": 80, "learning_rate": 3e-3},
            {"epochs": 40, "learning_rate": 6e-3},
        ),
        criterion="sse",
        measure=mapped,
        models=("ae-2",),
    ),
    Choice(
        name="vae-2",
        base=RECIPES["vae-2"],
        candidates=(
            {"epochs": 120, "learning_rate": 3e-3},
            {"epochs": 60, "learning_rate": 6e-3},
        ),
        criterion="negative_elbo_sample",
        measure=mapped,
        models=("vae-2",),
    ),
    Choice(
        name="ae-16",
        base=RECIPES["ae-16"],
        candidates=(
            {"epochs": 60, "learning_rate": 3e-3},
            {"epochs": 60, "learning_rate": 6e-3},
        ),
        criterion="sse",
        measure=decoded,
        models=("ae-16",),
    ),
    Choice(
        name="vae-16",
        base=RECIPES["vae-16"],
        candidates=(
            {"epochs": 100, "learning_rate": 3e-3},
            {"epochs": 100, "learning_rate": 6e-3},
        ),
        criterion="negative_elbo_sample",
        measure=decoded,
        models=("vae-16",),
        rows=("anomaly-fashion",),
    ),
    Choice(
        name="deep-30",
        base=RECIPES["deep-30"],
        candidates=(
            {"weight_decay": 0.05, "learning_rate": 2e-3},
            {"weight_decay": 0.01, "learning_rate": 2e-3},
        ),
        criterion="sse",
        measure=decoded,
        models=("deep-30",),
    ),
    Choice(
        name="vae-50",
        base=RECIPES["vae-50"],
        candidates=(
            {"weight_decay": 0.0, "learning_rate": 1.5e-3},
            {"weight_decay": 0.01, "learning_rate": 1.5e-3},
        ),
        criterion="negative_log_likelihood",
        measure=weighed,
        models=("vae-50",),
    ),
)
