"""What one person, and all together, may take up on a server that several share: live runs, room
on disk, uploads.

    limits = Limits.of_server()         # of the environment
    with starting(owner, limits):       # LimitError: "You have two runs that are being trained …"
        process.start(runs.create(config, owner=owner))
    with importing(owner, limits):      # counts as a live run
        process.import_model(content, "vae.safetensors", owner=owner)
    with training_reader(owner, limits):                            # counts as one too
        process.reader_training("mine").run(print)
    count_upload(owner, limits)

All of it is found in the runs folder, so several copies of the app that share one agree. Two hosts
in the same second may let a person start one too many, and so may two persons where only the runs
of all are as many as the server takes. A shell on the same machine is its owner's, and nothing here
limits it.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from math import ceil
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import filelock

from aemodels import paths
from aemodels.runs import disk, persons
from aemodels.runs.disk import shown
from aemodels.runs.folder import RunError
from aemodels.runs.run import Run, list_runs
from aemodels.runs.status import RunState

HOUR = 3600.0
# A process that has been started has so long to take its run's lock, and the next waits for that.
PATIENCE_SECONDS = 30.0
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,3})?)\s*([kmgt]?)b?", re.IGNORECASE)


class LimitError(RunError):
    """A person may not do that now; the message says the number, and what helps."""


@dataclass(frozen=True)
class Limits:
    """As much as one person may have, and all of them together; None is without limit.

    `live_runs` counts a person's runs that wait, train, pause or are measured, weights that are
    being imported, and readers that are being trained; `all_live_runs` counts everybody's.
    `disk_per_person` and `disk` are bytes: of one's own runs, and of everybody's runs and data
    sets. They are asked before something new begins; what has begun may grow beyond them.
    """

    live_runs: int | None = None
    disk_per_person: int | None = None
    disk: int | None = None
    uploads_per_hour: int | None = None
    all_live_runs: int | None = None

    VARIABLES: ClassVar[Mapping[str, str]] = {
        "live_runs": "LATENT_LAB_LIVE_RUNS",
        "disk_per_person": "LATENT_LAB_DISK_PER_PERSON",
        "disk": "LATENT_LAB_DISK",
        "uploads_per_hour": "LATENT_LAB_UPLOADS_PER_HOUR",
        "all_live_runs": "LATENT_LAB_ALL_LIVE_RUNS",
    }

    @classmethod
    def of_server(cls) -> "Limits":
        """Those of a server that several share; a variable that can't be used counts as not set."""
        return _read()[0]


DEFAULTS = Limits(
    live_runs=2,
    disk_per_person=1_000_000_000,
    disk=20_000_000_000,
    uploads_per_hour=20,
    # A run that waits takes 47 MB, so as many fit into 8 GB next to the app and a training.
    all_live_runs=100,
)


def complaints() -> list[str]:
    """A sentence for each variable of the environment that can't be used."""
    return _read()[1]


@contextmanager
def starting(owner: str, limits: Limits, you: bool = True) -> Iterator[None]:
    """Within the block, a run of this person may be created and started, or resumed; it is alive at
    the end. Of two blocks at the same time, one waits for the other.

    Without `you`, the sentence speaks of another person. The runs of nobody are those of a shell.
    Raises LimitError.
    """
    if limits == Limits() or not owner:
        yield
        return
    if 0 in (limits.live_runs, limits.all_live_runs):
        raise LimitError("No runs can be started on this server; train on your own computer.")
    with _alone(owner, you):
        found = list_runs()
        _check_live(found, owner, limits, you)
        _check_disk(found, owner, limits, you)
        yield


@contextmanager
def importing(owner: str, limits: Limits) -> Iterator[None]:
    """Within the block, weights of this person are imported, which counts as a live run and as an
    upload. Raises LimitError.
    """
    if limits == Limits() or not owner:
        yield
        return
    if 0 in (limits.live_runs, limits.all_live_runs):
        raise LimitError(
            "No weights can be imported to this server; import them on your own computer."
        )
    with _alone(owner):
        _check_live(list_runs(), owner, limits)
        count_upload(owner, limits)
        mark = _mark(owner)
    with persons.touching(mark):
        yield


@contextmanager
def training_reader(owner: str, limits: Limits) -> Iterator[None]:
    """Within the block, a reader is trained for this person, which counts as a live run. Raises
    LimitError.
    """
    if limits == Limits() or not owner:
        yield
        return
    if 0 in (limits.live_runs, limits.all_live_runs):
        raise LimitError("Nothing can be trained on this server; train on your own computer.")
    with _alone(owner):
        found = list_runs()
        _check_live(found, owner, limits)
        _check_disk(found, owner, limits, you=True)
        mark = _mark(owner, reader=True)
    with persons.touching(mark):
        yield


def count_upload(owner: str, limits: Limits) -> None:
    """Count a file that this person uploads now. Raises LimitError if it is one too many, or if
    there is no room for it.
    """
    check_disk(owner, limits)
    most = limits.uploads_per_hour
    if most is None:
        return
    if most == 0:
        raise LimitError("Nothing can be uploaded to this server; load it on your own computer.")
    try:
        mark = persons.folder(owner) / f"{uuid4().hex}.upload"
        mark.touch()
        # By the clock that gives files their times, which is another host's in a shared folder.
        now = mark.stat().st_mtime
        ages = sorted(_ages(mark, now), reverse=True)
        if len(ages) >= most:
            mark.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(error) from None
    if len(ages) >= most:
        minutes = ceil(max(1.0, HOUR - ages[len(ages) - most]) / 60)
        raise LimitError(
            f"You have uploaded {_counted(most, 'file')} in the last hour, as many as one may "
            f"here; try again in {_counted(minutes, 'minute')}."
        )


def check_disk(owner: str, limits: Limits, you: bool = True) -> None:
    """Raise LimitError if this person's runs, or everybody's runs and data sets, take all room."""
    _check_disk(list_runs() if limits.disk_per_person is not None else [], owner, limits, you)


def _check_disk(found: Sequence[Run], owner: str, limits: Limits, you: bool) -> None:
    """`found` are all runs."""
    own, of_all = limits.disk_per_person, limits.disk
    if own is None and of_all is None:
        return
    mine = {run.id for run in found if run.owner == owner}
    # Each folder is looked through once.
    sizes = disk.sizes(paths.runs(), mine if of_all is None else None)
    taken = sum(sizes.get(name, 0) for name in mine)
    if own is not None and taken >= own:
        whose, some = ("Your", "some of them") if you else ("This person's", "some")
        raise LimitError(
            f"{whose} runs take {shown(taken)} of the {shown(own)} that a person has here; "
            f"delete {some} first."
        )
    if of_all is not None:
        taken = sum(sizes.values()) + sum(disk.sizes(paths.own_data()).values())
        if taken >= of_all:
            raise LimitError(
                f"The runs and data sets on this server take {shown(taken)} of its "
                f"{shown(of_all)}; delete some of your runs, or ask whoever runs the server."
            )


@contextmanager
def _alone(owner: str, you: bool = True) -> Iterator[None]:
    """Within the block, no other program starts anything for this person. Raises LimitError."""
    try:
        lock = persons.acquire(owner, PATIENCE_SECONDS)
    except filelock.Timeout:
        whose = "Another of your runs" if you else "Another run of whoever started this one"
        raise LimitError(f"{whose} is being started; try again.") from None
    except OSError as error:
        raise _unwritable(error) from None
    try:
        persons.sweep(owner)
        yield
    finally:
        lock.release()


def _check_live(found: Sequence[Run], owner: str, limits: Limits, you: bool = True) -> None:
    """`found` are all runs. Raises LimitError."""
    others = persons.others()
    _check_own(found, others, owner, limits.live_runs, you)
    most = limits.all_live_runs
    if most is not None and sum(run.alive for run in found) + len(others) >= most:
        raise LimitError(
            f"This server has {_counted(most, 'live run')}, as many as it takes at once; wait "
            "until one ends, or train on your own computer."
        )


def _check_own(
    found: Sequence[Run],
    others: Sequence[tuple[str, bool]],
    owner: str,
    most: int | None,
    you: bool,
) -> None:
    """`others` are those of `persons.others`."""
    states = [run.state for run in found if run.owner == owner and run.alive]
    readers, imported = (others.count((owner, of_reader)) for of_reader in (True, False))
    live = len(states) + imported + readers
    if most is None or live < most:
        return
    paused = states.count(RunState.PAUSED)
    measured = states.count(RunState.MEASURING) + imported
    kinds = {"being trained": live - paused - measured, "being measured": measured}
    kinds["paused"] = paused
    doing = " or ".join(kind for kind, count in kinds.items() if count)
    who = "You have" if you else "Whoever started this run has"
    noun = "classifier" if readers == live else "run"
    what = f"a {noun} that is" if live == 1 else f"{_counted(live, noun)} that are"
    if 0 < readers < live:
        both = ((live - readers, "run"), (readers, "classifier"))
        what = " and ".join(_counted(many, kind, "a") for many, kind in both) + " that are"
    one = "it" if live == 1 else "one"
    if paused == live:
        remedy = f"stop {one}, or resume {one} and wait until it ends"
    else:
        # An import can't be stopped.
        remedy = f"wait until {one} ends" + f", or stop {one}" * (imported < live)
    raise LimitError(f"{who} {what} {doing}; {remedy}.")


def _mark(owner: str, *, reader: bool = False) -> Path:
    try:
        return persons.mark(owner, reader)
    except OSError as error:
        raise _unwritable(error) from None


def _ages(mark: Path, now: float) -> Iterator[float]:
    """Seconds since each other upload of the last hour; what is older is forgotten."""
    for other in mark.parent.glob("*.upload"):
        if other == mark:
            continue
        with suppress(FileNotFoundError):
            age = now - other.stat().st_mtime
            if age < HOUR:
                yield max(0.0, age)
            else:
                other.unlink(missing_ok=True)


def _unwritable(error: OSError) -> RunError:
    return RunError(f"{paths.runs()} can't be written: {error.strerror}")


def _counted(number: int, what: str, one: str = _WORDS[1]) -> str:
    words = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    words = one if number == 1 else words
    return f"{words} {what}{'s' * (number != 1)}"


def _read() -> tuple[Limits, list[str]]:
    found: dict[str, int | None] = {}
    wrong = []
    for field in fields(Limits):
        variable = Limits.VARIABLES[field.name]
        text = os.environ.get(variable, "").strip()
        found[field.name] = default = getattr(DEFAULTS, field.name)
        of_disk = field.name.startswith("disk")
        if text.lower() == "none":
            found[field.name] = None
        elif of_disk and (parts := _SIZE.fullmatch(text)):
            found[field.name] = int(float(parts[1]) * _UNITS[parts[2].lower()])
        elif not of_disk and re.fullmatch(r"[0-9]{1,6}", text):
            found[field.name] = int(text)
        elif text:
            example = "a size such as 500 MB" if of_disk else "a whole number"
            usual = shown(default) if of_disk else default
            wrong.append(f"{variable}={text[:40]}: must be {example}, or none; {usual} is used.")
    return Limits(**found), wrong
