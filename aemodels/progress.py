"""A progress bar of one line: how far, the last losses, time left."""

import sys
from time import perf_counter
from typing import TextIO

WIDTH = 24
# Often enough to look alive, seldom enough to cost nothing.
SECONDS_BETWEEN = 0.1


class ProgressBar:
    """Redraws one line on a terminal; elsewhere prints one line an epoch, so that a log stays readable."""

    def __init__(self, epochs: int, stream: TextIO = sys.stderr) -> None:
        self.epochs, self.stream = epochs, stream
        self.live = stream.isatty()
        self.start = perf_counter()
        self.drawn = 0.0
        self.losses = ""

    def step(self, done: int, total: int) -> None:
        """Show that `done` of `total` steps are behind us."""
        now = perf_counter()
        if self.live and (now - self.drawn > SECONDS_BETWEEN or done == total):
            self.drawn = now
            self.stream.write("\r" + self.line(done, total, now - self.start) + "\x1b[K")
            self.stream.flush()

    def epoch(self, number: int, train_loss: float, test_loss: float, seconds: float) -> None:
        """Show what an epoch gave."""
        self.losses = f"loss {train_loss:.2f}, test {test_loss:.2f}"
        if not self.live:
            left = clock(seconds / number * (self.epochs - number))
            self.stream.write(f"epoch {number}/{self.epochs}  {self.losses}  {left} left\n")
            self.stream.flush()

    def line(self, done: int, total: int, seconds: float) -> str:
        """The text of the bar after `seconds`."""
        full = WIDTH * done // total
        bar = "█" * full + "·" * (WIDTH - full)
        epoch = min(self.epochs, 1 + done * self.epochs // total)
        left = clock(seconds / done * (total - done))
        return f"{bar} epoch {epoch}/{self.epochs}  {self.losses or 'loss …'}  {left} left"

    def close(self) -> None:
        """Leave the bar where it is and start a new line."""
        if self.live:
            self.stream.write("\n")
            self.stream.flush()


def clock(seconds: float) -> str:
    """75.2 -> 1:15."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
