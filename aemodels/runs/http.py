"""What a browser may fetch of runs: files of their models, snapshots, and how far they are."""

from pathlib import Path
from typing import Any

from aemodels import runs
from aemodels.bundles import bundle


def find(path: str) -> Path | None:
    """`<id>/<file>` -> that file of the run's bundle, `<id>/snapshots/<file>` -> that snapshot, for
    HTTP; None for anything else.

    Only files of those names, as ordinary files in ordinary folders: no link, no other path.
    """
    run_id, _, name = path.partition("/")
    kind, _, snapshot = name.rpartition("/")
    if not runs.ID.fullmatch(run_id):
        return None
    if kind == runs.SNAPSHOTS and runs.SNAPSHOT.fullmatch(snapshot):
        steps = [runs.folder() / run_id, runs.folder() / run_id / runs.SNAPSHOTS]
    elif name in (bundle.MANIFEST, *bundle.FILES):
        steps = [runs.folder() / run_id, runs.folder() / run_id / runs.BUNDLE]
    else:
        return None
    steps.append(steps[-1] / (snapshot or name))
    if any(step.is_symlink() for step in steps) or not steps[-1].is_file():
        return None
    return steps[-1]


def live(run_id: str) -> dict[str, Any] | None:
    """How far a run is, as JSON for whoever watches it; None if there is none of that id.

    `alive`, `state`, `message`, `epoch`, `epochs`, `done`, `seconds_left` and `images_per_second`
    (None where unknown), and `snapshots`, the epochs that there are snapshots of; that of epoch
    `partial`, if not None, is from within it.
    """
    try:
        run = runs.read(run_id)
    except runs.RunError:
        return None
    numbers = {name: runs.number(run.status.get(name)) for name in ("epoch", "epochs", "done")}
    rates = {
        name: runs.number(run.status.get(name)) or None
        for name in ("seconds_left", "images_per_second")
    }
    facts = {"alive": run.alive, "state": run.state, "message": run.message}
    facts["partial"] = run.status.get("partial")
    return {**facts, **numbers, **rates, "snapshots": run.snapshot_epochs()}
