"""Trains and calibrates a reader, and writes its files.

    python -m aemodels train-reader --output reader --overwrite
    python -m aemodels train-reader --dataset kuzushiji

The last 5,000 training digits are held out: they chose the settings below and calibrate it. The
test digits are measured once, at the end. Of one's own pictures a sixth is held out, 5,000 at most.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from aemodels import data
from aemodels.bundles.manifest import FileRecord
from aemodels.config import Loop
from aemodels.families.base import Batch, Terms
from aemodels.models.layers import channels_last
from aemodels.reader import files
from aemodels.reader.augmentation import distort, mix, no_digits
from aemodels.reader.calibration import (
    expected_calibration_error,
    few,
    fit_temperature,
    negative_log_likelihood,
)
from aemodels.reader.eligible import check
from aemodels.reader.files import LEGIBLE, Manifest, Measured, ReaderError
from aemodels.reader.layers import CLASSES
from aemodels.reader.network import build, logits
from aemodels.training import hardware
from aemodels.training.loop import Images, Record, Training

HELD_OUT = 5000
LOOP = Loop(epochs=40, batch_size=125, weight_decay=0.02, learning_rate=4e-3)
# For one's own pictures: the share that is held out, and how long: ten passes or so many steps,
# whichever is more, but few pictures are learnt by heart long before.
OWN_SHARE = 6
OWN_PASSES, OWN_STEPS, MOST_PASSES = 10, 2000, 200
# Shares of a batch.
MIXED, NO_DIGITS = 0.4, 0.1


class Reading:
    """The task: cross-entropy with the classes of digits, of blends, and of pictures of neither."""

    def __init__(self, classes: int = CLASSES) -> None:
        self.classes = classes

    @property
    def stages(self) -> int:
        return 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        return dict(model.named_parameters())

    def objective(self, model: nn.Module, batch: Batch, generator: torch.Generator) -> Terms:
        """Mean cross-entropy in nats, and the share of wrong answers, of the digits alone."""
        assert batch.labels is not None
        images = batch.images
        targets = F.one_hot(batch.labels, self.classes).float()
        plain = len(images)
        if model.training:
            images = distort(images, generator)
            none = int(NO_DIGITS * len(images))
            plain = len(images) - none - int(MIXED * len(images))
            mixed = mix(images[plain : len(images) - none], targets[plain:-none], generator)
            unsure = torch.full_like(targets[-none:], 1 / self.classes)
            others = no_digits(images[-none:], generator), unsure
            images, targets = (
                torch.cat([own[:plain], blended, no])
                for own, blended, no in zip((images, targets), mixed, others, strict=True)
            )
        found = model(images).float()
        wrong = (found[:plain].argmax(1) != batch.labels[:plain]).float().mean()
        return {"loss": F.cross_entropy(found, targets), "error": wrong}

    def problem(self, test: Mapping[str, float], stage: int) -> str | None:
        return None


def loop_for(source: data.Source) -> Loop:
    """How long a reader of this data set is trained, and with what settings."""
    if not source.own:
        return LOOP
    images = source.train_count - _held_out(source)
    steps = max(1, images // LOOP.batch_size)
    passes = max(OWN_PASSES, -(-OWN_STEPS // steps))
    return replace(LOOP, epochs=min(passes, MOST_PASSES))


def begin(dataset: data.Dataset, loop: Loop = LOOP) -> Training[nn.Sequential]:
    """The training, before its first step, on the CPU; its test images are those held out."""
    held = _hold_out(dataset)
    classes = len(_source(dataset).class_names)
    network = build(torch.Generator().manual_seed(loop.seed), classes)
    channels_last(network)
    return Training(
        network,
        Reading(classes),
        loop,
        Images(held.train_images, held.test_images, held.train_labels, held.test_labels),
        precision=hardware.precision("auto", torch.device("cpu")),
        settings=loop.to_dict(),
    )


def calibrate(network: nn.Module, dataset: data.Dataset) -> float:
    """Divide the last layer by the temperature that fits the held-out digits; returns it."""
    held = _hold_out(dataset)
    found = logits(network, data.to_vectors(held.test_images))
    doubt = few(len(found)) if _source(dataset).own else 0.0
    temperature = fit_temperature(found, held.test_labels, doubt)
    with torch.no_grad():
        for parameter in network.get_submodule("classes").parameters():
            parameter.div_(temperature)
    return temperature


def measure(network: nn.Module, dataset: data.Dataset) -> Measured:
    """The numbers on the test images."""
    found = logits(network, data.to_vectors(dataset.test_images))
    probabilities = torch.from_numpy(found).softmax(1).numpy()
    labels = dataset.test_labels
    return Measured(
        images=len(labels),
        accuracy=float((probabilities.argmax(1) == labels).mean()),
        calibration_error=expected_calibration_error(probabilities, labels),
        negative_log_likelihood=negative_log_likelihood(found, labels),
        legible=float((probabilities.max(1) >= LEGIBLE).mean()),
    )


def train(
    dataset: data.Dataset,
    output: Path,
    loop: Loop | None = None,
    *,
    command: str,
    overwrite: bool = False,
    on_step: Callable[[int, int], object] = lambda done, total: None,
    on_record: Callable[[Record], object] = lambda record: None,
) -> Manifest:
    """Train, calibrate, measure and write a reader.

    `loop` is that of `loop_for` by default; `command` makes the reader again. `on_step` is called
    as `on_step(steps_done, steps_in_all)`.
    Raises ReaderError if the data set can have no reader, and atomic.OutputError if `output` can't
    be used, both before training; ReaderError or DataError if the data set is replaced or removed
    meanwhile; DivergedError, and OSError if the disk fails.
    """
    source = _source(dataset)
    check(source)
    files.check_output(output, overwrite)
    training = begin(dataset, loop or loop_for(source))

    def stepped(done: int, total: int) -> bool:
        on_step(done, total)
        return False

    for record in training.run(stepped):
        on_record(record)
    network = training.model.eval()
    temperature = calibrate(network, dataset)
    weights = {name: _array(value) for name, value in network.state_dict().items()}
    contents = files.contents(weights, len(source.class_names))
    manifest = Manifest(
        dataset=dataset.name,
        data_sha256=source.sha256,
        held_out=_held_out(source),
        temperature=temperature,
        training={
            "seconds": round(training.seconds, 1),
            "device": training.device.type,
            "precision": training.precision,
            "threads": torch.get_num_threads(),
            "mixed": MIXED,
            "no_digits": NO_DIGITS,
            **training.loop.to_dict(),
        },
        test=measure(network, dataset),
        versions=hardware.library_versions(),
        command=command,
        files={name: FileRecord.of(content) for name, content in contents.items()},
        class_names=source.class_names,
        pictures_sha256=source.pictures_sha256,
    )
    if source.own and output == files.folder_of(dataset.name):
        _keep(output, manifest, contents, overwrite)
    else:
        files.write(output, manifest, contents, overwrite)
    return manifest


def _keep(output: Path, manifest: Manifest, contents: Mapping[str, bytes], overwrite: bool) -> None:
    """Write a reader beside its pictures. Raises DataError or ReaderError, and leaves nothing, if
    they are removed or replaced before it is there.
    """
    _check_kept(manifest)
    try:
        files.write(output, manifest, contents, overwrite, parents=False)
    except FileNotFoundError:
        # Removed at this moment.
        _check_kept(manifest)
        raise
    try:
        _check_kept(manifest)
    except (data.DataError, ReaderError):
        files.undo(output)
        raise


def _check_kept(manifest: Manifest) -> None:
    """Raise DataError or ReaderError unless the data set is still there with the same pictures."""
    source = data.source(manifest.dataset)
    if source.pictures_sha256 != manifest.pictures_sha256:
        raise ReaderError(
            f"data set {source.title}: its pictures were replaced meanwhile; train the reader again"
        )


def _source(dataset: data.Dataset) -> data.Source:
    return dataset.source or data.source(dataset.name)


def _held_out(source: data.Source) -> int:
    return min(HELD_OUT, source.train_count // OWN_SHARE) if source.own else HELD_OUT


def _hold_out(dataset: data.Dataset) -> data.Dataset:
    return data.hold_out(dataset, _held_out(_source(dataset)))


def _array(value: torch.Tensor) -> np.ndarray:
    array: np.ndarray = value.float().contiguous().numpy()
    return array
