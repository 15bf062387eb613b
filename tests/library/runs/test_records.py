"""The records of a run, as its process appends them and as a damaged disk leaves them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aemodels.runs.folder import RECORDS
from aemodels.runs.records import Record, append_record, has_records, read_records

TERMS = {"loss": 1.5}
Damage = Callable[[list[bytes]], list[bytes]]
EPOCHS = [Record(epoch, TERMS, TERMS, 2.0 * epoch, 300.0) for epoch in (1, 2, 3)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for record in EPOCHS:
        append_record(tmp_path, record)
    return tmp_path / RECORDS


@pytest.mark.parametrize(
    ("damage", "left"),
    [
        (lambda lines: lines, 3),
        (lambda lines: [*lines[:2], lines[2].rstrip(b"\n")], 2),
        (lambda lines: [lines[0], b"{\n", lines[2]], 1),
        (lambda lines: [lines[0], b"[]\n"], 1),
        (lambda lines: [lines[0], lines[2]], 1),
        (lambda lines: [lines[0].rstrip(b"\n")], 0),
        (lambda lines: [lines[1]], 0),
        (lambda lines: [b'{"epoch": 1}\n', lines[1]], 0),
        (lambda lines: [b"\xff\n"], 0),
        (lambda lines: [], 0),
    ],
)
def test_what_follows_a_damaged_one_is_left_out(damage: Damage, left: int, file: Path) -> None:
    file.write_bytes(b"".join(damage(file.read_bytes().splitlines(keepends=True))))
    assert read_records(file.parent) == EPOCHS[:left]
    assert has_records(file.parent) is (left > 0)


def test_a_run_without_a_file_has_none(tmp_path: Path) -> None:
    assert read_records(tmp_path) == []
    assert not has_records(tmp_path)


def test_whether_there_are_any_is_known_from_the_first(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []
    loads = json.loads

    def count(line: bytes) -> object:
        parsed.append(line)
        return loads(line)

    monkeypatch.setattr(json, "loads", count)
    assert has_records(file.parent)
    assert len(parsed) == 1
