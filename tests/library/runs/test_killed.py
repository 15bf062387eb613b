"""Runs that are killed at chosen moments end as if nothing had happened: same weights to the last
bit, all records, all snapshots, all test metrics.

`pytest -s` prints the table.
"""

import json
import subprocess
import sys

import pytest

from aemodels import paths
from tests.library.runs.killed import ROWS, Result

pytestmark = pytest.mark.slow
LEFT = "The model is saved, and resuming the run measures it again."


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """What became of each row, by its name; one process kills and resumes them all."""
    command = [sys.executable, "-W", "error", "-m", "tests.library.runs.killed", "--json"]
    done = subprocess.run(command, cwd=paths.AROUND, capture_output=True, encoding="utf-8")
    found = [Result(**json.loads(line)) for line in done.stdout.splitlines()]
    assert len(found) == len(ROWS), done.stderr
    for result in found:
        print(f"\n{result.row}\n    {' | '.join(result.said)}", end="")
    return {result.row: result for result in found}


def test_there_are_35_of_three_families() -> None:
    assert len(ROWS) == len(set(ROWS)) == 35
    assert {row.family for row in ROWS} == {"ae", "vae", "stacked"}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_killed_run_is_whole_in_the_end(row: object, results: dict[str, Result]) -> None:
    assert results[str(row)].problems == []


def test_a_run_that_was_killed_in_its_creation_is_gone_or_whole(
    results: dict[str, Result],
) -> None:
    assert results["ae: before rename new run"].said == ["no run"]
    assert results["stacked: after rename new run"].said == ["interrupted: It has not started yet."]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("vae: before status running", "resuming the run starts from the beginning."),
        # Its status was last written before the first epoch.
        ("vae: within append records.jsonl (2)", "1 completed epoch is saved."),
        ("ae: after replace checkpoint.safetensors (2)", "2 completed epochs are saved."),
        ("ae: before measure trustworthiness", LEFT),
        ("vae: after replace bundle.json", LEFT),
    ],
)
def test_it_says_what_is_saved(row: str, said: str, results: dict[str, Result]) -> None:
    (sentence,) = results[row].said
    assert sentence.startswith("interrupted: The process ended")
    assert sentence.endswith(said)
