"""From settings to a bundle on disk: fit or train, measure, export, write."""

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import safetensors.numpy
import torch

from aemodels import bundle, data, evaluate, export, hardware, pca, training
from aemodels.config import FAMILIES, Config
from aemodels.families import OBJECTIVES
from aemodels.model import Autoencoder, tensors

LIBRARIES = ("torch", "numpy", "scikit-learn", "safetensors", "onnx")


@dataclass(frozen=True)
class Fitted:
    """A model and how it came to be. `failure` says why training ended early, if it did."""

    model: Autoencoder
    training: dict[str, Any]
    failure: str | None = None


def fit(
    config: Config,
    mnist: data.MNIST,
    on_step: Callable[[int, int], bool] | None = None,
    on_record: Callable[[training.Record], None] | None = None,
) -> Fitted:
    """Make the model that `config` asks for. `on_step` as in `training.train`.

    A loss that becomes NaN or infinite gives the weights of the last good epoch, and `failure`.
    Raises SettingError if the device isn't there.
    """
    images = mnist.train_images[: config.train_images]
    start = perf_counter()
    if FAMILIES[config.family].closed_form:
        model = pca.fit(config, data.vectors(images))
        return Fitted(model, _facts(0, True, perf_counter() - start, "cpu", "fp64"))
    device = hardware.device(config.device)
    precision = hardware.precision(config.precision, device)
    model = Autoencoder(config).to(device)
    objective = OBJECTIVES[config.family]
    epochs, failure = 0, None
    try:
        for record in training.train(
            model, objective, images, mnist.test_images, precision, on_step
        ):
            epochs = record.epoch
            if on_record is not None:
                on_record(record)
    except training.LossNotFinite as error:
        failure = str(error)
    finished = epochs == config.epochs
    facts = _facts(epochs, finished, perf_counter() - start, device.type, precision)
    return Fitted(model.eval(), facts, failure)


def save(
    fitted: Fitted,
    metrics: dict[str, Any],
    mnist: data.MNIST,
    output: Path,
    overwrite: bool = False,
) -> None:
    """Write the model as a bundle. Raises BundleError or OSError, see `bundle.write`."""
    model = fitted.model.cpu()
    images = data.vectors(mnist.test_images)
    codes = np.stack(model.posterior(images)) if model.variational else model.encode(images)
    weights = safetensors.numpy.save(tensors(model))
    encoder, decoder = export.graphs(model, weights, bundle.WEIGHTS)
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
        data={
            "name": "mnist",
            "train_images": model.config.train_images,
            "sha256": data.SHA256,
        },
        training=fitted.training,
        versions={"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}},
        command=model.config.command(_recorded(output)),
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


def _recorded(output: Path) -> str:
    """The output as the command names it: relative, so that no one's home folder travels with a bundle."""
    inside = os.path.relpath(output)
    return output.name if inside.startswith(os.pardir) else Path(inside).as_posix()
