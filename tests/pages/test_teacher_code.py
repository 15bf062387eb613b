"""The teacher's code, and how guessing it is braked."""

from pathlib import Path

import pytest
import streamlit as st

from tests.pages import own
from tests.pages.running import run, unescaped
from tests.pages.visiting import (
    ADA,
    BOB,
    CHANGING,
    CODE,
    Coming,
    buttons,
    enter,
    make,
    press,
    text,
)
from ui import persons, shared_server, teacher

pytestmark = pytest.mark.usefixtures("shared")


def test_a_teacher_sees_all_classes_and_may_change_every_run(home: Path, comes: Coming) -> None:
    make("of-7b", ADA, "7b")
    own.run("shell", "shell")
    comes(BOB)
    found = run("train")
    assert found.selectbox(key="run").options == ["shell"]
    assert not CHANGING & buttons(found)

    assert [unescaped(error.value) for error in enter(found, "sesame").error] == [
        "That isn't the code."
    ]
    assert not CHANGING & buttons(found)
    assert not enter(found, CODE).error
    # All classes, which only a teacher's list has to name.
    assert set(found.selectbox(key="run").options) == {"of-7b · class 7b", "shell"}
    assert {"Save", "Delete for good"} <= buttons(found)
    found.selectbox(key="run").set_value("of-7b").run()
    assert "Started by someone else, class 7b." in text(found)
    assert "Save" in buttons(found)
    press(found, "Leave the teacher's view")
    assert not CHANGING & buttons(found)
    # Another tab, and the same one after the code has changed.
    enter(found, CODE)
    assert "Save" in buttons(found)
    assert not CHANGING & buttons(run("train"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(shared_server.TEACHER, "another")
        assert not CHANGING & buttons(found.run())


def test_guessing_is_braked(monkeypatch: pytest.MonkeyPatch) -> None:
    brake, now = teacher.Brake(), [0.0]
    monkeypatch.setattr(teacher, "monotonic", lambda: now[0])
    tries = [brake.fits("wrong", ADA) for _ in range(teacher.WRONG_PER_MINUTE)]
    assert tries == [False] * teacher.WRONG_PER_MINUTE
    assert brake.fits(CODE, ADA) is None
    # One person's wrong codes hold up no other.
    assert brake.fits(CODE, BOB) is True
    now[0] = 61.0
    assert brake.fits(CODE, ADA) is True
    assert brake.fits("wrong", ADA) is False


def test_a_new_browser_is_a_new_person_but_comes_from_the_same_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    brake, now = teacher.Brake(), [0.0]
    monkeypatch.setattr(teacher, "monotonic", lambda: now[0])
    most = teacher.WRONG_PER_MINUTE_AT_ADDRESS
    tries = [brake.fits("wrong", f"{each}", "10.0.0.7") for each in range(most)]
    assert tries == [False] * most
    assert brake.fits(CODE, BOB, "10.0.0.7") is None
    # A teacher who was never here is elsewhere, and from then on known at that address too.
    assert brake.fits(CODE, ADA, "10.0.0.1") is True
    assert brake.fits(CODE, ADA, "10.0.0.7") is True
    assert brake.fits(CODE, BOB, "10.0.0.7") is None
    now[0] = 61.0
    assert brake.fits(CODE, BOB, "10.0.0.7") is True


def test_all_together_are_braked_but_whoever_knew_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    brake, now = teacher.Brake(), [0.0]
    monkeypatch.setattr(teacher, "monotonic", lambda: now[0])
    assert brake.fits(CODE, ADA, "a") is True
    assert brake.fits(CODE, "", "nobody in particular") is True
    most = teacher.ALL_WRONG_PER_MINUTE
    assert most >= 10 * teacher.WRONG_PER_MINUTE_AT_ADDRESS
    tries = [brake.fits("wrong", f"{each}", f"{each}") for each in range(most)]
    assert tries == [False] * most
    assert brake.fits(CODE, BOB, "b") is None
    assert brake.fits(CODE, "", "nobody in particular") is None
    assert brake.fits(CODE, ADA, "a") is True


def test_where_a_wrong_code_comes_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection's address; where people are named, nobody can be another person."""
    now = persons.Visit({"x-user": ["ada"]}, {persons.COOKIE: ADA}, "10.0.0.7", {})
    monkeypatch.setattr(persons, "visit", lambda: now)
    assert persons.address() == "10.0.0.7"
    monkeypatch.setenv(shared_server.USER_HEADER, "X-User")
    assert persons.address() == persons.here().owner != ""


def test_emptied_caches_do_not_loosen_the_brake(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher, "monotonic", lambda: 0.0)
    comes(ADA)
    for _ in range(teacher.WRONG_PER_MINUTE):
        assert [unescaped(each.value) for each in enter(run("train"), "wrong").error] == [
            "That isn't the code."
        ]
        st.cache_resource.clear()
    (error,) = enter(run("train"), CODE).error
    assert "Too many wrong codes" in error.value


def test_without_a_code_there_is_no_teacher(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(shared_server.TEACHER)
    comes(ADA)
    found = run("train")
    assert "Enter" not in buttons(found)
    found.session_state["taught"] = teacher._digest("")
    assert not CHANGING & buttons(found.run())
