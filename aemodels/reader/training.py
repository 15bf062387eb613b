"""Trains and calibrates the reader, and writes its files.

    python -m aemodels train-reader --output reader --overwrite

The last 5,000 training digits are held out: they chose the settings below and calibrate it. The
test digits are measured once, at the end.
"""

from collections.abc import Callable, Mapping
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
    fit_temperature,
    negative_log_likelihood,
)
from aemodels.reader.files import LEGIBLE, Manifest, Measured
from aemodels.reader.layers import CLASSES
from aemodels.reader.network import build, logits
from aemodels.training import hardware
from aemodels.training.loop import Images, Record, Training

HELD_OUT = 5000
LOOP = Loop(epochs=40, batch_size=125, weight_decay=0.02, learning_rate=4e-3)
# Shares of a batch.
MIXED, NO_DIGITS = 0.4, 0.1


class Reading:
    """The task: cross-entropy with the classes of digits, of blends, and of pictures of neither."""

    @property
    def stages(self) -> int:
        return 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        return dict(model.named_parameters())

    def objective(self, model: nn.Module, batch: Batch, generator: torch.Generator) -> Terms:
        """Mean cross-entropy in nats, and the share of wrong answers, of the digits alone."""
        assert batch.labels is not None
        images = batch.images
        targets = F.one_hot(batch.labels, CLASSES).float()
        plain = len(images)
        if model.training:
            images = distort(images, generator)
            none = int(NO_DIGITS * len(images))
            plain = len(images) - none - int(MIXED * len(images))
            mixed = mix(images[plain : len(images) - none], targets[plain:-none], generator)
            others = no_digits(images[-none:], generator), torch.full_like(targets[-none:], 0.1)
            images, targets = (
                torch.cat([own[:plain], blended, no])
                for own, blended, no in zip((images, targets), mixed, others, strict=True)
            )
        found = model(images).float()
        wrong = (found[:plain].argmax(1) != batch.labels[:plain]).float().mean()
        return {"loss": F.cross_entropy(found, targets), "error": wrong}

    def problem(self, test: Mapping[str, float], stage: int) -> str | None:
        return None


def begin(dataset: data.Dataset, loop: Loop = LOOP) -> Training[nn.Sequential]:
    """The training, before its first step, on the CPU; its test images are those held out."""
    held = data.hold_out(dataset, HELD_OUT)
    network = build(torch.Generator().manual_seed(loop.seed))
    channels_last(network)
    return Training(
        network,
        Reading(),
        loop,
        Images(held.train_images, held.test_images, held.train_labels, held.test_labels),
        precision=hardware.precision("auto", torch.device("cpu")),
        settings=loop.to_dict(),
    )


def calibrate(network: nn.Module, dataset: data.Dataset) -> float:
    """Divide the last layer by the temperature that fits the held-out digits; returns it."""
    held = data.hold_out(dataset, HELD_OUT)
    found = logits(network, data.to_vectors(held.test_images))
    temperature = fit_temperature(found, held.test_labels)
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
    loop: Loop = LOOP,
    *,
    command: str,
    overwrite: bool = False,
    on_step: Callable[[int, int], object] = lambda done, total: None,
    on_record: Callable[[Record], object] = lambda record: None,
) -> Manifest:
    """Train, calibrate, measure and write a reader.

    `command` makes it again. `on_step` is called as `on_step(steps_done, steps_in_all)`.
    Raises atomic.OutputError before training if `output` can't be used, DivergedError, and OSError
    if the disk fails.
    """
    files.check_output(output, overwrite)
    training = begin(dataset, loop)

    def stepped(done: int, total: int) -> bool:
        on_step(done, total)
        return False

    for record in training.run(stepped):
        on_record(record)
    network = training.model.eval()
    temperature = calibrate(network, dataset)
    weights = {name: _array(value) for name, value in network.state_dict().items()}
    contents = files.contents(weights)
    manifest = Manifest(
        dataset=dataset.name,
        data_sha256=data.SOURCES[dataset.name].sha256,
        held_out=HELD_OUT,
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
    )
    files.write(output, manifest, contents, overwrite)
    return manifest


def _array(value: torch.Tensor) -> np.ndarray:
    array: np.ndarray = value.float().contiguous().numpy()
    return array
