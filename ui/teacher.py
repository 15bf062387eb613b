"""The teacher, who knows a code: `LATENT_LAB_TEACHER`. The tab remembers it until it is closed."""

import hashlib
import hmac
import os
import threading
from collections import deque
from time import monotonic

import streamlit as st

from ui.shared_server import TEACHER

WRONG_PER_MINUTE = 5


class Brake:
    """Wrong codes of all visitors to this server: so many a minute, and no code is looked at."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=WRONG_PER_MINUTE)
        self._lock = threading.Lock()

    def fits(self, code: str) -> bool | None:
        """Whether it is the code; None if there were too many wrong ones just now."""
        with self._lock:
            now = monotonic()
            if len(self._times) == WRONG_PER_MINUTE and now - self._times[0] < 60:
                return None
            # Digests, since the time that a comparison takes tells the length.
            fits = hmac.compare_digest(_digest(code), _digest(_code()))
            if not fits:
                self._times.append(now)
            return fits


@st.cache_resource(show_spinner=False)
def brake() -> Brake:
    """The one brake of this server."""
    return Brake()


def is_here() -> bool:
    """Whether this tab has given the code that holds now."""
    return bool(_code()) and st.session_state.get("taught") == _digest(_code())


def entry() -> None:
    """A quiet way to give the code, where there is one, and to leave again."""
    if not _code():
        return
    if is_here():
        st.caption("You are here as the teacher: you see all classes and may change every run.")
        if st.button("Leave the teacher's view", key="leave_teacher"):
            del st.session_state.taught
            st.rerun()
        return
    with (
        st.popover("Teacher", icon=":material/key:"),
        st.form("teacher", border=False, clear_on_submit=True),
    ):
        code = st.text_input("Code", type="password", max_chars=200, autocomplete="off")
        if st.form_submit_button("Enter") and code:
            fits = brake().fits(code.strip())
            if fits:
                st.session_state.taught = _digest(_code())
                st.rerun()
            st.error(
                "That isn't the code."
                if fits is False
                else "Too many wrong codes; try again in a minute."
            )


def _code() -> str:
    return os.environ.get(TEACHER, "").strip()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
