"""docs/lessons.md, followed to the letter: the file, the check, the mistakes, the page."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st

import aemodels
import lens
from aemodels import data, reader
from aemodels.bundles import bundle, zoo
from aemodels.cli import main
from aemodels.lessons import vocabulary, words
from browser.server import ROOT
from tests.pages.running import run

DOC = (ROOT / "docs" / "lessons.md").read_text("utf-8")
FENCES = re.findall(r"^(````*)(\w*)\n(.*?)^\1$", DOC, re.MULTILINE | re.DOTALL)
((LESSON,), (MADE, CHECK, SHOW), (GOOD, WRONG)) = (
    [text for _, kind, text in FENCES if kind == wanted] for wanted in ("markdown", "sh", "")
)


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file, saved where the page says, seen from the folder above."""
    monkeypatch.chdir(tmp_path)
    # Where Streamlit doesn't find the app's settings, so not even that it is one's own.
    monkeypatch.setenv("LATENT_LAB_SHARED", "no")
    verb, folder = MADE.split()
    assert verb == "mkdir"
    Path(folder).mkdir()
    (name,) = re.findall(r"Save this as `(\S+)`", DOC)
    Path(name).write_text(LESSON, "utf-8")
    assert Path(name).parent == Path(folder)
    return Path(name)


def check(capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    python, dash, module, *arguments = CHECK.split()
    assert (python, dash, module) == ("python", "-m", "aemodels")
    return main(arguments), capsys.readouterr().out


def test_the_check_says_what_the_page_says(
    followed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(capsys) == (0, GOOD)
    text = followed.read_text("utf-8").replace("vae-2&classes=4,7&", "vae-3&classes=4,7&", 1)
    followed.write_text(text.replace("light: map", "light: mpa", 1), "utf-8")
    code, output = check(capsys)
    assert code == 2
    for line, shown in zip(output.splitlines(), WRONG.splitlines(), strict=True):
        begin, cut, end = shown.partition("…")
        assert line.startswith(begin)
        assert line.endswith(end) if cut else line == shown


def test_learn_shows_it_after_the_others(followed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(lens, "_show", lambda view, **given: shown.append((view, given)))
    monkeypatch.setattr(st, "page_link", lambda *page, **given: None)
    # Behind it, a comment says the same for PowerShell.
    setting, streamlit, verb, script = SHOW.partition("#")[0].split()
    assert (streamlit, verb, script) == ("streamlit", "run", "app.py")
    monkeypatch.setenv(*setting.split("="))
    assert not run("learn").exception
    *others, own = shown.pop()[1]["lessons"]
    assert (own["key"], own["title"], own["own"]) == ("between", "Between 4 and 7", True)
    assert len(others) == 12
    assert not any(card["own"] for card in others)
    (key,) = re.findall(r"`/learn\?lesson=(\w+)`", DOC)
    found = run("learn", lesson=key)
    assert not found.exception
    assert not found.warning
    ((view, given),) = shown
    assert view == "lesson"
    guess, walk, nines = given["steps"]
    assert guess["page"]["state"]["classes"] == [4, 7]
    assert [answer["right"] for answer in guess["answers"]] == [False, True, False]
    assert walk["page"] is None
    assert walk["deed"]["where"] == [{"fact": "read", "test": "=", "value": "7"}]
    assert '<data class="measure" value="kept vae-2"></data>' in walk["reveal"]
    assert nines["page"]["state"]["classes"] == [4, 7, 9]
    assert list(given["models"]) == ["vae-2"]
    # Saved anew, it is read anew; a wrong one is gone, and the others stay.
    followed.write_text(LESSON.replace("Between 4 and 7", "From 4 to 7"), "utf-8")
    assert not run("learn").exception
    assert shown.pop()[1]["lessons"][-1]["title"] == "From 4 to 7"
    followed.write_text("", "utf-8")
    assert not run("learn").exception
    assert shown.pop()[1]["lessons"] == others


def test_what_the_lesson_says_is_true() -> None:
    """On straight ways from 4s to the middle of the 7s, the reader sees 4, then 9, then 7."""
    model, seen = aemodels.load("vae-2"), reader.load()
    codes = bundle.read(zoo.find("vae-2")).codes()[0].astype(np.float32)
    labels = data.load("mnist").test_labels
    sevens = codes[labels == 7].mean(0)
    t = np.linspace(0, 1, 41, dtype=np.float32)[:, None]
    fours = codes[labels == 4][:100]
    reads = [seen.read(model.decode((1 - t) * four + t * sevens)).argmax(1) for four in fours]
    through = [re.fullmatch("4+9+7+", "".join(map(str, way))) is not None for way in reads]
    assert np.mean(through) > 0.7
    # Step 1 begins with one of these.
    assert labels[4] == 4
    first = seen.read(model.decode((1 - t) * codes[4] + t * sevens)).argmax(1)
    assert re.fullmatch("4+9+7+", "".join(map(str, first)))


def test_words_for_lessons_are_those_of_the_app() -> None:
    """After a change: python -m aemodels lessons words > docs/lesson-words.md"""
    text = (ROOT / "docs" / "lesson-words.md").read_text("utf-8")
    assert text == words.describe(vocabulary.load())


def test_the_page_names_every_field_of_a_step() -> None:
    from aemodels.lessons.step import KEYS

    rows = re.findall(r"^\| `(\w+)` \|", DOC, re.MULTILINE)
    assert sorted(rows) == sorted(KEYS)
