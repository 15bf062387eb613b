"""From the layers of a network from elsewhere to settings and weights of this library's own.

config, weights = mapped(model)
weights["encoder.0.weight"]     # named and shaped as config.network.tensor_shapes says
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from aemodels.architecture import LARGEST_DEPTH
from aemodels.config import Config
from aemodels.data.images import PIXELS
from aemodels.importing import convolutions
from aemodels.importing.layers import (
    Activation,
    ForeignError,
    ForeignModel,
    Reshape,
    Step,
    Weighted,
)
from aemodels.setting import SettingError

OUTPUTS = ("sigmoid", "linear", "relu")
CODES = ("linear", "relu", "sigmoid", "tanh")
# Shapes of one image between linear layers, which change nothing.
FLAT_SHAPES = (None, (PIXELS,), (1, 28, 28), (28, 28))


class Imported(NamedTuple):
    """Settings, and the weights that they call for, float32 by name."""

    config: Config
    weights: dict[str, np.ndarray]


def mapped(model: ForeignModel, settings: Mapping[str, Any]) -> Imported:
    """The same model as one of this library's networks.

    `settings` are those of `Config` by flat name that go before what is known of the model. Raises
    ForeignError if no network here has these layers, and SettingError if a setting doesn't fit.
    """
    encoder, code = _without_last_activation(model.encoder)
    decoder, output = _without_last_activation(model.decoder)
    _check_ends(encoder, decoder)
    if code not in (("linear",) if model.variational else CODES):
        allowed = "none after that of a VAE" if model.variational else f"one of {', '.join(CODES)}"
        raise ForeignError(f"its code has the activation {code}; needed is {allowed}")
    if output not in OUTPUTS:
        raise ForeignError(
            f"its decoder ends with {output}; needed is one of {', '.join(OUTPUTS)}, "
            "which give grey levels from 0 for paper to 1 for ink"
        )
    head = _weighted(encoder)[-1].outputs
    if model.variational and head % 2:
        raise ForeignError(f"its encoder gives {head} numbers; a VAE's gives two for each latent")
    latents = head // 2 if model.variational else head
    taken = _weighted(decoder)[0].inputs
    if taken != latents:
        raise ForeignError(
            f"its encoder gives codes of {latents} numbers, its decoder takes {taken}"
        )
    found: dict[str, Any] = {
        "latent_dim": latents,
        "output_activation": output,
        "reconstruction_loss": "bce" if output == "sigmoid" else "mse",
        **model.settings,
        **settings,
    }
    if code != "linear":
        found["code_activation"] = code
    flat = all(each.kind == "linear" for each in _weighted(encoder) + _weighted(decoder))
    network = _fully_connected if flat else convolutions.network
    layers = _Layers(encoder, decoder)
    config = _config("vae" if model.variational else "ae", found | network(*layers))
    return Imported(config, _weights(config, layers))


class _Layers(NamedTuple):
    encoder: Sequence[Step]
    decoder: Sequence[Step]


def _without_last_activation(steps: Sequence[Step]) -> tuple[list[Step], str]:
    """The layers up to the last one with weights, and the activation behind it."""
    found = list(steps)
    after = "linear"
    while found and not isinstance(found[-1], Weighted):
        last = found.pop()
        if isinstance(last, Activation):
            if after != "linear":
                raise ForeignError(f"it ends with {last.name} and {after}; needed is one of them")
            after = last.name
    return found, after


def _weighted(steps: Sequence[Step]) -> list[Weighted]:
    return [each for each in steps if isinstance(each, Weighted)]


def _check_ends(encoder: Sequence[Step], decoder: Sequence[Step]) -> None:
    """Raise ForeignError unless both networks end with a layer, and codes fit the decoder."""
    for part, steps in (("encoder", encoder), ("decoder", decoder)):
        if not steps or not isinstance(steps[-1], Weighted):
            raise ForeignError(f"its {part} has no layer with weights at its end")


def _fully_connected(encoder: Sequence[Step], decoder: Sequence[Step]) -> dict[str, Any]:
    """The settings of fully connected layers of these sizes."""
    sizes, activations = [], set()
    for part, steps in (("encoder", encoder), ("decoder", decoder)):
        widths, between = _alternating(part, steps)
        sizes.append(widths)
        activations |= between
    (into, *hidden, head), (codes, *decoder_hidden, out) = sizes
    del head, codes
    for what, width in (("encoder's first layer takes", into), ("decoder's last gives", out)):
        if width != PIXELS:
            raise ForeignError(
                f"its {what} {width} numbers; needed are {PIXELS}, one for each pixel of 28 x 28"
            )
    if len(activations) > 1:
        raise ForeignError(
            f"it has {' and '.join(sorted(activations))} after hidden layers; "
            "needed is one activation after all of them"
        )
    if not hidden and not decoder_hidden:
        return {"network": "shallow"}
    for part, widths in (("encoder", hidden), ("decoder", decoder_hidden)):
        if not 1 <= len(widths) <= LARGEST_DEPTH:
            raise ForeignError(
                f"its {part} has {len(widths)} hidden layers; "
                f"needed are 1 to {LARGEST_DEPTH}, or none in both parts"
            )
    found = {"network": "mlp", "hidden": tuple(hidden), "activation": activations.pop()}
    return found if decoder_hidden == hidden[::-1] else found | {"decoder_hidden": decoder_hidden}


def _alternating(part: str, steps: Sequence[Step]) -> tuple[list[int], set[str]]:
    """The sizes in a row of linear layers with an activation between each two."""
    sizes: list[int] = []
    activations: set[str] = set()
    waiting = True  # for a layer, and not for an activation
    for step in steps:
        if isinstance(step, Reshape):
            if step.shape not in FLAT_SHAPES and step.shape != (sizes[-1] if sizes else 0,):
                raise ForeignError(f"its {part} has {step.words} between linear layers")
        elif isinstance(step, Activation):
            if waiting:
                raise ForeignError(f"its {part} has {step.name} where a layer is needed")
            activations.add(step.name)
            waiting = True
        else:
            if not waiting:
                raise ForeignError(
                    f"its {part} has {step.words} straight after another layer; "
                    "needed is an activation between them"
                )
            if sizes and sizes[-1] != step.inputs:
                raise ForeignError(
                    f"{step.name} takes {step.inputs} numbers, and the layer before gives "
                    f"{sizes[-1]}; weights are needed as (outputs, inputs), as PyTorch has them"
                )
            sizes += [step.outputs] if sizes else [step.inputs, step.outputs]
            waiting = False
    return sizes, activations


def _config(family: str, found: Mapping[str, Any]) -> Config:
    try:
        return Config.of(family, **found)
    except SettingError as error:
        raise ForeignError(f"no network here has its layers: {error}") from None


def _weights(config: Config, layers: _Layers) -> dict[str, np.ndarray]:
    """The weights by the names that the settings give them."""
    shapes = config.network.tensor_shapes(config.family.variational)
    names = [name.removesuffix(".weight") for name in shapes if name.endswith(".weight")]
    weights: dict[str, np.ndarray] = {}
    for name, layer in zip(names, _weighted([*layers.encoder, *layers.decoder]), strict=True):
        weights |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
        if layer.weight.shape != shapes[f"{name}.weight"]:
            raise ForeignError(
                f"{layer.name} has weights of the shape {layer.weight.shape}; "
                f"needed is {shapes[f'{name}.weight']}"
            )
    return weights
