"""The line of runs that wait for an engine, as whoever hands them over last wrote it down.

    line.words(run.path, token)         # "Queued, third in line."

It is one small file next to the runs, for all programs and hosts; only `dispatch` writes it. It
tells people how long they wait; nothing but the handles of jobs would be missed without it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from aemodels import paths
from aemodels.bundles import atomic
from aemodels.runs import folder

ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
STARTING = "Starting."


@dataclass(frozen=True)
class Handed:
    """A job that an engine has: the run's token, and the engine's handle."""

    token: str
    engine: str
    handle: str


@dataclass(frozen=True)
class Line:
    """What an engine has been handed, the ids of the runs that wait in their order, those that are
    starting, a sentence on the engine if it gives trouble, and one for each run that it refuses.
    """

    handed: Mapping[str, Handed] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    starting: tuple[str, ...] = ()
    trouble: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


def home() -> Path:
    """The folder of the line, which is also what only one program at a time may hold."""
    return paths.runs() / folder.QUEUE / folder.ENGINE_FOLDER


def read(path: Path | None = None) -> Line:
    """The line as it was last written; an empty one if there is none."""
    try:
        facts = json.loads(((path or home()) / folder.LINE).read_bytes())
        return Line(
            {run: Handed(**job) for run, job in facts["handed"].items()},
            tuple(facts["waiting"]),
            tuple(facts["starting"]),
            str(facts["trouble"]),
            {run: str(why) for run, why in facts.get("refused", {}).items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Line()


def write(line: Line) -> None:
    """Replace it. Raises OSError."""
    atomic.replace(home() / folder.LINE, json.dumps(asdict(line)).encode(), flush=False)


def sweep() -> None:
    """Delete what a program left that was killed while it wrote. For whoever holds the line's lock.

    Raises OSError.
    """
    for new in (*home().glob(f".{folder.LINE}.new"), *home().glob(f".{folder.LINE}.*.new")):
        new.unlink(missing_ok=True)


def words(path: Path) -> str:
    """Why the run in `path`, whose job hasn't begun, waits: one or two sentences."""
    found = read(path.parent / folder.QUEUE / folder.ENGINE_FOLDER)
    if path.name in found.starting:
        return STARTING
    text = "Queued."
    if path.name in found.waiting:
        place = found.waiting.index(path.name)
        number = ORDINALS[place] if place < len(ORDINALS) else f"number {place + 1}"
        text = f"Queued, {number} in line."
    return f"{text} {found.trouble or found.refused.get(path.name, '')}".strip()
