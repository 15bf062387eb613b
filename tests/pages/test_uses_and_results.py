"""Uses and Results show what the rows' files say, and say so where a file is missing or damaged."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from reproduction import report, result
from reproduction.result import MISSING, Figure
from reproduction.rows import ROWS
from tests.pages.test_pages import run
from tests.reproduction import reproduced


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_LAB_REPRODUCTION", str(tmp_path))
    return tmp_path


def words(found: AppTest) -> str:
    """All Markdown and captions of the page."""
    assert not found.exception
    return "\n".join(each.value for each in (*found.markdown, *found.caption))


def anomalies(folder: Path) -> None:
    generator = np.random.default_rng(0)
    low, high = generator.uniform(1, 5, 300), generator.uniform(4, 50, 200)
    sets = {"normal": "mnist", "strange": "fashion-mnist"}
    shoes = [
        {"kind": "Sandal", "shoes": 40, "first": 30},
        {"kind": "Sneaker", "shoes": 60, "first": 60},
    ]
    detectors = [
        reproduced.detector("ae-16", "squared error", low, high),
        reproduced.detector("vae-16", "squared error", low, high),
        reproduced.detector("vae-16", "negative ELBO", low, high),
    ]
    figure = Figure("ae-16, squared error", "AUROC", (detectors[0]["auroc"],))
    details: dict[str, Any] = {**sets, "shoes": shoes, "detectors": detectors}
    reproduced.save(folder, "anomaly-digits", [figure], details=details)
    fashion = [reproduced.detector("vae-16-fashion", "negative ELBO", high, low, redrawn="")]
    details = {
        "normal": "fashion-mnist",
        "strange": "mnist",
        "trained_on": "8 images",
        "entropy_floor": {"fashion-mnist": 191.2, "mnist": 45.8},
        "detectors": fashion,
    }
    reproduced.save(folder, "anomaly-fashion", [figure], details=details)


def test_without_files_the_pages_say_what_measures_them(folder: Path) -> None:
    found = run("uses")
    assert not found.exception
    assert "python -m reproduction anomaly-digits" in found.info[0].value
    assert "python -m reproduction features" in run("uses", use="features").info[0].value
    assert "python -m reproduction" in run("results").info[0].value


def test_a_damaged_file_is_one_warning(folder: Path) -> None:
    (folder / "anomaly-digits.json").write_text('{"format": 1,')
    (folder / "pca-30.json").write_text("[]")
    (warning,) = run("uses").warning
    assert "anomaly-digits.json" in warning.value
    assert "pca-30.json" in "".join(each.value for each in run("results").warning)


def test_both_directions_stand_in_one_table(folder: Path) -> None:
    anomalies(folder)
    found = run("uses")
    assert found.query_params["detector"] == "ae-16"
    text = words(found)
    assert "**90%** are stranger than every digit (75% of sandals, 100% of sneakers)" in text
    assert "**191 nats**" in text
    (row,) = [line for line in text.splitlines() if line.startswith("| VAE, 16 latents, ELBO |")]
    areas = [float(cell) for cell in row.split("|")[2:4]]
    # The same scores the other way round.
    assert sum(areas) == pytest.approx(1, abs=2e-4)
    assert areas[0] > 0.9


def test_the_address_names_direction_model_and_score(folder: Path) -> None:
    anomalies(folder)
    found = run("uses", trained="digits", detector="vae-16", score="elbo")
    assert not found.warning
    assert found.query_params["score"] == "elbo"
    assert "Trained on 8 images" in words(run("uses", trained="clothes"))
    (notice,) = run("uses", trained="cats", surplus="1").warning
    assert "trained=cats" in notice.value
    assert "surplus" in notice.value


def test_features_are_a_table_and_a_sentence(folder: Path) -> None:
    reproduced.features(folder)
    text = words(run("uses", use="features"))
    assert "| raw pixels | 784 | kNN-7 | 90.00% | 0.50 s | 1.50 s | 2.00 s |" in text
    assert "logistic regression (stopped at its limit)" in text
    assert "**VAE, 16 latents** (16 numbers instead of 784), name **92.00%** rightly" in text


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
    for line in ("| error, nats | 97 | ≤ 97 | 96 (95 to 97) | met |", "99 | **missed** |"):
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
