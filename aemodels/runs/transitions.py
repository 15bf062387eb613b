"""The state machine of runs: which actions a run accepts in its state, and why not the others.

    refusal(run, Action.PAUSE)          # None, or a sentence
    offered(run)                        # the actions to show as buttons

The command line, the pages and the process that trains all ask here.
"""

from enum import StrEnum

from aemodels.runs import phases
from aemodels.runs.folder import RunError
from aemodels.runs.run import Run
from aemodels.runs.status import ALIVE, RunState


class Action(StrEnum):
    """An action on a run.

    MEASURE measures a model that was loaded from a file.
    TRAIN starts a run that was never trained and resumes one that ended early; TRAIN_LONGER adds
    epochs to those that were planned.
    """

    TRAIN = "train"
    TRAIN_LONGER = "train longer"
    PAUSE = "pause"
    CONTINUE = "continue"
    STOP = "stop"
    DELETE = "delete"
    MEASURE = "measure"


_UNFINISHED = frozenset({RunState.INTERRUPTED, RunState.STOPPED, RunState.FAILED})
_TRAINING = frozenset({RunState.WAITING, RunState.RUNNING, RunState.PAUSED})

# The states in which an action is accepted.
ACCEPTED: dict[Action, frozenset[RunState]] = {
    Action.TRAIN: _UNFINISHED,
    Action.TRAIN_LONGER: _UNFINISHED | {RunState.FINISHED},
    Action.PAUSE: _TRAINING,
    Action.CONTINUE: _TRAINING,
    Action.STOP: ALIVE,
    Action.DELETE: frozenset(RunState) - ALIVE,
    Action.MEASURE: frozenset({RunState.LOADED}),
}

# The accepted actions that change the state at once.
_OFFERED: dict[RunState, tuple[Action, ...]] = {
    RunState.WAITING: (Action.STOP,),
    RunState.RUNNING: (Action.PAUSE, Action.STOP),
    RunState.PAUSED: (Action.CONTINUE, Action.STOP),
    RunState.SAVING: (),
    RunState.MEASURING: (),
    RunState.FINISHED: (Action.TRAIN_LONGER, Action.DELETE),
    RunState.STOPPED: (Action.TRAIN, Action.DELETE),
    RunState.FAILED: (Action.TRAIN, Action.DELETE),
    RunState.INTERRUPTED: (Action.TRAIN, Action.DELETE),
    RunState.LOADED: (Action.MEASURE, Action.DELETE),
}


def offered(run: Run) -> tuple[Action, ...]:
    """The actions to show as buttons."""
    return tuple(action for action in _OFFERED[run.state] if refusal(run, action) is None)


def check(run: Run, action: Action) -> None:
    """Raise RunError if the run doesn't accept the action now."""
    problem = refusal(run, action)
    if problem:
        raise RunError(problem)


def refusal(run: Run, action: Action) -> str | None:
    """Why the run doesn't accept the action now; None if it does."""
    training = action in (Action.TRAIN, Action.TRAIN_LONGER)
    if training and run.damaged:
        return f"{run.id}: {run.message.rstrip('.')}"
    if training and run.loaded:
        return f"{run.id} {_reason(RunState.LOADED, action)}"
    if run.state not in ACCEPTED[action]:
        return f"{run.id} {_reason(run.state, action)}"
    if action is Action.MEASURE and not run.claimed:
        return f"{run.id} was measured here already"
    if action is Action.TRAIN_LONGER:
        if run.config.family.closed_form:
            return f"{run.id} is a {run.config.family.title} model, which has no epochs"
        if phases.stage_missing(run, len(run.records())):
            return f"{run.id} has layers that haven't been trained yet; resume it first"
    return None


def _reason(state: RunState, action: Action) -> str:
    """The rest of a sentence that begins with the run's id."""
    if action in (Action.TRAIN, Action.TRAIN_LONGER):
        if state is RunState.FINISHED:
            return "is finished; to train it longer, give a number of epochs"
        if state is RunState.LOADED:
            return "was loaded as a finished model; train a new one"
        return "is already being trained"
    if action is Action.DELETE:
        return "is being trained; stop it first"
    if action is Action.MEASURE:
        return "is measured after its training"
    if state in (RunState.SAVING, RunState.MEASURING):
        return "is no longer training and can only be stopped"
    return "is not being trained"
