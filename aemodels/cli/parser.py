"""The command line: train, trial, runs, resume, pause, stop, evaluate, export, list, reproduce.

    python -m aemodels train --family vae --latent-dim 2             # a run: can be resumed
    python -m aemodels train --latent-dim 2 --output zoo/my-vae      # straight to a bundle

Exit codes: 0 done; 1 something broke on the way; 2 refused before anything was written; 130 stopped
by Ctrl-C or SIGTERM.
"""

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from aemodels import data, runs
from aemodels.bundles import atomic, bundle
from aemodels.cli import commands
from aemodels.config import Loop, default, every_setting, users
from aemodels.families import FAMILIES
from aemodels.setting import Setting, SettingError
from reproduction.result import ResultError

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
        return commands.fail(arguments, str(error), 2)
    except BrokenPipeError:
        # Whoever read has read enough; Python would complain once more when it closes the pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return commands.fail(
            arguments, f"{error.filename or 'writing'}: {error.strerror or error}", 1
        )
    except KeyboardInterrupt:
        return commands.fail(arguments, "stopped; nothing was written", 130)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser; `train` has one option for each setting of `config.SETTINGS`."""
    top = _Parser(prog="python -m aemodels", description="Autoencoders on MNIST.")
    choice = "train|trial|runs|resume|pause|stop|evaluate|export|list|reproduce"
    subcommands = top.add_subparsers(dest="command", metavar=choice, required=True)

    def add(name: str, run: Any, purpose: str) -> argparse.ArgumentParser:
        command = subcommands.add_parser(name, help=purpose, description=purpose)
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
        for setting in every_setting().values():
            text = f"{setting.meaning}: {setting.limits} (default {_defaults(setting)})"
            having = users(setting.name) or dict.fromkeys(FAMILIES)
            others = [name for name in FAMILIES if name not in having]
            if len(others) > len(having):
                text += f"; only for {' and '.join(having)}"
            elif others:
                text += f"; not for {' or '.join(others)}"
            command.add_argument(setting.flag, metavar=setting.name.upper(), help=text)

    def add_run(command: argparse.ArgumentParser) -> None:
        command.add_argument("run_id", metavar="RUN", help="its id, as `runs` shows it")

    train = add(
        "train", commands.train, "Train a model, as a run that can be paused, stopped and resumed."
    )
    add_settings(train)
    text = "id of the run (default date, time and model)"
    train.add_argument("--run", dest="run_id", metavar="RUN", help=text)
    train.add_argument("--name", help="what people read (default the id)")
    add_output(train, "write a bundle here and make no run (default: make one)", False)
    add_data(train)

    trial = add("trial", commands.estimate, "Say where and how long a training would run.")
    add_settings(trial)
    trial.add_argument("--json", action="store_true", help="print one JSON object (default: words)")
    add_data(trial)

    add("runs", commands.list_runs, "List the runs, the newest first.")
    resume = add(
        "resume", commands.resume, "Go on with a run: paused, stopped, interrupted or finished."
    )
    add_run(resume)
    text = f"so many more than were planned, from 1 to {Loop.table()['epochs'].high}; default none"
    resume.add_argument("--epochs", help=text)
    add_data(resume)
    for what in ("pause", "stop"):
        add_run(add(what, commands.request, f"Ask the process that trains a run to {what}."))

    evaluate = add(
        "evaluate", commands.evaluate_bundle, "Measure a bundle again on the 10,000 test images."
    )
    evaluate.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    text = "print one JSON object (default: a table)"
    evaluate.add_argument("--json", action="store_true", help=text)
    add_data(evaluate)

    export = add(
        "export",
        commands.export_graphs,
        "Write encoder.onnx and decoder.onnx with their weights inside.",
    )
    export.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")
    add_output(export, "folder to write, needed; it may not exist yet", True)

    shelf = add(
        "list", commands.list_bundles, "List the bundles of a folder with their test numbers."
    )
    text = "folder of bundles (default zoo)"
    shelf.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help=text)

    table = add(
        "reproduce", commands.reproduce, "Measure published numbers and write REPRODUCTION.md."
    )
    table.add_argument("rows", nargs="*", metavar="ROW", help="rows by name (default all)")
    text = "every row in small: a test of the code that writes nothing (default: in full)"
    table.add_argument("--quick", action="store_true", help=text)
    text = "folder of Fashion-MNIST's four files (default: its training images are downloaded)"
    table.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help=text)
    text = "measure rows again that were measured before (default: leave them)"
    table.add_argument("--again", action="store_true", help=text)
    text = "name the rows and what became of them, and measure nothing (default: measure)"
    table.add_argument("--list", action="store_true", help=text)
    return top


def _defaults(setting: Setting) -> str:
    """Its default, then the families that have another: `mlp; linear …`."""
    families: dict[str, list[str]] = {}
    for name, networks in users(setting.name).items():
        value = default(name, networks[0], setting.name)
        families.setdefault(setting.text(value), []).append(name)
    if setting.name == "network":
        for name, made in FAMILIES.items():
            families.setdefault(made.networks[0], []).append(name)
    usual = setting.text(setting.default)
    others = [
        f"{value} for {' and '.join(names)}" for value, names in families.items() if value != usual
    ]
    return ", ".join([usual, *others])


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


if __name__ == "__main__":
    sys.exit(main())
