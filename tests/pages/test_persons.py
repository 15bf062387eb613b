"""On a shared server, a run is its owner's: others look, a teacher may change it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aemodels import runs
from aemodels.runs import process
from aemodels.runs.persons import FOLDER
from aemodels.runs.status import RunState, RunStatus, write_status
from tests.pages import own
from tests.pages.running import run, unescaped
from tests.pages.visiting import (
    ADA,
    BOB,
    CHANGING,
    LOOKING,
    Coming,
    buttons,
    make,
    of,
    of_class,
    press,
    text,
)
from ui import persons, run_panel, shared_server, teacher, time_estimate
from ui.persons import Person

pytestmark = pytest.mark.usefixtures("shared")


def test_the_owner_may_and_another_may_look(home: Path, comes: Coming) -> None:
    make("mine", ADA)
    comes(ADA)
    found = run("train")
    assert {"Save", "Delete for good", "Continue"} <= buttons(found)
    assert run_panel.OTHERS not in text(found)
    comes(BOB)
    found = run("train")
    assert not CHANGING & buttons(found)
    assert buttons(found) >= LOOKING
    assert run_panel.OTHERS in text(found)
    assert "mine" in found.selectbox(key="run").options
    # Nobody's, such as a shell's.
    own.run("shell", "shell")
    assert not CHANGING & buttons(run("train", run="shell"))


def test_a_button_that_only_its_owner_was_shown_does_nothing_for_another(
    home: Path, comes: Coming
) -> None:
    """What another browser sends as if its page had the button."""
    make("mine", ADA)
    for label in ("Delete for good", "Save"):
        comes(ADA)
        found = run("train")
        if label == "Save":
            found.text_input(key="name-mine").set_value("taken")
        (button,) = (each for each in found.button if each.label == label)
        comes(BOB)
        button.click().run()
        assert run_panel.OTHERS in text(found)
        assert runs.read("mine").name == "mine"


def deed() -> None:
    """One action, past all buttons."""
    import streamlit as st

    from aemodels import runs
    from aemodels.runs.transitions import Action
    from ui import run_panel

    mine = runs.read("mine")
    if st.session_state.deed == "ask":
        run_panel.act(run_panel.ask, mine, Action.STOP)
    elif st.session_state.deed == "rename":
        run_panel.act(runs.rename, mine, "taken")
    else:
        run_panel.act(getattr(run_panel, st.session_state.deed), mine)


@pytest.mark.parametrize("name", ["ask", "rename", "start", "measure", "remove"])
def test_the_check_is_at_the_action(name: str, home: Path, comes: Coming) -> None:
    make("mine", ADA)
    comes(BOB)
    found = AppTest.from_function(deed)
    found.session_state["deed"] = name
    found.run()
    assert not found.exception
    assert [unescaped(error.value) for error in found.error] == [persons.NOT_YOURS]
    assert runs.read("mine").name == "mine"


def test_a_run_keeps_a_digest_of_whoever_starts_it(home: Path, comes: Coming) -> None:
    comes(ADA)
    found = press(of_class("7b"), "Train")
    assert not found.error
    (made,) = runs.list_runs()
    assert (made.owner, made.group) == (of(ADA), "7b")
    assert ADA not in (made.path / "run.json").read_text("utf-8")
    comes(headers={"x-remote-user": ["ada"]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(shared_server.USER_HEADER, "X-Remote-User")
        assert not press(run("train"), "Train").error
    named = {run.owner for run in runs.list_runs()} - {made.owner}
    assert named == {persons._digest("header", "ada")}


@pytest.mark.parametrize(
    ("headers", "claims", "owner"),
    [
        ({"x-user": ["ada"]}, {"email": "bob@example.org"}, ("header", "ada")),
        ({"X-USER": [" ada "]}, {}, ("header", "ada")),
        # A visitor's own header, and the proxy's.
        ({"x-user": ["ada", "bob"]}, {}, ()),
        ({"x-user": ["ada"], "X-User": ["bob"]}, {}, ()),
        ({"x-user": [""]}, {}, ()),
        ({"x-users": ["ada"]}, {}, ()),
        ({}, {"email": "ada@example.org"}, ("email", "ada@example.org")),
        ({}, {"is_logged_in": True, "iss": "i", "sub": "7", "email": "a"}, ("login", "i", "7")),
        ({}, {"is_logged_in": False, "email": "ada@example.org"}, ()),
        ({}, {"is_logged_in": True}, ()),
    ],
)
def test_who_somebody_is(
    headers: Mapping[str, list[str]],
    claims: Mapping[str, Any],
    owner: tuple[str, ...],
    comes: Coming,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(shared_server.USER_HEADER, "X-User")
    comes(ADA, headers, claims)
    assert persons.here().owner == (persons._digest(*owner) if owner else "")
    # Without a login, anybody could send all that: it counts for nothing.
    monkeypatch.delenv(shared_server.USER_HEADER)
    assert persons.here().owner == of(ADA)


def test_where_people_log_in_nobody_else_starts_anything(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(shared_server.USER_HEADER, "X-User")
    own.run("shell", "shell")
    comes(ADA)
    found = run("train")
    assert not CHANGING & buttons(found)
    # There is nothing to log in with on the page, and no process is started to estimate anything.
    assert time_estimate.UNNAMED in text(found)
    monkeypatch.setattr(process, "estimate", lambda config: pytest.fail("an estimate"))
    st.cache_data.clear()
    (error,) = press(found, "Train").error
    assert unescaped(error.value) == persons.UNNAMED_BY_PROXY
    found = run("train")
    found.file_uploader[0].set_value(("vae.zip", b"nothing", "")).run()
    assert [unescaped(error.value) for error in found.error] == [persons.UNNAMED_BY_PROXY]
    assert [each.id for each in runs.list_runs()] == ["shell"]


@pytest.mark.parametrize(
    ("section", "labels"),
    [
        ({"client_id": "lab"}, {"Log in": None}),
        (
            {"cookie_secret": "x", "school": {"client_id": "a"}, "uni": {"client_id": "b"}},
            {"Log in with school": "school", "Log in with uni": "uni"},
        ),
    ],
)
def test_a_login_of_streamlits(
    section: Mapping[str, Any],
    labels: Mapping[str, str | None],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(shared_server, "get_secrets_auth_section", lambda: section)
    monkeypatch.setattr(st, "login", asked.append)
    found = run("train")
    found.user = {"is_logged_in": False}
    found.run()
    assert {label for label in buttons(found) if label.startswith("Log")} == set(labels)
    for label, provider in labels.items():
        press(found, label)
        assert asked.pop() == provider
    assert [unescaped(error.value) for error in press(found, "Train").error] == [persons.UNNAMED]
    found.user = {"is_logged_in": True, "iss": "https://school.example", "sub": "7"}
    found = press(found.run(), "Train")
    assert not found.error
    assert {label for label in buttons(found) if label.startswith("Log")} == {"Log out"}
    (made,) = runs.list_runs()
    assert made.owner == persons._digest("login", "https://school.example", "7")


def test_a_login_that_is_not_set_up_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit's own login needs a package that isn't required here, or a whole section."""
    monkeypatch.setattr(shared_server, "get_secrets_auth_section", lambda: {"client_id": "lab"})
    (error,) = press(run("train"), "Log in").error
    assert unescaped(error.value).startswith("The login isn't set up: ")


def test_without_a_cookie_runs_are_the_tabs(home: Path, comes: Coming) -> None:
    said = "yours only until the page is closed, loaded again, or offline for 2 minutes."
    comes(ADA)
    assert said not in text(run("train"))
    comes()
    found = press(run("train"), "Train")
    assert said in text(found)
    assert "Save" in buttons(found)
    assert "Save" not in buttons(run("train"))


def test_classes_are_kept_apart(home: Path, comes: Coming) -> None:
    make("of-7b", ADA, "7b")
    make("of-8a", ADA, "8a")
    make("of-none", ADA)
    comes(ADA)
    for group, name in (("7B ", "of-7b"), ("8a", "of-8a"), ("", "of-none"), ("<x>", "of-none")):
        assert of_class(group).selectbox(key="run").options == [name]
        menu = of_class(group, "explore").selectbox(key="pick_model_explore")
        assert sum(words.startswith("of-") for words in menu.options) == 1
        assert any(words.startswith(name) for words in menu.options)
    for group, name, why in (
        ("7b", "of-8a", "is a run of class 8a, and this address names class 7b"),
        ("7b", "of-none", "is a run of no class, and this address names class 7b"),
        ("", "of-7b", "is a run of class 7b, and this address names no class"),
        ("7b", "never", "doesn't exist"),
    ):
        (notice,) = of_class(group, run=name).warning
        assert f"`run={name}` {why}. Showing the default." in unescaped(notice.value)
    (notice,) = of_class("7b", "explore", model="run:of-8a").warning
    assert "`model=run:of-8a` is a run of class 8a, and this" in unescaped(notice.value)
    (notice,) = of_class("7b", "compare", models="run:of-8a,vae-2").warning
    assert "run:of-8a is a run of class 8a, and this" in unescaped(notice.value)
    (notice,) = of_class("7b", "compare", models="run:never,vae-2").warning
    assert "there is no model run:never" in unescaped(notice.value)


def test_every_page_names_the_class(home: Path, comes: Coming) -> None:
    comes(ADA)
    for page in ("train", "explore", "compare"):
        head, tools = (each.proto.body for each in of_class("7b", page).get("html")[:2])
        # One of them is shown.
        assert head.count(">Class 7b<") == (2 if page == "explore" else 1)
        assert tools.count(">Class 7b<") == 1
        assert not any("Class" in each.proto.body for each in of_class("", page).get("html"))


def test_a_person_has_the_same_limits_in_all_classes(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_LIVE_RUNS", "1")
    comes(ADA)
    assert not press(of_class("7b"), "Train").error
    (made,) = runs.list_runs()
    write_status(made.path, RunStatus(RunState.WAITING, starting=True))
    for group in ("7b", "8a", ""):
        (error,) = press(of_class(group), "Train").error
        assert "You have a run that is being trained" in error.value
    comes(BOB)
    assert not press(of_class("8a"), "Train").error


def test_runs_of_version_1_7_stay_whoevers_they_are(home: Path, comes: Coming) -> None:
    """That version told a browser's classes apart."""
    own.run("older", "older", owner=persons._digest("browser", "7b", ADA), group="7b")
    for key, mine in ((ADA, True), (BOB, False), ("", False)):
        comes(key)
        assert ("Save" in buttons(of_class("7b"))) is mine


def test_limits_are_said_where_they_hold(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes(ADA)
    for _ in range(2):
        assert not press(run("train"), "Train").error
    waiting = RunStatus(RunState.WAITING, starting=True)
    for each in runs.list_runs():
        write_status(each.path, waiting)
    (error,) = press(run("train"), "Train").error
    assert "You have two runs that are being trained" in error.value
    assert len(runs.list_runs()) == 2
    monkeypatch.setenv("LATENT_LAB_UPLOADS_PER_HOUR", "1")
    for most, said in (
        ("2", "You have two runs that are being trained"),
        ("3", "isn't a safetensors file"),
        ("3", "You have uploaded one file in the last hour"),
    ):
        monkeypatch.setenv("LATENT_LAB_LIVE_RUNS", most)
        found = run("train")
        found.file_uploader[0].set_value(("vae.safetensors", b"nothing", "")).run()
        (error,) = found.error
        assert said in unescaped(error.value)
    monkeypatch.setenv("LATENT_LAB_LIVE_RUNS", "2")
    comes(BOB)
    assert not press(run("train"), "Train").error


def test_on_ones_own_computer_nothing_of_it_is_seen(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's words are those of an app that knows no persons."""
    monkeypatch.delenv(shared_server.TEACHER)
    monkeypatch.setenv(shared_server.SHARED, "auto")
    comes()
    press(of_class("7b"), "Train")
    (made,) = runs.list_runs()
    assert not {"owner", "group"} & set(runs_facts(made))
    assert not (home / FOLDER).exists()
    make("of-ada", ADA, "8a")
    here = run("train", run="of-ada")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(persons, "here", Person)
        patch.setattr(persons, "seen", runs.list_runs)
        patch.setattr(teacher, "entry", lambda owner, address: None)
        without = run("train", run="of-ada")
    assert shape(here) == shape(without)
    assert {"Save", "Delete for good"} <= buttons(here)
    assert set(here.selectbox(key="run").options) == {"of-ada", made.name}


def runs_facts(made: runs.Run) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = json.loads((made.path / "run.json").read_text("utf-8"))
    return facts


def shape(found: AppTest) -> list[tuple[str, object]]:
    """Every element in its order, with its words."""
    assert not found.exception
    return [
        (each.type, getattr(each, "label", None) or getattr(each, "value", None)) for each in found
    ]
