"""The words for lessons are those of the views: controls, events and measures."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import aemodels.lessons
import lens
from aemodels import views

VOCABULARY: dict[str, Any] = json.loads(
    (Path(aemodels.lessons.__file__).parent / "vocabulary.json").read_text("utf-8")
)


def modules(view: str) -> str:
    """The text of a view's module and of all that it imports, but for what every view does."""
    found: dict[Path, str] = {}
    waiting = [lens.WEB / "views" / f"{view}.mjs"]
    while waiting:
        path = waiting.pop()
        if path in found or path.name == "view.mjs":
            continue
        found[path] = path.read_text("utf-8")
        names = re.findall(r'from "(\.[^"]+\.mjs)"', found[path])
        waiting += [(path.parent / name).resolve() for name in names]
    return "\n".join(found.values())


@pytest.mark.parametrize("view", VOCABULARY["views"])
def test_a_view_has_the_controls_that_are_named(view: str) -> None:
    named = re.findall(r'data-control="([^"]+)"', views.html(view))
    made = re.findall(r'dataset\.control = "([^"]+)"', modules(view))
    assert {*named, *made} == set(VOCABULARY["views"][view]["controls"])


@pytest.mark.parametrize("view", VOCABULARY["views"])
def test_a_view_tells_the_events_that_are_named(view: str) -> None:
    told = re.findall(r'\.tell(?:AtRest)?\("(\w+)"', modules(view))
    assert set(told) == set(VOCABULARY["views"][view]["events"])


def test_facts_have_types_and_those_that_need_it_a_meaning() -> None:
    facts = [
        each
        for view in VOCABULARY["views"].values()
        for event in view["events"].values()
        for each in event.items()
    ]
    assert {kind for _, kind in facts} <= {"string", "number", "boolean"}
    assert set(VOCABULARY["facts"]) <= {name for name, _ in facts}


def test_measures_are_those_of_the_browser() -> None:
    module = (lens.WEB / "lesson" / "measures" / "measure.mjs").read_text("utf-8")
    table = module[module.index("export const MEASURES") : module.index("export const FORMATS")]
    computed = dict(re.findall(r'^  (\w+): \[.+, "(\w+)"\],$', table, re.MULTILINE))
    measures = VOCABULARY["measures"]
    assert computed == {name: measure["format"] for name, measure in measures.items()}
    for name, measure in measures.items():
        assert all(usage.split()[0] == name for usage in measure["usage"])
