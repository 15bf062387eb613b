"""The records of a run: one line of JSON per epoch, which the process writes and pages read."""

import json
from collections.abc import Iterator
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
    return list(_records(path))


def has_records(path: Path) -> bool:
    """Whether `read_records` finds any; reads no more than the first."""
    return next(_records(path), None) is not None


def _records(path: Path) -> Iterator[Record]:
    try:
        with (path / RECORDS).open("rb") as stream:
            for number, line in enumerate(stream, 1):
                facts = json.loads(line)
                if not line.endswith(b"\n") or facts["epoch"] != number:
                    return
                yield Record(
                    epoch=facts["epoch"],
                    train=_terms(facts["train"]),
                    test=_terms(facts["test"]),
                    seconds=float(facts["seconds"]),
                    images_per_second=float(facts["images_per_second"]),
                )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


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
