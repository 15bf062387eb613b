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
# The training that this session has begun, and the last one whose end it was told of.
_AWAITED, _TOLD = "awaited_reader", "told_reader"


def draw(name: str | None) -> None:
    """The training that goes on, of whatever data set; and how well the reader of the chosen one
    reads if it is one's own, or a control that trains it. None is no choice that can be used.
    """
    newest, source = readers.newest(), _own(name)
    going = newest if newest and newest.goes_on else None
    shown = bool(newest and name and source and newest.is_for(name, source))
    _tell_end(newest, shown)
    if not going and not source:
        return
    # By keys alone, what takes the place of a button that was pressed is the next control.
    with st.container(key="reader"):
        if going:
            st.fragment(_progress, run_every=BETWEEN)(going)
        if name and source and not (going and going.is_for(name, source)):
            found = reader.find(name, source)
            if found:
                st.caption(_accuracy(source.title, found[1]))
            else:
                _offer(name, source, newest, busy=going is not None)


def _own(name: str | None) -> Source | None:
    """A data set of one's own that can have a reader; None if it is none."""
    try:
        source = data.source(name or "")
        reader.check(source)
    except (DataError, ReaderError):
        return None
    return source if source.own else None


def _tell_end(newest: Training | None, shown: bool) -> None:
    """How the training ended that this session has begun, once; why it failed only where that isn't
    `shown`, since the form has another data set by now.
    """
    if newest is None or newest.goes_on:
        return
    awaited: object = st.session_state.get(_AWAITED)
    told: object = st.session_state.get(_TOLD)
    if awaited is not newest or told is newest:
        return
    st.session_state[_TOLD] = newest
    error = newest.reader.exception()
    if error is None:
        st.toast(_accuracy(newest.title, newest.reader.result()), icon=":material/check:")
    elif not isinstance(error, StoppedError) and not shown:
        st.toast(_failure(newest, error), icon=":material/error:")


def _accuracy(title: str, found: reader.Manifest) -> str:
    """How many of the test pictures it reads right."""
    test = found.test
    return (
        f"The [classifier](glossary#reader) of **{markdown.escape(title)}** reads "
        f"{test.accuracy:.1%} of the {test.images:,} test pictures right."
    )


def _failure(training: Training, error: BaseException) -> str:
    """Why it wasn't trained."""
    words = str(error) if isinstance(error, runs.RunError) else readers.UNKNOWN
    title = markdown.escape(training.title)
    return f"The classifier of **{title}** wasn't trained: {markdown.escape(words)}."


def _offer(name: str, source: Source, newest: Training | None, busy: bool) -> None:
    """A button that trains it, unless another one is `busy`; and to whoever began it, why the last
    training has kept none.
    """
    person = persons.here()
    failed = None
    if newest and not newest.goes_on and newest.is_for(name, source) and newest.is_of(person):
        failed = newest.reader.exception()
    stopped = isinstance(failed, StoppedError)
    title = markdown.escape(source.title)
    st.caption(
        "Stopped. "
        * (stopped and newest is st.session_state.get(_AWAITED))
        + f"**{title}** has no [classifier](glossary#reader) yet. With one, pages say what a "
        "decoded picture reads as."
    )
    if not process.has_torch():
        return
    if newest and failed and not stopped:
        st.error(_failure(newest, failed))
    if st.button(
        "Train its classifier",
        icon=":material/spellcheck:",
        width="stretch",
        disabled=busy,
        help="One classifier is trained at a time; the other one goes on."
        if busy
        else "It takes a minute or a few, on the processor; the page can be used meanwhile.",
    ):
        try:
            st.session_state[_AWAITED] = readers.begin(name, source, person)
        except runs.RunError as error:
            st.error(markdown.escape(str(error)))
            return
        st.rerun()


def _progress(training: Training) -> None:
    """How far it is, and a button that stops it."""
    if not training.goes_on:
        st.rerun()
    title = markdown.escape(training.title)
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
