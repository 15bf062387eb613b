"""The tensors of a safetensors file from elsewhere, as float32 arrays by name."""

import math
from collections.abc import Callable

import numpy as np
import safetensors

from aemodels.bundles.checks import shown
from aemodels.importing.layers import ForeignError

LARGEST_HEADER, MOST_TENSORS, MOST_AXES = 1_000_000, 1000, 4
# What wrappers of PyTorch put before every name.
WRAPPERS = ("module.", "_orig_mod.")


def _bfloat16(data: bytes) -> np.ndarray:
    """The upper half of a float32."""
    return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")


KINDS: dict[str, Callable[[bytes], np.ndarray]] = {
    "F32": lambda data: np.frombuffer(data, "<f4"),
    "F64": lambda data: np.frombuffer(data, "<f8"),
    "F16": lambda data: np.frombuffer(data, "<f2"),
    "BF16": _bfloat16,
}

Tensors = dict[str, np.ndarray]


def parse(content: bytes, unread: Callable[[str], bool] = lambda name: False) -> Tensors:
    """The tensors of a safetensors file by name, float32; what DataParallel and torch.compile put
    before the names is left out, and so are tensors whose name is `unread`.

    Raises ForeignError if it isn't one, or has too many tensors, other numbers, NaN or infinity.
    """
    if int.from_bytes(content[:8], "little") > LARGEST_HEADER:
        raise ForeignError(
            f"it isn't a safetensors file, or has a header of more than {LARGEST_HEADER:,} bytes"
        )
    try:
        found = safetensors.deserialize(content)  # type: ignore[no-untyped-call]
    except safetensors.SafetensorError:
        raise ForeignError("it isn't a safetensors file, or it is damaged") from None
    if len(found) > MOST_TENSORS:
        raise ForeignError(f"it holds {len(found):,} tensors; the most are {MOST_TENSORS:,}")
    tensors = dict(found)
    # Either may be around the other.
    for wrapper in WRAPPERS * 2:
        if tensors and all(name.startswith(wrapper) for name in tensors):
            tensors = {name.removeprefix(wrapper): facts for name, facts in tensors.items()}
    return {name: _array(name, **facts) for name, facts in tensors.items() if not unread(name)}


def _array(name: str, dtype: str, shape: list[int], data: bytes) -> np.ndarray:
    if dtype not in KINDS:
        raise ForeignError(
            f"{shown(name)} holds numbers of type {shown(dtype)}; needed are {', '.join(KINDS)}"
        )
    if len(shape) > MOST_AXES or math.prod(shape) == 0:
        raise ForeignError(
            f"{shown(name)} has the shape {tuple(shape[:9])}; needed are 1 to 4 axes, none empty"
        )
    return checked(name, KINDS[dtype](data).reshape(shape))


def checked(name: str, array: np.ndarray) -> np.ndarray:
    """The array as float32. Raises ForeignError if it holds NaN, infinity or larger numbers."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = array.astype(np.float32)
    if not np.isfinite(found).all():
        raise ForeignError(
            f"{shown(name)} holds NaN or infinite numbers; needed are finite ones, of float32"
        )
    return found
