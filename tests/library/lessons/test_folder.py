"""Folders of lessons: a wrong file is named and left out; a teacher's own files are added."""

from pathlib import Path

import pytest

from aemodels import lessons, paths
from aemodels.cli import main
from tests.library.lessons.test_read import FRONT, MODELS, STEP

GOOD = FRONT + STEP


def write(folder: Path, **files: str) -> Path:
    """A folder with these files; `a__b` is a-b.md."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.removeprefix('_').replace('__', '-')}.md").write_text(text, "utf-8")
    return folder


def test_wrong_files_are_named_and_the_others_work(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", _02__two=GOOD, _01__one="", _10__three=GOOD, glossary="x", README=""
    )
    (folder / "notes.txt").write_text("no lesson")
    index = lessons.scan(folder, models=MODELS)
    assert [lesson.key for lesson in index.lessons] == ["two", "three"]
    ((path, problem),) = index.problems
    assert (path.name, problem.line) == ("01-one.md", 1)


def test_own_lessons_are_added_and_names_are_unique(tmp_path: Path) -> None:
    built_in = write(tmp_path / "a", _01__one=GOOD, _02__two=GOOD)
    own = write(tmp_path / "b", _00__mine=GOOD, _01__two=GOOD, Mine=GOOD, _02__mine=GOOD)
    index = lessons.scan(built_in, [own], models=MODELS)
    assert [(lesson.key, lesson.own) for lesson in index.lessons] == [
        ("one", False),
        ("two", False),
        ("mine", True),
    ]
    assert [(path.name, problem.reason) for path, problem in index.problems] == [
        ("01-two.md", "the name `two` is taken by 02-two.md, which comes with the app"),
        ("02-mine.md", "the name `mine` is taken by 00-mine.md"),
        (
            "Mine.md",
            "the file's name must be small letters, digits and hyphens, as in 04-holes.md",
        ),
    ]
    assert index.own.problems == index.problems
    assert [lesson.key for lesson in index.own.lessons] == ["mine"]


def test_terms_are_those_of_the_glossary(tmp_path: Path) -> None:
    linked = GOOD.replace("Words.", "One [here](#kl),\none [there](#luck).")
    folder = write(tmp_path / "a", _01__one=linked)
    # Where there is no glossary, nobody knows.
    assert not lessons.scan(folder, models=MODELS).problems
    write(folder, glossary="## KL divergence {#kl}\n\nHow far one distribution is from another.\n")
    ((_, problem),) = lessons.scan(folder, models=MODELS).problems
    assert (problem.line, problem.reason) == (13, "the glossary has no term `#luck`")


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    index = lessons.scan(tmp_path / "a", [write(tmp_path / "b")], models=MODELS)
    assert [problem.reason for _, problem in index.problems] == [
        "can't be read: No such file or directory",
        "has no lesson, such as 01-title.md",
    ]


def test_the_app_s_own_lessons_are_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lessons", "check", str(paths.lessons() / "en")]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = sorted(path.name for path in (paths.lessons() / "en").glob("[0-9]*.md"))
    assert [line.rpartition("/")[2].partition(":")[0] for line in lines] == names
    assert all(": OK, " in line for line in lines)


def test_check_names_file_line_and_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "mine", _01__good=GOOD, _02__bad=GOOD.replace("vae-2", "vae-3"), holes=GOOD)
    monkeypatch.chdir(tmp_path)
    assert main(["lessons", "check", "mine"]) == 2
    assert capsys.readouterr().out.splitlines() == [
        "mine/01-good.md: OK, 1 step",
        "mine/02-bad.md:9: there is no model `vae-3` in the zoo",
        "mine/holes.md:1: the name `holes` is taken by 04-holes.md, which comes with the app",
    ]
    # One file alone, and all that the app would show.
    assert main(["lessons", "check", "mine/01-good.md"]) == 0
    assert capsys.readouterr().out == "mine/01-good.md: OK, 1 step\n"
    monkeypatch.setenv("LATENT_LAB_LESSONS", "mine")
    assert main(["lessons", "check"]) == 2
    assert "mine/01-good.md: OK, 1 step\n" in capsys.readouterr().out
