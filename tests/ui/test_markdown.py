"""Markdown made of data: names stay text, and tables have their cells and sides."""

import re
import string

from ui import markdown


def test_every_mark_of_markdown_is_escaped() -> None:
    text = f"é1 {string.punctuation} z"
    # Between two signs of which Streamlit makes an arrow, a mark without width.
    escaped = markdown.escape(text).replace("\u2060", "")
    # CommonMark: any ASCII punctuation may be escaped by a backslash, and nothing else.
    assert re.findall(r"\\(.)", escaped) == list(string.punctuation)
    assert re.sub(r"\\(.)", r"\1", escaped) == text


def test_names_of_icons_and_emoji_stay_text() -> None:
    """Streamlit replaces them after it has read the Markdown, so backslashes don't help."""
    for name in (":material_delete:", ":streamlit:", ":smile:", ":+1:", ":-1:", ":Heart:"):
        assert markdown.escape(name).startswith("\\:\u2060")
    for pair in ("<-", "->", "<->", "--", ">=", "<=", "~="):
        assert "\u2060" in markdown.escape(f"a {pair} b")
    # What isn't replaced stays as it is, to be found and copied.
    for name in ("VAE, 2 latents, 14:05", "a: b", "at 14:05:33 on the 1st"):
        assert "\u2060" not in markdown.escape(name)


def test_inline_code_ends_where_it_should() -> None:
    assert markdown.code("a`b`` c\n# d") == "`a'b'' c # d`"


def test_a_table_has_its_cells_and_sides() -> None:
    text = markdown.table(("model", "error", "note"), [("a", "1.5", "x"), ("b", "–", "")], (0, 2))
    assert text.splitlines() == [
        "| model | error | note |",
        "| --- | --: | --- |",
        "| a | 1.5 | x |",
        "| b | – |  |",
    ]
