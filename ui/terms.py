"""The terms of the glossary in the texts of pages: each leads there where a page first uses it.

A link to a term is `[KL](glossary#kl)`, here and in the lens; `lens/web/terms.js` shows what the
term means at a pointer, at the keyboard's focus or at a tap.
"""

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from aemodels import paths
from aemodels.lessons import glossary
from aemodels.lessons.glossary import Term

# What stays as it is: headings, code, formulas and links.
_KEPT = r"(?P<kept>^#+ .*$|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|!?\[[^\]]*\]\([^)]*\)|<[^>]*>)"


def all_terms() -> Sequence[Term]:
    """Those of the glossary that comes with the lessons; none if it can't be read."""
    path = paths.lessons() / "en" / glossary.FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, glossary.GlossaryError):
        return ()


@functools.lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Sequence[Term]:
    return tuple(glossary.read(path))


def facts(path: str) -> Mapping[str, Any] | None:
    """Title and meaning of each term by its key, as `/terms.json` tells a browser."""
    if path:
        return None
    return {one.key: {"title": one.title, "sentence": one.sentence} for one in all_terms()}


def begin() -> None:
    """Say at the start of each run that the page has used no term yet."""
    st.session_state.terms_used, st.session_state.terms_linked = set(), {}


def link(text: str) -> str:
    """Markdown in which each term leads to the glossary where the page first uses it.

    The same text has the same links until the next run, also where a fragment is drawn again.
    """
    state = st.session_state
    used, linked = state.setdefault("terms_used", set()), state.setdefault("terms_linked", {})
    if text not in linked:
        linked[text] = link_first(text, all_terms(), used)
    return str(linked[text])


def link_first(text: str, terms: Sequence[Term], used: set[str]) -> str:
    """Markdown in which each term that isn't in `used` is a link where it first stands; its key is
    added to `used`. Headings, code, formulas and other links stay as they are.
    """
    keys, pattern = _names(tuple(terms))

    def replace(found: re.Match[str]) -> str:
        if found["kept"] is not None:
            used.update(re.findall(r"\(glossary#([a-z0-9-]+)\)", found["kept"]))
            return found[0]
        key = keys[found[0].replace("\\", "").casefold()]
        if key in used:
            return found[0]
        used.add(key)
        return f"[{found[0]}](glossary#{key})"

    return pattern.sub(replace, text) if keys else text


@functools.lru_cache(maxsize=2)
def _names(terms: Sequence[Term]) -> tuple[dict[str, str], re.Pattern[str]]:
    keys = {name.casefold(): term.key for term in terms for name in term.names}
    # The longest first, so that a β-VAE is no VAE.
    names = "|".join(map(_pattern, sorted(keys, key=len, reverse=True)))
    return keys, re.compile(
        rf"{_KEPT}|(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE | re.DOTALL | re.MULTILINE
    )


def _pattern(name: str) -> str:
    """The name as it stands in Markdown, where a backslash may stand before what is no letter."""
    return "".join(re.escape(one) if one.isalnum() else rf"\\?{re.escape(one)}" for one in name)
