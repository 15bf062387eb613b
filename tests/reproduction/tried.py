"""A choice between three learning rates, and trials of it."""

from reproduction.choices import rule
from reproduction.choices.choice import Choice
from reproduction.choices.history import Trial
from reproduction.choices.measures import decoded
from tests.library import small

BASE = small.config("ae", weight_decay=0.0)
RATES = ({"learning_rate": 1e-3}, {"learning_rate": 2e-3}, {"learning_rate": 4e-3})
CHOICE = Choice(
    "tried", BASE.with_(**RATES[0]), RATES, "sse", measure=decoded, tolerance=0.01, seeds=(0, 1)
)


def trial(rate: float, seed: int, sse: float | None) -> Trial:
    """A trial of `CHOICE`; of one that diverged if it has no error."""
    return Trial(
        settings=CHOICE.settings({"learning_rate": rate}),
        seed=seed,
        figures={} if sse is None else {"sse": sse},
        seconds=1.5,
        epochs=1,
        device="cpu",
        precision="fp32",
        machine="a machine",
        date="2026-01-31",
        versions={"python": "3.11.7"},
        failure="the loss became NaN" if sse is None else "",
    )


def trials(*pairs: tuple[float | None, float | None]) -> list[Trial]:
    """The errors of both seeds for each rate."""
    return [
        trial(candidate["learning_rate"], seed, sse)
        for candidate, pair in zip(RATES, pairs, strict=True)
        for seed, sse in enumerate(pair)
    ]


def rate(choice: Choice, found: list[Trial]) -> float:
    """The learning rate that the rule chooses."""
    chosen: float = rule.chosen(choice, found)["learning_rate"]
    return chosen
