"""The description of a network from elsewhere: its layers in order, in JSON or TOML.

    {"encoder": ["fc1", "relu"], "mean": "fc21", "log_var": "fc22",
     "decoder": ["fc3", "relu", "fc4", "sigmoid"]}

A layer is the name of a linear layer's tensors, an activation, `flatten`, or a table:
`{"conv": "conv1", "stride": 2, "padding": 1}`, the same with `conv_transpose` and
`output_padding`, `{"batch_norm": "bn1"}` behind a layer, or `{"reshape": [64, 7, 7]}`.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aemodels.bundles.checks import shown
from aemodels.importing import files
from aemodels.importing.layers import ACTIVATIONS, Activation, ForeignError, Reshape

KEYS = (
    "encoder",
    "mean",
    "log_var",
    "decoder",
    "family",
    "reconstruction_loss",
    "beta",
    "normalised",
    "ignored",
)
FAMILIES = ("ae", "vae")
LOSSES = ("bce", "mse", "l1")
MOST_LAYERS, LONGEST_NAME, LARGEST_SIZE = 100, 200, 100_000
FLATTEN = "flatten"
_NEEDED = "see docs/import.md"


@dataclass(frozen=True)
class Named:
    """A layer whose weights are the tensors `name.weight` and `name.bias`."""

    name: str
    kind: Literal["linear", "conv", "conv_transpose"] = "linear"
    stride: int = 1
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    output_padding: int = 0


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalisation with the tensors `name.running_mean` and `running_var`, and `weight` and
    `bias` if it has these.
    """

    name: str
    eps: float = 1e-5


Described = Named | BatchNorm | Activation | Reshape


@dataclass(frozen=True)
class Description:
    """The layers of a model by the names of their tensors; settings that are known besides.

    `mean` and `log_var` are the two heads of a VAE's encoder; without them, its last layer gives
    both, or the code of an autoencoder. `ignored` are the names, or their beginnings, of tensors
    that are left out. With `normalised`, a mean and a standard deviation, the encoder takes grey
    levels less the mean, divided by the deviation.
    """

    encoder: tuple[Described, ...]
    decoder: tuple[Described, ...]
    variational: bool
    mean: str | None = None
    log_var: str | None = None
    settings: dict[str, object] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    normalised: tuple[float, float] | None = None

    def ignores(self, tensor: str) -> bool:
        """Whether a tensor is left out: its name is among those ignored, or that of its layer.

        So is the number of batches that PyTorch's batch normalisation has counted.
        """
        return tensor.endswith(".num_batches_tracked") or any(
            tensor == name or tensor.startswith(f"{name.removesuffix('.')}.")
            for name in self.ignored
        )

    def tensor_names(self) -> set[str]:
        """The tensors of a file that holds this model alone, with all biases."""
        layers = [each.name for each in (*self.encoder, *self.decoder) if isinstance(each, Named)]
        heads = [each for each in (self.mean, self.log_var) if each is not None]
        return {f"{name}.{part}" for name in layers + heads for part in ("weight", "bias")}


def read(path: Path) -> Description:
    """The description in a JSON or TOML file, by its suffix. Raises ForeignError."""
    content = files.read(path, files.LARGEST_DESCRIPTION)
    name = files.name_of(path)
    try:
        text = content.decode("utf-8")
        found = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except (ValueError, RecursionError):
        kind = "TOML" if path.suffix.lower() == ".toml" else "JSON"
        raise ForeignError(f"{name} is not valid {kind}; {_NEEDED}") from None
    try:
        return parse(found)
    except ForeignError as error:
        raise ForeignError(f"{name}: {error}") from None


def parse(found: object) -> Description:
    """The description in JSON's values. Raises ForeignError."""
    if not isinstance(found, dict):
        raise ForeignError(f"it is not a table of {', '.join(KEYS)}; {_NEEDED}")
    for key in found:
        if key not in KEYS:
            raise ForeignError(f"it has {shown(str(key))}; known are {', '.join(KEYS)}")
    mean, log_var = (_optional_name(found, key) for key in ("mean", "log_var"))
    if (mean is None) != (log_var is None):
        raise ForeignError("it has one of mean and log_var; needed are both or none of them")
    family = _choice(found, "family", FAMILIES)
    if family == "ae" and mean is not None:
        raise ForeignError("its family is ae, which has no log_var; use vae, or leave both out")
    variational = mean is not None or family == "vae"
    settings: dict[str, object] = {}
    loss = _choice(found, "reconstruction_loss", LOSSES)
    if loss is not None:
        settings["reconstruction_loss"] = loss
    if found.get("beta") is not None:
        if not variational:
            raise ForeignError("it has a beta, which only a VAE has")
        settings["beta"] = found["beta"]
    return Description(
        encoder=_layers(found, "encoder"),
        decoder=_layers(found, "decoder"),
        variational=variational,
        mean=mean,
        log_var=log_var,
        settings=settings,
        ignored=tuple(
            _name(each, "ignored") for each in _list(found.get("ignored", []), "ignored")
        ),
        normalised=_normalised(found.get("normalised")),
    )


def _normalised(value: object) -> tuple[float, float] | None:
    if value is None:
        return None
    numbers = value if isinstance(value, list) else []
    if (
        len(numbers) != 2
        or not all(_is_number(each, 0, 1000) for each in numbers)
        or not numbers[1]
    ):
        raise ForeignError(
            f"its normalised is {shown(repr(value))}; needed are the mean and the standard "
            "deviation of grey levels from 0 to 1, such as [0.1307, 0.3081]"
        )
    return float(numbers[0]), float(numbers[1])


def _is_number(value: object, low: float, high: float) -> bool:
    return type(value) in (int, float) and low <= float(str(value)) <= high


def _optional_name(found: Mapping[str, Any], key: str) -> str | None:
    return None if found.get(key) is None else _name(found[key], key)


def _choice(found: Mapping[str, Any], key: str, choices: tuple[str, ...]) -> str | None:
    value = found.get(key)
    if value is None:
        return None
    if value not in choices:
        raise ForeignError(f"its {key} is {shown(str(value))}; known are {', '.join(choices)}")
    return str(value)


def _name(value: object, key: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_NAME:
        raise ForeignError(f"{key} has {shown(repr(value))} where a name is needed; {_NEEDED}")
    return value


def _list(value: object, key: str) -> list[object]:
    if not isinstance(value, list):
        raise ForeignError(f"its {key} is {shown(repr(value))}; needed is a list; {_NEEDED}")
    if len(value) > MOST_LAYERS:
        raise ForeignError(f"its {key} has {len(value):,} entries; the most are {MOST_LAYERS}")
    return value


def _layers(found: Mapping[str, Any], key: str) -> tuple[Described, ...]:
    if key not in found:
        raise ForeignError(f"it has no {key}; needed is a list of layers; {_NEEDED}")
    return tuple(_layer(each, key) for each in _list(found[key], key))


def _layer(value: object, key: str) -> Described:
    if isinstance(value, dict):
        return _table(value, key)
    name = _name(value, key)
    if name == FLATTEN:
        return Reshape()
    return Activation(name) if name in ACTIVATIONS else Named(name)


def _table(value: Mapping[str, Any], key: str) -> Described:
    if set(value) == {"reshape"}:
        shape = value["reshape"]
        if not isinstance(shape, list) or not 1 <= len(shape) <= 3:
            raise ForeignError(f"{key} has a reshape that isn't a list of 1 to 3 sizes")
        return Reshape(tuple(_size(each, "reshape", 1, LARGEST_SIZE) for each in shape))
    if "batch_norm" in value and set(value) <= {"batch_norm", "eps"}:
        eps = value.get("eps", BatchNorm.eps)
        if not _is_number(eps, 0, 1):
            raise ForeignError(f"{key} has an eps of {shown(repr(eps))}; needed is 0 to 1")
        return BatchNorm(_name(value["batch_norm"], key), float(eps))
    known = {"conv", "conv_transpose", "stride", "padding", "output_padding"}
    kinds = [kind for kind in ("conv", "conv_transpose") if kind in value]
    if len(kinds) != 1 or not set(value) <= known:
        raise ForeignError(
            f"{key} has a layer of {shown(', '.join(map(str, value)))}; needed is conv or "
            "conv_transpose, with stride, padding and output_padding, batch_norm, or reshape"
        )
    padding = value.get("padding", 0)
    sides = padding if isinstance(padding, list) else [padding] * 4
    if len(sides) != 4:
        raise ForeignError(
            f"{key} has a padding that isn't one number, or four: {shown(str(sides))}"
        )
    above, left, below, right = (_size(each, "padding", 0, 100) for each in sides)
    return Named(
        _name(value[kinds[0]], key),
        "conv" if kinds[0] == "conv" else "conv_transpose",
        _size(value.get("stride", 1), "stride", 1, 100),
        (above, left, below, right),
        _size(value.get("output_padding", 0), "output_padding", 0, 100),
    )


def _size(value: object, what: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ForeignError(f"{what} is {shown(repr(value))}; needed is {low} to {high:,}")
    return value
