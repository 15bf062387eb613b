"""Recovery from a killed process, which can leave half-written files in a run's folder.

It also completes the fence around a process that isn't dead but was stopped right before a rename:
what it would rename is gone.
"""

import shutil
from contextlib import suppress
from pathlib import Path

from aemodels.bundles import bundle, fence
from aemodels.runs import folder


def recover(path: Path) -> None:
    """Complete or delete half-written files. Raises OSError."""
    output = path / folder.BUNDLE
    fence.check()
    for old in sorted(path.glob(f".{folder.BUNDLE}.old-*")):
        if output.exists():
            shutil.rmtree(old)
        else:
            old.rename(output)
    for new in path.glob(f".{folder.BUNDLE}.new-*"):
        # One that wasn't dead after all may be tidying up.
        with suppress(FileNotFoundError):
            shutil.rmtree(new)
    # The temporary files of others may be in use. Those without a tag are of pages that rename it.
    for name in (folder.SETTINGS, folder.JOB):
        for new in path.glob(f".{name}.*.new"):
            new.unlink(missing_ok=True)
    for name in (folder.CHECKPOINT, folder.RECORDS, folder.STATUS, bundle.MANIFEST):
        for new in (*path.glob(f".{name}.new"), *path.glob(f".{name}.*.new")):
            new.unlink(missing_ok=True)
    for new in (path / folder.SNAPSHOTS).glob(".*.new"):
        new.unlink(missing_ok=True)
