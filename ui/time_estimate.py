"""How long a training would take here: measured in a process of its own, one at a time on the server.

Such a process loads PyTorch, which takes 0.5 GB and some seconds, and two at once would slow each
other down and measure that.
"""

import streamlit as st

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import process
from aemodels.runs.duration import clock
from aemodels.setting import SettingError
from aemodels.training.estimate import Estimate
from ui import listed_runs, markdown, persons, readers, settings_form, training_length, turns

PATIENCE_SECONDS = 30.0
BUSY = (
    "No time estimate now, since others wait for theirs; try again in a minute, or choose Full or "
    "Epochs, which need none."
)
UNNAMED = "How long it takes is estimated for whoever is logged in."


# Not in Streamlit's cache: a page is run again and again, this module once.
LINE = turns.Line(BUSY)


@st.cache_data(show_spinner=False, max_entries=200)
def of(config: Config) -> Estimate:
    """The estimate for these settings.

    Raises SettingError if the machine lacks what a setting needs, else RunError.
    """
    with LINE.turn(PATIENCE_SECONDS):
        return process.estimate(config)


@st.fragment(parallel=True)
def show(config: Config) -> None:
    """Device, size and time, measured by half a second of training in a separate process."""
    if not process.trains_here():
        st.caption("Trained on a cluster; how long it takes there isn't known here.")
        return
    person = persons.here()
    if person.shared and not person.owner:
        st.caption(UNNAMED)
        return
    # Only a paused run takes no time; one that waits or starts is about to.
    if any(run.alive and run.state != "paused" for run in listed_runs.every()):
        st.caption("No time estimate while another run is training.")
        return
    if (reader := readers.newest()) and reader.goes_on:
        st.caption("No time estimate while a classifier is being trained.")
        return
    with st.spinner("Estimating training time …"):
        try:
            found = of(config)
        except SettingError as error:
            st.caption(markdown.escape(settings_form.worded(error)))
            return
        except runs.RunError as error:
            st.caption(markdown.escape(str(error)))
            return
    fitted = training_length.fitted(config, found, training_length.allowed())
    epochs, stages = fitted.loop.epochs, len(config.phases)
    seconds = found.seconds * epochs / config.loop.epochs
    st.caption(
        f"On **{found.device}** in {found.precision} · **{found.parameters:,}** [parameters](glossary#parameters) · "
        + f"{stages} stages of " * (stages > 1)
        + f"**{epochs} [epoch{'s' * (epochs > 1)}](glossary#epoch)** in about **{clock(max(1, seconds))}**"
    )
