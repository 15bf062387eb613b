"""Which of this library's networks of convolutions has the layers of one from elsewhere."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from aemodels.architecture import CORNER, DECODED, NARROW_DECODED
from aemodels.importing.layers import Activation, ForeignError, Reshape, Step, Weighted


class Kind(NamedTuple):
    """What sets a layer apart but for its sizes."""

    kind: str
    stride: int = 1
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)


class Pattern(NamedTuple):
    """The layers of a network, an activation between each two; its shapes of an image."""

    encoder: tuple[Kind, ...]
    decoder: tuple[Kind, ...]
    corner: tuple[int, ...]


_LINEAR = Kind("linear")
_HALVING = Kind("conv", 2, (1, 1, 1, 1))
# PyTorch's padding 1 and output padding 1.
_DOUBLING = Kind("conv_transpose", 2, (1, 1, 0, 0))
_LAST = Kind("conv_transpose", 1, (1, 1, 1, 1))
PATTERNS = {
    "conv": Pattern(
        (_HALVING, _HALVING, _LINEAR, _LINEAR),
        (_LINEAR, _LINEAR, _DOUBLING, _DOUBLING),
        CORNER,
    ),
    "conv-asymmetric": Pattern(
        (Kind("conv", 2), Kind("conv", 2), _LINEAR),
        # Keras' padding "same".
        (_LINEAR, *(Kind("conv_transpose", 2, (0, 0, 1, 1)),) * 2, _LAST),
        DECODED[0],
    ),
    "conv-narrow": Pattern(
        (_HALVING, _HALVING, _LINEAR, _LINEAR),
        (_LINEAR, _DOUBLING, _DOUBLING, _LAST),
        NARROW_DECODED[0],
    ),
}
IMAGE = (1, 28, 28)


def network(encoder: Sequence[Step], decoder: Sequence[Step]) -> dict[str, Any]:
    """The settings of the network that has these layers. Raises ForeignError if none has."""
    found = tuple(
        tuple(
            Kind(each.kind, each.stride[0], each.padding)
            for each in steps
            if isinstance(each, Weighted)
        )
        for steps in (encoder, decoder)
    )
    for name, pattern in PATTERNS.items():
        if found == (pattern.encoder, pattern.decoder):
            _check_shapes(encoder, decoder, pattern)
            return {"network": name, "activation": _activation(encoder, decoder)}
    words = ", ".join(each.words for each in (*encoder, *decoder) if isinstance(each, Weighted))
    raise ForeignError(
        f"its layers are {words}; needed are those of one of the networks of convolutions here, "
        f"{' or '.join(PATTERNS)}, as docs/import.md lists them"
    )


def _check_shapes(encoder: Sequence[Step], decoder: Sequence[Step], pattern: Pattern) -> None:
    """Raise ForeignError if images have other shapes on the way, or strides aren't square."""
    for part, steps, corner in (("encoder", encoder, None), ("decoder", decoder, pattern.corner)):
        for step in steps:
            if isinstance(step, Weighted) and len(set(step.stride)) > 1:
                raise ForeignError(f"{step.name} has the stride {step.stride}; needed is a square")
            if isinstance(step, Reshape) and step.shape not in (None, IMAGE, corner):
                needed = "x".join(map(str, corner or IMAGE))
                raise ForeignError(f"its {part} has {step.words}; needed is reshape {needed}")


def _activation(encoder: Sequence[Step], decoder: Sequence[Step]) -> str:
    """The one activation that follows each layer but the last of both networks."""
    after: set[str] = set()
    for steps in (encoder, decoder):
        steps = [step for step in steps if not isinstance(step, Reshape)]
        for index, step in enumerate(steps):
            between = index % 2 == 1
            if between != isinstance(step, Activation):
                raise ForeignError(
                    f"it has {step.words} where {'an activation' if between else 'a layer'} is "
                    "needed: networks of convolutions here have one after each layer but the last"
                )
            after |= {step.name} if isinstance(step, Activation) else set()
    if len(after) > 1:
        raise ForeignError(
            f"it has {' and '.join(sorted(after))} after hidden layers; "
            "needed is one activation after all of them"
        )
    return after.pop()
