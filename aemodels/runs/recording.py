"""The recorded run: the training of a model of the zoo, to be watched while one has no run.

    run = runs.recorded()
    run.snapshot(0, 8).points           # its map after step 8

It is a run's folder without checkpoint and bundle, with some of its snapshots, their maps in
float16. `python -m reproduction.recording` made it.
"""

from dataclasses import replace
from pathlib import Path

from aemodels import paths
from aemodels.runs.folder import RunError
from aemodels.runs.run import Run, read_folder

MODEL = "vae-2"
# An id of one's own runs has no dot.
RECORDED = f"recorded.{MODEL}"


def recorded() -> Run | None:
    """The run that trained vae-2 of the zoo; None if it isn't there.

    Its id can be watched like any other, but not resumed, renamed or deleted.
    """
    try:
        found = read_folder(recorded_path())
    except RunError:
        return None
    return None if found.damaged else replace(found, id=RECORDED)


def recorded_path() -> Path:
    """The folder of the recorded run."""
    return paths.recorded() / MODEL
