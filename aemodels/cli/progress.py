"""Progress on one line: of a training with its losses and the time left, and of a download."""

import shutil
import sys
from time import perf_counter
from typing import TextIO

WIDTH = 20
# Often enough to look alive, seldom enough to cost nothing.
PAUSE_SECONDS = 0.1


class ProgressBar:
    """On a terminal one line, drawn again and again; elsewhere one line an epoch, fit for a log."""

    def __init__(self, epochs: int, stream: TextIO | None = None, skipped: int = 0) -> None:
        """`skipped` of the epochs were done before, so they tell nothing about the time left."""
        self.epochs = epochs
        self.skipped = skipped
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.start = perf_counter()
        self.drawn = 0.0
        self.losses = "loss ..."

    def step(self, done: int, total: int) -> None:
        """`done` of `total` steps are behind us."""
        now = perf_counter()
        if self.live and (now - self.drawn > PAUSE_SECONDS or done == total):
            self.drawn = now
            room = shutil.get_terminal_size().columns - 1
            self.stream.write("\r" + self.line(done, total, now - self.start)[:room] + "\x1b[K")
            self.stream.flush()

    def epoch(self, number: int, train_loss: float, test_loss: float) -> None:
        """Epoch `number` is over and gave these losses."""
        self.losses = f"loss {train_loss:.2f}, test {test_loss:.2f}"
        if not self.live:
            text = self.line(number, self.epochs, perf_counter() - self.start)
            self.stream.write(text.partition("] ")[2] + "\n")
            self.stream.flush()

    def line(self, done: int, total: int, seconds: float) -> str:
        """The text after `seconds`, with `done` of `total` behind us."""
        bar = ("#" * (WIDTH * done // total)).ljust(WIDTH, ".")
        epoch = -(-done * self.epochs // total)
        left = clock(seconds / (done - self.skipped * total / self.epochs) * (total - done))
        return f"[{bar}] epoch {epoch}/{self.epochs}  {self.losses}  {left} left"

    def close(self) -> None:
        """Leave the bar standing and start a new line."""
        if self.live and self.drawn:
            self.stream.write("\n")
            self.stream.flush()


def download(file: str, done: int, total: int) -> None:
    """How far a download is, on one line of a terminal; elsewhere only that it begins and ends."""
    live, whole = sys.stderr.isatty(), done == total
    if live:
        share = f"{done / total:4.0%}" if total else f"{done >> 20} MB"
        sys.stderr.write(f"\r{file} {share}\x1b[K" + "\n" * whole)
        sys.stderr.flush()
    elif whole:
        sys.stderr.write(f"{file}: {done:,} bytes\n")


def clock(seconds: float) -> str:
    """75.2 -> 1:15."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
