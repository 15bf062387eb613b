"""Jobs that never begin don't keep everybody else waiting."""

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import engines, process
from aemodels.runs.engine_queue import dispatch, slots
from aemodels.runs.engines import JobHint, JobState
from tests.library.engines.noted import Noted, messages, started

GPU = Config.of(device="cuda")
LARGE = Config.of(hidden=(4096, 4096))


def start(name: str, owner: str, config: Config) -> runs.Run:
    run = runs.create(config, id=name, owner=owner)
    process.start(run)
    return run


def handed(engine: Noted) -> list[str]:
    dispatch.hand_over(engine)
    return [name for name, _ in engine.started]


@pytest.mark.parametrize("stuck", [GPU, LARGE])
def test_a_run_that_needs_less_is_not_held_up(stuck: Config, engine: Noted) -> None:
    first = [start(f"stuck-{number}", "ann", stuck).id for number in range(6)]
    assert handed(engine) == first[:4]
    # Not even one of the same person.
    started("bob", "bob")
    started("ann", "ann")
    assert handed(engine) == [*first[:4], "bob", "ann"]


def test_one_that_needs_more_waits_behind_those_that_need_less(engine: Noted) -> None:
    small = [started(f"small-{number}", "ann").id for number in range(4)]
    assert handed(engine) == small
    start("gpu", "bob", GPU)
    start("large", "bob", LARGE)
    # A trifle less is no less.
    start("trifle", "bob", Config.of(hidden=(500,)))
    assert handed(engine) == small


def test_what_the_engine_has_held_for_long_holds_up_its_owner_alone(
    engine: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        started(f"ann-{number}", "ann")
    for number in range(6):
        started(f"bob-{number}", "bob")
    assert handed(engine) == ["ann-0", "bob-0", "ann-1", "bob-1"]
    monkeypatch.setattr(slots, "HELD_SECONDS", 0.0)
    # Each person has as many there as one alone would have.
    assert sorted(handed(engine)[4:]) == ["ann-2", "ann-3", "bob-2", "bob-3"]
    started("eve-0", "eve")
    assert handed(engine)[8:] == ["eve-0"]
    assert messages("ann-0", "ann-4") == [
        f"Queued, first in line. {slots.SLOW}",
        "Queued, tenth in line.",
    ]
    # One that begins after all makes room.
    engine.jobs["job 1"] = JobHint(JobState.BEGUN)
    assert handed(engine)[9:] == ["ann-4"]


def test_a_new_token_does_not_begin_the_wait_anew(
    engine: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(slots, "monotonic", lambda: clock[0])
    for number in range(4):
        started(f"ann-{number}", "ann")
    assert len(handed(engine)) == 4
    clock[0] += slots.HELD_SECONDS - 1
    # As Ray, which forgets a job that has waited for a quarter of an hour.
    engine.jobs.clear()
    assert len(handed(engine)) == 8
    started("bob", "bob")
    assert len(handed(engine)) == 8
    clock[0] += 2
    assert handed(engine)[8:] == ["bob"]


def test_what_cannot_be_used_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engines.complaints() == slots.complaints() == []
    for value in ("0", "many", "5²"):
        monkeypatch.setenv("LATENT_LAB_ENGINE_QUEUE", value)
        (complaint,) = slots.complaints()
        says = f"LATENT_LAB_ENGINE_QUEUE={value}: must be a whole number from 1 to 10000."
        assert complaint == says
    for name, values, must in (
        ("LATENT_LAB_GPU_SHARE", ("0", "-1", "2", "nan", "half"), "a number above 0 and at most 1"),
        ("LATENT_LAB_ENGINE_CPUS", ("0", "1.5", "inf"), "a whole number from 1 to 1024"),
    ):
        for value in values:
            monkeypatch.setenv(name, value)
            assert engines.complaints() == [f"{name}={value}: must be {must}."]
            with pytest.raises(runs.RunError, match=f"{name}={value}"):
                engines.needs_of(Config())
        monkeypatch.setenv(name, "1")
        assert engines.complaints() == []
