"""What the lessons' claims are measured with: the shipped models, and what the reader sees."""

import functools
from dataclasses import dataclass

import numpy as np

from aemodels import data, reader
from aemodels.analysis import latent_space
from aemodels.analysis.legibility import legible
from aemodels.bundles import Bundle, zoo
from aemodels.bundles.bundle import read
from aemodels.bundles.load import load
from aemodels.models.autoencoder import Autoencoder

FIRST = 1000  # test digits that are reconstructed and read
SIZES = (2, 4, 8, 16, 32, 64)


@functools.cache
def bundle(name: str) -> Bundle:
    return read(zoo.folder() / name)


@functools.cache
def model(name: str) -> Autoencoder:
    return load(bundle(name))


@functools.cache
def posterior(name: str) -> tuple[np.ndarray, np.ndarray]:
    """μ and σ of the test digits, (10000, d) each."""
    mean, log_var = bundle(name).codes()
    assert log_var is not None
    return mean.astype(np.float64), np.exp(log_var.astype(np.float64) / 2)


@functools.cache
def kl(name: str) -> np.ndarray:
    """Nats of each test digit, (10000,)."""
    mean, log_var = bundle(name).codes()
    assert log_var is not None
    found: np.ndarray = latent_space.kl(mean, log_var).sum(1)
    return found


def error(name: str) -> float:
    return bundle(name).metrics.number("sse")


@dataclass(frozen=True)
class Digits:
    """The test digits, and what the reader says of pictures."""

    images: np.ndarray  # (10000, 784)
    labels: np.ndarray  # (10000,)
    reader: reader.Reader

    def read(self, images: np.ndarray) -> np.ndarray:
        """The class that is read, (N,)."""
        found: np.ndarray = self.reader.read(images).argmax(1)
        return found

    def legible(self, images: np.ndarray) -> float:
        return float(legible(self.reader.read(images)).mean())

    @functools.cached_property
    def kept(self) -> dict[int, np.ndarray]:
        """By size of the code: whether each of the first digits still reads as itself."""
        first = self.images[:FIRST]
        return {
            size: self.read(model(f"bottleneck-{size}").reconstruct(first)) == self.labels[:FIRST]
            for size in SIZES
        }


@functools.cache
def digits() -> Digits:
    test = data.load_test()
    return Digits(data.to_vectors(test.images), test.labels, reader.load())
