"""Where Train trains the reader of one's own classes, and says how well it reads."""

import streamlit as st

from aemodels import data, reader, runs
from aemodels.data import DataError, Source
from aemodels.reader import ReaderError
from aemodels.runs import process
from aemodels.runs.child import StoppedError
from aemodels.runs.duration import clock
from ui import markdown, persons, readers
from ui.readers import Training

BETWEEN = 1.0  # seconds between two looks at one that goes on
_AWAITED = "awaited_reader"


def draw(name: str) -> None:
    """How well the reader of a data set of one's own reads; or a control that trains it."""
    try:
        source = data.source(name)
        reader.check(source)
    except (DataError, ReaderError):
        return
    if source.own:
        # By keys alone, what takes the place of a button that was pressed is the next control.
        with st.container(key="reader"):
            _draw(name, source)


def _draw(name: str, source: Source) -> None:
    newest = readers.newest()
    if newest and newest.goes_on and newest.dataset == name:
        st.fragment(_progress, run_every=BETWEEN)(newest, source)
        return
    found = reader.find(name, source)
    if found is None:
        _offer(name, source, newest)
        return
    words = _accuracy(source, found[1])
    st.caption(words)
    if newest and newest is st.session_state.pop(_AWAITED, None):
        st.toast(words, icon=":material/check:")


def _accuracy(source: Source, found: reader.Manifest) -> str:
    """How many of the test pictures it reads right."""
    title, test = markdown.escape(source.title), found.test
    return (
        f"The [classifier](glossary#reader) of **{title}** reads {test.accuracy:.1%} of the "
        f"{test.images:,} test pictures right."
    )


def _offer(name: str, source: Source, newest: Training | None) -> None:
    """A button that trains it, and why the last training has kept none."""
    failed = newest is not None and newest.dataset == name and newest.reader.exception()
    stopped = isinstance(failed, StoppedError)
    title = markdown.escape(source.title)
    st.caption(
        "Stopped. "
        * (stopped and newest is st.session_state.get(_AWAITED))
        + f"**{title}** has no [classifier](glossary#reader) yet, by which pages say what a "
        "decoded picture reads as."
    )
    if not process.has_torch():
        return
    if failed and not stopped:
        st.error(f"The classifier wasn't trained: {markdown.escape(str(failed))}.")
    if st.button(
        "Train its classifier",
        icon=":material/spellcheck:",
        width="stretch",
        help="It takes a minute or a few, on the processor; the page can be used meanwhile.",
    ):
        try:
            st.session_state[_AWAITED] = readers.begin(name, persons.here())
        except runs.RunError as error:
            st.error(markdown.escape(str(error)))
            return
        st.rerun()


def _progress(training: Training, source: Source) -> None:
    """How far it is, and a button that stops it."""
    if not training.goes_on:
        st.rerun()
    title = markdown.escape(source.title)
    done, total, left = training.done, training.total, training.seconds_left
    if training.child.stopping:
        state = "stopping"
    elif not total:
        state = "starting"
    elif done == total:
        state = "measuring it on the test pictures"
    else:
        state = f"{done / total:.0%}" + (f", {clock(max(1, left))} left" if left else "")
    st.progress(done / total if total else 0.0, f"Training the classifier of **{title}**: {state}")
    person = persons.here()
    if training.may_stop(person):
        # What is drawn next, the fragment or the whole page, is drawn after the callback.
        st.button(
            "Stop",
            key="stop_reader",
            icon=":material/stop:",
            width="stretch",
            on_click=training.stop,
            args=(person,),
        )
