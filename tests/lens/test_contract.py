"""What Python says to the lens and what the JavaScript's types say are the same, key by key."""

import inspect
import re
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

import lens
from aemodels import views
from aemodels.data import SOURCES
from aemodels.views import contract, lesson_contract

TYPES = {
    name: found
    for module in (contract, lesson_contract)
    for name, found in vars(module).items()
    if typing.is_typeddict(found) and found.__module__ == module.__name__
}
# Without these, which every view is told.
PAGE = set(contract.Page.__annotations__)
VIEWS = {
    "explore": contract.Explore,
    "compare": contract.Compare,
    "interpolate": contract.Interpolate,
    "reconstruct": contract.Reconstruct,
    "draws": contract.Draws,
    "beta": contract.Beta,
    "anomalies": contract.Anomalies,
    "glossary": contract.Glossary,
    "train": contract.Train,
    "lesson": lesson_contract.Lesson,
    "lessons": lesson_contract.Lessons,
}


def typescript(hint: Any) -> str:
    """A Python type as TypeScript writes it."""
    simple = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null"}
    if hint in simple:
        return simple[hint]
    if typing.is_typeddict(hint):
        return str(hint.__name__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(map(typescript, arguments))
    if origin is Mapping:
        return f"Record<{', '.join(map(typescript, arguments))}>"
    if origin is tuple:
        return f"[{', '.join(map(typescript, arguments))}]"
    item = typescript(arguments[0])
    return f"({item})[]" if " | " in item else f"{item}[]"


def declared() -> dict[str, dict[str, str]]:
    """The interfaces of `contract.d.ts`: types by key, those that are inherited too."""
    text = (lens.WEB / "contract.d.ts").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for name, parent, body in re.findall(
        r"export interface (\w+)(?: extends (\w+))? \{(.*?)\n\}", text, re.DOTALL
    ):
        keys = dict(re.findall(r"^  (\w+): (.+);$", body, re.MULTILINE))
        assert len(keys) == len(body.strip().splitlines()), f"{name} has a line of another form"
        found[name] = {**found.get(parent, {}), **keys}
    return found


def test_both_sides_have_the_same_types() -> None:
    assert list(declared()) == list(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_both_sides_have_the_same_keys(name: str) -> None:
    hints = get_type_hints(TYPES[name])
    assert declared()[name] == {key: typescript(hint) for key, hint in hints.items()}
    assert not TYPES[name].__optional_keys__


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_s_function_takes_and_sends_what_its_type_has(
    view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: dict[str, Any] = {}
    monkeypatch.setattr(lens, "_show", lambda name, **data: sent.update({"view": name, **data}))
    function = getattr(lens, view)
    wanted = set(VIEWS[view].__annotations__) - PAGE
    parameters = set(inspect.signature(function).parameters)
    assert parameters == wanted
    function(**dict.fromkeys(parameters))
    assert set(sent) == wanted | {"view"}
    assert sent["view"] == view
    hints = get_type_hints(function)
    expected = get_type_hints(VIEWS[view])
    assert {key: hints[key] for key in parameters} == {key: expected[key] for key in parameters}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_html_css_and_a_module(view: str) -> None:
    for ending in ("html", "css", "mjs"):
        assert (lens.WEB / "views" / f"{view}.{ending}").is_file()
    html = views.html(view)
    assert html.startswith(f'<div class="lens {view}">')
    assert html.partition("<template")[0].count('role="alert"') == 1


def test_a_lesson_has_the_html_of_every_view_that_its_steps_may_name() -> None:
    page = get_type_hints(lesson_contract.Step)["page"]
    taught = [hint.__name__.lower() for hint in get_args(page) if typing.is_typeddict(hint)]
    assert re.findall('<template data-view="(.*?)">', views.html("lesson")) == ["base", *taught]
    for view in taught:
        assert views.html(view) in views.html("lesson")


@pytest.mark.parametrize("name", SOURCES)
def test_a_data_set_is_told_whole(name: str) -> None:
    assert set(views.dataset(name)) == set(contract.Dataset.__annotations__)


def test_only_digits_have_a_reader() -> None:
    digits, clothes = (views.dataset(name)["reader"] for name in ("mnist", "fashion-mnist"))
    assert clothes is None
    assert digits is not None
    assert digits["digests"].keys() == {"weights.safetensors", "reader.onnx"}
