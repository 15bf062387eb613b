"""The phases of a run: one for each stage, and one each time that it was trained longer."""

from dataclasses import replace

from aemodels.runs.run import Run, update


def command(run: Run, done: int) -> str:
    """The shell commands that lead to the run's weights after `done` epochs: `train`, then `resume`
    each time that it was trained longer, with a note where one of these was stopped.
    """
    first = len(run.config.phases)
    parts = [(run.command, sum(run.phases[:first]), sum(run.planned[:first]))]
    for trained, planned in zip(run.phases[first:], run.planned[first:], strict=True):
        parts.append((f"python -m aemodels resume {run.id} --epochs {planned}", trained, planned))
    words = []
    for text, trained, planned in parts:
        completed = min(trained, done)
        done -= completed
        note = f" (stopped after {completed} of {planned} epochs)" if completed < planned else ""
        words.append(text + note)
    return " && ".join(words)


def add(run: Run, done: int, epochs: int) -> Run:
    """Record that `epochs` more follow the `done` ones and replace those left. Raises OSError."""
    phases = (*_cut(run.phases, done), epochs)
    planned = (*run.planned[: len(phases) - 1], epochs)
    update(run.path, {"phases": list(phases), "planned": list(planned)})
    return replace(run, phases=phases, planned=planned)


def stage_missing(run: Run, done: int) -> bool:
    """Whether a stage has not begun after `done` epochs, so that more epochs would skip it."""
    stages = run.config.family.stages(run.config.network)
    return stages > 1 and len(_cut(run.phases, done)) < stages


def _cut(phases: tuple[int, ...], done: int) -> tuple[int, ...]:
    """The phases as they were actually trained, `done` epochs in total."""
    kept = []
    for epochs in phases:
        kept.append(min(epochs, done))
        done -= kept[-1]
    return tuple(epochs for epochs in kept if epochs)
