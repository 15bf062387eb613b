"""Every setting of a training, once: type, default, range and one line of meaning.

The command line, validation, the saved bundle and any page that offers settings read this table.
"""

import dataclasses
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_DEPTH = 8
BODIES = ("mlp", "conv")


@dataclass(frozen=True)
class Family:
    """A kind of model: `variational` if its encoder's head gives μ, then log σ²; `closed_form` if
    one linear layer each way, solved without training.
    """

    meaning: str
    variational: bool = False
    closed_form: bool = False


FAMILIES = {
    "vae": Family("variational autoencoder", variational=True),
    "ae": Family("plain autoencoder"),
    "pca": Family("principal component analysis", closed_form=True),
}
TRAINED = tuple(name for name, family in FAMILIES.items() if not family.closed_form)
VARIATIONAL = tuple(name for name, family in FAMILIES.items() if family.variational)


class SettingError(ValueError):
    """A setting is out of its range; the message is one line: value, limit, remedy."""


@dataclass(frozen=True)
class Setting:
    """What one setting may be: a choice, a number, or sizes. The default's type is its type.

    `families` and `bodies` are those that use it; for others it must keep its default.
    """

    name: str
    default: Any
    meaning: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    families: tuple[str, ...] = tuple(FAMILIES)
    bodies: tuple[str, ...] = BODIES

    @property
    def flag(self) -> str:
        """The option on the command line, such as `--latent-dim`."""
        return "--" + self.name.replace("_", "-")

    @property
    def limits(self) -> str:
        """The range in words, as help and messages print it."""
        if self.choices:
            return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"
        if isinstance(self.default, float):
            return f"a number from {self.low:g} to {self.high:g}"
        whole = f"from {self.low} to {self.high}"
        if isinstance(self.default, tuple):
            return f"1 to {LARGEST_DEPTH} whole numbers {whole}, separated by commas"
        return f"a whole number {whole}"

    def text(self, value: Any) -> str:
        """The value as one writes it on the command line: `512,256,128`."""
        if isinstance(value, list | tuple):
            return ",".join(map(str, value))
        # repr() of a float is exact, but 1.0 is better read as 1.
        return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)

    def parse(self, text: str) -> Any:
        """A command line's text -> a checked value. Raises SettingError."""
        try:
            if isinstance(self.default, tuple):
                return self.check(tuple(int(part) for part in text.split(",")))
            return self.check(type(self.default)(text))
        except SettingError:
            raise
        except ValueError:
            raise self._refusal(text) from None

    def check(self, value: Any) -> Any:
        """The value in its own type: a list becomes a tuple, a whole number a float where one is
        asked for. Raises SettingError.
        """
        if isinstance(self.default, tuple):
            if not isinstance(value, list | tuple) or not 1 <= len(value) <= LARGEST_DEPTH:
                raise self._refusal(value)
            if not all(type(size) is int and self.low <= size <= self.high for size in value):
                raise self._refusal(value)
            return tuple(value)
        if self.choices:
            if value not in self.choices:
                raise self._refusal(value)
            return value
        kinds = (int, float) if isinstance(self.default, float) else (int,)
        # type(), since True is an int in Python; a comparison with nan is false, as it should be.
        if type(value) not in kinds or not self.low <= value <= self.high:
            raise self._refusal(value)
        return type(self.default)(value)

    def _refusal(self, value: Any) -> SettingError:
        remedy = f"for example {self.flag} {self.text(self.default)}"
        return SettingError(f"{self.name}={self.text(value)[:40]}: must be {self.limits}; {remedy}")


def _setting(default: Any, meaning: str, **limits: Any) -> Any:
    return field(default=default, metadata={"meaning": meaning, **limits})


@dataclass(frozen=True)
class Config:
    """The settings of one training. Making one checks it: raises SettingError."""

    family: str = _setting("vae", "kind of model", choices=tuple(FAMILIES))
    latent_dim: int = _setting(2, "numbers in a code", low=1, high=256)
    body: str = _setting(
        "mlp",
        "linear layers, or convolutions with 32 and 64 filters",
        choices=BODIES,
        families=TRAINED,
    )
    hidden: tuple[int, ...] = _setting(
        (512, 256, 128),
        "hidden sizes of the encoder; the decoder mirrors them",
        low=1,
        high=4096,
        families=TRAINED,
        bodies=("mlp",),
    )
    activation: str = _setting(
        "relu",
        "non-linearity after each hidden layer",
        choices=("relu", "gelu", "silu", "elu", "tanh"),
        families=TRAINED,
    )
    objective: str = _setting(
        "bce",
        "reconstruction error: binary cross-entropy or squared error",
        choices=("bce", "mse"),
        families=TRAINED,
    )
    beta: float = _setting(1.0, "weight of the KL term", low=0, high=1000, families=VARIATIONAL)
    epochs: int = _setting(
        60, "passes over the training images", low=1, high=10_000, families=TRAINED
    )
    batch_size: int = _setting(512, "images a step", low=1, high=60_000, families=TRAINED)
    learning_rate: float = _setting(
        3e-3, "peak of the one-cycle schedule", low=1e-6, high=1, families=TRAINED
    )
    weight_decay: float = _setting(
        0.01, "decoupled decay of AdamW", low=0, high=10, families=TRAINED
    )
    train_images: int = _setting(60_000, "use only the first ones", low=1, high=60_000)
    seed: int = _setting(0, "of weights, order and noise", low=0, high=2**32 - 1, families=TRAINED)
    device: str = _setting(
        "auto",
        "where to train; auto is cuda, then mps, then cpu",
        choices=("auto", "cuda", "mps", "cpu"),
        families=TRAINED,
    )
    precision: str = _setting(
        "auto",
        "of matrix products; auto is bf16 where the hardware has it",
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
                    f"leave {setting.flag} out or use --family {' or '.join(setting.families)}"
                )
            if self.body not in setting.bodies and value != setting.default:
                raise SettingError(
                    f"{name}={setting.text(value)}: has no effect on body {self.body}; "
                    f"leave {setting.flag} out or use --body {' or '.join(setting.bodies)}"
                )
        if FAMILIES[self.family].closed_form and self.train_images < self.latent_dim:
            raise SettingError(
                f"train_images={self.train_images}: {self.family} with {self.latent_dim} latents "
                f"needs at least as many; for example --train-images {self.latent_dim}"
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Config":
        """From a bundle's JSON; what is left out keeps its default. Raises SettingError."""
        unknown = values.keys() - SETTINGS.keys()
        if unknown:
            raise SettingError(
                f"{min(unknown)[:40]}: is no setting; known are {', '.join(SETTINGS)}"
            )
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """The settings that this family and body use, ready for JSON."""
        used = (
            name
            for name, setting in SETTINGS.items()
            if self.family in setting.families and self.body in setting.bodies
        )
        values = {name: getattr(self, name) for name in used}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}

    def options(self) -> list[str]:
        """Every setting as words of a command line: `--family`, `vae`, …"""
        words = []
        for name, value in self.to_dict().items():
            words += [SETTINGS[name].flag, SETTINGS[name].text(value)]
        return words

    def command(self, *ending: str) -> str:
        """The shell command that makes this model again, with every setting spelled out.

        `ending` says where to: `--output`, `zoo/vae-2`.
        """
        return shlex.join(["python", "-m", "aemodels", "train", *self.options(), *ending])


SETTINGS: dict[str, Setting] = {
    column.name: Setting(column.name, column.default, **column.metadata)
    for column in dataclasses.fields(Config)
}
