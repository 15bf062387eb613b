"""The codes of the test images: computed by a model, kept as codes.npy."""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from aemodels.bundles.checks import BundleError
from aemodels.config import Config

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder

CODES = "codes.npy"
TEST_IMAGES = 10_000
# Beyond these, squares and variances e^(log σ²) of codes leave what a page can draw.
LARGEST_CODE, LARGEST_LOG_VAR = 1e9, 80.0
# The header that np.save writes before float32 or float16 numbers in C order. NumPy's own reader
# would believe any header and allocate the memory that it asks for.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(<f[24])', 'fortran_order': False, "
    rb"'shape': \(([\d, ]{1,60})\), \} *\n",
    re.DOTALL,
)


class Codes(NamedTuple):
    """Codes (N, latent_dim) float32, a VAE's μ; and log σ² of the same shape for a VAE only."""

    mean: np.ndarray
    log_var: np.ndarray | None


def encode(model: Autoencoder, images: np.ndarray) -> Codes:
    """Images (N, 784) in [0, 1] -> their codes."""
    if model.variational:
        return Codes(*model.posterior(images))
    return Codes(model.encode(images), None)


def pack(codes: Codes) -> bytes:
    """The bytes of a .npy file in C order, float16 if the codes are, else float32; for a VAE, μ
    and log σ² (2, N, latent_dim).
    """
    array = codes.mean if codes.log_var is None else np.stack([codes.mean, codes.log_var])
    return array_file(array)


def array_file(array: np.ndarray) -> bytes:
    """An array as the bytes of a .npy file in C order: float16 if it is that, else float32."""
    stream = io.BytesIO()
    kind = "<f2" if array.dtype == np.float16 else "<f4"
    np.save(stream, np.ascontiguousarray(array, kind), allow_pickle=False)
    return stream.getvalue()


def unpack(content: bytes, config: Config, count: int = TEST_IMAGES) -> Codes:
    """The codes of a bundle as float32, though they may be stored as float16; read-only.

    `count` is how many test images its data set has. Raises BundleError if the bytes aren't such a
    file, or the shape doesn't match the settings.
    """
    variational = config.family.variational
    expected: tuple[int, ...] = (count, config.network.latent_dim)
    if variational:
        expected = (2, *expected)
    header = _HEADER.match(content[:1024])
    if header is None:
        raise BundleError(f"{CODES} is not an array file of float32 or float16 numbers in C order")
    kind = np.dtype(header[1].decode())
    shape = tuple(int(size) for size in re.findall(rb"\d+", header[2]))
    if shape != expected:
        raise BundleError(f"{CODES} has the shape {shape}; its settings call for {expected}")
    if len(content) != header.end() + kind.itemsize * math.prod(expected):
        raise BundleError(f"{CODES} is not an array file: it holds too few or too many numbers")
    codes = np.frombuffer(content, kind, offset=header.end()).reshape(expected)
    codes = codes.astype(np.float32)
    codes.flags.writeable = False
    if not np.isfinite(codes).all():
        raise BundleError(f"{CODES} holds NaN or infinite numbers")
    if np.abs(codes).max() > LARGEST_CODE or (variational and codes[1].max() > LARGEST_LOG_VAR):
        raise BundleError(f"{CODES} holds numbers that are too large for codes")
    return Codes(codes[0], codes[1]) if variational else Codes(codes, None)
