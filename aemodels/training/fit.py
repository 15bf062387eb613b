"""From settings to a bundle on disk: make the model, then write it with its numbers and graphs."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import safetensors.numpy
import torch

from aemodels import data
from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.data import binarisation
from aemodels.families import FAMILIES
from aemodels.models import onnx_graphs, pca
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.models.networks import channels_last
from aemodels.training import hardware, loop

LIBRARIES = ("torch", "numpy", "scikit-learn", "safetensors", "onnx")


@dataclass(frozen=True)
class Fitted:
    """A model, how it came to be (a bundle's `training`) and what broke on the way, if anything."""

    model: Autoencoder
    training: dict[str, Any]
    failure: str | None = None


def begin(
    config: Config, mnist: data.Dataset, phases: Sequence[int] | None = None
) -> loop.Training[Autoencoder]:
    """A training as `config` asks for, before its first step; `phases` as `Training` has them.

    Raises SettingError if the device isn't there.
    """
    device = hardware.device(config.device)
    model = Autoencoder(config).to(device)
    channels_last(model)
    return loop.Training(
        model,
        mnist.train_images[: config.train_images],
        mnist.test_images,
        hardware.precision(config.precision, device),
        phases,
    )


def solve(config: Config, mnist: data.Dataset) -> Fitted:
    """The model of a family that needs no training."""
    start = perf_counter()
    model = pca.fit(config, data.vectors(mnist.train_images[: config.train_images]))
    return Fitted(model, _facts(0, True, perf_counter() - start, "cpu", "fp64"))


def fit(
    config: Config,
    mnist: data.Dataset,
    on_step: Callable[[int, int], bool] | None = None,
    on_record: Callable[[loop.Record], None] | None = None,
) -> Fitted:
    """Make the model that `config` asks for; `on_step` as in `Training.run`.

    A loss that becomes NaN or infinite gives the weights of the last good epoch, and `failure`.
    Raises SettingError if the device isn't there.
    """
    if FAMILIES[config.family].closed_form:
        return solve(config, mnist)
    going = begin(config, mnist)
    try:
        for record in going.run(on_step):
            if on_record is not None:
                on_record(record)
    except loop.DivergedError as error:
        return fitted(going, str(error))
    return fitted(going)


def fitted(going: loop.Training[Autoencoder], failure: str | None = None) -> Fitted:
    """The model of a training as it is now, with the facts about it."""
    facts = _facts(
        going.epoch,
        going.epoch == going.epochs,
        going.seconds,
        going.device.type,
        going.precision,
    )
    if failure:
        facts["failure"] = failure
    return Fitted(going.model.eval(), facts, failure)


def save(
    fitted: Fitted,
    metrics: dict[str, Any],
    mnist: data.Dataset,
    output: Path,
    overwrite: bool = False,
    command: str | None = None,
) -> None:
    """Write the model as a bundle. Raises OutputError or OSError as `bundle.write` does.

    `command` makes it again; by default one that trains straight into `output`.
    """
    model = fitted.model.cpu()
    images = binarisation.seen(mnist.test_images, model.config.pixels)
    codes = np.stack(model.posterior(images)) if model.variational else model.encode(images)
    weights = safetensors.numpy.save(tensors(model))
    encoder, decoder = onnx_graphs.linked(model, weights, bundle.WEIGHTS)
    bundle.write(
        output,
        model.config,
        {
            bundle.WEIGHTS: weights,
            bundle.ENCODER: encoder,
            bundle.DECODER: decoder,
            bundle.CODES: bundle.array_file(codes),
        },
        metrics=metrics,
        training=fitted.training,
        versions={
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        command=command or model.config.command("--output", _relative(output)),
        overwrite=overwrite,
    )


def _facts(
    epochs: int, finished: bool, seconds: float, device: str, precision: str
) -> dict[str, Any]:
    return {
        "epochs": epochs,
        "finished": finished,
        "seconds": round(seconds, 1),
        "device": device,
        "precision": precision,
        "threads": torch.get_num_threads(),
    }


def _relative(output: Path) -> str:
    """How the command names the output: never by a path that shows someone's home folder."""
    inside = output.absolute().is_relative_to(Path.cwd())
    return Path(os.path.relpath(output)).as_posix() if inside else output.name
