"""Kinds of traits: numbers and choices that a view can show, checked with a sentence each."""

import math
import operator
from collections.abc import Sequence
from typing import Any

from traitlets import TraitError, TraitType


class _Checked(TraitType[Any, Any]):
    """A trait whose default, `obj.usual(name)`, is set by None; `check` gives what is kept."""

    default_value = None

    def validate(self, obj: Any, value: Any) -> Any:
        if value is None:
            return obj.usual(self.name)
        try:
            return self.check(obj, value)
        except (TypeError, ValueError, OverflowError):
            raise TraitError(f"{self.name}={_short(value)}: must be {self.wanted(obj)}") from None

    def check(self, obj: Any, value: Any) -> Any:
        """The value as it is kept. Raises ValueError or TypeError if it can't be used."""
        raise NotImplementedError

    def wanted(self, obj: Any) -> str:
        """What it must be, in words that complete "must be"."""
        raise NotImplementedError


class Index(_Checked):
    """The number of one of `obj.count(of)` things, such as test images or classes."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of

    def check(self, obj: Any, value: Any) -> int:
        return _index(value, obj.count(self.of))

    def wanted(self, obj: Any) -> str:
        return f"a whole number from 0 to {obj.count(self.of) - 1}"


class Indices(Index):
    """Some of these things, each once, in their order."""

    def check(self, obj: Any, value: Any) -> Any:
        return sorted({_index(one, obj.count(self.of)) for one in value})

    def wanted(self, obj: Any) -> str:
        return f"a list of whole numbers from 0 to {obj.count(self.of) - 1}"


class Choice(_Checked):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def check(self, obj: Any, value: Any) -> str:
        if value not in self.words:
            raise ValueError
        return str(value)

    def wanted(self, obj: Any) -> str:
        return " or ".join([*map(repr, self.words), "None"])


class Ends(_Checked):
    """Which of "a" and "b" are drawings."""

    def check(self, obj: Any, value: Any) -> list[str]:
        found = list(value)
        if not {*found} <= {"a", "b"}:
            raise ValueError
        return found

    def wanted(self, obj: Any) -> str:
        return "a list of 'a' and 'b', or of one of them, or empty"


class Share(_Checked):
    """A number from 0 to 1."""

    def check(self, obj: Any, value: Any) -> float:
        if not 0 <= (number := float(value)) <= 1:
            raise ValueError
        return number

    def wanted(self, obj: Any) -> str:
        return "a number from 0 to 1"


class Numbers(_Checked):
    """`size` finite numbers, or one for each latent; any sequence or array in, a list out."""

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.size = size

    def check(self, obj: Any, value: Any) -> list[float]:
        return _numbers(value, self.size or obj.count("latents"))

    def wanted(self, obj: Any) -> str:
        return f"{self.size or obj.count('latents')} finite numbers"


class ListOfNumbers(Numbers):
    """Up to `most` lists, each as in `Numbers` or empty."""

    def __init__(self, most: int, size: int | None = None) -> None:
        super().__init__(size)
        self.most = most

    def check(self, obj: Any, value: Any) -> Any:
        lists = [list(one) for one in value]
        if len(lists) > self.most:
            raise ValueError
        return [super(ListOfNumbers, self).check(obj, one) if one else [] for one in lists]

    def wanted(self, obj: Any) -> str:
        return f"up to {self.most} lists, each empty or of {super().wanted(obj)}"


class Whole(_Checked):
    """A whole number that isn't negative."""

    def check(self, obj: Any, value: Any) -> int:
        return _index(value, 2**31)

    def wanted(self, obj: Any) -> str:
        return "a whole number that isn't negative"


def _index(value: Any, count: int) -> int:
    # NumPy's numbers too, but no text, no truth and nothing with a fraction.
    number = operator.index(value)
    if isinstance(value, bool) or not 0 <= number < count:
        raise ValueError
    return int(number)


def _numbers(value: Any, size: int) -> list[float]:
    if isinstance(value, str):
        raise TypeError
    found = [float(one) for one in value]
    if len(found) != size or not all(map(math.isfinite, found)):
        raise ValueError
    return found


def _short(value: Any) -> str:
    words = repr(value if isinstance(value, (str, int, float, Sequence)) else type(value).__name__)
    return words if len(words) <= 60 else f"{words[:57]}…"
