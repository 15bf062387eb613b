"""Every setting of a training, once: type, default, range and one line of meaning.

The command line, validation, the saved bundle and any page that offers settings read this one table.
"""

import math
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Family:
    """A kind of model. `variational`: the encoder's head gives μ, then log σ². `closed_form`: nothing to train."""

    meaning: str
    variational: bool = False
    closed_form: bool = False


FAMILIES = {
    "vae": Family("variational autoencoder", variational=True),
    "ae": Family("plain autoencoder"),
    "pca": Family("principal component analysis, the best linear autoencoder", closed_form=True),
}
TRAINED = tuple(name for name, family in FAMILIES.items() if not family.closed_form)
VARIATIONAL = tuple(name for name, family in FAMILIES.items() if family.variational)


class SettingError(ValueError):
    """A setting is out of its range; the message names value, limit and remedy in one line."""


@dataclass(frozen=True)
class Setting:
    """What one setting may be. `families` are those that use it; elsewhere it must keep its default."""

    default: Any
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    families: tuple[str, ...] = tuple(FAMILIES)
    name: str = ""

    @property
    def flag(self) -> str:
        """The option on the command line, such as `--latent-dim`."""
        return "--" + self.name.replace("_", "-")

    @property
    def limits(self) -> str:
        """The range in words, as help and messages print it."""
        if self.choices:
            return " or ".join(self.choices) if len(self.choices) < 3 else ", ".join(self.choices)
        span = f"{self.low:g} to {self.high:g}" if isinstance(self.default, float) else ""
        if isinstance(self.default, float):
            return f"a number from {span}"
        span = f"{self.low} to {self.high}"
        if isinstance(self.default, tuple):
            return f"1 to 8 whole numbers from {span}, separated by commas"
        return f"a whole number from {span}"

    def text(self, value: Any) -> str:
        """The value as one writes it on the command line: 512,256,128."""
        if isinstance(value, tuple):
            return ",".join(map(str, value))
        return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)

    def refusal(self, value: Any) -> SettingError:
        remedy = f"for example {self.flag} {self.text(self.default)}"
        return SettingError(f"{self.name}={value}: must be {self.limits}; {remedy}")

    def parse(self, text: str) -> Any:
        """A command line's text -> a checked value. Raises SettingError."""
        try:
            if isinstance(self.default, tuple):
                value: Any = tuple(int(part) for part in text.split(","))
            else:
                value = type(self.default)(text)
        except ValueError:
            raise self.refusal(text) from None
        return self.check(value)

    def check(self, value: Any) -> Any:
        """The value in its own type (a list becomes a tuple, a whole number a float). Raises SettingError."""
        if isinstance(self.default, str):
            if value not in self.choices:
                raise self.refusal(value)
            return value
        if isinstance(self.default, tuple):
            if not isinstance(value, list | tuple) or not 1 <= len(value) <= 8:
                raise self.refusal(value)
            if not all(self._in_range(size) for size in value):
                raise self.refusal(self.text(tuple(value)))
            return tuple(value)
        if isinstance(self.default, float) and type(value) is int:
            value = float(value)
        if not self._in_range(value):
            raise self.refusal(value)
        return value

    def _in_range(self, number: Any) -> bool:
        kind = float if isinstance(self.default, float) else int
        assert self.low is not None and self.high is not None
        # type(), because True is an int in Python and a comparison with nan is always false.
        return type(number) is kind and math.isfinite(number) and self.low <= number <= self.high


def _setting(default: Any, meaning: str, **limits: Any) -> Any:
    return field(default=default, metadata={"setting": Setting(default, meaning, **limits)})


@dataclass(frozen=True)
class Config:
    """The settings of one training. Making one checks it: raises SettingError."""

    family: str = _setting("vae", "kind of model", choices=tuple(FAMILIES))
    latent_dim: int = _setting(2, "numbers in a code", low=1, high=256)
    hidden: tuple[int, ...] = _setting(
        (512, 256, 128),
        "hidden sizes of the encoder; the decoder mirrors them",
        low=1,
        high=4096,
        families=TRAINED,
    )
    activation: str = _setting(
        "relu",
        "non-linearity after each hidden layer",
        choices=("relu", "gelu", "silu", "elu", "tanh"),
        families=TRAINED,
    )
    objective: str = _setting(
        "bce",
        "reconstruction error: cross-entropy or squared error",
        choices=("bce", "mse"),
        families=TRAINED,
    )
    beta: float = _setting(
        1.0, "weight of the KL term", low=0.0, high=1000.0, families=VARIATIONAL
    )
    epochs: int = _setting(
        60, "passes over the training images", low=1, high=10_000, families=TRAINED
    )
    batch_size: int = _setting(
        512, "images per step", low=1, high=60_000, families=TRAINED
    )
    learning_rate: float = _setting(
        3e-3, "peak of the one-cycle schedule", low=1e-6, high=1.0, families=TRAINED
    )
    weight_decay: float = _setting(
        0.01, "decoupled decay of AdamW", low=0.0, high=10.0, families=TRAINED
    )
    train_images: int = _setting(60_000, "use only the first N images", low=1, high=60_000)
    seed: int = _setting(
        0, "of weights, order and noise", low=0, high=2**32 - 1, families=TRAINED
    )
    device: str = _setting(
        "auto",
        "where to train; auto is cuda, then mps, then cpu",
        choices=("auto", "cuda", "mps", "cpu"),
        families=TRAINED,
    )
    precision: str = _setting(
        "auto",
        "of the matrix products; auto is bf16 where the hardware has it",
        choices=("auto", "fp32", "bf16"),
        families=TRAINED,
    )

    def __post_init__(self) -> None:
        for name, setting in SETTINGS.items():
            value = setting.check(getattr(self, name))
            object.__setattr__(self, name, value)
            if self.family not in setting.families and value != setting.default:
                raise SettingError(
                    f"{name}={setting.text(value)}: has no effect on family {self.family}; "
                    f"leave {setting.flag} out or choose --family {' or '.join(setting.families)}"
                )
        if self.family == "pca" and self.train_images < self.latent_dim:
            raise SettingError(
                f"train_images={self.train_images}: PCA with {self.latent_dim} latents needs at "
                f"least {self.latent_dim}; raise --train-images or lower --latent-dim"
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Config":
        """From a bundle's JSON; what is left out keeps its default. Raises SettingError."""
        unknown = [name for name in values if name not in SETTINGS]
        if unknown:
            raise SettingError(f"{unknown[0]}: unknown setting; known are {', '.join(SETTINGS)}")
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The settings that this family uses, ready for JSON."""
        return {
            name: list(value) if isinstance(value := getattr(self, name), tuple) else value
            for name, setting in SETTINGS.items()
            if self.family in setting.families
        }

    def command(self, output: str) -> str:
        """The shell command that makes this model again, with every setting spelled out."""
        words: list[str] = ["python", "-m", "aemodels", "train"]
        for name in self.to_dict():
            words += [SETTINGS[name].flag, SETTINGS[name].text(getattr(self, name))]
        return shlex.join([*words, "--output", output])


def _table(columns: "Iterable[Field[Any]]") -> dict[str, Setting]:
    return {
        column.name: Setting(**{**vars(column.metadata["setting"]), "name": column.name})
        for column in columns
    }


SETTINGS: dict[str, Setting] = _table(fields(Config))
