"""Results shows the files of the rows, and a notice if one is missing or damaged."""

from pathlib import Path

import pytest

from reproduction import report, result
from reproduction.result import MISSING, Figure
from reproduction.rows import ROWS
from tests.pages.running import run, unescaped, words
from tests.reproduction import reproduced


def test_without_files_the_page_says_how_to_measure(folder: Path) -> None:
    assert "python -m reproduction" in run("results").info[0].value


def test_a_damaged_file_is_one_warning(folder: Path) -> None:
    (folder / "pca-30.json").write_text("[]", encoding="utf-8")
    (warning,) = run("results").warning
    assert "pca-30.json" in unescaped(warning.value)


def rows(folder: Path) -> list[str]:
    """Three rows: met, missed, without data. The titles of each."""
    good = Figure("error", "nats", (95.0, 97.0, 96.0), "lower", (97.0,))
    bad = Figure("error", "nats", (99.0,), "lower", (97.0,))
    reproduced.save(folder, "pca-30", [good], seeds=(0, 1, 2))
    reproduced.save(folder, "likelihood", [bad])
    reproduced.save(
        folder, "knn-fashion", [], status=MISSING, reason="no file", seeds=(), seconds=0.0
    )
    return [ROWS[name].title for name in ("pca-30", "likelihood", "knn-fashion")]


def test_results_have_the_cells_of_the_report(folder: Path) -> None:
    titles = rows(folder)
    found = run("results")
    text = words(found)
    for title in titles:
        assert f"**{title}**" in text
    report_text = report.markdown([result.read(path) for path in sorted(folder.glob("*.json"))])
    for line in ("| error, nats | 97 | ≤ 97 | 96 ± 1 | met |", "99 | **missed** |"):
        assert line in report_text
        assert line in text.replace("\u00a0", " ").replace("\\", "")
    assert "**Missing data.** no file" in text
    assert "Not measured yet" in text


@pytest.mark.parametrize(("show", "shown"), [("missed", [1, 2]), ("met", [0]), ("all", [0, 1, 2])])
def test_results_are_filtered(folder: Path, show: str, shown: list[int]) -> None:
    titles = rows(folder)
    text = words(run("results", show=show))
    assert [k for k, title in enumerate(titles) if f"**{title}**" in text] == shown


def test_results_of_a_family(folder: Path) -> None:
    titles = rows(folder)
    text = words(run("results", family="vae"))
    assert [title for title in titles if f"**{title}**" in text] == [titles[1]]
