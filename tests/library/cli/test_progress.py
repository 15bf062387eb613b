"""The progress bar on a terminal and in a log."""

import io

import pytest

from aemodels.cli import progress
from aemodels.runs.duration import clock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_line_shows_epoch_losses_and_time_left() -> None:
    bar = progress.ProgressBar(10, io.StringIO())
    assert bar.line(1, 100, 2.0) == "[" + "." * 20 + "] epoch 1/10  loss ...  3 min 18 s left"
    bar.epoch(5, 140.257, 141)
    assert (
        bar.line(50, 100, 30.0)
        == "[##########..........] epoch 5/10  loss 140.26, test 141.00  30 s left"
    )
    assert bar.line(51, 100, 30.0).split()[2] == "6/10"


def test_terminal_has_one_line_that_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PAUSE_SECONDS", 0)
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    bar = progress.ProgressBar(2, stream)
    for done in range(1, 5):
        bar.step(done, 4)
        if done % 2 == 0:
            bar.epoch(done // 2, 1.0, 2.0)
    bar.close()
    text = stream.getvalue()
    assert text.count("\n") == 1
    drawn = text.replace("\x1b[K", "").strip().split("\r")
    assert len(drawn) == 4
    assert all(len(line) <= 39 for line in drawn)


def test_log_has_one_line_an_epoch() -> None:
    stream = io.StringIO()
    bar = progress.ProgressBar(2, stream)
    for done in range(1, 5):
        bar.step(done, 4)
    bar.epoch(1, 1.5, 2.5)
    bar.epoch(2, 1.25, 2.25)
    bar.close()
    assert [line[:34] for line in stream.getvalue().splitlines()] == [
        "epoch 1/2  loss 1.50, test 2.50  0",
        "epoch 2/2  loss 1.25, test 2.25  0",
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (75.2, "1 min 15 s"), (3600, "1 h 0 min"), (9000, "2 h 30 min")],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text
