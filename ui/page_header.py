"""The line on top of a page, its heading, and the title of its tab."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import persons, terms

PRODUCT = "Latent Lab"
# Scripts in the page's head (lens/web/copy_link.js, classroom.js) do what the buttons say.
TOOLS = """<div class="link-tools">{class_name}<div class="copy-link">
<button type="button" title="Copy a link to what is shown"><span aria-live="polite">Copy link</span></button>
<input type="text" readonly hidden aria-label="Link to this page"></div>
<button type="button" class="open-share" aria-haspopup="dialog" title="A link for a class, and its QR code">
<span>Share</span></button></div>"""


def begin(name: str) -> None:
    """Show which page comes, as its heading and in its tab's title."""
    st.session_state.heading = name
    # The page may say more; until it does, the tab keeps what it said in its last run.
    _show_title(st.session_state.get("titles", {}).get(name, name))


def title(words: str) -> None:
    """Say in the tab's title what the page shows, such as "Interpolate 3 to 8"."""
    titles, name = st.session_state.setdefault("titles", {}), st.session_state.get("heading")
    if titles.get(name) != words:
        titles[name] = words
        _show_title(words)


def _show_title(words: str) -> None:
    st.set_page_config(page_title=f"{words} · {PRODUCT}")


def _as_html(words: str) -> str:
    """Words with bold ones and links to terms or pages in Markdown."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(words, quote=False))
    return re.sub(r"\[(.+?)\]\(([a-z]+[?#][a-z0-9=-]+)\)", r'<a href="\2">\1</a>', bold)


def _class_name() -> str:
    """The class whose runs are listed, as HTML, on a server that several share."""
    group = escape(persons.here().group)
    return f' <span class="class-name" title="Class {group}">Class {group}</span>' if group else ""


@contextmanager
def header(sentence: str = "", newcomer: str = "") -> Iterator[DeltaGenerator]:
    """The page's heading, for screen readers, a sentence, and next to it room for pickers and the
    buttons that copy and share the address, which move below it on a phone. Two asterisks make words
    bold; `[words](page?query)` is a link. Whoever has begun no lesson yet reads `newcomer` instead.
    """
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    heading = f"<h1>{st.session_state.get('heading', 'Page')} · {PRODUCT}</h1>"
    named = _class_name()
    words = f"<p>{_as_html(terms.link(sentence))}{named}</p>"
    if newcomer:
        words = words.replace("<p>", '<p class="returning">')
        words = f'<p class="newcomer">{_as_html(terms.link(newcomer))}{named}</p>{words}'
    kind = "page-head" if sentence else "page-head bare"
    row.html(f'<div class="{kind}">{heading}{words}</div>', width="content")
    width: Literal["content", "stretch"] = "content" if sentence else "stretch"
    side = row.container(horizontal=True, vertical_alignment="center", width=width)
    # A link for a class can hide them.
    pickers = side.container(
        horizontal=True, vertical_alignment="center", width=width, key="control-pickers"
    )
    with pickers:
        yield pickers
    # Where there is room; on a phone, it is at the end of the sentence.
    (side if sentence else row).html(TOOLS.format(class_name=named), width="content")
