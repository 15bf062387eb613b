"""Estimates are made one at a time, in the order in which they are asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

import pytest
import streamlit as st

from aemodels.config import Config
from aemodels.runs import RunError, process
from aemodels.training.estimate import Estimate
from ui import time_estimate, turns
from ui.turns import Line

FACTS = Estimate(device="cpu", precision="fp32", parameters=1, seconds_per_epoch=1.0, seconds=1.0)


class Slow:
    """An estimate that lasts until it may end; counts how many are made at once."""

    def __init__(self) -> None:
        self.at_once = self.most = 0
        self.order: list[int] = []
        self.begun, self.may_end = threading.Semaphore(0), threading.Semaphore(0)

    def __call__(self, config: Config) -> Estimate:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.order.append(config.network.latent_dim)
        self.begun.release()
        assert self.may_end.acquire(timeout=60)
        self.at_once -= 1
        return FACTS


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    found = Slow()
    monkeypatch.setattr(process, "estimate", found)
    monkeypatch.setattr(time_estimate, "LINE", Line(time_estimate.BUSY))
    st.cache_data.clear()
    return found


@contextmanager
def asking(size: int) -> Iterator[threading.Thread]:
    """A thread that asks for the estimate of a model of this size and has its place in the line."""
    before = len(time_estimate.LINE._places)
    thread = threading.Thread(target=time_estimate.of, args=(Config.of("vae", latent_dim=size),))
    thread.start()
    while len(time_estimate.LINE._places) == before:
        sleep(0.001)
    yield thread
    thread.join()


def test_one_process_at_a_time_in_order(slow: Slow) -> None:
    with asking(2), asking(3), asking(4):
        for _ in range(3):
            assert slow.begun.acquire(timeout=60)
            slow.may_end.release()
    assert slow.most == 1
    assert slow.order == [2, 3, 4]
    assert not time_estimate.LINE._places


def test_whoever_waits_too_long_reads_what_helps(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asking(2):
        monkeypatch.setattr(time_estimate, "PATIENCE_SECONDS", 0.0)
        with pytest.raises(RunError, match=r"others wait for theirs; .*choose Full or Epochs"):
            time_estimate.of(Config.of("vae", latent_dim=3))
        slow.may_end.release()
    # It has left the line, and a failure does too.
    with pytest.raises(ZeroDivisionError), time_estimate.LINE.turn(60):
        1 / 0  # noqa: B018
    with time_estimate.LINE.turn(60):
        pass
    assert slow.order == [2]


def test_whoever_has_left_makes_room(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit ends a run of a page that another one replaces, or whose visitor has left."""

    class LeftError(Exception):
        pass

    class Context:
        @staticmethod
        def yield_check() -> None:
            raise LeftError

    with asking(2):
        monkeypatch.setattr(turns, "get_script_run_ctx", lambda **_: Context)
        with pytest.raises(LeftError), time_estimate.LINE.turn(60):
            pytest.fail("it isn't its turn")
        assert len(time_estimate.LINE._places) == 1
        slow.may_end.release()
