"""Folders that aren't runs yet or any more: never listed, deleted once nobody works on them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aemodels import paths, runs
from aemodels.bundles import bundle
from aemodels.runs import archive, hidden
from aemodels.runs.lock import is_locked
from tests.library.running import SMALL

pytestmark = pytest.mark.usefixtures("home")

# A program that waits before the rename with which its run appears.
MAKER = """
import os, sys
from pathlib import Path
from aemodels import runs
from aemodels.config import Config
from aemodels.runs import archive

rename = os.rename

def wait(source, target):
    if Path(target).parent.name == "runs":
        print("about to appear", flush=True)
        sys.stdin.readline()
    rename(source, target)

os.rename = wait
"""
CREATE = "print(runs.create(Config(), id='mine').id)"
UNPACK = "print(archive.unpack(Path(sys.argv[1]).read_bytes(), 'model.zip').id)"


@contextmanager
def maker(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The program, which has made all of its run but hasn't shown it."""
    command = [sys.executable, "-c", MAKER + code, *arguments]
    with subprocess.Popen(
        command, cwd=paths.AROUND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "about to appear\n"
        yield process
        process.kill()


def folders(home: Path) -> list[str]:
    return sorted(entry.name for entry in home.iterdir() if entry.is_dir())


def test_a_run_that_is_being_created_is_left_alone_until_its_maker_is_gone(home: Path) -> None:
    with maker(CREATE) as process:
        for _ in range(3):
            assert runs.list_runs() == []
        (unfinished,) = folders(home)
        # It is that of another process, which one can't ask for anything yet.
        with pytest.raises(runs.RunError, match="there is no run"):
            runs.read(unfinished)
        output, _ = process.communicate("\n", timeout=60)
        assert output == "mine\n"
    assert [(run.id, run.message) for run in runs.list_runs()] == [
        ("mine", "It has not started yet.")
    ]
    assert folders(home) == ["mine"]


def test_a_run_whose_maker_was_killed_is_gone_when_runs_are_listed(home: Path, made: Path) -> None:
    with maker(CREATE) as process:
        process.kill()
        process.wait()
        assert len(folders(home)) == 1
        assert runs.list_runs() == []
        assert folders(home) == []
    file = home.parent / "model.zip"
    file.write_bytes(archive.pack(made / "vae"))
    with maker(UNPACK, str(file)) as process:
        process.kill()
        process.wait()
        # The files that came, and the run that they were about to become.
        assert len(folders(home)) == 2
        assert runs.list_runs() == []
        assert folders(home) == []
    assert runs.create(SMALL, id="mine").id == "mine"


def test_what_a_killed_deletion_left_is_gone_and_nothing_else(home: Path) -> None:
    runs.create(SMALL, id="mine")
    for name in (".it.deleted", ".loading-x1", ".new-0", ".queue", ".hidden", "foreign.deleted"):
        (home / name).mkdir()
        (home / name / "file").touch()
    (home / ".new-file").touch()
    (home / ".new-link").symlink_to(home / ".hidden")
    assert [run.id for run in runs.list_runs()] == ["mine"]
    assert folders(home) == [".hidden", ".new-link", ".queue", "foreign.deleted", "mine"]
    assert (home / ".hidden" / "file").exists()


def test_two_makers_never_get_one_id(home: Path) -> None:
    with maker(CREATE) as process:
        # The other is about to take it, and finds it taken.
        with pytest.raises(runs.RunError, match="another program is changing the runs"):
            runs.create(SMALL, id="mine")
        output, _ = process.communicate("\n", timeout=60)
        assert output == "mine\n"
    with pytest.raises(runs.RunError, match="run=mine: already exists"):
        runs.create(SMALL, id="mine")
    with hidden.scratch() as scratch:
        (scratch.path / "file").touch()
        # Listing runs doesn't take it away from its maker.
        assert [run.id for run in runs.list_runs()] == ["mine"]
        assert (scratch.path / "file").exists()
        assert not scratch.publish(home / "mine")
        assert scratch.publish(home / "other")
    assert folders(home) == ["mine", "other"]
    assert [entry.name for entry in (home / "other").iterdir()] == ["file"]


def test_a_loaded_bundle_appears_with_its_model(home: Path, made: Path) -> None:
    run = archive.unpack(archive.pack(made / "vae"), "model.zip")
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).family == "vae"
    assert folders(home) == [run.id]
    assert run.path.stat().st_mode & 0o700 == 0o700


def test_another_host_that_is_quicker_gets_the_id(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.create(SMALL, id="mine")
    with hidden.scratch() as scratch, monkeypatch.context() as patched:
        (scratch.path / "file").touch()
        # It appears after the last look.
        patched.setattr(Path, "exists", lambda path: False)
        assert not scratch.publish(home / "mine")
        patched.undo()
        assert [run.id for run in runs.list_runs()] == ["mine"]
        assert scratch.publish(home / "mine-2")
    assert folders(home) == ["mine", "mine-2"]


def test_a_run_is_held_until_it_is_hidden(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So nobody can start it between the last look and the rename."""
    run = runs.create(SMALL, id="mine")
    rename, held = Path.rename, []

    def look(path: Path, target: Path) -> Path:
        if path == run.path:
            held.append(is_locked(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", look)
    runs.delete(run)
    assert held == [True]
    assert folders(home) == []
