"""The history of a choice: every trial with its figures, as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import filelock

from aemodels.bundles import atomic
from aemodels.data import HELD_OUT
from reproduction.choices.choice import Choice, Settings

FORMAT = 1
# Said once if all trials have the same.
SHARED = ("device", "precision", "machine", "versions")
FOLDER = Path(__file__).resolve().parent / "histories"


class HistoryError(Exception):
    """A history can't be used; the message is one line."""


@dataclass(frozen=True)
class Trial:
    """One training on the first training digits, measured on those held out.

    `settings` are all of them by flat name; `figures` is empty and `failure` a sentence if training
    diverged. `seconds` are of training, in `epochs`, on `device` in `precision`.
    """

    settings: Settings
    seed: int
    figures: dict[str, float]
    seconds: float
    epochs: int | None
    device: str
    precision: str
    machine: str
    date: str
    versions: dict[str, str] = field(default_factory=dict)
    failure: str = ""


def path(name: str, folder: Path = FOLDER) -> Path:
    """The file of a history."""
    return folder / f"{name}.json"


def read(name: str, folder: Path = FOLDER) -> list[Trial]:
    """All trials; none if there is no file. Raises HistoryError."""
    file = path(name, folder)
    try:
        values = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise HistoryError(f"{file.name}: can't be read: {error}") from None
    try:
        if values["format"] != FORMAT or values["choice"] != name:
            raise HistoryError(f"{file.name}: is of another format or another choice")
        shared, settings = values["all"], values["settings"]
        return [
            Trial(**{**shared, **trial, "settings": settings | trial["settings"]})
            for trial in values["trials"]
        ]
    except (KeyError, TypeError, AttributeError):
        names = ", ".join(column.name for column in fields(Trial))
        raise HistoryError(f"{file.name}: must have trials with {names}") from None


def add(choice: Choice, trial: Trial, folder: Path = FOLDER) -> None:
    """Write the trial into the history, beside others that may be writing. Raises HistoryError."""
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / f".{choice.name}.lock"):
        trials = [*read(choice.name, folder), trial]
        atomic.replace(path(choice.name, folder), text(choice, trials).encode())


def text(choice: Choice, trials: Sequence[Trial]) -> str:
    """As JSON: what all trials share once, then a line a trial, in the order of the candidates."""
    tried = choice.tried()

    def place(trial: Trial) -> tuple[int, int]:
        settings = choice.normal(trial.settings)
        return tried.index(settings) if settings in tried else len(tried), trial.seed

    settings = _same([trial.settings for trial in trials])
    settings = {name: value for name, value in settings.items() if name not in choice.varied}
    rows = [asdict(trial) for trial in sorted(trials, key=place)]
    head: dict[str, Any] = {
        "format": FORMAT,
        "choice": choice.name,
        "criterion": choice.criterion,
        "better": choice.better,
        **_rule(choice),
        "held_out": HELD_OUT,
        "settings": settings,
        "all": _same([{name: row[name] for name in SHARED} for row in rows]),
    }
    lines = []
    for row in rows:
        own = {name: value for name, value in row.items() if name not in head["all"]}
        own["settings"] = {
            name: value for name, value in row["settings"].items() if name not in settings
        }
        lines.append(_dump(own))
    body = ",\n".join(f"{_dump(name)}: {_dump(value)}" for name, value in head.items())
    each = ",\n".join(lines)
    return f'{{\n{body},\n"trials": [\n{each}\n]\n}}\n'


def _rule(choice: Choice) -> dict[str, Any]:
    if choice.as_good_as is None:
        return {"tolerance": choice.tolerance}
    return {"as_good_as": dict(choice.as_good_as)}


def _same(mappings: Sequence[Settings]) -> dict[str, Any]:
    """What all of them agree on."""
    first, *others = mappings
    return {
        name: value
        for name, value in first.items()
        if all(name in other and other[name] == value for other in others)
    }


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
