"""How long a training may take, in the words of a person; the epochs follow from the machine's speed."""

import streamlit as st

from aemodels.config import Config
from aemodels.training.estimate import Estimate

OWN = "own"
TITLES = {"minute": "1 min", "five": "5 min", "full": "Full", OWN: "Epochs"}
SECONDS = {"minute": 60, "five": 300}
_KEY, _KEPT = "set_length", "kept_set_length"


def pick(timed: bool = True) -> str:
    """A picker of the length; returns a key of `TITLES`. Without `timed` there is no choice of a
    time, as where another machine trains, whose speed isn't known.
    """
    offered = [length for length in TITLES if timed or length not in SECONDS]
    if st.session_state.get(_KEY) not in offered:
        # Streamlit forgets it when another page is shown.
        kept = st.session_state.get(_KEPT)
        st.session_state[_KEY] = kept if kept in offered else offered[0]
    picked = st.segmented_control(
        "How long",
        offered,
        format_func=TITLES.__getitem__,
        key=_KEY,
        required=True,
        help="1 or 5 minutes: as many epochs as this machine trains in about that time. " * timed
        + "Full: the usual number. Epochs: a number of your own.",
    )
    assert picked is not None  # one is always chosen
    st.session_state[_KEPT] = picked
    return picked


def choose(length: str) -> None:
    """Set the picker before it is drawn."""
    st.session_state[_KEY] = st.session_state[_KEPT] = length


def allowed() -> int | None:
    """The seconds that were chosen; None if the epochs were."""
    return SECONDS.get(st.session_state[_KEPT])


def fitted(config: Config, estimate: Estimate, seconds: int | None) -> Config:
    """The settings with as many epochs as fit into the time, at least one and at most theirs.

    `estimate` is for these settings.
    """
    if seconds is None:
        return config
    epochs = int(seconds * config.loop.epochs / max(estimate.seconds, 1e-9))
    return config.with_(epochs=max(1, min(epochs, config.loop.epochs)))
