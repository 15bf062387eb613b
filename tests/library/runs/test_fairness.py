"""Whose turn it is, simulated with one device and made-up runs."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aemodels.config import Config
from aemodels.runs import queue
from aemodels.runs.fairness import in_turn
from aemodels.runs.run import Run
from aemodels.runs.status import RunState, RunStatus


def a_run(number: int, owner: str = "", state: RunState = RunState.WAITING) -> Run:
    return Run(
        id=f"run-{number}",
        path=Path(f"run-{number}"),
        name=f"run {number}",
        created=f"{number:06}",
        config=Config(),
        phases=(1,),
        planned=(1,),
        command="",
        status=RunStatus(state, device="cpu"),
        owner=owner,
    )


def served(arrivals: dict[int, list[Run]], turns: int) -> Iterator[Run]:
    """The runs in the order in which one device trains them; new ones arrive at these turns."""
    waiting: list[Run] = []
    past: list[Run] = []
    for turn in range(turns):
        waiting += arrivals.get(turn, [])
        random.Random(turn).shuffle(waiting)
        if not waiting:
            continue
        (first, *rest) = in_turn(waiting, past)
        waiting = rest
        yield first
        past.append(replace(first, status=RunStatus(RunState.FINISHED, begun=turn + 1.0)))


def names(runs: Iterator[Run]) -> list[str]:
    return [run.owner for run in runs]


def test_where_nobody_is_told_apart_the_oldest_comes_first() -> None:
    runs = [a_run(number) for number in range(50)]
    using = a_run(99, state=RunState.RUNNING)
    for seed in range(20):
        shuffled = random.Random(seed).sample(runs, len(runs))
        assert in_turn(shuffled, [using]) == runs


def test_twenty_runs_of_one_person_do_not_stand_before_the_first_of_another() -> None:
    first = [a_run(number, "ann") for number in range(20)]
    later = [a_run(100 + number, owner) for number, owner in enumerate(("bob", "cid", "dan"))]
    order = names(served({0: first, 1: later}, 23))
    assert order[:6] == ["ann", "bob", "cid", "dan", "ann", "ann"]
    # Not even where the one that stood before theirs has just ended.
    using = replace(first[0], status=RunStatus(RunState.FINISHED, begun=1.0))
    assert in_turn([*first[1:], *later], [using])[:3] == later


def test_who_comes_again_and_again_does_not_keep_another_waiting() -> None:
    first = [a_run(number, "ann") for number in range(10)]
    stream = {turn: [a_run(100 + turn, "bob")] for turn in range(20)}
    order = names(served({**stream, 0: [*first, *stream[0]]}, 20))
    assert order == ["ann", "bob"] * 10


def test_all_persons_get_equal_shares_and_each_persons_runs_keep_their_order() -> None:
    runs = [a_run(number, random.Random(number).choice("abcdefgh")) for number in range(400)]
    done = list(served({0: runs}, 400))
    for owner in "abcdefgh":
        own = [run.created for run in done if run.owner == owner]
        assert own == sorted(own)
    # As long as everybody has runs left, nobody is two ahead of another.
    left = {owner: sum(run.owner == owner for run in runs) for owner in "abcdefgh"}
    count = dict.fromkeys(left, 0)
    for run in done:
        count[run.owner] += 1
        if any(count[owner] == left[owner] for owner in left):
            break
        assert max(count.values()) - min(count.values()) <= 1


def test_a_later_run_of_the_same_owner_moves_none_that_waits() -> None:
    waiting = [a_run(number, owner) for number, owner in enumerate("aabbcabcac")]
    for count in range(1, len(waiting)):
        before = in_turn(waiting[:count], [])
        after = in_turn(waiting[: count + 1], [])
        after.remove(waiting[count])
        assert after == before


@pytest.mark.parametrize("elsewhere", ["other-host", "this-host"])
def test_a_device_is_that_of_one_host(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "this-host")

    def placed(run: Run, where: str, device: str = "cpu") -> Run:
        return replace(run, status=replace(run.status, host=where, device=device))

    mine = placed(a_run(5), "this-host")
    using = placed(a_run(9, state=RunState.RUNNING), elsewhere)
    older, younger = placed(a_run(1), elsewhere), placed(a_run(7), elsewhere)
    gpu = placed(a_run(2), "this-host", "cuda")
    gone = placed(a_run(0, state=RunState.INTERRUPTED), "this-host")
    found = [mine, using, older, younger, gpu, gone]
    before = queue.ahead(mine, "cpu", found)
    if elsewhere == "this-host":
        assert before == [using, older]
        assert queue.words("cpu", before, found) == "Waiting for the CPU (after “run 9”)."
    else:
        assert before == []
        said = "Waiting for the CPU of this-host (after another program)."
        assert queue.words("cpu", before, found) == said
