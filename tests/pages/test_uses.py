"""Uses shows the files of the rows, and a notice if one is missing or damaged."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reproduction.result import Figure
from tests.pages.running import run, unescaped, unfolded, words
from tests.reproduction import reproduced


def anomalies(folder: Path) -> None:
    generator = np.random.default_rng(0)
    low, high = generator.uniform(1, 5, 300), generator.uniform(4, 50, 200)
    sets = {"normal": "mnist", "anomalous": "fashion-mnist"}
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
    fashion = [reproduced.detector("vae-16-fashion", "negative ELBO", high, low, reconstructed="")]
    details = {
        "normal": "fashion-mnist",
        "anomalous": "mnist",
        "trained_on": "8 images",
        "entropy_floor": {"fashion-mnist": 191.2, "mnist": 45.8},
        "detectors": fashion,
    }
    reproduced.save(folder, "anomaly-fashion", [figure], details=details)


def test_without_files_the_page_says_how_to_measure(folder: Path) -> None:
    assert "python -m reproduction anomaly-digits" in run("uses").info[0].value
    assert "python -m reproduction features" in run("uses", use="features").info[0].value


def test_a_damaged_file_is_one_warning(folder: Path) -> None:
    (folder / "anomaly-digits.json").write_text('{"format": 1,', encoding="utf-8")
    (warning,) = run("uses").warning
    assert "anomaly-digits.json" in unescaped(warning.value)


def test_both_directions_stand_in_one_table(folder: Path) -> None:
    anomalies(folder)
    found = run("uses")
    assert not dict(found.query_params)  # all at their defaults
    text = words(unfolded(found))
    assert "**90%** score higher than every digit (75% of sandals, 100% of sneakers)" in text
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
    text = words(unfolded(run("uses", use="features")))
    assert "| raw pixels | 784 | kNN-7 | 90.00% | 0.50 s | 1.50 s | 2.00 s |" in text
    assert "logistic regression (stopped at its iteration limit)" in text
    best = "**VAE, 16 latents** (16 numbers instead of 784), classify **92.00%** correctly"
    assert best in text
