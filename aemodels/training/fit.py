"""From settings to a bundle on disk: make the model, then write it with its numbers and graphs."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from aemodels import data
from aemodels.bundles import bundle, contents
from aemodels.bundles import codes as test_codes
from aemodels.bundles.codes import Codes
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.models import closed_form
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.models.layers import channels_last
from aemodels.training import checkpoint, hardware, mean_start, memory
from aemodels.training.loop import DivergedError, Images, Record, Training
from aemodels.training.task import Reconstruction


@dataclass(frozen=True)
class Fitted:
    """A model and how it came to be."""

    model: Autoencoder
    training: TrainingFacts

    @property
    def failure(self) -> str | None:
        """Why its training diverged; None if it didn't."""
        return self.training.failure


def begin(
    config: Config, dataset: data.Dataset, phases: Sequence[int] | None = None
) -> Training[Autoencoder]:
    """The training that `config` describes, before its first step; `phases` as in `Training`.

    Raises SettingError if the device isn't there, or it takes more memory than there is.
    """
    device = hardware.device(config.machine.device)
    config = on(config, dataset)
    if device.type == "cpu":
        memory.check(config)
    model = Autoencoder(config).to(device)
    channels_last(model)
    images = dataset.train_images[: config.data.train_images], dataset.test_images
    precision = hardware.precision(config.machine.precision, device)
    source = dataset.source
    return training_of(model, *images, precision, phases, source.pictures_sha256 if source else "")


def on(config: Config, dataset: data.Dataset) -> Config:
    """The settings with as many training images as one's own data set has at most.

    Raises SettingError if the family needs more.
    """
    count = len(dataset.train_images)
    if not (dataset.source and dataset.source.own) or config.data.train_images <= count:
        return config
    return config.with_(train_images=count)


def training_of(
    model: Autoencoder,
    images: np.ndarray,
    test_images: np.ndarray,
    precision: str = "fp32",
    phases: Sequence[int] | None = None,
    pictures_sha256: str = "",
) -> Training[Autoencoder]:
    """The training of a model by its config, on images (N, 28, 28) uint8.

    `pictures_sha256` is that of one's own data set: a checkpoint of other pictures is refused.
    """
    config = model.config
    if config.network.mean_start:
        mean_start.set_biases(model, data.binarise(images, config.data.binarisation).mean(0))
    return Training(
        model,
        Reconstruction(config),
        config.loop,
        Images(
            images,
            test_images,
            binarisation=config.data.binarisation,
            augmentation=config.augmentation,
        ),
        phases=phases,
        precision=precision,
        settings={**config.without_machine(), checkpoint.PICTURES: pictures_sha256},
        defaults={**config.defaults(), checkpoint.PICTURES: pictures_sha256},
    )


def solve(config: Config, dataset: data.Dataset) -> Fitted:
    """The model of a family that needs no training."""
    start = perf_counter()
    config = on(config, dataset)
    images = dataset.train_images[: config.data.train_images]
    model = closed_form.solve(config, data.binarise(images, config.data.binarisation))
    return Fitted(model, _facts(0, True, perf_counter() - start, "cpu", "fp64"))


def fit(
    config: Config,
    dataset: data.Dataset,
    on_step: Callable[[int, int], bool] | None = None,
    on_record: Callable[[Record], object] | None = None,
) -> Fitted:
    """Train or solve the model that `config` describes; `on_step` as in `Training.run`.

    A loss that becomes NaN or infinite gives the weights of the last good epoch, and `failure`.
    Raises SettingError if the device isn't there.
    """
    if config.family.closed_form:
        return solve(config, dataset)
    return run(begin(config, dataset), on_step, on_record)


def run(
    training: Training[Autoencoder],
    on_step: Callable[[int, int], bool] | None = None,
    on_record: Callable[[Record], object] | None = None,
) -> Fitted:
    """Train the remaining epochs, as `fit` does."""
    try:
        for record in training.run(on_step):
            if on_record is not None:
                on_record(record)
    except DivergedError as error:
        return fitted(training, str(error))
    return fitted(training)


def fitted(training: Training[Autoencoder], failure: str | None = None) -> Fitted:
    """The model in its current state, with the facts about its training."""
    facts = _facts(
        training.epoch,
        training.epoch == training.epochs,
        training.seconds,
        training.device.type,
        training.precision,
        failure,
    )
    return Fitted(training.model.eval(), facts)


def save(
    fitted: Fitted,
    metrics: Metrics,
    dataset: data.Dataset,
    output: Path,
    overwrite: bool = False,
    command: str | None = None,
    codes: Codes | None = None,
) -> None:
    """Write the model as a bundle. Raises OutputError or OSError as `bundle.write` does.

    `command` makes it again, by default one that trains straight into `output`; `codes` are those
    of the test images, if they have been encoded already.
    """
    model = fitted.model.cpu()
    if codes is None:
        images = data.binarise(dataset.test_images, model.config.data.binarisation)
        codes = test_codes.encode(model, images)
    bundle.write(
        output,
        model.config,
        contents.pack(model.config, tensors(model), codes),
        metrics=metrics,
        training=fitted.training,
        versions=hardware.library_versions(),
        command=command or model.config.command("--output", relative(output)),
        overwrite=overwrite,
        source=dataset.source if model.config.data.dataset not in data.SOURCES else None,
    )


def _facts(
    epochs: int,
    finished: bool,
    seconds: float,
    device: str,
    precision: str,
    failure: str | None = None,
) -> TrainingFacts:
    return TrainingFacts(
        epochs=epochs,
        finished=finished,
        seconds=round(seconds, 1),
        device=device,
        precision=precision,
        threads=torch.get_num_threads(),
        failure=failure,
    )


def relative(output: Path) -> str:
    """The output as the command names it: never by a path that reveals a home folder."""
    inside = output.absolute().is_relative_to(Path.cwd())
    return Path(os.path.relpath(output)).as_posix() if inside else output.name
