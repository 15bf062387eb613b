"""Make the recorded run, which the Train page shows to whoever has no run of their own.

    export OMP_NUM_THREADS=1
    $(python -m reproduction.recording --recipe)    # about half an hour
    python -m reproduction.recording

The first command trains the zoo's vae-2 once more, as a run; the second copies what can be watched
of it to `recorded/`: few snapshots after the first epochs, since by then the map moves slowly.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import safetensors.numpy

from aemodels import runs
from aemodels.bundles import atomic
from aemodels.bundles.recipes import RECIPES
from aemodels.runs import folder
from aemodels.runs.recording import MODEL, recorded_path
from aemodels.runs.snapshots import snapshot_path

# Those before 3 are of short runs, which keep every one.
EPOCHS = (0, 1, 2, 3, 6, 12, 18, 30, 48, 90, 150, 240, 360, 500)


def main(arguments: list[str]) -> int:
    """Run the command; returns the exit code."""
    if arguments == ["--recipe"]:
        print(RECIPES[MODEL].command("--run", MODEL))
        return 0
    if arguments:
        print("recording: takes nothing but --recipe", file=sys.stderr)
        return 2
    try:
        run = runs.read(MODEL)
    except runs.RunError as error:
        print(f"recording: {error}; train it first, as --recipe says", file=sys.stderr)
        return 1
    if run.state != runs.RunState.FINISHED or run.config != RECIPES[MODEL]:
        print(f"recording: {MODEL} is {run.state} or has other settings", file=sys.stderr)
        return 1
    record(run, recorded_path())
    return 0


def record(run: runs.Run, target: Path) -> None:
    """Copy what can be watched of a run to the folder `target`, which is made anew."""
    shutil.rmtree(target, ignore_errors=True)
    (target / folder.SNAPSHOTS).mkdir(parents=True)
    for name in (folder.SETTINGS, folder.STATUS, folder.RECORDS):
        shutil.copyfile(run.path / name, target / name)
    for moment in run.snapshot_moments():
        if moment.step or moment.epoch in EPOCHS:
            points, pictures = run.snapshot(*moment)
            # Half the size; a map of 500 pixels shows no difference.
            tensors = {"map": points.astype(np.float16), "pictures": pictures}
            atomic.replace(snapshot_path(target, moment), safetensors.numpy.save(tensors))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
