"""The parser of the command line, and `main`, which runs one command.

    python -m aemodels train --family vae --latent-dim 2             # a run: can be resumed
    python -m aemodels train --latent-dim 2 --output zoo/my-vae      # straight to a bundle
    python -m aemodels train --recipe tf-cvae                        # as an article has it
    python -m aemodels data add my-pictures --name mine              # a data set of one's own
    python -m aemodels train-reader --output reader --overwrite      # the classifier of digits
    python -m aemodels lessons check my-lessons                      # what is wrong with lessons
    python -m aemodels import vae.safetensors --layout pytorch-vae   # a model from elsewhere

Exit codes: 0 done; 1 something failed on the way; 2 refused before anything was written; 130
stopped by Ctrl-C or SIGTERM; 75 thought dead meanwhile, and its run taken over.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from aemodels import data, runs
from aemodels.bundles import atomic, bundle
from aemodels.bundles.half import PARTS
from aemodels.cli import archive as archive_command
from aemodels.cli import bundles as bundle_commands
from aemodels.cli import importing as import_command
from aemodels.cli import lessons as lesson_commands
from aemodels.cli import pictures as picture_commands
from aemodels.cli import progress
from aemodels.cli import reader as reader_command
from aemodels.cli import recipes as recipe_command
from aemodels.cli import runs as run_commands
from aemodels.cli import train as train_commands
from aemodels.cli.interrupts import sigterm_as_ctrl_c
from aemodels.cli.output import fail
from aemodels.config import Loop, default, every_setting, users
from aemodels.families import FAMILIES
from aemodels.importing import LAYOUTS, ForeignError
from aemodels.reader import ReaderError
from aemodels.runs.lock import Lost
from aemodels.setting import Setting, SettingError, listed

REFUSALS = (
    SettingError,
    data.DataError,
    bundle.BundleError,
    atomic.OutputError,
    runs.RunError,
    ForeignError,
    ReaderError,
)

# Of a process that was thought dead: `EX_TEMPFAIL`, try again later.
LOST = 75
# What requirements-explore.txt leaves out.
TRAINING = ("torch", "sklearn")

Command = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    """argparse, except that errors are one line and options can't be abbreviated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = parser().parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name may have letters that the locale's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        with sigterm_as_ctrl_c():
            code: int = arguments.run(arguments)
    except REFUSALS as error:
        return fail(arguments, str(error), 2)
    except ModuleNotFoundError as error:
        if error.name not in TRAINING:
            raise
        words = f"needs {error.name}, which isn't installed; pip install -r requirements.txt"
        return fail(arguments, words, 2)
    except MemoryError:
        words = "not enough memory; close other programs, or use another machine"
        return fail(arguments, words, 1)
    except BrokenPipeError:
        # The reader has closed the pipe; Python would complain again when closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return fail(arguments, f"{error.filename or 'writing'}: {error.strerror or error}", 1)
    except Lost as error:
        return fail(arguments, f"stopped without writing: {error}", LOST)
    except KeyboardInterrupt:
        return fail(arguments, "stopped; nothing was written", 130)
    return code


def parser() -> argparse.ArgumentParser:
    """The parser; `train` has one option for each setting of `config.every_setting`."""
    top = _Parser(prog="python -m aemodels", description="Autoencoders on MNIST.")
    commands = top.add_subparsers(dest="command", required=True)

    def add(name: str, run: Command, purpose: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=purpose, description=purpose)
        command.set_defaults(run=run)
        return command

    _add_training(add)
    _add_runs(add)
    _add_bundles(add)
    _add_import(add)
    _add_pictures(add)
    _add_reader(add)
    _add_lessons(add)
    _add_recipes(add)
    commands.metavar = "|".join(commands.choices)
    return top


Add = Callable[[str, Command, str], argparse.ArgumentParser]


def _add_training(add: Add) -> None:
    train = add(
        "train",
        train_commands.train,
        "Train a model as a run, which can be paused, stopped and resumed.",
    )
    _add_settings(train)
    text = "id of the new run (default: date, time and model)"
    train.add_argument("--run", dest="run_id", metavar="RUN", help=text)
    train.add_argument("--name", help="name that pages show (default: the id)")
    _add_output(train, "write a bundle here and create no run (default: create one)", False)
    _add_data(train)

    estimate = add(
        "estimate", train_commands.estimate, "Show where and how long training would run."
    )
    _add_settings(estimate)
    text = "print one JSON object (default: a sentence)"
    estimate.add_argument("--json", action="store_true", help=text)
    _add_data(estimate)


def _add_runs(add: Add) -> None:
    add("runs", run_commands.list_runs, "List the runs, newest first.")
    resume = add(
        "resume", run_commands.resume, "Continue a run that is paused, stopped or interrupted."
    )
    _add_run(resume)
    highest = Loop.table()["epochs"].high
    text = f"train this many epochs more than planned, from 1 to {highest} (default: none)"
    resume.add_argument("--epochs", help=text)
    _add_job(resume)
    _add_data(resume)
    measure = add("measure", run_commands.measure, "Measure a model that was loaded from a file.")
    _add_run(measure)
    _add_job(measure)
    _add_data(measure)
    for name in ("pause", "stop"):
        _add_run(add(name, run_commands.ask, f"Ask the process that trains a run to {name}."))
    text = "Keep finished models in a folder, on S3 or elsewhere; live runs stay where they are."
    archive_command.add_arguments(add("archive", archive_command.run, text))


def _add_bundles(add: Add) -> None:
    evaluate = add(
        "evaluate", bundle_commands.evaluate, "Remeasure a bundle on the 10,000 test images."
    )
    _add_bundle(evaluate)
    text = "print one JSON object (default: a table)"
    evaluate.add_argument("--json", action="store_true", help=text)
    _add_data(evaluate)

    export = add(
        "export",
        bundle_commands.export,
        "Write encoder.onnx and decoder.onnx with their weights inside.",
    )
    _add_bundle(export)
    _add_output(export, "folder to write, required; must not exist yet", True)

    compress = add(
        "compress",
        bundle_commands.compress,
        "Keep a bundle in float16, if no published number of it moves by that.",
    )
    _add_bundle(compress)
    text = f"parts to round: {listed(PARTS, 'and')}, separated by commas (default: all)"
    compress.add_argument("--parts", default=",".join(PARTS), metavar="PARTS", help=text)
    text = "write it with its new numbers even if they move (default: refuse)"
    compress.add_argument("--accept", action="store_true", help=text)
    _add_data(compress)

    bundles = add(
        "list", bundle_commands.list_bundles, "List the bundles in a folder with their metrics."
    )
    text = "folder of bundles (default: zoo)"
    bundles.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help=text)


def _add_import(add: Add) -> None:
    command = add(
        "import",
        import_command.run,
        "Import a model that was trained elsewhere, as a run or as a bundle.",
    )
    text = "the weights: a state dict of PyTorch, saved as safetensors"
    command.add_argument("file", type=Path, nargs="?", metavar="FILE", help=text)
    text = (
        f"the recipe whose layers it has: {listed(LAYOUTS)} (default: the one with these tensors)"
    )
    command.add_argument("--layout", metavar="NAME", help=text)
    text = "JSON or TOML file that lists the layers in order (default: those of a layout)"
    command.add_argument("--description", type=Path, metavar="FILE", help=text)
    for part, what in (("encoder", "gives codes"), ("decoder", "gives images")):
        text = f"ONNX file of the {part}, which {what}; both are needed, instead of FILE"
        command.add_argument(f"--{part}", type=Path, metavar="FILE", help=text)
    text = "list the known layouts, and import nothing"
    command.add_argument("--layouts", action="store_true", help=text)
    for name in import_command.SETTINGS:
        setting = every_setting()[name]
        text = f"{setting.meaning}: {setting.limits} (default: the layout's, or the usual one)"
        command.add_argument(setting.flag, metavar=name.upper(), help=text)
    command.add_argument("--name", help="name of the run that pages show (default: the file's)")
    # For the app alone: what a shell imports is nobody's.
    for name in ("owner", "group"):
        command.add_argument(f"--{name}", default="", help=argparse.SUPPRESS)
    _add_output(command, "write a bundle here and create no run (default: create one)", False)
    _add_data(command)
    progress.add_steps(command)


def _add_pictures(add: Add) -> None:
    command = add(
        "data", picture_commands.run, "Add your own pictures as a data set; list, remove."
    )
    picture_commands.add_arguments(command)


def _add_reader(add: Add) -> None:
    train = add(
        "train-reader",
        reader_command.train,
        "Train the classifier that says which digit, or class of your own pictures, a decoded "
        "picture shows.",
    )
    text = "the data set whose classes it reads: one of your own (default: mnist)"
    train.add_argument("--dataset", default=reader_command.DIGITS, metavar="NAME", help=text)
    text = "folder to write, required for mnist (default: that of your data set)"
    _add_output(train, text, False, "reader")
    _add_data(train)
    progress.add_steps(train)


def _add_lessons(add: Add) -> None:
    lessons = add("lessons", lesson_commands.run, "Check the files of lessons.")
    text = "name what is wrong, by file and line; or print the words that a lesson may use"
    lessons.add_argument("action", choices=list(lesson_commands.ACTIONS), help=text)
    text = "folder of lessons, or one file (default: those of the app, and LATENT_LAB_LESSONS)"
    lessons.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help=text)


def _add_recipes(add: Add) -> None:
    recipes = add(
        "recipes",
        recipe_command.run,
        "List the recipes of articles and of the zoo's models, or show one with its numbers.",
    )
    text = "name of a recipe (default: list all)"
    recipes.add_argument("name", nargs="?", metavar="NAME", help=text)


def _add_settings(command: argparse.ArgumentParser) -> None:
    text = (
        "start from the settings of a recipe, as listed by `recipes` (default: none); the options "
    )
    text += "below replace single ones"
    command.add_argument("--recipe", metavar="NAME", help=text)
    for setting in every_setting().values():
        text = f"{setting.meaning}: {setting.limits} (default {_defaults(setting)})"
        having = users(setting.name) or dict.fromkeys(FAMILIES)
        others = [name for name in FAMILIES if name not in having]
        if len(others) > len(having):
            text += f"; only for {listed(having, 'and')}"
        elif others:
            text += f"; not for {listed(others)}"
        command.add_argument(setting.flag, metavar=setting.name.upper(), help=text)


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("run_id", metavar="RUN", help="id of the run, as listed by `runs`")


def _add_job(command: argparse.ArgumentParser) -> None:
    # For engines alone: whoever types a command has no token.
    command.add_argument("--job", help=argparse.SUPPRESS)


def _add_bundle(command: argparse.ArgumentParser) -> None:
    command.add_argument("bundle", type=Path, metavar="BUNDLE", help="folder of the bundle")


def _add_data(command: argparse.ArgumentParser) -> None:
    defaults = " or ".join(f"data/{name}" for name in data.SOURCES)
    text = f"folder of the four files of mnist or fashion-mnist (default: {defaults})"
    command.add_argument("--data", type=Path, metavar="FOLDER", help=text)


def _add_output(
    command: argparse.ArgumentParser, text: str, required: bool, what: str = "bundle"
) -> None:
    command.add_argument("--output", type=Path, required=required, metavar="FOLDER", help=text)
    text = f"replace an existing {what} (default: refuse)"
    command.add_argument("--overwrite", action="store_true", help=text)


def _defaults(setting: Setting) -> str:
    """Its default, then those of other families: `mlp; gru for recurrent`."""
    families: dict[str, list[str]] = {}
    for name, networks in users(setting.name).items():
        value = default(name, networks[0], setting.name)
        families.setdefault(setting.text(value), []).append(name)
    if setting.name == "network":
        for name, made in FAMILIES.items():
            families.setdefault(made.networks[0], []).append(name)
    usual = setting.text(setting.default)
    others = [
        f"{value} for {listed(names, 'and')}" for value, names in families.items() if value != usual
    ]
    return "; ".join([usual, *others])
