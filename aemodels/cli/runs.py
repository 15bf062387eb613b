"""The commands `runs`, `resume`, `pause` and `stop`, and the training of a run in this process."""

import argparse
import sys

from aemodels import data, runs
from aemodels.bundles import bundle
from aemodels.bundles.metrics import Metrics
from aemodels.cli import progress
from aemodels.cli.interrupts import recorded_interrupts
from aemodels.cli.output import fail, summary
from aemodels.config import Loop
from aemodels.runs import jobs, process, request, waiting
from aemodels.runs.status import RunState
from aemodels.runs.transitions import Action


def list_runs(arguments: argparse.Namespace) -> int:
    """Print one line per run."""
    found = runs.list_runs()
    for run in found:
        records = run.records()
        parts: list[str] = [run.state]
        if run.phases:
            # A run that was killed may have recorded an epoch whose checkpoint wasn't written.
            done = len(records) if run.alive else run.status.epoch
            parts.append(f"epoch {done}/{sum(run.phases)}")
        if records:
            parts.append(f"test loss {records[-1].test['loss']:.2f}")
        name = "" if run.name == run.id else f" ({run.name})"
        message = f". {run.message}" if run.message else ""
        print(f"{run.id}{name}: {', '.join(parts)}{message}")
    if not found:
        print("no runs yet; create one with: python -m aemodels train", file=sys.stderr)
    return 0


def resume(arguments: argparse.Namespace) -> int:
    """Let a paused run continue, or train the rest of one that has no process."""
    run = runs.read(arguments.run_id)
    epochs = None if arguments.epochs is None else Loop.table()["epochs"].parse(arguments.epochs)
    if run.state is RunState.PAUSED and epochs is None and arguments.job is None:
        request.send(run, Action.CONTINUE)
        print(f"{run.id}: asked to continue")
        return 0
    return work(arguments, run, epochs, job=arguments.job)


def measure(arguments: argparse.Namespace) -> int:
    """Measure a model that was loaded from a file."""
    run = runs.read(arguments.run_id)
    with (
        process.claim_to_measure(run, arguments.job) as claimed,
        recorded_interrupts() as interrupts,
    ):
        # It loads PyTorch, which takes seconds; all refusals are behind us.
        from aemodels.runs import measurement
        from aemodels.runs.monitor import StopRequested

        def check() -> None:
            if interrupts or request.received(run.path) is Action.STOP:
                raise StopRequested

        ended = measurement.measure(claimed, arguments.data, check)
    if ended.state is RunState.FAILED:
        return fail(arguments, f"{run.id}: {ended.message}", 1)
    metrics = bundle.read(ended.bundle_path).metrics if ended.bundle_path else Metrics()
    print(f"{run.id}: {ended.state}, {summary(metrics)}. {ended.message}".strip())
    return 130 if interrupts else 0


def ask(arguments: argparse.Namespace) -> int:
    """Ask the process that trains a run to pause or stop."""
    request.send(runs.read(arguments.run_id), Action(arguments.command))
    print(f"{arguments.run_id}: asked to {arguments.command}")
    return 0


def work(
    arguments: argparse.Namespace,
    run: runs.Run,
    epochs: int | None = None,
    dataset: data.Dataset | None = None,
    job: str | None = None,
) -> int:
    """Train the rest of the run, and `epochs` more, in this process, which an engine started as the
    job with that token, if any; `dataset` if it is loaded.
    """
    with process.claim(run, epochs, job) as claimed, recorded_interrupts() as interrupts:
        if dataset is None and not jobs.given(run.path):
            waiting.wait_far_back(claimed, interrupts)
        # It loads PyTorch, which takes seconds; all refusals are behind us.
        from aemodels.runs import worker

        print(f"run {run.id}", file=sys.stderr)
        watcher = progress.TrainingProgress()
        trainer = worker.Worker(claimed, arguments.data, interrupts, watcher, dataset)
        ended = trainer.work(epochs)
    if trainer.failure:
        return fail(arguments, f"{run.id}: {trainer.failure}", 1)
    metrics = bundle.read(ended.bundle_path).metrics if ended.bundle_path else Metrics()
    message = f". {ended.message}" if ended.message else ""
    print(f"{run.id}: {ended.state}, {summary(metrics)}{message}")
    return 130 if interrupts or trainer.interrupted else 0
