"""Checks of the values in a manifest, none of which is trusted."""

from collections.abc import Mapping
from typing import Any

MANIFEST = "bundle.json"


class BundleError(Exception):
    """A bundle can't be used; the message is one plain sentence."""


def part(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    """The value of `key`, which must be of this type; a whole number is a float too.

    Raises BundleError if it is missing, of another type, or text that isn't Unicode.
    """
    value = parent.get(key)
    accepted = (int, float) if kind is float else kind
    # True counts as a number in Python, not here.
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise BundleError(f"{MANIFEST} has no {key}, or not one of the right type")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BundleError(f"{MANIFEST} has a {key} that isn't text") from None
    return value


def optional(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    """The same, or None where the key is missing or null."""
    return None if parent.get(key) is None else part(parent, key, kind)
