"""The plans: which lessons fill 45 and 90 minutes, and what is left for homework."""

from collections.abc import Sequence
from dataclasses import dataclass

GUESS, DO, TALK = 2, 4, 3  # minutes of each lesson in class
EACH = GUESS + DO + TALK
CLOSE = 9


@dataclass(frozen=True)
class Plan:
    """Lessons by their keys, in their order, within so many minutes; the rest closes the class."""

    minutes: int
    keys: tuple[str, ...]

    @property
    def close(self) -> int:
        """Minutes that are left after the lessons."""
        return self.minutes - EACH * len(self.keys)

    def times(self) -> list[str]:
        """When each lesson is on, and the close, as "9–18"."""
        starts = [EACH * k for k in range(len(self.keys) + 1)]
        return [f"{a}–{b}" for a, b in zip(starts, [*starts[1:], self.minutes], strict=True)]


def own(keys: Sequence[str]) -> Plan:
    """The plan of any lessons, as long as it takes with a close of the usual length."""
    return Plan(EACH * len(keys) + CLOSE, tuple(keys))


SHORT = Plan(45, ("holes", "posterior", "sampling", "interpolation"))
LONG = Plan(
    90,
    (
        *("bottleneck", "nonlinear", "holes", "posterior", "sampling"),
        *("kl", "collapse", "interpolation", "denoising"),
    ),
)
HOMEWORK = ("beta", "anomalies")
