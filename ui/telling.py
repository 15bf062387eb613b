"""How Families and Uses tell a thing: its idea in a line, what to drag and what to look for, the view,
one sentence; then a way to the lesson, and folds.
"""

import re
from collections.abc import Callable

import streamlit as st

from ui import address, lessons_cache, page_words, terms
from ui.parameters import LESSON
from ui.zoo_cache import Zoo

READABLE = 900  # pixels that a line of prose may be wide


def opening(idea: str, drag: str, look: str) -> None:
    """The three lines before a view."""
    lines = (idea, f"**Try:** {drag}", f"**Look for:** {look}")
    with st.container(width=READABLE):
        st.markdown(terms.link("  \n".join(lines)))


def takeaway(sentence: str) -> None:
    """The one sentence after it."""
    with st.container(width=READABLE, key="takeaway"):
        st.markdown(terms.link(sentence))


def lesson(zoo: Zoo, key: str | None) -> None:
    """A button that opens the lesson of this key, if there is one."""
    found = {one.key: one for one in lessons_cache.load(zoo).lessons}.get(key or "")
    if found and st.button(
        page_words.to_lesson(found.title), key="go-learn", icon=":material/school:"
    ):
        address.switch("learn.py", {LESSON.name: found.key})


def fold_key(title: str) -> str:
    """The name under which the session knows whether a fold is open."""
    return f"fold_{'_'.join(re.findall('[a-z0-9]+', title.lower()))}"


def fold(title: str, draw: Callable[[], None]) -> None:
    """What is drawn once a reader opens it."""
    box = st.expander(title, key=fold_key(title), on_change="rerun")
    if box.open:
        with box:
            draw()
