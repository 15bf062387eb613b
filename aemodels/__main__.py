"""The command line: train, trial, runs, resume, pause, stop, evaluate, export, list, reproduce.

    python -m aemodels train --family vae --latent-dim 2             # a run: can be resumed
    python -m aemodels train --latent-dim 2 --output zoo/my-vae      # straight to a bundle

Exit codes: 0 done; 1 something broke on the way; 2 refused before anything was written; 130 stopped
by Ctrl-C or SIGTERM.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from aemodels import atomic, bundle, data, process, runs, zoo
from aemodels.config import SETTINGS, Config, Setting, SettingError
from aemodels.families import FAMILIES
from aemodels.reproduction.result import ResultError

REFUSALS = (
    SettingError,
    data.DataError,
    bundle.BundleError,
    atomic.OutputError,
    runs.RunError,
    ResultError,
)


class _Parser(argparse.ArgumentParser):
    """argparse, but a refusal is one line and an option has one name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        with _sigterm_as_ctrl_c():
            code: int = arguments.run(arguments)
    except REFUSALS as error:
        return _fail(arguments, str(error), 2)
    except BrokenPipeError:
        # Whoever read has read enough; Python would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(arguments, f"{error.filename or 'writing'}: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail(arguments, "stopped; nothing was written", 130)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser; `train` has one option for each setting of `config.SETTINGS`."""
    top = _Parser(prog="python -m aemodels", description="Autoencoders on MNIST.")
    choice = "train|trial|runs|resume|pause|stop|evaluate|export|list|reproduce"
    commands = top.add_subparsers(dest="command", metavar=choice, required=True)

    def add(name: str, run: Any, purpose: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=purpose, description=purpose)
        command.set_defaults(run=run)
        return command

    def add_data(command: argparse.ArgumentParser) -> None:
        text = "folder of the data set's four files (default data/mnist or data/fashion-mnist)"
        command.add_argument("--data", type=Path, metavar="FOLDER", help=text)

    def add_output(command: argparse.ArgumentParser, text: str, required: bool) -> None:
        command.add_argument("--output", type=Path, required=required, metavar="FOLDER", help=text)
        text = "replace the one that is there (default: refuse)"
        command.add_argument("--overwrite", action="store_true", help=text)

    def add_settings(command: argparse.ArgumentParser) -> None:
        for setting in SETTINGS.values():
            text = f"{setting.meaning}: {setting.limits} (default {_defaults(setting)})"
            others = [name for name in FAMILIES if name not in setting.families]
            if len(others) > len(setting.families):
                text += f"; only for {' and '.join(setting.families)}"
            elif others:
                text += f"; not for {' or '.join(others)}"
            command.add_argument(setting.flag, metavar=setting.name.upper(), help=text)

    def add_run(command: argparse.ArgumentParser) -> None:
        command.add_argument("run_id", metavar="RUN", help="its id, as `runs` shows it")

    train = add("train", _train, "Train a model, as a run that can be paused, stopped and resumed.")
    add_settings(train)
    text = "id of the run (default date, time and model)"
    train.add_argument("--run", dest="run_id", metavar="RUN", help=text)
    train.add_argument("--name", help="what people read (default the id)")
    add_output(train, "write a bundle here and make no run (default: make one)", False)
    add_data(train)

    trial = add("trial", _trial, "Say where and how long a training would run.")
    add_settings(trial)
    trial.add_argument("--json", action="store_true", help="print one JSON object (default: words)")
    add_data(trial)

    add("runs", _runs, "List the runs, the newest first.")
    resume = add("resume", _resume, "Go on with a run: paused, stopped, interrupted or finished.")
    add_run(resume)
    text = f"so many more than were planned, from 1 to {SETTINGS['epochs'].high}; default none"
    resume.add_argument("--epochs", help=text)
    add_data(resume)
    for what in ("pause", "stop"):
        add_run(add(what, _request, f"Ask the process that trains a run to {what}."))

    evaluate = add("evaluate", _evaluate, "Measure a bundle again on the 10,000 test images.")
    evaluate.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    text = "print one JSON object (default: a table)"
    evaluate.add_argument("--json", action="store_true", help=text)
    add_data(evaluate)

    export = add(
        "export", _export, "Write encoder.onnx and decoder.onnx with their weights inside."
    )
    export.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    add_output(export, "folder to write, needed; it may not exist yet", True)

    shelf = add("list", _list, "List the bundles of a folder with their test numbers.")
    text = "folder of bundles (default zoo)"
    shelf.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help=text)

    table = add("reproduce", _reproduce, "Measure published numbers and write REPRODUCTION.md.")
    table.add_argument("rows", nargs="*", metavar="ROW", help="rows by name (default all)")
    text = "every row in small: a test of the code that writes nothing (default: in full)"
    table.add_argument("--quick", action="store_true", help=text)
    text = "measure rows again that were measured before (default: leave them)"
    table.add_argument("--again", action="store_true", help=text)
    text = "name the rows and what became of them, and measure nothing (default: measure)"
    table.add_argument("--list", action="store_true", help=text)
    return top


def _defaults(setting: Setting) -> str:
    """Its default, then the families that have another: `mlp; linear …`."""
    families: dict[str, list[str]] = {}
    for name in setting.families:
        value = FAMILIES[name].defaults.get(setting.name, setting.default)
        families.setdefault(setting.text(value), []).append(name)
    usual = setting.text(setting.default)
    others = [
        f"{value} for {' and '.join(names)}" for value, names in families.items() if value != usual
    ]
    return ", ".join([usual, *others])


def _config(arguments: argparse.Namespace) -> Config:
    given = {name: getattr(arguments, name) for name in SETTINGS}
    values = {name: SETTINGS[name].parse(text) for name, text in given.items() if text is not None}
    return Config.of(values.pop("family", SETTINGS["family"].default), **values)


def _load(config: Config, folder: Path | None) -> data.Dataset:
    """The data set that the settings name; what must be downloaded shows how far it is."""
    from aemodels import progress

    return data.load(config.dataset, folder, progress.download)


def _train(arguments: argparse.Namespace) -> int:
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
    from aemodels import evaluate, experiment, progress

    bar = progress.ProgressBar(sum(config.phases))
    with _noting_interrupts() as interrupts:

        def on_step(done: int, total: int) -> bool:
            bar.step(done, total)
            return bool(interrupts)

        fitted = experiment.fit(
            config,
            mnist,
            on_step,
            lambda record: bar.epoch(record.epoch, record.train["loss"], record.test["loss"]),
        )
    bar.close()
    epochs = fitted.training["epochs"]
    # Without one whole epoch there is nothing worth an older bundle's place.
    kept = f"{output} is as it was" if output.exists() else "nothing was written"
    if fitted.failure and not epochs:
        return _fail(arguments, f"{fitted.failure}; {kept}; try a smaller --learning-rate", 1)
    if interrupts and not epochs and output.exists():
        return _fail(arguments, f"stopped in the first epoch; {kept}", 130)
    print("measuring on the test images", file=sys.stderr)
    metrics: dict[str, Any] = {}
    try:
        metrics = evaluate.evaluate(fitted.model, mnist)
    except KeyboardInterrupt:
        interrupts.append(signal.SIGINT)
    with _noting_interrupts():
        experiment.save(fitted, metrics, mnist, output, arguments.overwrite)
    if fitted.failure:
        text = f"{fitted.failure}; {output} holds epoch {epochs}; try a smaller --learning-rate"
        return _fail(arguments, text, 1)
    if interrupts:
        done = "the finished model" if fitted.training["finished"] else f"{epochs} whole epochs"
        text = f"stopped; {output} holds {done}"
        return _fail(arguments, text if metrics else f"{text}, not measured", 130)
    print(f"{output}: {_summary(metrics)}")
    return 0


def _known(run_id: str | None) -> runs.Run | None:
    """The run that `process.start` has made for this process to train."""
    with suppress(runs.RunError):
        return runs.read(run_id) if run_id else None
    return None


def _new_run(config: Config, arguments: argparse.Namespace) -> runs.Run:
    """Made once it is clear that it can train here: raises SettingError and DataError before."""
    from aemodels import hardware

    hardware.device(config.device)
    _load(config, arguments.data)
    return runs.create(config, arguments.name, arguments.run_id)


def _trial(arguments: argparse.Namespace) -> int:
    config = _config(arguments)
    mnist = _load(config, arguments.data)
    from aemodels import progress, trial

    result = trial.trial(config, mnist)
    if arguments.json:
        print(json.dumps(result))
        return 0
    print(
        f"{result['parameters']:,} parameters on {result['device']} in {result['precision']}: "
        f"{result['seconds_per_epoch']:.2g} s an epoch, "
        f"about {progress.clock(result['seconds'])} in all"
    )
    return 0


def _runs(arguments: argparse.Namespace) -> int:
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


def _resume(arguments: argparse.Namespace) -> int:
    run = runs.read(arguments.run_id)
    epochs = None if arguments.epochs is None else SETTINGS["epochs"].parse(arguments.epochs)
    if run.state == "paused" and epochs is None:
        process.request(run, "run")
        print(f"{run.id}: goes on")
        return 0
    return _work(arguments, run, True, epochs)


def _request(arguments: argparse.Namespace) -> int:
    process.request(runs.read(arguments.run_id), arguments.command)
    print(f"{arguments.run_id}: asked to {arguments.command}")
    return 0


def _work(
    arguments: argparse.Namespace, run: runs.Run, resume: bool = False, epochs: int | None = None
) -> int:
    """Train the run in this process."""
    with process.claim(run, resume, epochs) as claimed, _noting_interrupts() as interrupts:
        from aemodels import progress, worker

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
        return _fail(arguments, f"{run.id}: {work.failure}", 1)
    metrics = bundle.read(ended.bundle_path).metrics if ended.bundle_path else {}
    message = f"; {ended.message}" if ended.message else ""
    print(f"{run.id}: {ended.state}, {_summary(metrics)}{message}")
    return 130 if interrupts or work.interrupted else 0


def _evaluate(arguments: argparse.Namespace) -> int:
    found = bundle.read(arguments.bundle)
    mnist = _load(found.config, arguments.data)
    from aemodels import evaluate, model

    metrics = evaluate.evaluate(model.load(found), mnist)
    if arguments.json:
        print(json.dumps({name: metrics[name] for name in bundle.METRICS}, indent=2))
        return 0
    for name, meaning in bundle.METRICS.items():
        if metrics[name] is not None:
            print(f"{name:22}  {_number(metrics[name]):>10}  {meaning}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    names = (bundle.ENCODER, bundle.DECODER)
    atomic.check(arguments.output, names, arguments.overwrite)
    found = bundle.read(arguments.bundle)
    from aemodels import export, model

    graphs = export.standalone(model.load(found))
    atomic.write(arguments.output, dict(zip(names, graphs, strict=True)), arguments.overwrite)
    for name, graph in zip(names, graphs, strict=True):
        print(f"{arguments.output / name}: {len(graph):,} bytes")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    shelf = bundle.scan(arguments.folder or zoo.folder())
    for found in shelf.bundles:
        early = "" if found.training["finished"] else "; stopped early"
        print(f"{found.name}: {_summary(found.metrics)}{early}")
    for problem in shelf.problems:
        print(f"{problem.name}: left out: {problem.message}", file=sys.stderr)
    if not shelf.bundles and not shelf.problems:
        print("no bundles here; python -m aemodels train makes one", file=sys.stderr)
    return 1 if shelf.problems else 0


def _reproduce(arguments: argparse.Namespace) -> int:
    from aemodels.reproduction import report, result, rows

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
    from aemodels.reproduction import bench, runner

    using = bench.Bench(zoo.folder(), result.folder() / "models", arguments.quick)
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
        for line in report.write():
            print(f"left out of the report: {line}", file=sys.stderr)
            problems.append(line)
    if stopped:
        return _fail(arguments, "stopped; rows that were done before are kept", 130)
    for found in results:
        print(f"{found.id}: {runner.summary(found, judged=not arguments.quick)}")
    return 1 if problems or any(found.status != result.DONE for found in results) else 0


def _summary(metrics: dict[str, Any]) -> str:
    shown = ("sse", "negative_elbo_sample", "knn5", "trustworthiness", "explained_variance")
    parts = [f"{name} {_number(metrics[name])}" for name in shown if metrics.get(name) is not None]
    return ", ".join(parts) or "not measured"


def _number(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(f"{part:.1f}" for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _fail(arguments: argparse.Namespace, message: str, code: int) -> int:
    print(f"aemodels {arguments.command}: {message}", file=sys.stderr)
    return code


@contextmanager
def _sigterm_as_ctrl_c() -> Iterator[None]:
    """What cleans up after the one does so after the other."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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


if __name__ == "__main__":
    sys.exit(main())
