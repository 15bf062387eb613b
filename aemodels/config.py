"""Every setting of a training, once: type, default, range and one line of meaning.

The command line, validation, the saved bundle and any page that offers settings read this table.
"""

import dataclasses
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aemodels.families import FAMILIES

LARGEST_DEPTH = 8
BODIES = ("shallow", "mlp", "conv")

TRAINED = tuple(name for name, family in FAMILIES.items() if not family.closed_form)


class SettingError(ValueError):
    """A setting is out of its range; the message is one line: value, limit, remedy."""


@dataclass(frozen=True)
class Setting:
    """What one setting may be: a choice, a number, or several. The default's type is its type.

    A family says which settings it uses; `networks` are the kinds of network that use this one. For
    others it must keep its default. Of several numbers there are `most` at the most.
    """

    name: str
    default: Any
    meaning: str
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    most: int = LARGEST_DEPTH

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families that use it."""
        return tuple(name for name, family in FAMILIES.items() if self.name in family.settings)

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
        span = f"from {self.low:g} to {self.high:g}"
        if isinstance(self.default, tuple):
            kind = "numbers" if self._part is float else "whole numbers"
            return f"1 to {self.most} {kind} {span}, separated by commas"
        return f"a whole number from {self.low} to {self.high}"

    @property
    def _part(self) -> type:
        """Of each of several numbers."""
        return type(self.default[0])

    def text(self, value: Any) -> str:
        """The value as one writes it on the command line: `512,256,128`."""
        if isinstance(value, list | tuple):
            return ",".join(self.text(part) for part in value)
        # repr() of a float is exact, but 1.0 is better read as 1.
        return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)

    def parse(self, text: str) -> Any:
        """A command line's text -> a checked value. Raises SettingError."""
        try:
            if isinstance(self.default, tuple):
                return self.check(tuple(self._part(part) for part in text.split(",")))
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
            if not isinstance(value, list | tuple) or not 1 <= len(value) <= self.most:
                raise self._refusal(value)
            kinds = (int, float) if self._part is float else (int,)
            if not all(type(part) in kinds and self.low <= part <= self.high for part in value):
                raise self._refusal(value)
            return tuple(self._part(part) for part in value)
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
        shown = "".join(c if c.isprintable() else "?" for c in self.text(value)[:40])
        return SettingError(f"{self.name}={shown}: must be {self.limits}; {remedy}")


def _setting(default: Any, meaning: str, **limits: Any) -> Any:
    return field(default=default, metadata={"meaning": meaning, **limits})


@dataclass(frozen=True)
class Config:
    """The settings of one training. Making one checks it: raises SettingError."""

    family: str = _setting("vae", "kind of model", choices=tuple(FAMILIES))
    dataset: str = _setting(
        "mnist",
        "what to learn: digits, or clothes, which are downloaded once",
        choices=("mnist", "fashion-mnist"),
    )
    latent_dim: int = _setting(2, "numbers in a code", low=1, high=1024)
    body: str = _setting(
        "mlp",
        "one linear layer each way, several, or convolutions with 32 and 64 filters",
        choices=BODIES,
    )
    hidden: tuple[int, ...] = _setting(
        (512, 256, 128),
        "hidden sizes of the encoder; the decoder mirrors them",
        low=1,
        high=4096,
        networks=("mlp",),
    )
    activation: str = _setting(
        "relu",
        "non-linearity after each hidden layer",
        choices=("relu", "gelu", "silu", "elu", "tanh", "sigmoid"),
        networks=("mlp", "conv"),
    )
    code: str = _setting(
        "linear",
        "non-linearity of the code",
        choices=("linear", "relu", "sigmoid", "tanh"),
    )
    tied: str = _setting(
        "no",
        "whether the decoder's weights are the encoder's, transposed",
        choices=("no", "yes"),
        networks=("shallow", "mlp"),
    )
    output_activation: str = _setting(
        "sigmoid",
        "non-linearity of the picture; relu is the flaw of many tutorials",
        choices=("sigmoid", "linear", "relu"),
    )
    objective: str = _setting(
        "bce",
        "reconstruction error: binary cross-entropy, squared (L2) or absolute (L1) error",
        choices=("bce", "mse", "l1"),
    )
    pixels: str = _setting(
        "grey",
        "grey levels, black and white by the threshold 0.5, or drawn anew at each step",
        choices=("grey", "threshold", "dynamic"),
    )
    beta: float = _setting(1.0, "weight of the KL term", low=0, high=1000)
    corruption: str = _setting(
        "masking",
        "how pictures are spoilt: pixels hidden, black or white, or noise added",
        choices=("masking", "salt-pepper", "gaussian"),
    )
    level: float = _setting(
        0.3, "share of spoilt pixels, or standard deviation of the noise", low=0, high=1
    )
    levels: tuple[float, ...] = _setting(
        (0.1, 0.2, 0.3),
        "the same for each layer of the encoder",
        low=0,
        high=1,
        # The code's layer comes after the hidden ones.
        most=LARGEST_DEPTH + 1,
    )
    sparsity: str = _setting(
        "kl",
        "penalty: KL to a target activation, or L1 of the codes",
        choices=("kl", "l1"),
    )
    penalty: float = _setting(0.1, "weight of the family's penalty", low=0, high=1000)
    target: float = _setting(
        0.05, "mean activation that the KL penalty asks for", low=0.001, high=0.999
    )
    epochs: int = _setting(60, "passes over the training images", low=1, high=10_000)
    batch_size: int = _setting(512, "images a step", low=1, high=60_000)
    learning_rate: float = _setting(
        3e-3, "peak of the one-cycle schedule, or the constant rate", low=1e-6, high=1
    )
    schedule: str = _setting("one-cycle", "of the learning rate", choices=("one-cycle", "constant"))
    weight_decay: float = _setting(0.01, "decoupled decay of AdamW", low=0, high=10)
    train_images: int = _setting(60_000, "use only the first ones", low=1, high=60_000)
    seed: int = _setting(0, "of weights, order and noise", low=0, high=2**32 - 1)
    device: str = _setting(
        "auto",
        "where to train; auto is cuda, then mps, then cpu",
        choices=("auto", "cuda", "mps", "cpu"),
    )
    precision: str = _setting(
        "auto",
        "of matrix products; auto is bf16 where the hardware has it",
        choices=("auto", "fp32", "bf16"),
    )

    def __post_init__(self) -> None:
        for name, setting in SETTINGS.items():
            value = setting.check(getattr(self, name))
            object.__setattr__(self, name, value)
            if value == setting.default:
                continue
            if name not in FAMILIES[self.family].settings:
                raise SettingError(
                    f"{name}={setting.text(value)}: has no effect on family {self.family}; "
                    f"leave {setting.flag} out or use --family {' or '.join(setting.families)}"
                )
            if setting.networks and self.network not in setting.networks:
                raise SettingError(
                    f"{name}={setting.text(value)}: has no effect on body {self.network}; "
                    f"leave {setting.flag} out or use --body {' or '.join(setting.networks)}"
                )
        if self.objective == "bce" and self.output_activation != "sigmoid":
            raise SettingError(
                f"output_activation={self.output_activation}: cross-entropy asks for pixels of 0 "
                "to 1; use --output-activation sigmoid or --objective mse"
            )
        trouble = FAMILIES[self.family].check(self)
        if trouble:
            raise SettingError(trouble)

    @property
    def network(self) -> str:
        """The kind of network: `body`, or the one that the family always has."""
        return FAMILIES[self.family].network or self.body

    @property
    def phases(self) -> tuple[int, ...]:
        """Epochs of the trainings that follow each other; none where the model is solved."""
        return (self.epochs,) * FAMILIES[self.family].stages(self)

    @classmethod
    def of(cls, family: str, **given: Any) -> "Config":
        """The family's own defaults, and what is given. Raises SettingError."""
        family = SETTINGS["family"].check(family)
        return cls(**{"family": family, **FAMILIES[family].defaults, **given})

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
        """The settings that this family and network use, ready for JSON."""
        values = {name: getattr(self, name) for name in self.used()}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}

    def used(self) -> tuple[str, ...]:
        """Names of the settings that this family and network use, in the table's order."""
        return tuple(
            name
            for name, setting in SETTINGS.items()
            if name in FAMILIES[self.family].settings
            and (not setting.networks or self.network in setting.networks)
        )

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
