"""A teacher's own lessons: what is wrong is said at the start, and what is saved is seen."""

from pathlib import Path

import pytest
import streamlit as st

from aemodels import bundles
from aemodels.bundles import zoo
from tests.library.lessons.test_read import FRONT, STEP
from ui import lessons_cache
from ui.given import Given
from ui.query_numbers import Index, Number, Vector
from ui.query_params import Option, Parameter

FOUND = {item.name: item for item in bundles.scan(zoo.folder()).bundles}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    monkeypatch.setenv("LATENT_LAB_LESSONS", str(folder))
    return folder


def test_wrong_lessons_are_named_at_the_start(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "01-good.md").write_text(FRONT + STEP)
    (own / "02-bad.md").write_text(FRONT + STEP.replace("vae-2", "vae-3"))
    assert lessons_cache.complaints() == [
        f"{own / '02-bad.md'}:9: there is no model `vae-3` in the zoo"
    ]
    monkeypatch.delenv("LATENT_LAB_LESSONS")
    assert lessons_cache.complaints() == []


def test_a_saved_file_is_read_anew(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def titles() -> list[str]:
        return [lesson.title for lesson in lessons_cache.load(FOUND).own.lessons]

    path = own / "01-good.md"
    assert titles() == []
    path.write_text(FRONT + STEP)
    assert titles() == ["A title"]
    path.write_text(FRONT.replace("A title", "Another one") + STEP)
    assert titles() == ["Another one"]
    # A single file does as well.
    monkeypatch.setenv("LATENT_LAB_LESSONS", str(path))
    assert titles() == ["Another one"]
    path.write_text(FRONT.replace("A title", "A third") + STEP)
    assert titles() == ["A third"]
    path.unlink()
    assert titles() == []
    assert [problem.reason for _, problem in lessons_cache.load(FOUND).own.problems] == [
        "can't be read: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("parameter", "text", "value", "notice"),
    [
        (Index("digit", 10), "3", 3, ""),
        (Index("digit", 10, default=0), "0", None, ""),
        (Index("digit", 10), "12", None, "`digit=12` must be a whole number from 0 to 9."),
        (Option("layer", ("points", "holes")), "holes", "holes", ""),
        (Number("t", 0, 1), "2", None, "`t=2` must be a number from 0 to 1."),
        (Vector("z", low=[-1, -1], high=[1, 1]), "0.5,9", None, "`z=0.5,9` must be 2 numbers"),
        (Option("trail", ("on",)), None, None, ""),
    ],
)
def test_what_a_lesson_gives_is_parsed_as_the_address_is(
    parameter: Parameter[object], text: str | None, value: object, notice: str
) -> None:
    st.session_state.pop("notices", None)
    given = Given({} if text is None else {parameter.name: text}, visit=3)
    assert given.of(parameter) == value
    said = st.session_state.pop("notices", [])
    assert len(said) == bool(notice)
    assert all(words.startswith(notice) for words in said)
