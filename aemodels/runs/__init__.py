"""Runs: training on disk, the processes that do it, and the files that others can read."""

from aemodels.runs.folder import LONGEST_NAME, RunError
from aemodels.runs.recording import recorded
from aemodels.runs.records import Record
from aemodels.runs.run import Run, create, delete, import_bundle, list_runs, read, rename
from aemodels.runs.snapshots import Moment, Snapshot
from aemodels.runs.status import RunState, RunStatus

__all__ = [
    "LONGEST_NAME",
    "Moment",
    "Record",
    "Run",
    "RunError",
    "RunState",
    "RunStatus",
    "Snapshot",
    "create",
    "delete",
    "import_bundle",
    "list_runs",
    "read",
    "recorded",
    "rename",
]
