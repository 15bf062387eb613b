"""As on Windows: what is open can't be replaced, renamed or deleted, emulated on Linux."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aemodels import runs
from aemodels.bundles import atomic
from aemodels.runs import archive
from aemodels.runs.lock import lock
from tests.library.running import SMALL, work
from tests.library.runs import hostile

SHARING_VIOLATION = 32
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="what is open is known on Linux only"
)


def open_files() -> list[Path]:
    """The ordinary files that this process has open."""
    found = []
    for entry in os.scandir("/proc/self/fd"):
        try:
            path = Path(entry.path).readlink()
        except OSError:  # Closed since.
            continue
        if path.is_file():
            found.append(path)
    return found


def place(name: Any, folder: int | None) -> Path:
    """What a call means by `name`, in the folder of that descriptor."""
    base = Path.cwd() if folder is None else Path(f"/proc/self/fd/{folder}").readlink()
    return base / os.fsdecode(name)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*given: Any, **options: Any) -> Any:
            folders = [options.get(key) for key in ("dir_fd", "src_dir_fd", "dst_dir_fd")]
            folder = next((each for each in folders if each is not None), None)
            touched = [
                place(each, folder) for each in given if isinstance(each, str | Path | bytes)
            ]
            for path in open_files():
                if any(path == each or path.is_relative_to(each) for each in touched):
                    error = PermissionError(errno.EACCES, "in use", str(path))
                    error.winerror = SHARING_VIOLATION  # type: ignore[attr-defined,unused-ignore]
                    raise error
            return real(*given, **options)

        return call

    for name in ("replace", "rename", "unlink", "remove", "rmdir"):
        monkeypatch.setattr(os, name, refusing(name))


def test_the_emulation_refuses_what_is_open(windows: None, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder" / "x"
    file.write_bytes(b"")
    with file.open("rb"):
        for action in (
            file.unlink,
            lambda: (tmp_path / "folder").rename(tmp_path / "other"),
            lambda: (tmp_path / "y").replace(file),
        ):
            with pytest.raises(PermissionError):
                action()
    (tmp_path / "folder").rename(tmp_path / "other")


def test_a_file_is_replaced_as_soon_as_its_reader_closes_it(windows: None, tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    atomic.replace(path, b"before")
    reader = path.open("rb")
    closing = threading.Timer(0.2, reader.close)
    closing.start()
    atomic.replace(path, b"after")
    closing.join()
    assert path.read_bytes() == b"after"
    assert [file.name for file in tmp_path.iterdir()] == ["status.json"]


def test_a_reader_that_never_closes_is_an_error(
    windows: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "PATIENCE_SECONDS", 0.05)
    path = tmp_path / "status.json"
    atomic.replace(path, b"before")
    with path.open("rb") as reader:
        with pytest.raises(PermissionError):
            atomic.replace(path, b"after")
        assert reader.read() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["status.json"]


def test_a_folder_is_replaced_while_its_old_files_are_read(windows: None, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    atomic.write(folder, {"a": b"before"})
    reader = (folder / "a").open("rb")
    closing = threading.Timer(0.2, reader.close)
    closing.start()
    atomic.write(folder, {"a": b"after"}, overwrite=True)
    closing.join()
    assert (folder / "a").read_bytes() == b"after"
    assert [entry.name for entry in tmp_path.iterdir()] == ["bundle"]


def test_a_run_lives_and_is_deleted(windows: None, home: Path, unmeasured: None) -> None:
    run = work(runs.create(SMALL.with_(epochs=1)))
    assert run.state == "finished"
    runs.rename(run, "another name")
    run = work(runs.read(run.id), epochs=1)
    assert (run.state, len(run.records())) == ("finished", 2)
    runs.delete(run)
    assert runs.list_runs() == []
    assert not [path for path in home.iterdir() if run.id in path.name]


def test_a_bundle_is_loaded_and_deleted(windows: None, home: Path, tmp_path: Path) -> None:
    run = archive.unpack(hostile.zipped(hostile.good("vae", tmp_path / "made")), "x.zip")
    assert run.state == "loaded"
    runs.delete(run)
    assert runs.list_runs() == []


def test_a_run_that_is_trained_is_not_deleted(windows: None, home: Path) -> None:
    run = runs.create(SMALL)
    with lock(run.path), pytest.raises(runs.RunError, match=r"is being trained; stop it first"):
        runs.delete(run)
    assert [each.id for each in runs.list_runs()] == [run.id]
