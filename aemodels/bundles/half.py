"""Float16 in bundles: half the bytes, where no published number moves.

    rounded = half.weights(found.weights(), ("decoder",))
    if not half.moved(found.metrics, evaluation.evaluate(restore(found.config, rounded), digits)):
        contents.pack(found.config, rounded, half.codes(found.codes()))

Whoever reads such a bundle widens its numbers to float32 and computes with these, in Python as in a
browser, so that both have the very same numbers.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import fields

import numpy as np
import safetensors.numpy

from aemodels.bundles import contents
from aemodels.bundles.bundle import Bundle
from aemodels.bundles.checks import BundleError
from aemodels.bundles.codes import CODES, Codes
from aemodels.bundles.manifest import WEIGHTS
from aemodels.bundles.metrics import Metrics

# The networks by the first word of their tensors' names, and the codes of the test images.
PARTS = ("encoder", "decoder", "codes")
# Significant digits of REPRODUCTION.md; tables and pages print fewer. Of the errors by class, the
# command line prints one decimal place.
DIGITS = 5
CLASS_STEP = 0.1


def weights(tensors: Mapping[str, np.ndarray], parts: Collection[str]) -> dict[str, np.ndarray]:
    """The float32 tensors by name, those of `parts` rounded to float16. Raises BundleError if one
    is too large for that.
    """
    return {
        name: _rounded(tensor, name) if name.partition(".")[0] in parts else tensor
        for name, tensor in tensors.items()
    }


def codes(found: Codes) -> Codes:
    """Codes rounded to float16. Raises BundleError if one is too large for that."""
    mean, log_var = found
    return Codes(_rounded(mean, CODES), None if log_var is None else _rounded(log_var, CODES))


def stored(found: Bundle) -> tuple[str, ...]:
    """The parts that a bundle keeps in float16. Raises BundleError if it has changed since."""
    tensors = safetensors.numpy.load(contents.read(found.path, WEIGHTS))
    halves = {name.partition(".")[0] for name, each in tensors.items() if each.dtype == np.float16}
    if b"'<f2'" in contents.read(found.path, CODES)[:128]:
        halves.add("codes")
    return tuple(part for part in PARTS if part in halves)


def moved(before: Metrics, after: Metrics) -> dict[str, tuple[float, float]]:
    """The metrics that differ by one or more in the last digit that is printed of them, by name.

    With both values; of the errors by class, those of the class that moved most.
    """
    found = {}
    for name in (row.name for row in fields(Metrics)):
        one, other = getattr(before, name), getattr(after, name)
        if one is None or other is None:
            continue
        if isinstance(one, tuple):
            one, other = max(zip(one, other, strict=True), key=lambda pair: abs(pair[0] - pair[1]))
            step = CLASS_STEP
        else:
            step = 10.0 ** (math.floor(math.log10(abs(one) or 1)) + 1 - DIGITS)
        if abs(one - other) >= step:
            found[name] = (one, other)
    return found


def _rounded(array: np.ndarray, name: str) -> np.ndarray:
    with np.errstate(over="ignore"):
        found = array.astype(np.float16)
    if not np.isfinite(found).all():
        raise BundleError(f"{name} has numbers beyond 65,504, the largest of float16")
    return found
