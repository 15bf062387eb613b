"""Markdown that pages make of data: escaped names and tables."""

import re
from collections.abc import Iterable, Sequence


def escape(text: str) -> str:
    """Text typed by the user, escaped so that Markdown shows it as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Iterable[int] = (0,)) -> str:
    """A table; the columns `left` are aligned to the left, the others, numbers, to the right."""
    rules = ["---" if column in set(left) else "--:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rules, *rows))
