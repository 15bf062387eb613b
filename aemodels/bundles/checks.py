"""Checks of the values in a manifest, none of which is trusted."""

from collections.abc import Mapping
from typing import Any

MANIFEST = "bundle.json"
# A manifest of today has 3 KB and 4 levels.
LARGEST_MANIFEST = 1_000_000
MOST_VALUES, DEEPEST, LONGEST_KEY, LONGEST_TEXT = 100_000, 10, 100, 20_000
# A larger error, in nats or squared grey levels, is no model's.
LARGEST_NUMBER = 10**12


class BundleError(Exception):
    """A bundle can't be used; the message is one plain sentence."""


def shown(word: str, longest: int = 40) -> str:
    """A word from elsewhere, as a sentence can quote it: short, on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in word[:longest])


def part(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    """The value of `key`, which must be of this type; a whole number is a float too.

    Raises BundleError if it is missing or of another type.
    """
    value = parent.get(key)
    accepted = (int, float) if kind is float else kind
    # True counts as a number in Python, not here.
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise BundleError(f"{MANIFEST} has no {key}, or not one of the right type")
    return value


def optional(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    """The same, or None where the key is missing or null."""
    return None if parent.get(key) is None else part(parent, key, kind)


def number(parent: Mapping[str, Any], key: str, kind: type, low: int, high: int) -> Any:
    """The number of `key`, which must lie from `low` to `high`. Raises BundleError."""
    value = part(parent, key, kind)
    if not low <= value <= high:
        raise BundleError(f"{MANIFEST} has {key} outside {low:,} to {high:,}")
    return value


def text(parent: Mapping[str, Any], key: str, longest: int) -> str:
    """The text of `key`. Raises BundleError if it is too long, or can't be shown on one line."""
    value: str = part(parent, key, str)
    if len(value) > longest:
        raise BundleError(f"{MANIFEST} has a {key} of more than {longest:,} letters")
    # So are line breaks, and letters that reverse the direction of reading.
    if not value.isprintable():
        raise BundleError(f"{MANIFEST} has a {key} that isn't text on one line")
    return value


def check_size(found: Any) -> None:
    """Raise BundleError if JSON has too many values, too many levels, or keys that aren't names."""
    level, count = [found], 0
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_VALUES:
            raise BundleError(f"{MANIFEST} has more than {MOST_VALUES:,} values")
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                for key in value:
                    if len(key) > LONGEST_KEY or not key.isprintable():
                        raise BundleError(f"{MANIFEST} has a key that isn't a name")
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below
    if level:
        raise BundleError(f"{MANIFEST} has more than {DEEPEST} levels")
