"""Limits of one person: counted in the runs folder, by any number of programs."""

import os
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import filelock
import pytest

from aemodels import runs
from aemodels.runs import file_clock, limits, persons
from aemodels.runs.limits import LimitError, Limits
from aemodels.runs.lock import lock
from aemodels.runs.status import RunState, RunStatus, write_status
from tests.library.running import SMALL

pytestmark = pytest.mark.usefixtures("home")
ADA, BOB = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in Limits.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


def make(owner: str, state: RunState) -> runs.Run:
    run = runs.create(SMALL, owner=owner)
    write_status(run.path, RunStatus(state))
    return run


def test_a_person_has_so_many_live_runs() -> None:
    two = Limits(live_runs=2)
    first, second = (make(ADA, state) for state in (RunState.RUNNING, RunState.PAUSED))
    make(ADA, RunState.FINISHED)
    make(BOB, RunState.FINISHED)
    with lock(first.path):
        with limits.starting(ADA, two):
            pass
        with lock(second.path):
            with pytest.raises(LimitError) as refused, limits.starting(ADA, two):
                pytest.fail("a third run")
            assert str(refused.value) == (
                "You have two runs that are being trained or paused; wait until one ends, or "
                "stop one."
            )
            with pytest.raises(LimitError, match=r"^Whoever started this run has two runs"):
                limits.starting(ADA, two, you=False).__enter__()
            for other, most in ((BOB, two), (ADA, Limits(live_runs=3)), (ADA, Limits())):
                with limits.starting(other, most):
                    pass
        with pytest.raises(LimitError, match="You have a run that is being trained; wait until it"):
            limits.starting(ADA, Limits(live_runs=1)).__enter__()
    for none in (Limits(live_runs=0), Limits(all_live_runs=0)):
        with pytest.raises(LimitError, match=r"^No runs can be started on this server"):
            limits.starting(ADA, none).__enter__()
        with pytest.raises(LimitError, match=r"^No weights can be imported to this server"):
            limits.importing(ADA, none).__enter__()


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((RunState.PAUSED,), "a run that is paused; stop it, or resume it and wait until it ends."),
        (
            (RunState.PAUSED, RunState.PAUSED),
            "two runs that are paused; stop one, or resume one and wait until it ends.",
        ),
        (
            (RunState.RUNNING, RunState.PAUSED),
            "two runs that are being trained or paused; wait until one ends, or stop one.",
        ),
        (
            (RunState.MEASURING,),
            "a run that is being measured; wait until it ends, or stop it.",
        ),
    ],
)
def test_what_helps_depends_on_what_they_do(states: tuple[RunState, ...], said: str) -> None:
    made = [make(ADA, state) for state in states]
    with ExitStack() as held:
        for run in made:
            held.enter_context(lock(run.path))
        for you, who in ((True, "You have"), (False, "Whoever started this run has")):
            with pytest.raises(LimitError) as refused:
                limits.starting(ADA, Limits(live_runs=len(states)), you=you).__enter__()
            assert str(refused.value) == f"{who} {said}"


def test_who_is_told_to_wait_for_another_start(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Limits(live_runs=1)
    monkeypatch.setattr(limits, "PATIENCE_SECONDS", 0.0)
    with limits.starting(ADA, one):
        for you, whose in ((True, "Another of your runs"), (False, "Another run of whoever")):
            with pytest.raises(LimitError, match=f"^{whose}.* is being started; try again.$"):
                limits.starting(ADA, one, you=you).__enter__()


def test_weights_that_are_imported_count_as_a_live_run() -> None:
    one, two = Limits(live_runs=1), Limits(live_runs=2)
    with limits.importing(ADA, one):
        for start in (limits.starting, limits.importing):
            with pytest.raises(LimitError) as refused:
                start(ADA, one).__enter__()
            assert str(refused.value) == (
                "You have a run that is being measured; wait until it ends."
            )
            for owner, most in ((BOB, one), (ADA, two)):
                with start(owner, most):
                    pass
            with pytest.raises(LimitError, match="live run"):
                start(BOB, Limits(all_live_runs=1)).__enter__()
    with limits.starting(ADA, one):
        pass
    with pytest.raises(ZeroDivisionError), limits.importing(ADA, one):
        1 / 0  # noqa: B018
    with limits.importing(ADA, one):
        pass


def test_a_reader_that_is_trained_counts_as_a_live_run() -> None:
    one, two = Limits(live_runs=1), Limits(live_runs=2)
    with pytest.raises(LimitError, match=r"^Nothing can be trained on this server"):
        limits.training_reader(ADA, Limits(live_runs=0)).__enter__()
    with limits.training_reader(ADA, one):
        for start in (limits.starting, limits.importing, limits.training_reader):
            with pytest.raises(LimitError) as refused:
                start(ADA, one).__enter__()
            assert str(refused.value) == (
                "You have a classifier that is being trained; wait until it ends, or stop it."
            )
            for owner, most in ((BOB, one), (ADA, two)):
                with start(owner, most):
                    pass
        with limits.importing(ADA, two), pytest.raises(LimitError) as refused:
            limits.starting(ADA, two).__enter__()
        assert str(refused.value) == (
            "You have a run and a classifier that are being trained or being measured; wait "
            "until one ends, or stop one."
        )
    with limits.training_reader(ADA, one):
        pass


def age(mark: Path) -> float:
    """Make a file look as if nobody had touched it for a minute; returns when that was."""
    old = mark.stat().st_mtime - 61
    os.utime(mark, (old, old))
    file_clock._seen.clear()
    return old


COUNTED = pytest.mark.parametrize("counted", ["importing", "training_reader"])


@COUNTED
def test_one_whose_program_was_killed_is_forgotten_after_a_minute(home: Path, counted: str) -> None:
    code = (
        "import os\n"
        "from aemodels.runs import limits\n"
        f"with limits.{counted}({ADA!r}, limits.Limits(live_runs=1)):\n"
        "    os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 9
    (mark,) = (home / persons.FOLDER / persons.MARKS).iterdir()
    one = Limits(live_runs=1)
    with pytest.raises(LimitError, match=r"^You have a "):
        limits.starting(ADA, one).__enter__()
    age(mark)
    with limits.starting(ADA, one):
        pass
    assert not mark.exists()


@COUNTED
def test_one_that_goes_on_counts_however_long(
    home: Path, counted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its process says nothing for minutes."""
    monkeypatch.setattr(persons, "TOUCHING_SECONDS", 0.01)
    one = Limits(live_runs=1)
    with getattr(limits, counted)(ADA, one):
        (mark,) = (home / persons.FOLDER / persons.MARKS).iterdir()
        old = age(mark)
        end = monotonic() + 60
        while mark.stat().st_mtime < old + 30 and monotonic() < end:
            sleep(0.01)
        with pytest.raises(LimitError, match=r"^You have a "):
            limits.starting(ADA, one).__enter__()
    assert not mark.exists()


def test_an_import_counts_as_an_upload_once_it_may_begin() -> None:
    both = Limits(live_runs=1, uploads_per_hour=2)
    with limits.importing(ADA, both):
        for _ in range(3):  # Refused, so it doesn't count.
            with pytest.raises(LimitError, match="being measured"):
                limits.importing(ADA, both).__enter__()
    with limits.importing(ADA, both):
        pass
    with pytest.raises(LimitError, match="You have uploaded two files"):
        limits.importing(ADA, both).__enter__()


def test_all_together_have_so_many_live_runs() -> None:
    three = Limits(live_runs=2, all_live_runs=3)
    made = [make(owner, RunState.RUNNING) for owner in (ADA, BOB, "")]
    with ExitStack() as held:
        for run in made[:2]:
            held.enter_context(lock(run.path))
        with limits.starting(ADA, three):
            pass
        # A shell's takes as much.
        held.enter_context(lock(made[2].path))
        with pytest.raises(LimitError) as refused:
            limits.starting("c" * 32, three).__enter__()
        assert str(refused.value) == (
            "This server has three live runs, as many as it takes at once; wait until one ends, or "
            "train on your own computer."
        )
        with limits.starting(ADA, Limits(live_runs=2, all_live_runs=4)):
            pass


def test_a_start_lists_the_runs_and_looks_through_their_folders_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for owner in (ADA, BOB):
        run = make(owner, RunState.FINISHED)
        (run.path / "snapshots").mkdir()
        (run.path / "snapshots" / "one").write_bytes(b"1")
    looked: Counter[str] = Counter()
    listed, scanned = runs.list_runs, os.scandir

    def list_runs() -> list[runs.Run]:
        looked["list"] += 1
        return listed()

    def scandir(path: Path) -> object:
        looked[str(path)] += 1
        return scanned(path)

    monkeypatch.setattr(limits, "list_runs", list_runs)
    monkeypatch.setattr(os, "scandir", scandir)
    with limits.starting(ADA, limits.DEFAULTS):
        pass
    assert looked["list"] == 1
    folders = {path for path in looked if path.endswith("snapshots")}
    assert len(folders) == 2
    assert {looked[path] for path in folders} == {1}


def test_two_programs_that_start_at_once_count_one_after_the_other(home: Path) -> None:
    """Each makes a run of the same person if it may; a finished process leaves its lock."""
    code = """
import sys, time
from aemodels import runs
from aemodels.config import Config
from aemodels.runs import limits
from aemodels.runs.status import RunState, RunStatus, write_status
try:
    with limits.starting(sys.argv[1], limits.Limits(live_runs=1)):
        run = runs.create(Config(), owner=sys.argv[1])
        time.sleep(0.2)
        # As a process that is about to take its lock.
        write_status(run.path, RunStatus(RunState.WAITING, starting=True))
except limits.LimitError as error:
    print(error)
"""
    each = [
        subprocess.Popen([sys.executable, "-c", code, ADA], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [one.communicate(timeout=120)[0] for one in each]
    assert [one.returncode for one in each] == [0, 0, 0]
    assert len(runs.list_runs()) == 1
    assert sorted(map(bool, said)) == [False, True, True]


def test_room_is_that_of_the_files(home: Path, tmp_path: Path) -> None:
    mine = make(ADA, RunState.FINISHED)
    (mine.path / "snapshots").mkdir()
    (mine.path / "snapshots" / "large").write_bytes(bytes(3_000_000))
    du = sum(each.stat().st_size for each in mine.path.rglob("*") if each.is_file())
    limits.check_disk(ADA, Limits(disk_per_person=du + 1))
    with pytest.raises(LimitError) as refused:
        limits.check_disk(ADA, Limits(disk_per_person=du))
    assert str(refused.value) == (
        "Your runs take 3 MB of the 3 MB that a person has here; delete some of them first."
    )
    limits.check_disk(BOB, Limits(disk_per_person=1))
    (tmp_path / "datasets" / "own").mkdir(parents=True)
    (tmp_path / "datasets" / "own" / "images").write_bytes(bytes(2_000_000))
    limits.check_disk(BOB, Limits(disk=6_000_000))
    with pytest.raises(LimitError, match=r"take 5 MB of its 5 MB; delete some of your runs"):
        limits.check_disk(BOB, Limits(disk=5_000_000))
    with pytest.raises(LimitError, match="of its"):
        limits.count_upload(BOB, Limits(disk=5_000_000))
    runs.delete(runs.read(mine.id))
    limits.check_disk(ADA, Limits(disk_per_person=du))


def test_uploads_of_the_last_hour_are_counted(home: Path) -> None:
    three = Limits(uploads_per_hour=3)
    for _ in range(3):
        limits.count_upload(ADA, three)
    limits.count_upload(BOB, three)
    marks = sorted((home / persons.FOLDER / ADA).glob("*.upload"))
    now = marks[0].stat().st_mtime
    for mark, minutes in zip(marks, (55, 30, 5), strict=True):
        os.utime(mark, (now - 60 * minutes,) * 2)
    for _ in range(2):  # A refused one doesn't count.
        with pytest.raises(LimitError) as refused:
            limits.count_upload(ADA, three)
        assert str(refused.value) in {
            "You have uploaded three files in the last hour, as many as one may here; "
            f"try again in {minutes} minutes."
            for minutes in ("five", "four")  # A loaded machine takes its time.
        }
    os.utime(marks[0], (now - 3601,) * 2)
    limits.count_upload(ADA, three)
    assert not marks[0].exists()
    with pytest.raises(LimitError):
        limits.count_upload(ADA, three)
    with pytest.raises(LimitError, match=r"^Nothing can be uploaded to this server"):
        limits.count_upload(ADA, Limits(uploads_per_hour=0))
    limits.count_upload(ADA, Limits())


def test_what_is_kept_of_persons_is_no_run(home: Path) -> None:
    limits.count_upload(ADA, Limits(uploads_per_hour=1))
    assert not runs.list_runs()
    assert (home / persons.FOLDER).is_dir()


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Limits.of_server() == Limits(2, 1_000_000_000, 20_000_000_000, 20, 100)
    for variable, text in zip(
        Limits.VARIABLES.values(), ("5", "500 MB", "1.5gb", "none", "60"), strict=True
    ):
        monkeypatch.setenv(variable, text)
    assert Limits.of_server() == Limits(5, 500_000_000, 1_500_000_000, None, 60)
    assert not limits.complaints()
    for variable, text in zip(
        Limits.VARIABLES.values(), ("two", "-1", "1 PB", "1e3", "all"), strict=True
    ):
        monkeypatch.setenv(variable, text)
    assert Limits.of_server() == limits.DEFAULTS
    assert limits.complaints() == [
        "LATENT_LAB_LIVE_RUNS=two: must be a whole number, or none; 2 is used.",
        "LATENT_LAB_DISK_PER_PERSON=-1: must be a size such as 500 MB, or none; 1 GB is used.",
        "LATENT_LAB_DISK=1 PB: must be a size such as 500 MB, or none; 20 GB is used.",
        "LATENT_LAB_UPLOADS_PER_HOUR=1e3: must be a whole number, or none; 20 is used.",
        "LATENT_LAB_ALL_LIVE_RUNS=all: must be a whole number, or none; 100 is used.",
    ]


def test_a_folder_that_cannot_be_written_is_one_sentence(home: Path) -> None:
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file", "utf-8")
    for act in (
        lambda: limits.count_upload(ADA, Limits(uploads_per_hour=1)),
        lambda: limits.starting(ADA, Limits(live_runs=1)).__enter__(),
    ):
        with pytest.raises(runs.RunError, match="can't be written: "):
            act()


def test_persons_who_have_not_come_for_a_day_are_forgotten(home: Path) -> None:
    for owner in (ADA, BOB, "c" * 32):
        limits.count_upload(owner, Limits(uploads_per_hour=5))
    ada, bob, cid = (home / persons.FOLDER / owner for owner in (ADA, BOB, "c" * 32))
    before = bob.stat().st_mtime - 90_000
    for old in (ada, bob):
        os.utime(old, (before, before))
    # A run of theirs is just being started, by another program.
    with filelock.FileLock(ada / "lock"):
        os.utime(ada, (before, before))
        with limits.starting("d" * 32, Limits(live_runs=1)):
            pass
        assert (ada.exists(), bob.exists(), cid.exists()) == (True, False, True)
    with limits.starting(BOB, Limits(live_runs=1)), limits.starting(ADA, Limits(live_runs=1)):
        assert bob.exists()
    limits.count_upload(ADA, Limits(uploads_per_hour=5))
