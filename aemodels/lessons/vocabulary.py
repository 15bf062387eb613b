"""The words that a lesson may use: pages, views, their controls and events, and measures."""

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

FactType = Literal["string", "number", "boolean"]


@dataclass(frozen=True)
class View:
    """Controls, which can be lit, and events that it tells, each with the types of its facts."""

    controls: Sequence[str]
    events: Mapping[str, Mapping[str, FactType]]


@dataclass(frozen=True)
class Page:
    """A page that a step can show: its parameters, and which view it is with which of them."""

    parameters: Mapping[str, Any]
    views: Mapping[str, str]  # by "name=value"; "" for any other
    inside: bool = False  # only in lessons, so nothing to link to
    # Where the first parameter decides which others there are: these, by its value.
    sections: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def known(self, parameters: Mapping[str, str]) -> Sequence[str]:
        """The names of the parameters that there are beside these values."""
        if not self.sections:
            return list(self.parameters)
        first = next(iter(self.parameters))
        section = parameters.get(first, next(iter(self.sections)))
        return [first, *self.sections.get(section, self.parameters)]

    def view(self, parameters: Mapping[str, str]) -> str | None:
        """The view with these parameters; None where the page has none then."""
        for name, value in parameters.items():
            if f"{name}={value}" in self.views:
                return self.views[f"{name}={value}"]
        return self.views.get("")


@dataclass(frozen=True)
class Vocabulary:
    """All of it, by name."""

    pages: Mapping[str, Page]
    links: Sequence[str]  # further pages that words may link to
    views: Mapping[str, View]
    detectors: Sequence[str]  # of anomalies, whose scores measures are computed from
    measures: Mapping[str, Mapping[str, Any]]
    events: Mapping[str, str]  # what each means
    facts: Mapping[str, str]


@functools.cache
def load() -> Vocabulary:
    """That of vocabulary.json and pages.json, which tests compare with the app."""
    found = _json("vocabulary.json") | _json("pages.json")
    return Vocabulary(
        pages={name: Page(**page) for name, page in found["pages"].items()},
        links=found["links"],
        detectors=found["detectors"],
        views={name: View(**view) for name, view in found["views"].items()},
        measures=found["measures"],
        events=found["events"],
        facts=found["facts"],
    )


def _json(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return found


def controls() -> set[str]:
    """The names of all controls of all views."""
    return {name for view in load().views.values() for name in view.controls}
