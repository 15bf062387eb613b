"""A run: one training as a folder on disk. No PyTorch in here.

    run = runs.create(Config(epochs=20), name="first try")
    runs.read(run.id).records()         # one dict an epoch, so far

The folder is all there is to know: whoever can read it can show, pause and stop the run. A run is
alive as long as a process holds its `lock`, which the kernel frees however that process ends.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import filelock
import numpy as np
import safetensors
import safetensors.numpy

from aemodels import paths
from aemodels.bundles import atomic, bundle
from aemodels.config import Config, SettingError

FORMAT = 1
ROOT = paths.AROUND
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
SNAPSHOT = re.compile(r"[0-9]{4,5}\.safetensors")
LONGEST_NAME = 80

SETTINGS_FILE = "run.json"
RECORDS = "records.jsonl"
SNAPSHOTS = "snapshots"
CHECKPOINT = "checkpoint.safetensors"
STATUS = "status.json"
REQUEST = "request"
LOCK = "lock"
# Not the lock above, which the training holds all the time.
SETTINGS_LOCK = "run.json.lock"
LOG = "log.txt"
BUNDLE = "bundle"
QUEUE = ".queue"

# A process works on the run, or should.
ALIVE = ("waiting", "running", "paused", "saving", "measuring")
STATES = (*ALIVE, "finished", "stopped", "failed", "interrupted", "loaded")

# The first test digit of each class, and how many test digits the map of a snapshot shows.
FIXED_DIGITS = (3, 2, 1, 18, 4, 8, 11, 0, 61, 7)
MAP_DIGITS = 2000

# How long a new process may take until it holds the lock, on a busy machine.
STARTING_SECONDS = 15.0
# Looking whether a run is alive takes its lock for a moment, so one failed try proves nothing.
PROBE_SECONDS = 0.03
HOLD_SECONDS = 2.0


class RunError(Exception):
    """A run can't be made, read or asked for that; the message is one sentence."""


@dataclass(frozen=True)
class Run:
    """A run as its folder was when it was read.

    `phases` are the epochs of its trainings, those that were stopped cut to what they did, and
    `planned` what each was asked for.
    `state` is one of STATES and `message` says why, where there is something to say. `status` has
    what the process last wrote: `epoch`, `epochs`, `done` (share of all steps), `seconds_left`,
    `images_per_second`, `device`, `precision`, `parameters`, `partial` (the epoch within which it
    was stopped, if there is a snapshot of that), `updated`; any may be missing. In a
    `damaged` run the settings can't be read, and `config` holds the defaults.
    """

    id: str
    path: Path
    name: str
    created: str
    config: Config
    phases: tuple[int, ...]
    planned: tuple[int, ...]
    state: str
    message: str
    command: str
    status: dict[str, Any] = field(default_factory=dict, repr=False)
    damaged: bool = False

    @property
    def alive(self) -> bool:
        """Whether a process works on it, or waits for its turn."""
        return self.state in ALIVE

    @property
    def resumable(self) -> bool:
        """Whether `start(run, resume=True)` would go on with it."""
        return self.state in ("interrupted", "stopped", "failed") and not self.damaged

    @property
    def bundle_path(self) -> Path | None:
        """The folder of its model, once there is one."""
        path = self.path / BUNDLE
        return path if (path / bundle.MANIFEST).is_file() and not path.is_symlink() else None

    def records(self) -> list[dict[str, Any]]:
        """One dict an epoch: `epoch`, `train` and `test` with the objective's terms (means over
        images), `seconds` of training so far, `images_per_second`. A torn last line is left out.
        """
        return whole_records(self.path)

    def snapshot_epochs(self) -> list[int]:
        """The epochs after which there is a snapshot; 0 is before training."""
        try:
            names = [entry.name for entry in (self.path / SNAPSHOTS).iterdir()]
        except OSError:
            return []
        return sorted(int(name[:-12]) for name in names if SNAPSHOT.fullmatch(name))

    def snapshot(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Map (2000, 2) float32 of the first test digits, pictures (10, 784) uint8 of FIXED_DIGITS.

        Raises RunError if there is none of that epoch.
        """
        try:
            content = snapshot_path(self.path, epoch).read_bytes()
            tensors = safetensors.numpy.load(content)
            return tensors["map"], tensors["pictures"]
        except (OSError, safetensors.SafetensorError, KeyError, ValueError):
            raise RunError(f"{self.id} has no snapshot of epoch {epoch}") from None


def folder() -> Path:
    """The folder of runs."""
    return paths.runs()


def create(config: Config, name: str | None = None, id: str | None = None) -> Run:  # noqa: A002
    """Make the folder of a new run, which nothing trains yet.

    Two programs never get the same id, by default the time and the model: 20250131-120000-vae-2.
    Raises RunError if the id or the name is not fit, or the folder can't be made.
    """
    return _create(config, name, id, list(config.phases))


def adopt(found: bundle.Bundle, name: str) -> Run:
    """Make a run of the bundle in a folder on the same disk, which is moved into it.

    Raises RunError if that can't be done; the bundle may then be gone.
    """
    epochs = found.training.epochs
    run = _create(found.config, name, None, [epochs] if epochs else [], found.command)
    try:
        found.path.rename(run.path / BUNDLE)
        facts = {"epoch": epochs, "epochs": epochs, "done": 1.0}
        write_status(run.path, {"state": "loaded", "message": "", **facts})
    except OSError as error:
        shutil.rmtree(run.path, ignore_errors=True)
        raise RunError(f"the run can't be written: {error.strerror}") from None
    return read(run.id)


def _create(
    config: Config, name: str | None, run_id: str | None, phases: list[int], command: str = ""
) -> Run:
    wanted = run_id if run_id is not None else _default_id(config)
    if not ID.fullmatch(wanted):
        raise RunError(
            f"run={wanted[:70]}: must be 1 to 64 small letters, digits and hyphens; "
            "for example my-vae-2"
        )
    shown = None if name is None else _checked_name(name)
    path = _make_folder(wanted, exact=run_id is not None)
    facts = {
        "format": FORMAT,
        "name": shown or path.name,
        "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "config": config.to_dict(),
        "command": command or config.command("--run", path.name),
        "phases": phases,
    }
    try:
        write_json(path / SETTINGS_FILE, facts)
    except BaseException as error:
        shutil.rmtree(path, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        raise RunError(f"the run can't be written: {error.strerror}") from None
    return read(path.name)


def scan() -> list[Run]:
    """Every run, the newest first. A damaged one is there as failed. Raises nothing."""
    try:
        entries = [e for e in folder().iterdir() if ID.fullmatch(e.name) and e.is_dir()]
    except OSError:
        return []
    found = []
    for entry in entries:
        try:
            found.append(read(entry.name))
        except RunError:  # Deleted since.
            continue
    return sorted(found, key=lambda run: (run.created, run.id), reverse=True)


def read(run_id: str) -> Run:
    """The run as its folder is now. Raises RunError if there is none of that id."""
    return read_as(run_id, held)


def read_as(run_id: str, is_held: Callable[[Path], bool]) -> Run:
    """`read`, where `is_held` says whether a process holds the lock: whoever has it can't ask."""
    path = folder() / run_id
    if not ID.fullmatch(run_id) or path.is_symlink() or not path.is_dir():
        raise RunError(f"there is no run {run_id[:70]}")
    status = read_status(path)
    try:
        facts = json.loads((path / SETTINGS_FILE).read_text("utf-8"))
        run = Run(
            id=run_id,
            path=path,
            name=str(facts["name"]),
            created=str(facts["created"]),
            config=Config.from_dict(facts["config"]),
            phases=tuple(int(epochs) for epochs in facts["phases"]),
            planned=tuple(int(epochs) for epochs in facts.get("planned", facts["phases"])),
            state="",
            message="",
            command=str(facts["command"]),
            status=status,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if not path.is_dir():
            raise RunError(f"there is no run {run_id}") from None
        reason = str(error) if isinstance(error, SettingError) else "it is missing or damaged"
        return _damaged(path, f"its {SETTINGS_FILE} can't be used: {reason}")
    state, message = _state(run, is_held)
    return replace(run, state=state, message=message)


def rename(run: Run, name: str) -> None:
    """Change what people read; the id stays. Raises RunError."""
    checked = _checked_name(name)
    try:
        change(run.path, {"name": checked})
    except filelock.Timeout:
        raise RunError(f"{run.id} can't be renamed now: another program changes it") from None
    except OSError as error:
        raise RunError(f"{run.id} can't be renamed: {error.strerror}") from None
    except (ValueError, TypeError):
        raise RunError(f"{run.id} can't be renamed: its {SETTINGS_FILE} is damaged") from None


def delete(run: Run) -> None:
    """Remove the run and all its files. Raises RunError if it is being trained."""
    if read(run.id).alive:
        raise RunError(f"{run.id} is being trained; stop it first")
    hidden = run.path.with_name(f".{run.id}.deleted")
    try:
        with hold(run.path):
            shutil.rmtree(hidden, ignore_errors=True)
            # At once out of sight of every other program, then file by file.
            run.path.rename(hidden)
            shutil.rmtree(hidden)
    except OSError as error:
        raise RunError(f"{run.id} can't be deleted: {error.strerror}") from None


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Be the one process that works on the run in `path`. Raises RunError if another one is."""
    lock = filelock.FileLock(path / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=HOLD_SECONDS, poll_interval=0.01)
    except filelock.Timeout:
        raise RunError(f"{path.name} is being trained already") from None
    except OSError as error:
        raise RunError(f"{path.name} can't be locked: {error.strerror}") from None
    try:
        yield
    finally:
        lock.release()


def held(path: Path) -> bool:
    """Whether a process holds the lock of the run in `path`."""
    if not (path / LOCK).exists():
        return False
    lock = filelock.FileLock(path / LOCK, thread_local=False)
    try:
        lock.acquire(timeout=PROBE_SECONDS, poll_interval=0.005)
    except filelock.Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def change(path: Path, facts: dict[str, Any]) -> None:
    """Change some facts of run.json; another program may change others at the same time.

    Raises OSError, and ValueError or TypeError where the file is damaged.
    """
    with filelock.FileLock(path / SETTINGS_LOCK, timeout=HOLD_SECONDS):
        before = json.loads((path / SETTINGS_FILE).read_text("utf-8"))
        write_json(path / SETTINGS_FILE, {**before, **facts})


def snapshot_path(path: Path, epoch: int) -> Path:
    """Where the snapshot of that epoch lies, in the folder of a run."""
    return path / SNAPSHOTS / f"{epoch:04}.safetensors"


def whole_records(path: Path) -> list[dict[str, Any]]:
    """The records of the run in `path`, up to the first that is torn or out of order."""
    try:
        lines = (path / RECORDS).read_bytes().split(b"\n")[:-1]
    except OSError:
        return []
    records = []
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
        except ValueError:
            break
        if not isinstance(record, dict) or record.get("epoch") != number:
            break
        records.append(record)
    return records


def read_status(path: Path) -> dict[str, Any]:
    """What the process of the run in `path` last wrote; empty if that is nothing."""
    try:
        status = json.loads((path / STATUS).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return status if isinstance(status, dict) else {}


def write_status(path: Path, status: dict[str, Any]) -> None:
    """Replace the status of the run in `path`. Raises OSError."""
    text = json.dumps({**status, "updated": time()}, ensure_ascii=False)
    atomic.replace(path / STATUS, text.encode(), flush=False)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace one file. Raises OSError."""
    atomic.replace(path, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())


def _state(run: Run, is_held: Callable[[Path], bool]) -> tuple[str, str]:
    """State and message, from what the process wrote and whether it still lives."""
    state, message = run.status.get("state"), str(run.status.get("message") or "")
    if state not in STATES:
        if is_held(run.path):
            return "waiting", "starting"
        # Nothing here was trained: its status was lost.
        if run.bundle_path is not None and not (run.path / CHECKPOINT).exists():
            return "loaded", ""
        return "interrupted", "it has not begun"
    if state not in ALIVE or is_held(run.path):
        return str(state), message
    # Between asking the status and the lock the process may have ended in good order.
    again = read_status(run.path)
    if again.get("state") not in ALIVE:
        return str(again.get("state", "interrupted")), str(again.get("message") or "")
    if again.get("starting") and 0 <= time() - number(again.get("updated")) < STARTING_SECONDS:
        return "waiting", "starting"
    if again.get("state") == "measuring" and run.bundle_path is not None:
        return str(again.get("ending", "stopped")), "its last measurements are missing"
    epochs = int(number(again.get("epoch")))
    safe = f"{epochs} whole epochs are safe" if epochs != 1 else "one whole epoch is safe"
    return "interrupted", f"its process ended in the middle; {safe}"


def number(value: Any) -> float:
    """A number of a status, 0 where it is missing or no number."""
    return value if isinstance(value, int | float) else 0.0


def _default_id(config: Config) -> str:
    now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return f"{now}-{config.family}-{config.network.latent_dim}"


def _make_folder(wanted: str, exact: bool) -> Path:
    home, number = folder(), 1
    try:
        home.mkdir(parents=True, exist_ok=True)
        while True:
            path = home / (wanted if number == 1 else f"{wanted}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                if exact:
                    raise RunError(f"run={wanted}: is there already; choose another") from None
                number += 1
            else:
                return path
    except OSError as error:
        raise RunError(f"{home} can't be written: {error.strerror}") from None


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    # The joiner holds many an emoji together.
    if not 1 <= len(name) <= LONGEST_NAME or not name.replace("\u200d", "").isprintable():
        raise RunError(
            f"name={name[:LONGEST_NAME]}: must be 1 to {LONGEST_NAME} characters that can be seen"
        )
    return name


def _damaged(path: Path, message: str) -> Run:
    try:
        created = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except OSError:
        created = ""
    facts = (path.name, path, path.name, created, Config(), (), ())
    return Run(*facts, "failed", message, "", {}, True)
