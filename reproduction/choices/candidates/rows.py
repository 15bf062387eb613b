"""Models that rows train themselves."""

from typing import Any

from reproduction.choices.choice import Choice
from reproduction.choices.measures import decoded
from reproduction.rows import flaw, likelihood, projection


def _fast(epochs: int, batch_size: int, rate: float, **other: Any) -> dict[str, Any]:
    start = {"mean_start": True, "schedule": "linear", "beta2": 0.99}
    loop = {"epochs": epochs, "batch_size": batch_size, "learning_rate": rate}
    return {**loop, **start, **other}


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
        # The soonest done comes first, and is taken if it loses at most 1 %: a nat.
        tolerance=0.01,
        candidates=(
            _fast(3, 256, 1.8e-2),
            _fast(3, 256, 1.4e-2),
            _fast(3, 192, 1.4e-2),
            _fast(3, 192, 1.8e-2),
            _fast(4, 384, 1.8e-2),
            _fast(3, 128, 1e-2),
            _fast(4, 256, 1.4e-2),
            # The settings before the mean start, the linear schedule and β₂.
            _fast(4, 160, 1.4e-2, mean_start=False, schedule="one-cycle", beta2=0.999),
            # Those of the published recipe.
            _fast(10, 128, 1e-3, mean_start=False, schedule="constant", beta2=0.999),
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
