"""Finished models at addresses of fsspec: whole or not at all, once, and back again."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from aemodels import runs
from aemodels.bundles import bundle
from aemodels.cli import main
from aemodels.config import Config
from aemodels.runs import folder, store
from aemodels.runs.status import RunState, RunStatus, write_status

pytestmark = pytest.mark.usefixtures("home")
Capsys = pytest.CaptureFixture[str]


def finished(made: Path, name: str = "first", family: str = "vae") -> runs.Run:
    """A run that has ended with the small bundle of that family."""
    run = runs.create(Config.of(family), id=name)
    shutil.copytree(made / family, run.path / folder.BUNDLE)
    write_status(run.path, RunStatus(RunState.FINISHED))
    return runs.read(run.id)


@pytest.fixture(params=["memory", "file", "folder"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place that isn't there yet."""
    path = tmp_path / "away" / "course 1"
    yield {"memory": "memory://course/ada", "file": path.as_uri(), "folder": str(path)}[
        request.param
    ]
    fsspec.filesystem("memory").store.clear()


def files(address: str) -> dict[str, bytes]:
    """What is there, by fsspec alone, hidden files included."""
    system, root = fsspec.url_to_fs(address)
    return {path.rpartition("/")[2]: system.cat_file(path) for path in system.find(root)}


def test_a_model_is_sent_once_and_comes_back(address: str, made: Path, capsys: Capsys) -> None:
    run = finished(made)
    runs.create(Config(), id="untrained")
    assert store.names(address) == []
    assert main(["archive", address]) == 0
    assert capsys.readouterr().out == "first: added\n"
    sent = files(address)
    assert list(sent) == ["first.zip"]
    with zipfile.ZipFile(io.BytesIO(sent["first.zip"])) as packed:
        for name in packed.namelist():
            original = made / "vae" / name.rpartition("/")[2]
            assert packed.read(name) == original.read_bytes()

    assert main(["archive", "first", address]) == 0
    assert capsys.readouterr().out == "first: is there already\n"
    assert main(["archive", "--list", address]) == 0
    assert capsys.readouterr().out == "first.zip\n"

    runs.delete(run)
    assert main(["archive", "--restore", "first", address]) == 0
    (loaded,) = [each for each in runs.list_runs() if each.loaded]
    assert capsys.readouterr().out.startswith(f"{loaded.id}: loaded")
    assert loaded.bundle_path is not None
    found, sent_from = bundle.read(loaded.bundle_path), bundle.read(made / "vae")
    assert (
        found.manifest.files["weights.safetensors"]
        == sent_from.manifest.files["weights.safetensors"]
    )


def test_another_model_of_the_same_run_replaces_the_first(address: str, made: Path) -> None:
    run = finished(made)
    assert store.put(run, address) is store.Outcome.ADDED
    before = files(address)
    shutil.rmtree(run.path / folder.BUNDLE)
    shutil.copytree(made / "ae", run.path / folder.BUNDLE)
    assert store.put(run, address) is store.Outcome.REPLACED
    assert list(files(address)) == ["first.zip"]
    assert files(address) != before


def test_what_arrives_damaged_replaces_nothing(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address, system = "memory://damaged", fsspec.filesystem("memory")
    run = finished(made)
    store.put(run, address)
    before = files(address)
    shutil.rmtree(run.path / folder.BUNDLE)
    shutil.copytree(made / "ae", run.path / folder.BUNDLE)
    real = type(system).pipe_file

    def cut(self: Any, path: str, value: bytes, **given: Any) -> None:
        real(self, path, value[:-1], **given)

    def full(self: Any, path: str, value: bytes, **given: Any) -> None:
        cut(self, path, value, **given)
        raise OSError(28, "No space left on device")

    for broken, says in ((cut, "other bytes"), (full, "No space left")):
        monkeypatch.setattr(type(system), "pipe_file", broken)
        with pytest.raises(runs.RunError, match=says):
            store.put(run, address)
        assert files(address) == before


def test_only_a_model_that_is_whole_is_sent(made: Path, tmp_path: Path, capsys: Capsys) -> None:
    runs.create(Config(), id="new")
    assert main(["archive", "new", str(tmp_path / "away")]) == 2
    assert "new has no model" in capsys.readouterr().err
    damaged = finished(made)
    (damaged.path / folder.BUNDLE / "weights.safetensors").write_bytes(b"")
    assert main(["archive", "first", str(tmp_path / "away")]) == 2
    assert "first: " in capsys.readouterr().err
    assert not (tmp_path / "away").exists()
    # Of all, the others are kept.
    finished(made, "second")
    assert main(["archive", str(tmp_path / "away")]) == 1
    said = capsys.readouterr()
    assert said.out == "second: added\n"
    assert "first: " in said.err
    assert main(["archive", "nobody", str(tmp_path / "away")]) == 2
    assert "there is no run nobody" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["first", "odd://bucket"], "odd://bucket can't be used: Protocol not known: odd"),
        (["first", "sftp://ada:secret@localhost:1/x"], "sftp://localhost:1/x can't be used: "),
        (["--list", "first", "memory://x"], "take no RUN"),
        (["--restore", "../first", "memory://x"], "there is no ../first at memory://x"),
        (["--restore", "second", "memory://x"], "there is no second at memory://x"),
    ],
)
def test_refusals_are_one_line(words: list[str], says: str, made: Path, capsys: Capsys) -> None:
    finished(made)
    assert main(["archive", *words]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "secret" not in said
    assert said.count("\n") == 1


def test_names_leave_out_what_is_no_model(made: Path, tmp_path: Path) -> None:
    store.put(finished(made), str(tmp_path))
    (tmp_path / "notes.txt").write_text("no model")
    (tmp_path / ".first.0.new").write_text("a half")
    assert store.names(str(tmp_path)) == ["first.zip"]
