"""Markdown that pages make of data: escaped names and tables."""

import re
from collections.abc import Iterable, Sequence

# Streamlit replaces these after Markdown is read, so a backslash doesn't protect them: names of
# emoji and icons between colons, and pairs that it draws as arrows, dashes and signs.
_REPLACED = re.compile(
    r"(?<=:)(?=[\w+-]*[a-z][\w+-]*:|[+-]1:)|(?<=[<>~=-])(?=[<>=-])", re.IGNORECASE
)
_JOINER = "\u2060"  # has no width


def escape(text: str) -> str:
    """Text typed by the user or read from a file, so that Markdown shows it as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _REPLACED.sub(_JOINER, text))


def code(text: str) -> str:
    """The same as inline code, such as a part of an address; backticks become apostrophes."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Iterable[int] = (0,)) -> str:
    """A table; the columns `left` are aligned to the left, the others, numbers, to the right."""
    rules = ["---" if column in set(left) else "--:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rules, *rows))
