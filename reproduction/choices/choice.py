"""Candidates for the settings of a model, and how they are judged. Loads no PyTorch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aemodels.config import Config

if TYPE_CHECKING:
    from aemodels.data import Dataset
    from aemodels.models.autoencoder import Autoencoder

Settings = Mapping[str, Any]
Figures = Mapping[str, float]
# A trained model and the held-out data set -> figures by name.
Measure = Callable[["Autoencoder", "Dataset"], Figures]
# All settings of a candidate, the held-out data set and a seed -> figures by name.
Score = Callable[[Settings, "Dataset", int], Figures]

BETTER = ("lower", "higher")
# Not chosen here: where to train, on how many images, and from which random numbers.
GIVEN = ("device", "train_images", "seed")


@dataclass(frozen=True)
class Choice:
    """What is tried to choose the settings of one model, or of several that share them.

    Attributes
    ----------
    name : str
        Of its history.
    base : Config or mapping
        All settings as they are in use; those of the candidates are put in their place.
    candidates : tuple of mappings
        In order of preference: what was used before, the simplest or the fastest comes first. All
        have the same names, so that what is tried doesn't depend on which of them is in use.
    criterion : str
        The figure that decides, a mean over `seeds`; `better` says in which direction.
    measure : callable
        Makes figures of a trained model.
    score : callable
        Does the training too, instead of `measure`, where a `Config` can't describe it.
    tolerance : float
        The first candidate within this fraction of the best criterion is chosen.
    as_good_as : mapping, optional
        One of the candidates; the first whose criterion is at least as good as this one's is
        chosen, whatever the best may reach.
    excluded : mapping
        Candidates, by place from 0, that were tried but can't be used, each with the reason: what
        the criterion doesn't see.
    models : tuple of str
        The zoo's models with these settings.
    rows : tuple of str
        The rows that use them in models which aren't in the zoo.
    """

    name: str
    base: Config | Settings
    candidates: tuple[Settings, ...]
    criterion: str
    measure: Measure | None = None
    score: Score | None = None
    better: str = "lower"
    tolerance: float = 0.005
    as_good_as: Settings | None = None
    seeds: tuple[int, ...] = (0,)
    excluded: Mapping[int, str] = field(default_factory=dict)
    models: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len({frozenset(candidate) for candidate in self.candidates}) != 1:
            raise ValueError(f"{self.name}: all candidates must have the same names")
        tried = self.tried()
        if any(one in tried[:k] for k, one in enumerate(tried)):
            raise ValueError(f"{self.name}: two candidates are equal")
        if self.as_good_as is not None and self.settings(self.as_good_as) not in tried:
            raise ValueError(f"{self.name}: what to be as good as isn't tried")
        if (self.measure is None) == (self.score is None):
            raise ValueError(f"{self.name}: needs either measure or score")
        if isinstance(self.base, Config) != (self.measure is not None):
            raise ValueError(f"{self.name}: measure needs a Config, score a mapping")
        if self.better not in BETTER or self.tolerance < 0 or not self.seeds:
            raise ValueError(f"{self.name}: its direction, tolerance or seeds are wrong")

    @property
    def varied(self) -> tuple[str, ...]:
        """The names of the settings that are tried."""
        return tuple(self.candidates[0])

    @property
    def in_use(self) -> dict[str, Any]:
        """All settings in use."""
        return flat(self.base)

    def tried(self) -> list[dict[str, Any]]:
        """All settings of each candidate."""
        return [self.settings(candidate) for candidate in self.candidates]

    def settings(self, candidate: Settings) -> dict[str, Any]:
        """All settings with those of a candidate in their place."""
        if isinstance(self.base, Config):
            return flat(self.base.with_(**candidate))
        unknown = candidate.keys() - self.base.keys()
        if unknown:
            raise ValueError(f"{self.name}: base has no {', '.join(sorted(unknown))}")
        return flat({**self.base, **candidate})

    def normal(self, settings: Settings) -> dict[str, Any]:
        """Settings as a history has them, with the defaults of those that are newer than it.

        Raises SettingError if there is no such setting any more.
        """
        return flat(Config.from_dict(settings) if isinstance(self.base, Config) else settings)

    def trials(self) -> Iterator[tuple[Settings, int]]:
        """Each candidate with each seed."""
        for candidate in self.candidates:
            for seed in self.seeds:
                yield candidate, seed


def flat(settings: Config | Settings) -> dict[str, Any]:
    """By flat name, as JSON has them, without what isn't chosen."""
    values = settings.to_dict() if isinstance(settings, Config) else settings
    kept = {name: value for name, value in values.items() if name not in GIVEN}
    found: dict[str, Any] = json.loads(json.dumps(kept))
    return found
