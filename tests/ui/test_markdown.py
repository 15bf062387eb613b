"""Markdown made of data: names stay text, and tables have their cells and sides."""

import re
import string

from ui import markdown


def test_every_mark_of_markdown_is_escaped() -> None:
    text = f"é1 {string.punctuation} z"
    escaped = markdown.escape(text)
    # CommonMark: any ASCII punctuation may be escaped by a backslash, and nothing else.
    assert re.findall(r"\\(.)", escaped) == list(string.punctuation)
    assert re.sub(r"\\(.)", r"\1", escaped) == text


def test_a_table_has_its_cells_and_sides() -> None:
    text = markdown.table(("model", "error", "note"), [("a", "1.5", "x"), ("b", "–", "")], (0, 2))
    assert text.splitlines() == [
        "| model | error | note |",
        "| --- | --: | --- |",
        "| a | 1.5 | x |",
        "| b | – |  |",
    ]
