"""The facts about a model's training, such as epochs and device; read from and written to JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from aemodels.bundles.checks import (
    LARGEST_NUMBER,
    MANIFEST,
    BundleError,
    number,
    optional,
    part,
    text,
)

# Of all stages and continuations together; one phase has at most 10,000.
MOST_EPOCHS = 1_000_000
MOST_SECONDS, MOST_THREADS = 10**9, 100_000
LONGEST_WORD, LONGEST_SENTENCE = 100, 1000


class CurvePoint(TypedDict):
    """The terms of an objective after one epoch, means over images."""

    epoch: int
    train: dict[str, float]
    test: dict[str, float]


@dataclass(frozen=True)
class TrainingFacts:
    """The facts about one model's training.

    Attributes
    ----------
    epochs : int
        Whole epochs done; 0 for a family in closed form.
    finished : bool
        Whether that is all of them.
    seconds : float
        Training time, without pauses and measurements.
    device, precision : str
        Such as "cpu" and "bf16".
    threads : int
        Of PyTorch.
    machine : str
        One line about the computer, if it was recorded.
    failure : str
        One sentence, if the training diverged and this is its last good epoch.
    curve : tuple of CurvePoint
        The terms of each epoch, if they were recorded.
    source : str
        The file of a model that was imported: how it was trained isn't known, and its settings of
        the loop, the epochs, the seconds and the device say nothing.
    """

    epochs: int
    finished: bool
    seconds: float
    device: str
    precision: str | None = None
    threads: int | None = None
    machine: str | None = None
    failure: str | None = None
    curve: tuple[CurvePoint, ...] = ()
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The facts that are known, by name."""
        values = asdict(self) | {"curve": list(self.curve)}
        return {name: value for name, value in values.items() if value not in (None, [])}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "TrainingFacts":
        """Raises BundleError if a fact is missing, of another type, or no plausible number."""

        def words(key: str, longest: int = LONGEST_WORD) -> str | None:
            return None if found.get(key) is None else text(found, key, longest)

        threads = None
        if found.get("threads") is not None:
            threads = number(found, "threads", int, 0, MOST_THREADS)
        epochs = number(found, "epochs", int, 0, MOST_EPOCHS)
        return cls(
            epochs=epochs,
            finished=part(found, "finished", bool),
            seconds=number(found, "seconds", float, 0, MOST_SECONDS),
            device=text(found, "device", LONGEST_WORD),
            precision=words("precision"),
            threads=threads,
            machine=words("machine", LONGEST_SENTENCE),
            failure=words("failure", LONGEST_SENTENCE),
            curve=_curve(optional(found, "curve", list) or []),
            source=words("source", LONGEST_SENTENCE),
        )


def _curve(found: list[Any]) -> tuple[CurvePoint, ...]:
    points = []
    for point in found:
        if not isinstance(point, dict):
            raise BundleError(f"{MANIFEST} has a curve that isn't a list of epochs")
        points.append(
            CurvePoint(
                epoch=number(point, "epoch", int, 0, MOST_EPOCHS),
                train=_terms(point, "train"),
                test=_terms(point, "test"),
            )
        )
    return tuple(points)


def _terms(point: Mapping[str, Any], key: str) -> dict[str, float]:
    terms = part(point, key, dict)
    limits = -LARGEST_NUMBER, LARGEST_NUMBER
    return {name: float(number(terms, name, float, *limits)) for name in terms}
