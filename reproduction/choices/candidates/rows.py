"""Models that rows train themselves."""

from reproduction.choices.choice import Choice
from reproduction.choices.measures import decoded
from reproduction.rows import flaw, likelihood, projection

CHOICES = (
    Choice(
        name="logistic-30",
        base=projection.LOGISTIC,
        candidates=({"learning_rate": 3e-3}, {"learning_rate": 6e-3}, {"learning_rate": 1.2e-2}),
        criterion="sse",
        measure=decoded,
        rows=("logistic-30",),
    ),
    # The published recipe beside it stays as it is.
    Choice(
        name="fast-vae",
        base=likelihood.FAST,
        candidates=(
            {"epochs": 4, "batch_size": 160, "learning_rate": 1.4e-2},
            {"epochs": 4, "batch_size": 256, "learning_rate": 1.4e-2},
            {"epochs": 4, "batch_size": 384, "learning_rate": 1.8e-2},
        ),
        criterion="negative_elbo_sample",
        measure=decoded,
        seeds=likelihood.SEEDS,
        rows=("vae-20",),
    ),
    # The example beside it stays as it is.
    Choice(
        name="repaired",
        base=flaw.REPAIRED,
        candidates=({"learning_rate": 5e-3}, {"learning_rate": 2.5e-3}, {"learning_rate": 1e-2}),
        criterion="sse",
        measure=decoded,
        rows=("flaw",),
    ),
)
