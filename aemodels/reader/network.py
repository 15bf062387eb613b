"""The reader as a network: trained by `aemodels.reader.training`, loaded by `aemodels.reader`."""

from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from aemodels.data.images import to_vectors
from aemodels.models.layers import ToPictures, draw_uniform
from aemodels.reader import files
from aemodels.reader.layers import CLASSES, Layer, layers

BATCH = 2000


def build(generator: torch.Generator, classes: int = CLASSES) -> nn.Sequential:
    """The untrained network: images (N, 784) -> logits (N, classes)."""
    parts: OrderedDict[str, nn.Module] = OrderedDict(picture=ToPictures())
    for name, layer in layers(classes).items():
        if name == "hidden":
            parts["flat"] = nn.Flatten()
        parts[name] = _layer(layer, generator)
        if name != "classes":
            parts[f"{name}_relu"] = nn.ReLU()
    return nn.Sequential(parts)


class Reader:
    """A trained network with the facts about it."""

    def __init__(self, network: nn.Module, manifest: files.Manifest) -> None:
        self.network = network.eval()
        self.manifest = manifest

    @torch.inference_mode()
    def read(self, images: np.ndarray) -> np.ndarray:
        """What each picture shows.

        Parameters
        ----------
        images : ndarray
            (N, 784) or (N, 28, 28), uint8 from 0 to 255 or floats; floats beyond 0 and 1, as a
            linear decoder gives, are clipped as they are on a screen.

        Returns
        -------
        ndarray
            (N, classes) float32, the probability of each class.

        Raises
        ------
        aemodels.data.ImageError
            If the images have another shape or type, or values that are far from [0, 1] or aren't
            finite.
        """
        vectors = np.clip(to_vectors(images, in_range=False), 0, 1)
        found = [_probabilities(self.network, part) for part in _batches(vectors)]
        if not found:
            return np.empty((0, len(self.manifest.class_names)), np.float32)
        result: np.ndarray = torch.cat(found).numpy()
        return result


def load(folder: Path | str | None = None) -> Reader:
    """A reader from its files, by default that of the project. Raises ReaderError."""
    manifest, weights = files.read(folder)
    network = build(torch.Generator(), len(manifest.class_names))
    network.load_state_dict({name: torch.tensor(array) for name, array in weights.items()})
    return Reader(network, manifest)


@torch.inference_mode()
def logits(network: nn.Module, images: np.ndarray) -> np.ndarray:
    """Images (N, 784) in [0, 1] -> (N, classes) before the softmax, in float32."""
    result: np.ndarray = torch.cat([network(part) for part in _batches(images)]).numpy()
    return result


def _probabilities(network: nn.Module, images: Tensor) -> Tensor:
    found: Tensor = network(images).softmax(1)
    return found


def _batches(images: np.ndarray) -> list[Tensor]:
    # Copied if it is read-only, which torch.from_numpy warns about.
    tensor = torch.from_numpy(np.require(images, np.float32, ["C", "W"]))
    return list(torch.split(tensor, BATCH)) if len(tensor) else []


def _layer(layer: Layer, generator: torch.Generator) -> nn.Module:
    made: nn.Module
    if layer.kernel:
        made = nn.Conv2d(
            layer.wide_in,
            layer.wide_out,
            layer.kernel,
            stride=layer.stride,
            padding=layer.padding,
            device="meta",
        )
    else:
        made = nn.Linear(layer.wide_in, layer.wide_out, device="meta")
    # He et al. 2015, "Delving deep into rectifiers", equation 10.
    draw_uniform(made, (6 / layer.inputs) ** 0.5, generator)
    assert isinstance(made, nn.Conv2d | nn.Linear)
    assert made.bias is not None
    with torch.no_grad():
        made.bias.zero_()
    return made
