"""The commands `train` and `estimate`: from settings to a run, a bundle or a time.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aemodels import data, recipes, runs
from aemodels.bundles import bundle
from aemodels.cli import progress
from aemodels.cli.interrupts import recorded_interrupts
from aemodels.cli.output import fail, summary
from aemodels.cli.recipes import comparison
from aemodels.cli.runs import work
from aemodels.config import Config, every_setting
from aemodels.runs.duration import clock
from aemodels.runs.monitor import StopRequested
from aemodels.setting import SettingError

if TYPE_CHECKING:
    from aemodels.runs.trainer import Trained
    from aemodels.training.fit import Fitted


def train(arguments: argparse.Namespace) -> int:
    """Train a new run or, with an output, straight into a bundle."""
    config = _config(arguments)
    if arguments.output is None:
        if arguments.overwrite:
            raise runs.RunError("--overwrite requires --output")
        run, dataset = _new_run(config, arguments)
        code = work(arguments, run, dataset=dataset)
    else:
        if arguments.run_id or arguments.name:
            raise runs.RunError("--output creates no run; leave out --run and --name, or --output")
        code = _train_into(arguments.output, config, arguments)
    if arguments.recipe and not code:
        for line in comparison(recipes.find(arguments.recipe)):
            print(f"ours: {line}")
    return code


def estimate(arguments: argparse.Namespace) -> int:
    """Show where and how long training would run."""
    config = _config(arguments)
    dataset = data.load(config.data.dataset, arguments.data, progress.download)
    from aemodels.training import estimate

    try:
        found = estimate.estimate(config, dataset)
    except SettingError as error:
        if not arguments.json:
            raise
        print(json.dumps({"error": error.args}))
        return 1
    if arguments.json:
        print(json.dumps(dataclasses.asdict(found)))
        return 0
    print(
        f"{found.parameters:,} parameters on {found.device} in {found.precision}: "
        f"{found.seconds_per_epoch:.2g} s per epoch, "
        f"about {clock(max(1, found.seconds))} in total"
    )
    return 0


def _config(arguments: argparse.Namespace) -> Config:
    given = {name: getattr(arguments, name) for name in every_setting()}
    texts = {name: text for name, text in given.items() if text is not None}
    if arguments.recipe is None:
        return Config.parse(texts)
    return recipes.find(arguments.recipe).with_(texts)


def _new_run(config: Config, arguments: argparse.Namespace) -> tuple[runs.Run, data.Dataset]:
    """The new run, created only if it can train here, and its data.

    Raises SettingError, DataError.
    """
    from aemodels.training import hardware

    hardware.device(config.machine.device)
    dataset = data.load(config.data.dataset, arguments.data, progress.download)
    return runs.create(config, arguments.name, arguments.run_id), dataset


def _train_into(output: Path, config: Config, arguments: argparse.Namespace) -> int:
    bundle.check_output(output, arguments.overwrite)
    dataset = data.load(config.data.dataset, arguments.data, progress.download)
    from aemodels.runs import errors, trainer
    from aemodels.training import hardware

    with recorded_interrupts() as interrupts:
        monitor = _OutputMonitor(output, interrupts)
        try:
            trained = trainer.train(config, dataset, output, monitor, overwrite=arguments.overwrite)
        except (RuntimeError, MemoryError) as error:
            if not hardware.out_of_memory(error):
                raise
            sentence = errors.out_of_memory(error, config).removesuffix(".")
            return fail(arguments, f"{sentence}; {_unsaved(output)}", 1)
        finally:
            monitor.close()
    return _report(trained, output, bool(interrupts) or monitor.stopped, arguments)


class _OutputMonitor(progress.TrainingProgress):
    """Shows the progress of training into `output`, and ends it when a signal arrives."""

    def __init__(self, output: Path, interrupts: list[int]) -> None:
        super().__init__()
        self.interrupts = interrupts
        self.stopped = False
        self._replaces = output.exists()

    def stepped(self, done: int, total: int) -> bool:
        super().stepped(done, total)
        return bool(self.interrupts)

    def saving(self, fitted: "Fitted") -> bool:
        super().saving(fitted)
        early = not fitted.training.finished and not fitted.training.epochs
        # Without a completed epoch, there is nothing worth replacing an older bundle with.
        return not (early and self._replaces)

    def measuring(self, fitted: "Fitted") -> None:
        # That signal has been obeyed; only another one cuts measuring short.
        self.stopped = bool(self.interrupts)
        self.interrupts.clear()
        print("measuring on the test images", file=sys.stderr)

    def check(self) -> None:
        if self.interrupts:
            raise StopRequested


def _report(trained: "Trained", output: Path, stopped: bool, arguments: argparse.Namespace) -> int:
    """Print how it ended and the new content of `output`; returns the exit code."""
    facts, failure = trained.fitted.training, trained.fitted.failure
    if failure:
        kept = f"{output} holds epoch {facts.epochs}" if trained.saved else _unsaved(output)
        return fail(arguments, f"{failure}; {kept}; try a smaller --learning-rate", 1)
    if not trained.saved:
        return fail(arguments, f"stopped in the first epoch; {_unsaved(output)}", 130)
    if stopped:
        early = "" if trained.measured else ", not fully measured"
        kept = "the finished model" if facts.finished else _epochs(facts.epochs)
        return fail(arguments, f"stopped; {output} holds {kept}{early}", 130)
    print(f"{output}: {summary(trained.metrics)}")
    return 0


def _unsaved(output: Path) -> str:
    return f"{output} is unchanged" if output.exists() else "nothing was written"


def _epochs(count: int) -> str:
    if not count:
        return "a model from partway through its first epoch"
    return f"{count} completed epoch{'s' * (count > 1)}"
