"""What each command of the shell does: arguments in, lines out, the exit code back.

What loads PyTorch is imported where it is needed, so that refusals don't wait for it.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from aemodels import data, runs
from aemodels.bundles import atomic, bundle, zoo
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config, Loop, every_setting
from aemodels.runs import process


def _config(arguments: argparse.Namespace) -> Config:
    given = {name: getattr(arguments, name) for name in every_setting()}
    return Config.parse({name: text for name, text in given.items() if text is not None})


def _load(config: Config, folder: Path | None) -> data.Dataset:
    """The data set that the settings name; what must be downloaded shows how far it is."""
    from aemodels.cli import progress

    return data.load(config.data.dataset, folder, progress.download)


def train(arguments: argparse.Namespace) -> int:
    """Train a run or, with an output, straight into a bundle."""
    config = _config(arguments)
    if arguments.output is None:
        if arguments.overwrite:
            raise runs.RunError("--overwrite goes with --output")
        run = _known(arguments.run_id) or _new_run(config, arguments)
        if run.config != config:
            raise runs.RunError(f"run={run.id}: is there already; choose another")
        return _work(arguments, run)
    if arguments.run_id or arguments.name:
        raise runs.RunError("--run and --name make a run, --output makes none; leave one out")
    output: Path = arguments.output
    bundle.check_output(output, arguments.overwrite)
    mnist = _load(config, arguments.data)
    # After the refusals, which should not wait the seconds that importing PyTorch takes.
    from aemodels.analysis import evaluation
    from aemodels.cli import progress
    from aemodels.training import fit

    bar = progress.ProgressBar(sum(config.phases))
    with _noting_interrupts() as interrupts:

        def on_step(done: int, total: int) -> bool:
            bar.step(done, total)
            return bool(interrupts)

        fitted = fit.fit(
            config,
            mnist,
            on_step,
            lambda record: bar.epoch(record.epoch, record.train["loss"], record.test["loss"]),
        )
    bar.close()
    epochs = fitted.training.epochs
    # Without one whole epoch there is nothing worth an older bundle's place.
    kept = f"{output} is as it was" if output.exists() else "nothing was written"
    if fitted.failure and not epochs:
        return fail(arguments, f"{fitted.failure}; {kept}; try a smaller --learning-rate", 1)
    if interrupts and not epochs and output.exists():
        return fail(arguments, f"stopped in the first epoch; {kept}", 130)
    print("measuring on the test images", file=sys.stderr)
    metrics: Metrics | None = None
    try:
        metrics = evaluation.evaluate(fitted.model, mnist)
    except KeyboardInterrupt:
        interrupts.append(signal.SIGINT)
    with _noting_interrupts():
        fit.save(fitted, metrics or Metrics(), mnist, output, arguments.overwrite)
    if fitted.failure:
        text = f"{fitted.failure}; {output} holds epoch {epochs}; try a smaller --learning-rate"
        return fail(arguments, text, 1)
    if interrupts:
        done = "the finished model" if fitted.training.finished else f"{epochs} whole epochs"
        text = f"stopped; {output} holds {done}"
        return fail(arguments, text if metrics else f"{text}, not measured", 130)
    print(f"{output}: {_summary(metrics or Metrics())}")
    return 0


def _known(run_id: str | None) -> runs.Run | None:
    """The run that `process.start` has made for this process to train."""
    with suppress(runs.RunError):
        return runs.read(run_id) if run_id else None
    return None


def _new_run(config: Config, arguments: argparse.Namespace) -> runs.Run:
    """Made once it is clear that it can train here: raises SettingError and DataError before."""
    from aemodels.training import hardware

    hardware.device(config.machine.device)
    _load(config, arguments.data)
    return runs.create(config, arguments.name, arguments.run_id)


def estimate(arguments: argparse.Namespace) -> int:
    """Where and how long a training would run."""
    config = _config(arguments)
    mnist = _load(config, arguments.data)
    from aemodels.cli import progress
    from aemodels.training import estimate

    result = estimate.estimate(config, mnist)
    if arguments.json:
        print(json.dumps(result))
        return 0
    print(
        f"{result['parameters']:,} parameters on {result['device']} in {result['precision']}: "
        f"{result['seconds_per_epoch']:.2g} s an epoch, "
        f"about {progress.clock(result['seconds'])} in all"
    )
    return 0


def list_runs(arguments: argparse.Namespace) -> int:
    """One line a run."""
    found = runs.scan()
    for run in found:
        records = run.records()
        parts = [run.state]
        if run.phases:
            parts.append(f"epoch {len(records)}/{sum(run.phases)}")
        if records:
            parts.append(f"test loss {records[-1]['test']['loss']:.2f}")
        name = "" if run.name == run.id else f" ({run.name})"
        message = f"; {run.message}" if run.message else ""
        print(f"{run.id}{name}: {', '.join(parts)}{message}")
    if not found:
        print("no runs yet; python -m aemodels train makes one", file=sys.stderr)
    return 0


def resume(arguments: argparse.Namespace) -> int:
    """Let a paused run go on, or train one that ended."""
    run = runs.read(arguments.run_id)
    epochs = None if arguments.epochs is None else Loop.table()["epochs"].parse(arguments.epochs)
    if run.state == "paused" and epochs is None:
        process.request(run, "run")
        print(f"{run.id}: goes on")
        return 0
    return _work(arguments, run, True, epochs)


def request(arguments: argparse.Namespace) -> int:
    """Ask the process that trains a run to pause or stop."""
    process.request(runs.read(arguments.run_id), arguments.command)
    print(f"{arguments.run_id}: asked to {arguments.command}")
    return 0


def _work(
    arguments: argparse.Namespace, run: runs.Run, resume: bool = False, epochs: int | None = None
) -> int:
    """Train the run in this process."""
    with process.claim(run, resume, epochs) as claimed, _noting_interrupts() as interrupts:
        from aemodels.cli import progress
        from aemodels.runs import worker

        print(f"run {run.id}", file=sys.stderr)
        work = worker.Worker(claimed, arguments.data, interrupts)

        def on_begin(done: int, total: int) -> None:
            bar = progress.ProgressBar(total, skipped=done)
            work.on_step = bar.step
            work.on_record = lambda record: bar.epoch(
                record.epoch, record.train["loss"], record.test["loss"]
            )

        work.on_begin = on_begin
        ended = work.work(epochs)
    if work.failure:
        return fail(arguments, f"{run.id}: {work.failure}", 1)
    metrics = bundle.read(ended.bundle_path).metrics if ended.bundle_path else Metrics()
    message = f"; {ended.message}" if ended.message else ""
    print(f"{run.id}: {ended.state}, {_summary(metrics)}{message}")
    return 130 if interrupts or work.interrupted else 0


def evaluate_bundle(arguments: argparse.Namespace) -> int:
    """Measure a bundle again."""
    found = bundle.read(arguments.bundle)
    mnist = _load(found.config, arguments.data)
    from aemodels.analysis import evaluation
    from aemodels.bundles.load import load

    metrics = evaluation.evaluate(load(found), mnist)
    if arguments.json:
        print(json.dumps(metrics.to_json(), indent=2))
        return 0
    values = metrics.to_json()
    for name, meaning in Metrics.glossary().items():
        if values[name] is not None:
            print(f"{name:22}  {_number(values[name]):>10}  {meaning}")
    return 0


def export_graphs(arguments: argparse.Namespace) -> int:
    """Write both ONNX graphs with their weights inside."""
    names = (bundle.ENCODER, bundle.DECODER)
    atomic.check(arguments.output, names, arguments.overwrite)
    found = bundle.read(arguments.bundle)
    from aemodels.bundles.load import load
    from aemodels.models import onnx_graphs

    graphs = onnx_graphs.standalone(load(found))
    atomic.write(arguments.output, dict(zip(names, graphs, strict=True)), arguments.overwrite)
    for name, graph in zip(names, graphs, strict=True):
        print(f"{arguments.output / name}: {len(graph):,} bytes")
    return 0


def list_bundles(arguments: argparse.Namespace) -> int:
    """One line a bundle; 1 where one is damaged."""
    shelf = bundle.scan(arguments.folder or zoo.folder())
    for found in shelf.bundles:
        early = "" if found.training.finished else "; stopped early"
        print(f"{found.name}: {_summary(found.metrics)}{early}")
    for problem in shelf.problems:
        print(f"{problem.name}: left out: {problem.message}", file=sys.stderr)
    if not shelf.bundles and not shelf.problems:
        print("no bundles here; python -m aemodels train makes one", file=sys.stderr)
    return 1 if shelf.problems else 0


def reproduce(arguments: argparse.Namespace) -> int:
    """Measure rows and write the report."""
    from reproduction import report, result, rows

    names = arguments.rows or list(rows.ROWS)
    unknown = [name for name in names if name not in rows.ROWS]
    if unknown:
        raise result.ResultError(f"row={unknown[0]}: must be {', '.join(rows.ROWS)}")
    if arguments.list:
        before = result.read_all(names, result.folder())
        for name in names:
            state = before[name].status if name in before else "not measured"
            print(f"{name}: {state}; {rows.ROWS[name].title}")
        return 0
    from reproduction import context, runner

    folders = {"fashion-mnist": arguments.fashion_mnist} if arguments.fashion_mnist else {}
    using = context.ReproductionContext(
        zoo.folder(), result.folder() / "models", arguments.quick, folders=folders
    )
    results: list[result.Result] = []
    problems: list[str] = []
    stopped = False
    try:
        results, problems = runner.run(
            [rows.ROWS[name] for name in names], using, result.folder(), arguments.again
        )
    except KeyboardInterrupt:
        stopped = True
    if not arguments.quick:
        for line in report.write(result.folder()):
            print(f"left out of the report: {line}", file=sys.stderr)
            problems.append(line)
    if stopped:
        return fail(arguments, "stopped; rows that were done before are kept", 130)
    for found in results:
        print(f"{found.id}: {runner.summary(found, judged=not arguments.quick)}")
    return 1 if problems or any(found.status != result.DONE for found in results) else 0


def _summary(metrics: Metrics) -> str:
    shown = ("sse", "negative_elbo_sample", "knn5", "trustworthiness", "explained_variance")
    values = metrics.to_json()
    parts = [f"{name} {_number(values[name])}" for name in shown if values[name] is not None]
    return ", ".join(parts) or "not measured"


def _number(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(f"{part:.1f}" for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def fail(arguments: argparse.Namespace, message: str, code: int) -> int:
    """Say what went wrong; returns the exit code."""
    print(f"aemodels {arguments.command}: {message}", file=sys.stderr)
    return code


@contextmanager
def _noting_interrupts() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM are put on the list, instead of ending whatever runs in the middle."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
