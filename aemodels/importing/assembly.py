"""From a description and the tensors that it names to the layers themselves."""

from collections.abc import Sequence

import numpy as np

from aemodels.bundles.checks import shown
from aemodels.importing import folding
from aemodels.importing.description import BatchNorm, Described, Description, Named
from aemodels.importing.layers import (
    ACTIVATIONS,
    ForeignError,
    ForeignModel,
    Reshape,
    Step,
    Weighted,
    joined,
)
from aemodels.importing.tensors import Tensors


def assemble(description: Description, tensors: Tensors) -> ForeignModel:
    """The layers that the description names, with their weights.

    Raises ForeignError if a tensor is missing, is used twice or not at all, or has no shape of its
    kind of layer.
    """
    left = {name: array for name, array in tensors.items() if not description.ignores(name)}
    encoder = _steps(description.encoder, left)
    if description.mean is not None and description.log_var is not None:
        heads = (_weighted(Named(name), left) for name in (description.mean, description.log_var))
        encoder.append(joined(*heads))
    if description.normalised is not None:
        first = next((k for k, step in enumerate(encoder) if not isinstance(step, Reshape)), 0)
        encoder[first : first + 1] = [
            folding.normalised_input(next(iter(encoder[first:]), None), *description.normalised)
        ]
    decoder = _steps(description.decoder, left)
    if left:
        raise ForeignError(
            f"it holds {shown(min(left))}, which the description doesn't name; "
            "describe its layer, or list it as ignored"
        )
    return ForeignModel(encoder, decoder, description.variational, dict(description.settings))


def _steps(described: Sequence[Described], left: Tensors) -> list[Step]:
    steps: list[Step] = []
    for each in described:
        if isinstance(each, BatchNorm):
            last = steps.pop() if steps else None
            steps.append(folding.batch_norm(last, _statistics(each, left), each.eps))
        else:
            steps.append(_weighted(each, left) if isinstance(each, Named) else each)
    return steps


def _statistics(norm: BatchNorm, left: Tensors) -> dict[str, np.ndarray]:
    """The tensors of a batch normalisation, which are taken out of `left`."""
    parts = ("running_mean", "running_var", "weight", "bias")
    found = {part: left.pop(f"{norm.name}.{part}", None) for part in parts}
    for part in parts[:2]:
        if found[part] is None:
            raise ForeignError(
                f"it has no tensor {shown(norm.name)}.{part}, or it is named twice; {_held(left)}"
            )
    return {part: array for part, array in found.items() if array is not None}


def _weighted(named: Named, left: Tensors) -> Weighted:
    """The layer with its tensors, which are taken out of `left`."""
    name = shown(named.name)
    weight = left.pop(f"{named.name}.weight", None)
    if weight is None:
        raise ForeignError(
            f"it has no tensor {name}.weight, or it is named twice; {_held(left)}; "
            f"activations are {', '.join(ACTIVATIONS)}"
        )
    axes = 2 if named.kind == "linear" else 4
    if weight.ndim != axes:
        raise ForeignError(
            f"{name}.weight has the shape {weight.shape}; needed are {axes} axes for a layer of "
            f"kind {named.kind}"
        )
    layer = Weighted(
        name,
        named.kind,
        weight,
        np.zeros(0, np.float32),
        (named.stride, named.stride),
        _padding(named),
    )
    # Without a bias it is zero.
    bias = left.pop(f"{named.name}.bias", np.zeros(layer.outputs, np.float32))
    if bias.shape != (layer.outputs,):
        raise ForeignError(
            f"{name}.bias has the shape {bias.shape}; needed is ({layer.outputs},), "
            f"as {name}.weight is {weight.shape}"
        )
    return Weighted(name, named.kind, weight, bias, layer.stride, layer.padding)


def _padding(named: Named) -> tuple[int, int, int, int]:
    """With PyTorch's output padding, a transposed convolution cuts off less below and right."""
    above, left, below, right = named.padding
    return above, left, below - named.output_padding, right - named.output_padding


def _held(left: Tensors) -> str:
    if not left:
        return "no others are left"
    some = ", ".join(shown(name) for name in sorted(left)[:4])
    return f"it holds {some}{' and others' * (len(left) > 4)}"
