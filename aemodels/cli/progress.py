"""Progress on one line: of training, with losses and the time left, and of a download."""

import argparse
import json
import shutil
import sys
from time import perf_counter
from typing import TYPE_CHECKING, TextIO

from aemodels.runs.duration import clock
from aemodels.runs.monitor import Monitor

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder
    from aemodels.training.fit import Fitted
    from aemodels.training.loop import Record, Training

WIDTH = 20
# Often enough to look responsive, seldom enough to cost nothing.
PAUSE_SECONDS = 0.1
TELLING_SECONDS = 0.5


class ProgressBar:
    """On a terminal, one line that is redrawn; elsewhere one line per epoch, fit for a log."""

    def __init__(self, epochs: int, stream: TextIO | None = None, skipped: int = 0) -> None:
        """`skipped` of the epochs were done before and don't count for the time left."""
        self.epochs = epochs
        self.skipped = skipped
        self.stream = stream or sys.stderr
        self.terminal = self.stream.isatty()
        self.start = perf_counter()
        self.drawn = 0.0
        self.losses = "loss ..."

    def step(self, done: int, total: int) -> None:
        """`done` of `total` steps are completed."""
        now = perf_counter()
        if self.terminal and (now - self.drawn > PAUSE_SECONDS or done == total):
            self.drawn = now
            room = shutil.get_terminal_size().columns - 1
            self.stream.write("\r" + self.line(done, total, now - self.start)[:room] + "\x1b[K")
            self.stream.flush()

    def epoch(self, number: int, train_loss: float, test_loss: float) -> None:
        """Epoch `number` is completed with these losses."""
        self.losses = f"loss {train_loss:.2f}, test {test_loss:.2f}"
        if not self.terminal:
            text = self.line(number, self.epochs, perf_counter() - self.start)
            self.stream.write(text.partition("] ")[2] + "\n")
            self.stream.flush()

    def line(self, done: int, total: int, seconds: float) -> str:
        """The text after `seconds`, with `done` of `total` steps completed."""
        bar = ("#" * (WIDTH * done // total)).ljust(WIDTH, ".")
        epoch = -(-done * self.epochs // total)
        left = clock(seconds / (done - self.skipped * total / self.epochs) * (total - done))
        return f"[{bar}] epoch {epoch}/{self.epochs}  {self.losses}  {left} left"

    def close(self) -> None:
        """Keep the bar and start a new line."""
        if self.terminal and self.drawn:
            self.stream.write("\n")
            self.stream.flush()
            self.drawn = 0.0


class TrainingProgress(Monitor):
    """Shows training as a progress bar."""

    def __init__(self) -> None:
        self._bar: ProgressBar | None = None

    def started(self, training: "Training[Autoencoder]") -> None:
        self._bar = ProgressBar(training.epochs, skipped=training.epoch)

    def stepped(self, done: int, total: int) -> bool:
        if self._bar:
            self._bar.step(done, total)
        return False

    def recorded(self, training: "Training[Autoencoder]", record: "Record") -> None:
        if self._bar:
            self._bar.epoch(record.epoch, record.train["loss"], record.test["loss"])

    def saving(self, fitted: "Fitted") -> bool:
        self.close()
        return True

    def close(self) -> None:
        """Keep the bar and start a new line."""
        if self._bar:
            self._bar.close()


def add_steps(command: argparse.ArgumentParser) -> None:
    """An option for the app alone, which shows how far the command is."""
    command.add_argument("--steps", action="store_true", help=argparse.SUPPRESS)


def tell_step(**facts: object) -> None:
    """Print a step for the app, which reads it in `aemodels.runs.child`."""
    print(json.dumps(facts), flush=True)


class ToldProgress(ProgressBar):
    """Steps for the app, a few a second."""

    def step(self, done: int, total: int) -> None:
        now = perf_counter()
        if now - self.drawn > TELLING_SECONDS or done == total:
            self.drawn = now
            tell_step(done=done, total=total)

    def epoch(self, number: int, train_loss: float, test_loss: float) -> None:
        """What the steps don't tell isn't told."""


def download(file: str, done: int, total: int) -> None:
    """Show a download on one line of a terminal; elsewhere, only its end."""
    terminal, whole = sys.stderr.isatty(), done == total
    if terminal:
        share = f"{done / total:4.0%}" if total else f"{done >> 20} MB"
        sys.stderr.write(f"\r{file} {share}\x1b[K" + "\n" * whole)
        sys.stderr.flush()
    elif whole:
        sys.stderr.write(f"{file}: {done:,} bytes\n")
