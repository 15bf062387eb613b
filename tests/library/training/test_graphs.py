"""The order in which a GPU gets what is recorded for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

from aemodels.training import graphs


class Stream:
    """Of a GPU that isn't there; says what it waits for."""

    def __init__(self, device: object = None) -> None:
        self.waits: list[Stream] = []

    def wait_stream(self, other: "Stream") -> None:
        self.waits.append(other)


class Graph:
    def __init__(self) -> None:
        self.states: list[torch.Generator] = []

    def register_generator_state(self, state: torch.Generator) -> None:
        self.states.append(state)

    def replay(self) -> None: ...


def test_replays_wait_for_the_stream_in_which_the_noise_was_prepared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a busy GPU draws the same noise twice, as one did."""
    usual, recording = Stream(), []

    @contextmanager
    def graph(made: Graph, stream: Stream, capture_error_mode: str) -> Iterator[None]:
        recording.append(stream)
        yield
        # What is recorded is whole, and nobody has waited for it yet.
        assert usual.waits == []

    monkeypatch.setattr(torch.cuda, "current_stream", lambda: usual)
    monkeypatch.setattr(torch.cuda, "Stream", Stream)
    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "graph", graph)
    calls: list[str] = []
    replay = graphs.record(lambda: calls.append("work"), torch.Generator())
    assert calls == ["work"]
    assert usual.waits == recording
    assert recording[0] is not usual
    replay()
