"""For teachers: plans, misconceptions, and what is wrong with the files of a folder."""

import re
from pathlib import Path

import pytest

from pages.teachers import documents
from pages.teachers.plans import HOMEWORK, LONG, SHORT
from tests.pages.running import run, unescaped, without_terms, words

WRONG = """---
title: <b>
minutes: never
idea: It `has` no step.
---
"""
LINKED = re.compile(r"\(learn\?lesson=([\w-]+)\)")
ALL = {"45": SHORT.keys, "90": LONG.keys, "homework": HOMEWORK}


@pytest.mark.parametrize("plan", ALL)
def test_a_plan_links_its_lessons(plan: str) -> None:
    found = run("teachers", plan=plan)
    assert not found.exception
    table = next(each.value for each in found.markdown if each.value.startswith("| "))
    known = {lesson.key for lesson in documents.lessons_found()}
    wanted = [key for key in ALL[plan] if key in known]
    assert LINKED.findall(table) == wanted
    # What pupils say: of these lessons, then of all others.
    said = list(dict.fromkeys(LINKED.findall(words(found).replace(without_terms(table), ""))))
    assert said[: len(wanted)] == wanted
    assert len(said) == len(known)


def test_the_title_and_the_address_say_which_plan() -> None:
    assert dict(run("teachers").query_params) == {}
    assert dict(run("teachers", plan="90").query_params) == {"plan": "90"}
    notices = [each.value for each in run("teachers", plan="60").warning]
    assert any("`plan=60` isn't available" in notice for notice in notices)


def test_a_wrong_file_is_named_with_line_and_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "99-mine.md").write_text(WRONG, encoding="utf-8")
    monkeypatch.setenv("LATENT_LAB_LESSONS", str(tmp_path))
    found = run("teachers")
    assert not found.exception
    told = unescaped("\n".join(each.value for each in found.warning))
    assert "`99-mine.md:3` `minutes` must be a number" in told
    # Pupils aren't told.
    assert "99-mine" not in str([each.value for each in run("learn").warning])


def test_any_lessons_are_a_plan() -> None:
    found = run("teachers", plan="own", lessons="kl,nonsense,holes,kl")
    assert dict(found.query_params) == {"plan": "own", "lessons": "kl,holes"}
    assert any("There is no lesson `nonsense`." in each.value for each in found.warning)
    picker = found.button_group(key="own_lessons")
    assert picker.value == ["kl", "holes"]
    picker.set_value(["beta", "kl", "holes"]).run()
    assert not found.exception
    # In the order of the lessons.
    assert dict(found.query_params)["lessons"] == "holes,kl,beta"
    table = next(each.value for each in found.markdown if each.value.startswith("| "))
    assert LINKED.findall(table) == ["holes", "kl", "beta"]
    assert "| 27–36 | Close |" in table
    found.button_group(key="own_lessons").set_value([]).run()
    assert not found.exception


def test_a_class_and_the_teachers_code_are_told_with_commands_of_both_shells() -> None:
    text = words(run("teachers"))
    assert "`?class=7b`" in text
    assert '\n  LATENT_LAB_TEACHER="three words of yours" .venv/bin/streamlit run app.py' in text
    assert (
        '\n  $env:LATENT_LAB_TEACHER = "three words of yours"\n  .venv\\Scripts\\streamlit' in text
    )
    assert '`$env:LATENT_LAB_LESSONS = "FOLDER"`' in text
