"""The snapshots of a run: its latent map and ten reconstructions at a moment, each as one file.

There is one before training, one after steps 1, 2, 4, 8, … of the first epoch, in which most of the
map takes shape, and one after each epoch, or each few if there are many.
"""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import safetensors
import safetensors.numpy

from aemodels.analysis.latent_space import leading_plane, procrustes_align
from aemodels.bundles import atomic, fence
from aemodels.data import source
from aemodels.runs.folder import SNAPSHOT, SNAPSHOTS, RunError

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder

# The map shows this many of the first test images.
MAP_IMAGES = 2000
# The largest number of snapshots that a run keeps.
KEPT = 200


class Moment(NamedTuple):
    """The moment after `epoch` whole epochs and `step` steps of the next one; (0, 0) is before
    training.
    """

    epoch: int
    step: int = 0


class Snapshot(NamedTuple):
    """`points` (N, 2) float, codes of the first 2000 test images on their leading plane; `pictures`
    (10, 784) uint8, reconstructions of the data set's examples, one a class.
    """

    points: np.ndarray
    pictures: np.ndarray


def snapshot_path(path: Path, moment: Moment) -> Path:
    """The file of that moment's snapshot, in the folder of a run."""
    step = f"-{moment.step:05}" if moment.step else ""
    return path / SNAPSHOTS / f"{moment.epoch:04}{step}.safetensors"


def snapshot_moments(path: Path) -> list[Moment]:
    """The moments of which the run in `path` has a snapshot, in their order."""
    try:
        found = [SNAPSHOT.fullmatch(entry.name) for entry in (path / SNAPSHOTS).iterdir()]
    except OSError:
        return []
    return sorted(Moment(int(name[1]), int(name[2] or 0)) for name in found if name)


def read_snapshot(path: Path, moment: Moment) -> Snapshot:
    """The snapshot of that moment. Raises RunError if there is none, or a damaged one."""
    try:
        tensors = safetensors.numpy.load(snapshot_path(path, moment).read_bytes())
        return Snapshot(tensors["map"], tensors["pictures"])
    except (OSError, safetensors.SafetensorError, KeyError, ValueError):
        within = f", step {moment.step}" if moment.step else ""
        raise RunError(f"{path.name} has no snapshot of epoch {moment.epoch}{within}") from None


def write_snapshot(path: Path, moment: Moment, snapshot: Snapshot) -> None:
    """Replace the snapshot of that moment. Raises OSError."""
    tensors = {"map": snapshot.points, "pictures": snapshot.pictures}
    target = snapshot_path(path, moment)
    target.parent.mkdir(exist_ok=True)
    atomic.replace(target, safetensors.numpy.save(tensors), flush=False)


def truncate_snapshots(path: Path, epoch: int) -> None:
    """Delete the snapshots of all moments after the end of `epoch`. Raises OSError."""
    for moment in snapshot_moments(path):
        if moment > Moment(epoch):
            fence.check()
            snapshot_path(path, moment).unlink(missing_ok=True)


def step_is_due(step: int) -> bool:
    """Whether a snapshot is taken after this step of the first epoch: 1, 2, 4, 8, …"""
    return step & (step - 1) == 0


def is_due(epoch: int, epochs: int) -> bool:
    """Whether a training of so many epochs takes a snapshot after this one."""
    return epoch % -(-epochs // KEPT) == 0 or epoch == epochs


def take_snapshot(model: "Autoencoder", images: np.ndarray, path: Path, moment: Moment) -> Snapshot:
    """The snapshot of a model on `images` (2000, 784), the first test images as it sees them.

    The map is rotated to match the newest snapshot before `moment` in the folder `path`.
    """
    training_mode = model.training
    model.eval()
    codes = model.encode(images)
    examples = source(model.config.data.dataset).example_digits
    pictures = model.decode(codes[list(examples)])
    model.train(training_mode)
    points = codes @ leading_plane(codes).T
    before = [other for other in snapshot_moments(path) if other < moment]
    if before:
        # Without the one before, this map may be rotated, which is no reason to stop.
        with suppress(RunError):
            points = procrustes_align(points, read_snapshot(path, before[-1]).points)
    return Snapshot(
        np.ascontiguousarray(points, np.float32),
        np.rint(pictures.clip(0, 1) * 255).astype(np.uint8),
    )
