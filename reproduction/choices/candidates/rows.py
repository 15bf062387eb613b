"""Models that rows train themselves."""

from collections.abc import Sequence
from typing import Any

from aemodels.config import Loop
from reproduction.choices import scores
from reproduction.choices.choice import Choice, flat
from reproduction.choices.measures import decoded
from reproduction.rows import contraction, denoising, flaw, leave_out, likelihood, projection


def _fast(epochs: int, batch_size: int, rate: float, **other: Any) -> dict[str, Any]:
    start = {"mean_start": True, "schedule": "linear", "beta2": 0.99}
    loop = {"epochs": epochs, "batch_size": batch_size, "learning_rate": rate, "weight_decay": 0.0}
    return {**loop, **start, "kl_warmup": 0.0, "beta_start": 0.0, **other}


# The settings of the published recipe.
_PUBLISHED = _fast(10, 128, 1e-3, mean_start=False, schedule="constant", beta2=0.999)


def _fine_tuning(loop: Loop, masked: float, **other: Any) -> dict[str, Any]:
    return {**flat(loop.to_dict()), "masked": masked, **other}


def _tuned(epochs: int, rate: float, masked: float) -> dict[str, Any]:
    return {"epochs": epochs, "learning_rate": rate, "masked": masked}


def _without_a_digit(epochs: int, *hidden: int, decoder: Sequence[int] = ()) -> dict[str, Any]:
    return {"epochs": epochs, "hidden": hidden, "decoder_hidden": tuple(decoder)}


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
        # In the order in which a processor with AMX ends them. That order is nearly the same on
        # others, and what was learnt counts, not the machine's seconds in the history.
        candidates=(
            _fast(2, 160, 1.4e-2),
            _fast(3, 384, 1.8e-2),
            _fast(2, 128, 1e-2),
            _fast(2, 128, 1.4e-2),
            _fast(3, 288, 1.4e-2),
            _fast(3, 256, 1.8e-2),
            _fast(3, 256, 1.4e-2),
            _fast(3, 256, 1.1e-2),
            _fast(3, 256, 1.4e-2, beta2=0.98),
            _fast(3, 256, 1.4e-2, schedule="one-cycle"),
            _fast(3, 256, 1.4e-2, weight_decay=0.02),
            _fast(3, 256, 1.4e-2, kl_warmup=0.4),
            _fast(3, 256, 1.4e-2, kl_warmup=0.4, beta_start=0.5),
            _fast(4, 512, 1.8e-2),
            _fast(3, 192, 1.4e-2),
            _fast(3, 192, 1.8e-2),
            _fast(4, 384, 1.8e-2),
            _fast(4, 384, 1.4e-2, beta2=0.98),
            _fast(4, 256, 1.4e-2),
            _fast(3, 128, 1e-2),
            # The settings before the mean start, the linear schedule and β₂.
            _fast(4, 160, 1.4e-2, mean_start=False, schedule="one-cycle", beta2=0.999),
            _PUBLISHED,
        ),
        # It is compared by the seconds that it takes to what that recipe learns.
        as_good_as=_PUBLISHED,
        criterion="negative_elbo_sample",
        measure=decoded,
        seeds=likelihood.SEEDS,
        rows=("vae-20",),
    ),
    # The example beside it stays as it is.
    Choice(
        name="repaired",
        base=flaw.REPAIRED,
        candidates=(
            {"learning_rate": 5e-3},
            {"learning_rate": 2.5e-3},
            {"learning_rate": 1e-2},
            {"learning_rate": 2e-2},
        ),
        criterion="sse",
        measure=decoded,
        rows=("flaw",),
    ),
    # Of all five layers, chosen for two of them.
    Choice(
        name="contractive-norms",
        base=_fine_tuning(contraction.FINE_TUNING, contraction.MASKED),
        candidates=(
            _tuned(20, 1e-2, 0.25),
            _tuned(40, 1e-2, 0.25),
            _tuned(40, 1e-2, 0.4),
            _tuned(40, 5e-3, 0.25),
            _tuned(20, 1e-2, 0.0),
        ),
        criterion="error",
        score=scores.of_layers,
        tolerance=0.02,
        rows=("contractive-norms",),
    ),
    Choice(
        name="stacked-classifier",
        base=_fine_tuning(
            denoising.FINE_TUNING, denoising.MASKED, pretraining=[*denoising.PRETRAINING]
        ),
        candidates=(
            {"pretraining": [10, 10, 10], **_tuned(25, 1.5e-3, 0.3)},
            # As published.
            {"pretraining": [15, 15, 15], **_tuned(25, 1.5e-3, 0.3)},
            {"pretraining": [10, 10, 10], **_tuned(25, 1.5e-3, 0.0)},
        ),
        criterion="error",
        score=scores.of_a_stack,
        tolerance=0.02,
        rows=("stacked-classifier",),
    ),
    Choice(
        name="leave-one-out",
        base=flat(leave_out.settings(2)),
        candidates=(
            _without_a_digit(40, 512, 256),
            _without_a_digit(10, 512, 256),
            _without_a_digit(40, 256),
            _without_a_digit(40, 64),
            _without_a_digit(40, 1024, 512, 256, decoder=(256, 512, 512)),
        ),
        excluded={4: "without a 9, the row's model with two latents becomes NaN in epoch 20"},
        criterion="auroc",
        better="higher",
        score=scores.without_odd_digits,
        rows=("leave-one-out",),
    ),
)
