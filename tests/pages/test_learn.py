"""Learn shows every lesson that it lists; what is wrong in the address is a notice."""

from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import lens
from aemodels import lessons, paths
from aemodels.bundles import bundle, zoo
from tests.pages.running import PAGES, run
from ui import results_cache

MODELS = {item.name: item.latent_dim for item in bundle.scan(zoo.folder()).bundles}
FOUND = lessons.scan(paths.lessons() / "en", models=MODELS)
KEYS = [lesson.key for lesson in FOUND.lessons]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What is handed to the lens: the view and its data."""
    found: list[tuple[str, dict[str, Any]]] = []

    def show(view: str, **data: Any) -> None:
        found.append((view, data))

    monkeypatch.setattr(lens, "_show", show)
    return found


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are linked; only `navigation.py` makes them known to Streamlit."""
    found: list[str] = []
    monkeypatch.setattr(st, "page_link", lambda page, **words: found.append(page))
    return found


def learn(**parameters: str) -> AppTest:
    found = run("learn", **parameters)
    assert not found.exception
    assert not found.error
    return found


def test_the_list_has_every_lesson(
    shown: list[tuple[str, dict[str, Any]]], links: list[str]
) -> None:
    found = learn()
    assert not found.warning
    assert links == ["glossary.py", "teachers/page.py"]
    assert all((PAGES / link).is_file() for link in links)
    ((view, data),) = shown
    assert view == "lessons"
    assert [card["key"] for card in data["lessons"]] == KEYS


def test_without_lessons_the_page_says_so(
    shown: list[tuple[str, dict[str, Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "lessons", lambda: tmp_path)
    (note,) = learn().info
    assert "No lesson can be shown" in note.value
    assert shown[0][1]["lessons"] == []


def test_what_cannot_be_shown_is_named(
    shown: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_cache, "find", lambda name: None)
    (note,) = learn(lesson="anomalies").warning
    assert "`uses?use=anomalies&trained=" in note.value
    assert "can't be shown: its models or its results are missing." in note.value
    assert len(shown[0][1]["steps"]) > 2


@pytest.mark.parametrize("key", KEYS)
def test_every_lesson_has_its_views(key: str, shown: list[tuple[str, dict[str, Any]]]) -> None:
    found = learn(lesson=key, step="2")
    assert not found.warning
    ((view, data),) = shown
    assert view == "lesson"
    assert data["card"]["key"] == key
    assert data["state"]["step"] == 2
    (lesson,) = (each for each in FOUND.lessons if each.key == key)
    pages = [step["page"] for step in data["steps"]]
    assert [page and page["view"] for page in pages] == [
        step.place and step.place.view for step in lesson.steps
    ]
    assert {name for each in lesson.measures for name in each.models} == data["models"].keys()
    wanted = {name for each in lesson.measures for name in each.detectors}
    assert wanted == data["detectors"].keys()


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"lesson": "dice"}, "`lesson=dice`: there is no such lesson. Showing all of them."),
        ({"lesson": "holes", "step": "99"}, "`step=99` must be a whole number from 1 to"),
        ({"lesson": "holes", "step": "0"}, "`step=0` must be a whole number from 1 to"),
        ({"step": "2"}, "`step=2` must be"),
        ({"surplus": "1"}, "Ignored unknown parameter `surplus`."),
    ],
)
def test_a_wrong_address_is_a_notice(parameters: dict[str, str], reason: str) -> None:
    (notice,) = learn(**parameters).warning
    assert reason in notice.value


def test_a_step_of_an_unknown_lesson_needs_no_notice_of_its_own() -> None:
    (notice,) = learn(lesson="dice", step="3").warning
    assert "step" not in notice.value
