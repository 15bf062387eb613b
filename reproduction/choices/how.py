"""How the settings of models and rows were chosen, in words, from the histories.

A name in backticks is that of a choice or a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from reproduction.choices import history, rule
from reproduction.choices.candidates import CHOICES, SOLVED, WITHOUT
from reproduction.choices.choice import Choice
from reproduction.row import Row

AFTER_TEST = "after looking at test numbers"
HELD_OUT = "on held-out training digits"
FLATTERED = "which flatters the networks a little"


class Chosen(NamedTuple):
    """Choices that are made, names of choices, models and rows that aren't, and reasons."""

    made: list[Choice]
    not_yet: list[str]
    reasons: list[str]


def is_made(choice: Choice, folder: Path = history.FOLDER) -> bool:
    """Whether every candidate has been tried and the settings in use are those chosen."""
    trials = history.read(choice.name, folder)
    if rule.missing(choice, trials):
        return False
    return rule.chosen(choice, trials) == choice.in_use


def of(models: Iterable[str], row: str = "", folder: Path = history.FOLDER) -> Chosen:
    """How the settings of these models of the zoo were chosen, and those of the row's own."""
    wanted = set(models)
    choices = [
        choice for choice in CHOICES.values() if wanted & {*choice.models} or row in choice.rows
    ]
    made = [choice for choice in choices if is_made(choice, folder)]
    not_yet = [choice.name for choice in choices if choice not in made]
    reasons = [WITHOUT[name] for name in (*sorted(wanted), row) if name in WITHOUT]
    return Chosen(made, not_yet, list(dict.fromkeys(reasons)))


def of_row(row: Row, folder: Path = history.FOLDER) -> str:
    """How a row's settings were chosen, in words that can follow "Settings: "."""
    made, not_yet, reasons = of(row.recipes, row.id, folder)
    parts = []
    if made:
        names = (f"`{choice.name}` ({_trials(choice, folder)})" for choice in made)
        parts.append(f"chosen {HELD_OUT}: {', '.join(names)}")
    if not_yet:
        # A row's name says nothing that its title doesn't.
        names = (f"`{name}`" for name in not_yet if name != row.id)
        parts.append(": ".join(filter(None, (f"chosen {AFTER_TEST}", ", ".join(names)))))
    # What is solved beside what is trained needs no word.
    others = [reason for reason in reasons if reason != SOLVED]
    return "; ".join([*parts, *others]) or SOLVED


def _trials(choice: Choice, folder: Path) -> str:
    count = len(history.read(choice.name, folder))
    return f"{count} trial" if count == 1 else f"{count} trials"


def linked(text: str, here: Path, folder: Path = history.FOLDER) -> str:
    """The words of `of_row` with links from a file in `here` to the histories that they name."""

    def link(found: re.Match[str]) -> str:
        file = history.path(found[1], folder)
        return f"[{found[0]}]({file.relative_to(here).as_posix()})" if file.exists() else found[0]

    return re.sub("`([^`]+)`(?= \\()", link, text)


def of_zoo(models: Sequence[str], folder: Path = history.FOLDER) -> str:
    """A sentence about these models of the zoo, for README.md and docs/zoo.md."""
    made, not_yet, _ = of(models, folder=folder)
    late = [
        name
        for name in models
        for choice in CHOICES.values()
        if name in choice.models and choice.name in not_yet
    ]
    trials = sum(len(history.read(choice.name, folder)) for choice in made)
    good = (
        "on the last 10,000 training digits, after training on the other 50,000 "
        f"({trials} trials in `reproduction/choices/histories`)"
    )
    if not late:
        return (
            f"Settings were chosen {good}; with these each model was then trained on all 60,000 "
            "and measured on the test split."
        )
    bad = f"after looking at these test numbers, {FLATTERED}"
    if not made:
        return f"Settings were chosen {bad}."
    names = ", ".join(f"`{name}`" for name in late)
    return f"Settings were chosen {good}, but those of {names} {bad}."
