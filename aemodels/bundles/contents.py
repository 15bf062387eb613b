"""The contents of a bundle's files: read from disk, checked, and written from a model."""

import stat
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

from aemodels.bundles import codes
from aemodels.bundles.checks import BundleError, shown
from aemodels.bundles.codes import CODES, Codes
from aemodels.bundles.manifest import DECODER, ENCODER, LARGEST_FILE, WEIGHTS
from aemodels.config import Config
from aemodels.models import onnx_graphs


def read(folder: Path, name: str) -> bytes:
    """One file of a folder. Raises BundleError if it is no ordinary file, or too large."""
    try:
        found = (folder / name).lstat()
        if not stat.S_ISREG(found.st_mode):
            raise BundleError(f"{name} is not an ordinary file")
        if found.st_size > LARGEST_FILE:
            raise BundleError(f"{name} is larger than {LARGEST_FILE:,} bytes")
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{name} is missing") from None
    except OSError as error:
        raise BundleError(f"{name} can't be read: {error.strerror}") from None


def parse_weights(content: bytes, config: Config) -> dict[str, np.ndarray]:
    """The tensors by name as float32, though each may be stored as float16.

    Raises BundleError if they aren't those that the settings call for.
    """
    try:
        tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError):
        raise BundleError(f"{WEIGHTS} is not a safetensors file of numbers") from None
    expected = config.network.tensor_shapes(config.family.variational)
    odd = tensors.keys() ^ expected.keys()
    if odd:
        names = shown(min(odd))
        raise BundleError(f"{WEIGHTS} holds tensors that don't match its settings: {names}")
    for name, shape in expected.items():
        tensor = tensors[name]
        if tensor.dtype not in (np.float32, np.float16) or tensor.shape != shape:
            raise BundleError(
                f"{name} in {WEIGHTS} is {tensor.dtype} {tensor.shape}; "
                f"its settings call for float32 {shape}, or float16"
            )
        if not np.isfinite(tensor).all():
            raise BundleError(f"{name} in {WEIGHTS} holds NaN or infinite numbers")
    return {name: tensor.astype(np.float32, copy=False) for name, tensor in tensors.items()}


def graphs(config: Config, weights: bytes) -> dict[str, bytes]:
    """The ONNX graphs of these settings by file name; `weights` is a checked safetensors file.

    Raises BundleError if its header can be read in two ways.
    """
    try:
        written = onnx_graphs.linked(config, weights, WEIGHTS)
    except (LookupError, TypeError, ValueError):
        raise BundleError(f"{WEIGHTS} has a header that names a tensor twice") from None
    return dict(zip((ENCODER, DECODER), written, strict=True))


def pack(config: Config, weights: Mapping[str, np.ndarray], found: Codes) -> dict[str, bytes]:
    """The bytes of each of `FILES`, by name, from weights by name and the codes: each array in its
    own precision, float32 or float16.
    """
    content = safetensors.numpy.save(dict(weights))
    return {WEIGHTS: content, **graphs(config, content), CODES: codes.pack(found)}
