"""The folder of one run: the names of its files, and its id."""

import json
import re
from pathlib import Path
from typing import Any

from aemodels import paths
from aemodels.bundles import atomic, bundle

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# After whole epochs, or within the epoch that follows them: after so many of its steps.
SNAPSHOT = re.compile(r"([0-9]{4,5})(?:-([0-9]{5}))?\.safetensors")
LONGEST_NAME = 80

SETTINGS = "run.json"
RECORDS = "records.jsonl"
SNAPSHOTS = "snapshots"
CHECKPOINT = "checkpoint.safetensors"
STATUS = "status.json"
REQUEST = "request"
LOCK = "lease"
# Of versions before 1.7, which held a lock of the kernel; it may still lie there.
EARLIER_LOCK = "lock"
# Not the lease above, which a process holds as long as it trains.
SETTINGS_LOCK = "run.json.lock"
LOG = "log.txt"
# What was handed to an engine and hasn't begun, and, once it has, what it was.
JOB, BEGUN = "job.json", "begun.json"
BUNDLE = "bundle"
# Next to the runs: a lock for each device, and one for making and deleting hidden folders.
QUEUE = ".queue"
# In it, what was handed over to an engine, and who waits for it in which order.
ENGINE_FOLDER, LINE = "engine", "line.json"
CHANGES = ".changes.lock"


class RunError(Exception):
    """A run can't be created, read or sent a request; the message is one sentence."""


def path_of(run_id: str) -> Path:
    """The folder of the run with that id. Raises RunError if there is none."""
    path = paths.runs() / run_id
    if not ID.fullmatch(run_id) or path.is_symlink() or not path.is_dir():
        raise RunError(f"there is no run {run_id[:70]}")
    return path


def bundle_in(path: Path) -> Path | None:
    """The bundle in a run's folder, once there is one."""
    found = path / BUNDLE
    return found if (found / bundle.MANIFEST).is_file() and not found.is_symlink() else None


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace one file. Raises OSError."""
    atomic.replace(path, (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())
