"""The trainings of a run that follow each other: one for each stage, and those asked for later."""

from dataclasses import replace

from aemodels import runs
from aemodels.runs import Run


def command(run: Run, done: int) -> str:
    """What a shell user types to get the run's weights after `done` epochs: `train`, then `resume`
    each time that it was trained further; and in words where one of these was stopped.
    """
    first = len(run.config.phases)
    parts = [(run.command, sum(run.phases[:first]), sum(run.planned[:first]))]
    for went, wanted in zip(run.phases[first:], run.planned[first:], strict=True):
        parts.append((f"python -m aemodels resume {run.id} --epochs {wanted}", went, wanted))
    said = []
    for words, went, wanted in parts:
        whole = min(went, done)
        done -= whole
        cut = f" (stopped after {whole} of {wanted} epochs)" if whole < wanted else ""
        said.append(words + cut)
    return " && ".join(said)


def add(run: Run, done: int, epochs: int) -> Run:
    """Record that `epochs` more follow the `done` ones, and that others don't. Raises OSError."""
    phases = (*_cut(run.phases, done), epochs)
    planned = (*run.planned[: len(phases) - 1], epochs)
    runs.change(run.path, {"phases": list(phases), "planned": list(planned)})
    return replace(run, phases=phases, planned=planned)


def stage_missing(run: Run, done: int) -> bool:
    """Whether after `done` epochs a stage has not begun, so that more epochs would leave it out."""
    stages = run.config.family.stages(run.config.network)
    return stages > 1 and len(_cut(run.phases, done)) < stages


def _cut(phases: tuple[int, ...], done: int) -> tuple[int, ...]:
    """The phases as they were really trained, `done` epochs in all."""
    kept = []
    for epochs in phases:
        kept.append(min(epochs, done))
        done -= kept[-1]
    return tuple(epochs for epochs in kept if epochs)
