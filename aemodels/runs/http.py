"""The files of runs that a browser may fetch, and the progress that it gets."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from aemodels import paths
from aemodels.bundles import bundle
from aemodels.reader import files as reader
from aemodels.runs.folder import BUNDLE, ID, SNAPSHOT, SNAPSHOTS, RunError
from aemodels.runs.recording import RECORDED, recorded, recorded_path
from aemodels.runs.run import read


class RunProgress(TypedDict):
    """How far a run is, as JSON: `RunStatus` for the browser.

    `snapshots` are the moments that have one: whole epochs, and steps of the next. Unknown values
    are None.
    """

    alive: bool
    state: str
    message: str
    epoch: int
    epochs: int
    done: float
    seconds_left: float | None
    images_per_second: float | None
    snapshots: Sequence[tuple[int, int]]


def find(path: str) -> Path | None:
    """`<id>/<file>` -> that file of the run's bundle, `<id>/snapshots/<file>` -> that snapshot,
    `<id>/reader/<file>` -> that file of the reader that came with its model, for HTTP; None for
    anything else. The recorded run has an id too.

    Only files of those names, as ordinary files in ordinary folders: no link, no other path. A
    graph is given only if it is the one that the bundle's settings and weights give.
    """
    run_id, _, name = path.partition("/")
    kind, _, snapshot = name.rpartition("/")
    if not ID.fullmatch(run_id) and run_id != RECORDED:
        return None
    run = recorded_path() if run_id == RECORDED else paths.runs() / run_id
    if kind == SNAPSHOTS and SNAPSHOT.fullmatch(snapshot):
        steps = [run, run / SNAPSHOTS]
    elif kind == reader.FOLDER and snapshot in (reader.MANIFEST, *reader.FILES):
        steps = [run, run / reader.FOLDER]
    elif name in (bundle.MANIFEST, *bundle.FILES):
        steps = [run, run / BUNDLE]
    else:
        return None
    steps.append(steps[-1] / (snapshot or name))
    if any(step.is_symlink() for step in steps) or not steps[-1].is_file():
        return None
    if name in (bundle.ENCODER, bundle.DECODER):
        try:
            bundle.read(run / BUNDLE)
        except (bundle.BundleError, OSError):
            return None
    return steps[-1]


def progress(run_id: str) -> RunProgress | None:
    """How far a run is; None if no run has that id."""
    try:
        run = recorded() if run_id == RECORDED else read(run_id)
    except RunError:
        return None
    if run is None:
        return None
    status = run.status
    return RunProgress(
        alive=run.alive,
        state=run.state.value,
        message=run.message,
        epoch=status.epoch,
        epochs=status.epochs,
        done=status.done,
        seconds_left=status.seconds_left,
        images_per_second=status.images_per_second,
        snapshots=[(moment.epoch, moment.step) for moment in run.snapshot_moments()],
    )
