"""Imports of weights, which take some ten seconds: the page goes on meanwhile.

Each goes on in a thread, whoever closes the page: it waits for the process that measures the model,
which makes a run of whoever has loaded the file.
"""

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Unfinished
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic

import streamlit as st

from aemodels import runs
from aemodels.runs import limits, process
from aemodels.runs.child import Step
from aemodels.runs.limits import Limits
from ui import markdown
from ui.persons import Person

# What is no model at all is refused within this time.
PATIENCE = 1.0
BETWEEN = 1.0  # two looks at those that go on
# What its process says that it does.
STEPS = {
    "mapping": "mapping the weights",
    "loading": "loading PyTorch and the pictures",
    "encoding": "encoding the test images",
    "error": "measuring the squared error",
    "knn": "measuring the kNN accuracy",
    "trustworthiness": "measuring the trustworthiness",
    "writing": "writing the run",
}
_STATE = "imports"


@dataclass(eq=False)
class Import:
    """One file on its way to a run; `shown` is the run that was on show when it began, `step` the
    last one that its process has begun.
    """

    name: str
    shown: str | None
    step: Step | None = None
    run: "Future[runs.Run]" = field(default_factory=Future)
    began: float = field(default_factory=monotonic)

    def told(self, step: Step) -> None:
        """A step has begun."""
        self.step = step

    @property
    def doing(self) -> str:
        """The step as words: "step 5 of 7, measuring the kNN accuracy"."""
        if self.step is None:
            return "starting"
        return f"step {self.step['number']} of {self.step['of']}, {STEPS[self.step['step']]}"


def begin(content: bytes, name: str, person: Person) -> None:
    """Import the weights in a file, within the person's limits; `finished` has what becomes of it."""
    made = Import(name[:80], st.session_state.get("run"))
    st.session_state.setdefault(_STATE, []).append(made)
    work = (made, content, name, person, person.limits)
    threading.Thread(target=_work, args=work, daemon=True).start()
    with st.spinner("Reading the file …"), suppress(Unfinished):
        made.run.exception(PATIENCE)


def _work(made: Import, content: bytes, name: str, person: Person, most: Limits) -> None:
    try:
        with limits.importing(person.owner, most):
            run = process.import_model(
                content, name, owner=person.owner, group=person.group, on_step=made.told
            )
        made.run.set_result(run)
    except BaseException as error:
        made.run.set_exception(error)


def finished() -> list[Import]:
    """Those that are done, once each."""
    found: list[Import] = st.session_state.get(_STATE, [])
    # Another may be done at any moment.
    done = [each for each in found if each.run.done()]
    st.session_state[_STATE] = [each for each in found if each not in done]
    return done


def progress() -> None:
    """A line for each that goes on; the page is drawn again as soon as one is done."""
    if st.session_state.get(_STATE):
        st.fragment(_lines, run_every=BETWEEN)()


def _lines() -> None:
    going: list[Import] = st.session_state.get(_STATE, [])
    if any(each.run.done() for each in going):
        st.rerun()
    for each in going:
        seconds = int(monotonic() - each.began)
        name = markdown.escape(each.name)
        st.info(
            f"Importing **{name}**: {each.doing}; {seconds} s so far. It takes about ten seconds, and you can use the page meanwhile.",
            icon=":material/hourglass_top:",
        )
