"""The facts about a model's training, such as epochs and device; read from and written to JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypedDict

from aemodels.bundles.checks import MANIFEST, BundleError, optional, part


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

    def to_json(self) -> dict[str, Any]:
        """The facts that are known, by name."""
        values = asdict(self) | {"curve": list(self.curve)}
        return {name: value for name, value in values.items() if value not in (None, [])}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "TrainingFacts":
        """Raises BundleError if a fact is missing, of another type, or negative."""
        facts = cls(
            epochs=part(found, "epochs", int),
            finished=part(found, "finished", bool),
            seconds=part(found, "seconds", float),
            device=part(found, "device", str),
            precision=optional(found, "precision", str),
            threads=optional(found, "threads", int),
            machine=optional(found, "machine", str),
            failure=optional(found, "failure", str),
            curve=_curve(optional(found, "curve", list) or []),
        )
        if facts.epochs < 0 or facts.seconds < 0:
            raise BundleError(f"{MANIFEST} has negative epochs or seconds")
        return facts


def _curve(found: list[Any]) -> tuple[CurvePoint, ...]:
    points = []
    for point in found:
        if not isinstance(point, dict):
            raise BundleError(f"{MANIFEST} has a curve that isn't a list of epochs")
        points.append(
            CurvePoint(
                epoch=part(point, "epoch", int),
                train=_terms(point, "train"),
                test=_terms(point, "test"),
            )
        )
    return tuple(points)


def _terms(point: Mapping[str, Any], key: str) -> dict[str, float]:
    terms = part(point, key, dict)
    return {name: float(part(terms, name, float)) for name in terms}
