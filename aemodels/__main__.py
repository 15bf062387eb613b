"""The command line: train, evaluate, export, list.

    python -m aemodels train --family vae --latent-dim 2 --output zoo/my-vae

Exit codes: 0 done; 1 something broke on the way; 2 refused, nothing was written; 130 stopped by Ctrl-C.
"""

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from aemodels import bundle, data
from aemodels.config import FAMILIES, SETTINGS, Config, SettingError


class _Parser(argparse.ArgumentParser):
    """argparse, but a refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except (SettingError, data.DataError, bundle.BundleError) as error:
        return _fail(arguments, str(error), 2)
    except OSError as error:
        return _fail(arguments, f"could not write or read: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail(arguments, "stopped; nothing was written", 130)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser, with one option for each setting of `config.SETTINGS`."""
    top = _Parser(prog="aemodels", description="Autoencoders on MNIST.", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, parser_class=_Parser)

    def add(name: str, run: Any, purpose: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=purpose, description=purpose, allow_abbrev=False
        )
        command.set_defaults(run=run)
        command.add_argument(
            "--data", type=Path, default=data.FOLDER, help="folder of MNIST (default: data/mnist)"
        ) if name in ("train", "evaluate") else None
        return command

    train = add("train", _train, "Train a model and write it as a bundle.")
    for setting in SETTINGS.values():
        only = "" if len(setting.families) == len(FAMILIES) else f"; {', '.join(setting.families)}"
        text = f"{setting.meaning} (default {setting.text(setting.default)}; {setting.limits}{only})"
        train.add_argument(setting.flag, metavar=setting.name.upper(), help=text)
    train.add_argument("--output", type=Path, required=True, help="folder to write (required)")
    train.add_argument("--overwrite", action="store_true", help="replace the bundle at --output")

    evaluate = add("evaluate", _evaluate, "Measure a bundle again on the 10,000 test images.")
    evaluate.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    evaluate.add_argument("--json", action="store_true", help="print JSON (default: a table)")

    export = add("export", _export, "Write encoder.onnx and decoder.onnx with weights inside.")
    export.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    export.add_argument("--output", type=Path, required=True, help="folder to write (required)")
    export.add_argument("--overwrite", action="store_true", help="replace the files there")

    shelf = add("list", _list, "List the bundles of a folder with their test numbers.")
    shelf.add_argument(
        "folder", type=Path, nargs="?", default=Path("zoo"), help="default: zoo"
    )
    return top


def _train(arguments: argparse.Namespace) -> int:
    config = Config(
        **{
            name: setting.parse(text)
            for name, setting in SETTINGS.items()
            if (text := getattr(arguments, name)) is not None
        }
    )
    output: Path = arguments.output
    bundle.check_output(output, arguments.overwrite)
    mnist = data.load(arguments.data)
    # PyTorch takes seconds to import; refusals above don't wait for it.
    from aemodels import evaluate, experiment, progress

    bar = progress.ProgressBar(config.epochs)
    with _stop_on_interrupt() as stop:

        def on_step(done: int, total: int) -> bool:
            bar.step(done, total)
            return bool(stop)

        fitted = experiment.fit(
            config,
            mnist,
            on_step,
            lambda record: bar.epoch(
                record.epoch, record.train["loss"], record.test["loss"], record.seconds
            ),
        )
        bar.close()
    epochs = fitted.training["epochs"]
    kept = f"{output} is unchanged" if output.exists() else "nothing was written"
    if fitted.failure and not epochs:
        return _fail(arguments, f"{fitted.failure}; {kept}; try a smaller --learning-rate", 1)
    if stop and not epochs and output.exists():
        return _fail(arguments, f"stopped in the first epoch; {kept}", 130)
    print("measuring the test images …", file=sys.stderr)
    metrics: dict[str, Any] = {}
    try:
        metrics = evaluate.evaluate(fitted.model, mnist)
    except KeyboardInterrupt:
        stop.append(signal.SIGINT)
    with _stop_on_interrupt():
        experiment.save(fitted, metrics, mnist, output, arguments.overwrite)
    if fitted.failure:
        text = f"{fitted.failure}; {output} holds epoch {epochs}; try a smaller --learning-rate"
        return _fail(arguments, text, 1)
    if stop:
        return _fail(arguments, f"stopped; {output} holds {epochs} of {config.epochs} epochs", 130)
    print(f"{output}: {_summary(metrics)}")
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    found = bundle.read(arguments.bundle)
    mnist = data.load(arguments.data)
    from aemodels import evaluate, model

    metrics = evaluate.evaluate(model.load(found), mnist)
    if arguments.json:
        print(json.dumps({name: metrics[name] for name in bundle.METRICS}, indent=2))
        return 0
    for name, meaning in bundle.METRICS.items():
        if metrics[name] is not None:
            print(f"{name:24} {_number(metrics[name]):>10}  {meaning}")
    return 0


def _export(arguments: argparse.Namespace) -> int:
    found = bundle.read(arguments.bundle)
    folder: Path = arguments.output
    targets = [folder / name for name in (bundle.ENCODER, bundle.DECODER)]
    for target in targets:
        if target.exists() and not arguments.overwrite:
            raise bundle.BundleError(
                f"output={folder}: holds {target.name} already; use --overwrite or another folder"
            )
    from aemodels import export, model

    contents = export.standalone(model.load(found))
    folder.mkdir(parents=True, exist_ok=True)
    for target, content in zip(targets, contents, strict=True):
        target.write_bytes(content)
        print(f"{target}: {len(content):,} bytes")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    shelf = bundle.scan(arguments.folder)
    for found in shelf.bundles:
        unfinished = "" if found.training["finished"] else "  (stopped early)"
        print(f"{found.name:12} {_summary(found.metrics)}{unfinished}")
    for problem in shelf.problems:
        print(f"{problem.name}: left out: {problem.message}", file=sys.stderr)
    return 1 if shelf.problems else 0


def _summary(metrics: dict[str, Any]) -> str:
    shown = ("sse", "negative_elbo_sample", "knn5", "trustworthiness", "explained_variance")
    parts = [f"{name} {_number(metrics[name])}" for name in shown if metrics.get(name) is not None]
    return ", ".join(parts) or "not measured"


def _number(value: Any) -> str:
    if isinstance(value, list):
        return "-".join(f"{part:.0f}" for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _fail(arguments: argparse.Namespace, message: str, code: int) -> int:
    print(f"aemodels {arguments.command}: {message}", file=sys.stderr)
    return code


@contextmanager
def _stop_on_interrupt() -> Iterator[list[int]]:
    """Ctrl-C puts its signal number on the list, instead of raising anywhere at all."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield received
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
