"""The definition of one setting: type, default, range, title and one line of meaning.

    @dataclass(frozen=True)
    class Loop(Settings):
        epochs: int = setting(60, "passes over the training images", low=1, high=10_000)

    Loop(epochs=0)          # SettingError: epochs=0: must be a whole number from 1 to 10000; …

The command line, the form of the Train page, saved bundles and validation all read `table()`.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

MOST_NUMBERS = 8
BOOLEANS = {"yes": True, "no": False}
# Such as the name of one's own data set (`aemodels.data.own.NAME`).
OTHER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class SettingError(ValueError):
    """A setting is out of range or clashes with others; one line: value, problem, remedy.

    `SettingError("sparsity", "l2", "must be kl or l1", "for example {sparsity} kl")` is worded for
    the command line, `sparsity=l2: must be kl or l1; for example --sparsity kl`, or with titles for
    a form. In the remedy, {sparsity} stands for the setting of that name.
    """

    def __init__(self, name: str, value: str | None, problem: str, remedy: str) -> None:
        super().__init__(name, value, problem, remedy)
        self.name, self.value, self.problem, self.remedy = name, value, problem, remedy

    def __str__(self) -> str:
        given = self.name if self.value is None else f"{self.name}={self.value}"
        return f"{given}: {self.problem}; {self.remedy.format_map(_Flags())}"

    def worded(self, titles: Mapping[str, str]) -> str:
        """The same message for a form whose fields have these titles, by setting name."""
        given = " ".join(filter(None, (titles.get(self.name, self.name), self.value)))
        return f"{given}: {self.problem}; {self.remedy.format_map(titles)}"


class _Flags(dict[str, str]):
    """The option of each setting on the command line."""

    def __missing__(self, name: str) -> str:
        return flag(name)


def flag(name: str) -> str:
    """latent_dim -> --latent-dim."""
    return "--" + name.replace("_", "-")


@dataclass(frozen=True)
class Setting:
    """One setting: a choice, yes or no, a number, or up to `most` numbers. Its type is that of the
    default; an empty default is of whole numbers, and `empty` is the word for it.

    Where `others` says which, a choice may also be any other word that `OTHER` allows.

    A form shows an `advanced` one among more settings, and only where the setting that it `needs`
    differs from its default.
    """

    name: str
    default: Any
    meaning: str
    title: str = ""
    low: float = 0
    high: float = 0
    choices: tuple[str, ...] = ()
    choice_titles: Mapping[str, str] = field(default_factory=dict)
    most: int = MOST_NUMBERS
    empty: str = ""
    advanced: bool = False
    needs: str = ""
    others: str = ""

    @property
    def flag(self) -> str:
        """The option on the command line, such as `--latent-dim`."""
        return flag(self.name)

    @property
    def label(self) -> str:
        """The title above its control."""
        return self.title or self.name.replace("_", " ").capitalize()

    def choice_title(self, choice: str) -> str:
        """A choice as a form shows it."""
        return self.choice_titles.get(choice, choice)

    @property
    def limits(self) -> str:
        """The range in words, as help and messages print it."""
        choices = tuple(BOOLEANS) if isinstance(self.default, bool) else self.choices
        if choices:
            return listed([*choices, self.others] if self.others else choices)
        if isinstance(self.default, float):
            return f"a number from {self.low:g} to {self.high:g}"
        span = f"from {self.low:g} to {self.high:g}"
        if isinstance(self.default, tuple):
            kind = "numbers" if self._part is float else "whole numbers"
            numbers = f"1 to {self.most} {kind} {span}, separated by commas"
            return f"{self.empty}, or {numbers}" if self.empty else numbers
        return f"a whole number from {self.low} to {self.high}"

    @property
    def _part(self) -> type:
        """The type of each of several numbers."""
        return type(self.default[0]) if self.default else int

    def text(self, value: Any) -> str:
        """The value as written on the command line: `512,256,128`."""
        if isinstance(value, list | tuple):
            return ",".join(self.text(part) for part in value) or self.empty
        if isinstance(value, bool):
            return "yes" if value else "no"
        # repr() of a float is exact, but 1.0 is better read as 1.
        return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)

    def parse(self, text: str) -> Any:
        """A command line's text -> a checked value. Raises SettingError."""
        if isinstance(self.default, bool):
            return self.check(BOOLEANS.get(text, text))
        if self.empty and text == self.empty:
            return self.check(())
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
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise self._refusal(value)
            return value
        if isinstance(self.default, tuple):
            least = 0 if self.empty else 1
            if not isinstance(value, list | tuple) or not least <= len(value) <= self.most:
                raise self._refusal(value)
            kinds = (int, float) if self._part is float else (int,)
            if not all(type(part) in kinds and self.low <= part <= self.high for part in value):
                raise self._refusal(value)
            return tuple(self._part(part) for part in value)
        if self.choices:
            other = self.others and isinstance(value, str) and OTHER.fullmatch(value)
            if value not in self.choices and not other:
                raise self._refusal(value)
            return value
        kinds = (int, float) if isinstance(self.default, float) else (int,)
        # type(), since True is an int in Python; a comparison with nan is false, as it should be.
        if type(value) not in kinds or not self.low <= value <= self.high:
            raise self._refusal(value)
        return type(self.default)(value)

    def _refusal(self, value: Any) -> SettingError:
        shown = "".join(c if c.isprintable() else "?" for c in self.text(value)[:40])
        remedy = f"for example {{{self.name}}} {self.text(self.default)}"
        return SettingError(self.name, shown, f"must be {self.limits}", remedy)


def setting(
    default: Any,
    meaning: str,
    *,
    title: str = "",
    low: float = 0,
    high: float = 0,
    choices: Mapping[str, str] | None = None,
    most: int = MOST_NUMBERS,
    empty: str = "",
    advanced: bool = False,
    needs: str = "",
    others: str = "",
) -> Any:
    """A field of a `Settings` class; see `Setting`. `choices` maps each to its title in a form."""
    titles = choices or {}
    limits = {
        "low": low,
        "high": high,
        "choices": tuple(titles),
        "choice_titles": titles,
        "most": most,
        "empty": empty,
        "advanced": advanced,
        "needs": needs,
        "others": others,
    }
    return dataclasses.field(
        default=default, metadata={"meaning": meaning, "title": title, **limits}
    )


@dataclass(frozen=True)
class Settings:
    """A group of settings, each a field made by `setting`. The constructor checks them."""

    def __post_init__(self) -> None:
        for name, row in self.table().items():
            object.__setattr__(self, name, row.check(getattr(self, name)))

    @classmethod
    def table(cls) -> dict[str, Setting]:
        """Its settings by name."""
        own: Any = cls
        return dict(_table(own))

    def to_dict(self) -> dict[str, Any]:
        """Its values by name, ready for JSON."""
        values = {name: getattr(self, name) for name in self.table()}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


@cache
def _table(settings: Any) -> dict[str, Setting]:
    # Pages ask for these more than a hundred times a run.
    return {
        each.name: Setting(each.name, each.default, **each.metadata)
        for each in dataclasses.fields(settings)
    }


def listed(names: Iterable[str], word: str = "or") -> str:
    """a, b or c."""
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
