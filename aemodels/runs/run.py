"""A run: one model's training as a folder on disk. Loads no PyTorch.

    run = runs.create(Config(epochs=20), name="first try")
    runs.read(run.id).records()         # one Record per epoch so far

The folder is the whole state: every program that can read and write it can show, pause and stop the
run.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from aemodels import paths
from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.reader import FOLDER as READER
from aemodels.runs import file_clock, folder, hidden
from aemodels.runs.folder import ID, LONGEST_NAME, RunError
from aemodels.runs.lock import is_locked
from aemodels.runs.records import Record, has_records, read_records
from aemodels.runs.settings import FORMAT, read_settings
from aemodels.runs.snapshots import Moment, Snapshot, read_snapshot, snapshot_moments
from aemodels.runs.status import RunState, RunStatus, current_status, write_status
from aemodels.setting import SettingError

# The errors of reading a run.json that is damaged.
_UNUSABLE = (
    RunError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
)


@dataclass(frozen=True)
class Run:
    """A run as its folder was when it was read.

    `phases` are the epochs of each phase, cut short where it was stopped, and `planned` those that
    were requested. In a `damaged` run, the settings can't be read, and `config` holds the
    defaults. `owner` is the key of the person who started it and `group` the class that it belongs
    to; both are empty where nobody is told apart.
    """

    id: str
    path: Path
    name: str
    created: str
    config: Config
    phases: tuple[int, ...]
    planned: tuple[int, ...]
    command: str
    status: RunStatus = field(repr=False)
    damaged: bool = False
    owner: str = ""
    group: str = ""

    @property
    def state(self) -> RunState:
        """Its state, even if its process is gone."""
        return self.status.state

    @property
    def message(self) -> str:
        """A sentence on why it is in that state, or an empty string."""
        return self.status.message

    @property
    def alive(self) -> bool:
        """Whether a process is working on it, or waiting for its turn."""
        return self.state.alive

    @property
    def loaded(self) -> bool:
        """Whether it was loaded from a file, not trained here."""
        return RunState.LOADED in (self.state, self.status.ending)

    @property
    def claimed(self) -> bool:
        """Whether its codes and test metrics are what the file claims, not measured here."""
        return self.loaded and not self.status.measured

    @property
    def bundle_path(self) -> Path | None:
        """The folder of its model, once it has one."""
        return folder.bundle_in(self.path)

    def records(self) -> list[Record]:
        """One record per completed epoch. An incomplete last line is ignored."""
        return read_records(self.path)

    @property
    def has_records(self) -> bool:
        """Whether `records` has any, so that there are curves to show."""
        return has_records(self.path)

    def snapshot_moments(self) -> list[Moment]:
        """The moments of which there is a snapshot, in their order."""
        return snapshot_moments(self.path)

    def snapshot(self, epoch: int, step: int = 0) -> Snapshot:
        """The latent map and the reconstructions after that epoch, or after that step of the next
        one. Raises RunError.
        """
        return read_snapshot(self.path, Moment(epoch, step))


def create(
    config: Config,
    name: str | None = None,
    id: str | None = None,  # noqa: A002
    *,
    owner: str = "",
    group: str = "",
) -> Run:
    """Create the folder of a new run, without training it.

    Two programs never get the same id, by default the time and the model: 20250131-120000-vae-2.
    Raises RunError if the id or the name is invalid, or the folder can't be created.
    """
    return _create(config, name, id, list(config.phases), owner=owner, group=group)


def import_bundle(
    found: bundle.Bundle, name: str, measured: bool = False, *, owner: str = "", group: str = ""
) -> Run:
    """Make a run of the bundle in a folder on the same disk, which is moved into it.

    A reader in the folder `reader` beside the bundle is moved too. `measured` says that its codes
    and test metrics were computed here. Raises RunError if that can't be done; the bundle may then
    be gone.
    """
    epochs = found.training.epochs
    reader = found.path.with_name(READER)

    def fill(path: Path) -> None:
        if reader.is_dir():
            reader.rename(path / READER)
        found.path.rename(path / folder.BUNDLE)
        status = RunStatus(
            RunState.LOADED,
            epoch=epochs,
            epochs=epochs,
            done=1.0,
            ending=RunState.LOADED,
            measured=measured,
        )
        write_status(path, status)

    phases = [epochs] if epochs else []
    return _create(found.config, name, None, phases, found.command, fill, owner, group)


def list_runs() -> list[Run]:
    """All runs, newest first. A damaged one counts as failed. Raises nothing.

    What a process left that was killed while it created or deleted a run is deleted.
    """
    try:
        with os.scandir(paths.runs()) as entries:
            folders = {each.name: each.is_dir(follow_symlinks=False) for each in entries}
    except OSError:
        return []
    hidden.sweep(folders)
    found = []
    home = paths.runs()
    for name, is_folder in folders.items():
        if is_folder and ID.fullmatch(name):
            with suppress(RunError):  # Deleted since.
                found.append(read_folder(home / name))
    return sorted(found, key=lambda run: (run.created, run.id), reverse=True)


def read(run_id: str, locked: Callable[[Path], bool] = is_locked) -> Run:
    """The run in its current state. Raises RunError if no run has that id.

    `locked` is a function from a run's folder to whether its lock is held; its holder can't ask.
    """
    return read_folder(folder.path_of(run_id), locked)


def read_folder(path: Path, locked: Callable[[Path], bool] = is_locked) -> Run:
    """As `read`, of the run in any folder; its id is the folder's name."""
    try:
        settings = read_settings(path)
        return Run(
            id=path.name,
            path=path,
            name=settings.name,
            created=settings.created,
            config=settings.config,
            phases=settings.phases,
            planned=settings.planned,
            command=settings.command,
            status=current_status(path, locked),
            owner=settings.owner,
            group=settings.group,
        )
    except _UNUSABLE as error:
        if not path.is_dir():
            raise RunError(f"there is no run {path.name}") from None
        known = isinstance(error, SettingError | RunError)
        reason = str(error) if known else "it is missing or damaged"
        return _damaged(path, f"Its {folder.SETTINGS} can't be used: {reason}.")


def rename(run: Run, name: str) -> None:
    """Change the name that pages show; the id stays. Raises RunError."""
    checked = _checked_name(name)
    try:
        update(run.path, {"name": checked})
    except filelock.Timeout:
        raise RunError(
            f"{run.id} can't be renamed now: another program is changing it; try again"
        ) from None
    except OSError as error:
        raise RunError(f"{run.id} can't be renamed: {error.strerror}") from None
    except (ValueError, TypeError):
        raise RunError(f"{run.id} can't be renamed: its {folder.SETTINGS} is damaged") from None


def delete(run: Run) -> None:
    """Remove the run and all its files. Raises RunError if it is being trained."""
    if read(run.id).alive:
        raise RunError(f"{run.id} is being trained; stop it first")
    try:
        hidden.hide(run.path)
    except OSError as error:
        raise RunError(f"{run.id} can't be deleted: {error.strerror}") from None


def update(path: Path, facts: dict[str, Any]) -> None:
    """Change some fields of run.json; another program may be changing others.

    Raises OSError, and ValueError or TypeError where the file is damaged.
    """
    # Held for one write, but others may be quicker to take it again and again.
    settings = filelock.FileLock(path / folder.SETTINGS_LOCK, timeout=10, poll_interval=0.01)
    with settings:
        before = json.loads((path / folder.SETTINGS).read_text("utf-8"))
        folder.write_json(path / folder.SETTINGS, {**before, **facts})


def _create(
    config: Config,
    name: str | None,
    run_id: str | None,
    phases: list[int],
    command: str = "",
    fill: Callable[[Path], None] = lambda path: None,
    owner: str = "",
    group: str = "",
) -> Run:
    """`fill` adds the other files of the run to the folder that it is given. Raises RunError."""
    wanted = run_id if run_id is not None else _default_id(config)
    if not ID.fullmatch(wanted):
        raise RunError(
            f"run={wanted[:70]}: must be 1 to 64 lower-case letters, digits and hyphens; "
            "for example my-vae-2"
        )
    shown = None if name is None else _checked_name(name)
    try:
        with hidden.scratch() as scratch:
            created = datetime.fromtimestamp(file_clock.server_time(paths.runs()), UTC)
            fill(scratch.path)
            for path in _candidates(wanted, exact=run_id is not None):
                facts = {
                    "format": FORMAT,
                    "name": shown or path.name,
                    "created": created.isoformat(timespec="milliseconds"),
                    "config": config.to_dict(),
                    "command": command or config.command("--run", path.name),
                    "phases": phases,
                    **{key: text for key, text in (("owner", owner), ("group", group)) if text},
                }
                folder.write_json(scratch.path / folder.SETTINGS, facts)
                if scratch.publish(path):
                    return read(path.name)
    except OSError as error:
        raise RunError(f"{paths.runs()} can't be written: {error.strerror}") from None
    raise RunError(f"run={wanted}: already exists; choose another id")


def _default_id(config: Config) -> str:
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return f"{now}-{config.family.name}-{config.network.latent_dim}"


def _candidates(wanted: str, exact: bool) -> Iterator[Path]:
    """Folders that aren't there yet: that of `wanted` or, unless `exact`, of it with a number."""
    for number in range(1, 2 if exact else 10_000):
        path = paths.runs() / (wanted if number == 1 else f"{wanted}-{number}")
        if not path.exists():
            yield path


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    # The zero-width joiner is part of many emoji.
    if not 1 <= len(name) <= LONGEST_NAME or not name.replace("\u200d", "").isprintable():
        raise RunError(
            f"name={name[:LONGEST_NAME]}: must be 1 to {LONGEST_NAME} visible characters"
        )
    return name


def _damaged(path: Path, message: str) -> Run:
    try:
        created = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except OSError:
        created = ""
    return Run(
        id=path.name,
        path=path,
        name=path.name,
        created=created,
        config=Config(),
        phases=(),
        planned=(),
        command="",
        status=RunStatus(RunState.FAILED, message),
        damaged=True,
    )
