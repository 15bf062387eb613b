"""The teacher, who knows a code: `LATENT_LAB_TEACHER`. It holds until the page is loaded again."""

import hashlib
import hmac
import os
import threading
from collections import deque
from time import monotonic

import streamlit as st

from ui.shared_server import TEACHER

WRONG_PER_MINUTE = 5  # of one person
# Of one address: whoever opens ten private windows is ten persons there.
WRONG_PER_MINUTE_AT_ADDRESS = 60
ALL_WRONG_PER_MINUTE = 600


class Brake:
    """Wrong codes of each person, from each address and of all: so many a minute, and no code is
    looked at.

    Whoever has given the right code before is held up by none but their own wrong ones. A pupil
    who guesses doesn't lock the teacher out, unless both come from one address, as through a proxy
    that doesn't pass on theirs, and the teacher's browser is new here.
    """

    def __init__(self) -> None:
        # When, by whom and from where.
        self._wrong: deque[tuple[float, str, str]] = deque()
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def fits(self, code: str, owner: str, address: str = "") -> bool | None:
        """Whether it is the code; None if there were too many wrong ones just now.

        `address` is where the person comes from. Where persons are named, it is the `owner` again:
        nobody can be another person there.
        """
        with self._lock:
            now = monotonic()
            while self._wrong and now - self._wrong[0][0] >= 60:
                self._wrong.popleft()
            own = sum(each == owner for _, each, _ in self._wrong)
            near = sum(each == address for *_, each in self._wrong)
            others_may = owner in self._known or (
                near < WRONG_PER_MINUTE_AT_ADDRESS and len(self._wrong) < ALL_WRONG_PER_MINUTE
            )
            if own >= WRONG_PER_MINUTE or not others_may:
                return None
            # Digests, since the time that a comparison takes tells the length.
            fits = hmac.compare_digest(_digest(code), _digest(_code()))
            if not fits:
                self._wrong.append((now, owner, address))
            elif owner:
                self._known.add(owner)
            return fits


# Not in Streamlit's cache, which visitors could empty. A page is run again and again, this module once.
BRAKE = Brake()


def is_here() -> bool:
    """Whether this session has given the code that holds now."""
    return bool(_code()) and st.session_state.get("taught") == _digest(_code())


def entry(owner: str, address: str) -> None:
    """A quiet way for this person to give the code, where there is one, and to leave again.

    Parameters are those of `Brake.fits`.
    """
    if not _code():
        return
    if is_here():
        st.caption(
            "You are here as the teacher until this page is closed or loaded again: you see all "
            "classes and may change every run."
        )
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
            fits = BRAKE.fits(code.strip(), owner, address)
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
