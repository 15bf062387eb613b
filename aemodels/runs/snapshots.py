"""The snapshots of a run: its latent map and ten reconstructions after an epoch, as one file."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import safetensors
import safetensors.numpy

from aemodels.analysis.latent_space import leading_plane, procrustes_align
from aemodels.bundles import atomic
from aemodels.data import SOURCES
from aemodels.runs.folder import SNAPSHOT, SNAPSHOTS, RunError

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder

# The map shows this many of the first test images.
MAP_IMAGES = 2000
# The largest number of snapshots that a run keeps.
KEPT = 200


class Snapshot(NamedTuple):
    """`points` (2000, 2) float32, codes of the first test images on their leading plane; `pictures`
    (10, 784) uint8, reconstructions of the data set's examples, one a class.
    """

    points: np.ndarray
    pictures: np.ndarray


def snapshot_path(path: Path, epoch: int) -> Path:
    """The file of that epoch's snapshot, in the folder of a run."""
    return path / SNAPSHOTS / f"{epoch:04}.safetensors"


def snapshot_epochs(path: Path) -> list[int]:
    """The epochs after which there is a snapshot; 0 is before training."""
    try:
        names = [entry.name for entry in (path / SNAPSHOTS).iterdir()]
    except OSError:
        return []
    return sorted(int(name[:-12]) for name in names if SNAPSHOT.fullmatch(name))


def read_snapshot(path: Path, epoch: int) -> Snapshot:
    """The snapshot of that epoch. Raises RunError if there is none, or a damaged one."""
    try:
        tensors = safetensors.numpy.load(snapshot_path(path, epoch).read_bytes())
        return Snapshot(tensors["map"], tensors["pictures"])
    except (OSError, safetensors.SafetensorError, KeyError, ValueError):
        raise RunError(f"{path.name} has no snapshot of epoch {epoch}") from None


def write_snapshot(path: Path, epoch: int, snapshot: Snapshot) -> None:
    """Replace the snapshot of that epoch. Raises OSError."""
    tensors = {"map": snapshot.points, "pictures": snapshot.pictures}
    target = snapshot_path(path, epoch)
    target.parent.mkdir(exist_ok=True)
    atomic.replace(target, safetensors.numpy.save(tensors), flush=False)


def truncate_snapshots(path: Path, epoch: int) -> None:
    """Delete the snapshots of all epochs after `epoch`. Raises OSError."""
    for number in snapshot_epochs(path):
        if number > epoch:
            snapshot_path(path, number).unlink(missing_ok=True)


def is_due(epoch: int, epochs: int) -> bool:
    """Whether a training of so many epochs takes a snapshot after this one."""
    return epoch % -(-epochs // KEPT) == 0 or epoch == epochs


def take_snapshot(model: "Autoencoder", images: np.ndarray, path: Path, epoch: int) -> Snapshot:
    """The snapshot of a model on `images` (2000, 784), the first test images as it sees them.

    The map is rotated to match the newest snapshot before `epoch` in the folder `path`.
    """
    training_mode = model.training
    model.eval()
    codes = model.encode(images)
    examples = SOURCES[model.config.data.dataset].example_digits
    pictures = model.decode(codes[list(examples)])
    model.train(training_mode)
    points = codes @ leading_plane(codes).T
    before = [number for number in snapshot_epochs(path) if number < epoch]
    if before:
        # Without the one before, this map may be rotated, which is no reason to stop.
        with suppress(RunError):
            points = procrustes_align(points, read_snapshot(path, before[-1]).points)
    return Snapshot(
        np.ascontiguousarray(points, np.float32),
        np.rint(pictures.clip(0, 1) * 255).astype(np.uint8),
    )
