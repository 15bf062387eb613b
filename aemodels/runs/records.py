"""The records of a run: one line of JSON per epoch, which the process writes and pages read."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from aemodels.bundles import atomic
from aemodels.runs.folder import RECORDS


@dataclass(frozen=True)
class Record:
    """One epoch: the objective's terms, means over images, with `seconds` of training so far and
    the speed of this epoch.
    """

    epoch: int
    train: dict[str, float]
    test: dict[str, float]
    seconds: float
    images_per_second: float


def read_records(path: Path) -> list[Record]:
    """The records of the run in `path`, up to the first that is incomplete or out of order."""
    try:
        lines = (path / RECORDS).read_bytes().split(b"\n")[:-1]
    except OSError:
        return []
    records: list[Record] = []
    for number, line in enumerate(lines, 1):
        try:
            facts = json.loads(line)
            record = Record(
                epoch=facts["epoch"],
                train=_terms(facts["train"]),
                test=_terms(facts["test"]),
                seconds=float(facts["seconds"]),
                images_per_second=float(facts["images_per_second"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            break
        if record.epoch != number:
            break
        records.append(record)
    return records


def append_record(path: Path, record: Record) -> None:
    """Add a line. Returns when it is on disk. Raises OSError."""
    # The checkpoint that follows must not contain an epoch that this file has lost.
    atomic.append(path / RECORDS, _line(record))


def truncate_records(path: Path, epoch: int) -> None:
    """Drop the records of all epochs after `epoch`, and an incomplete line. Raises OSError."""
    lines = (_line(record) for record in read_records(path)[:epoch])
    atomic.replace(path / RECORDS, b"".join(lines))


def _line(record: Record) -> bytes:
    return json.dumps(asdict(record)).encode() + b"\n"


def _terms(values: dict[str, float]) -> dict[str, float]:
    return {name: float(value) for name, value in values.items()}
