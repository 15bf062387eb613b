"""Handing runs over: in fair order, a few at a time, and each trained once, whatever fails."""

from pathlib import Path

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import engines, jobs, process, request
from aemodels.runs.engine_queue import dispatch, handover, line
from aemodels.runs.engines import EngineError, JobHint, JobState, Needs, chosen
from aemodels.runs.fairness import in_turn
from aemodels.runs.lock import Lost, lock
from aemodels.runs.status import RunState, RunStatus, write_status
from aemodels.runs.transitions import Action
from tests.library.engines.noted import Noted, messages, started


def token(run: runs.Run) -> str:
    job = jobs.pending(run.path)
    assert job
    return job.token


def test_a_persons_twenty_runs_do_not_stand_before_anothers_first(engine: Noted) -> None:
    for number in range(20):
        started(f"ann-{number}", "ann")
    started("bob-1", "bob")
    started("eve-1", "eve")
    started("bob-2", "bob")
    assert messages("ann-0") == ["Queued."]
    assert dispatch.hand_over(engine)
    assert [name for name, _ in engine.started] == ["ann-0", "bob-1", "eve-1", "ann-1"]
    assert messages("bob-1", "ann-1", "bob-2", "ann-2", "ann-19") == [
        "Queued, second in line.",
        "Queued, fourth in line.",
        "Queued, fifth in line.",
        "Queued, sixth in line.",
        "Queued, number 23 in line.",
    ]
    engine.jobs["job 1"] = JobHint(JobState.BEGUN)
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started[4:]] == ["bob-2"]
    assert messages("ann-0", "bob-1") == ["Starting.", "Queued, first in line."]


def test_a_run_that_is_trained_counts_for_its_owner(home: Path) -> None:
    made = [runs.create(Config(), id=f"{who}-{n}", owner=who) for n in (1, 2) for who in "ab"]
    assert [run.id for run in in_turn(made, [])] == ["a-1", "b-1", "a-2", "b-2"]
    write_status(made[0].path, RunStatus(RunState.FINISHED, begun=1.0))
    # Who has just been served comes last among equals.
    assert [run.id for run in in_turn(made[2:], [runs.read("a-1")])] == ["b-2", "a-2"]
    nobody = [runs.create(Config(), id=f"n-{n}") for n in range(3)]
    assert in_turn(reversed(nobody), made) == nobody


def test_how_many_wait_in_the_engine_is_a_setting(
    engine: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        started(f"r-{number}")
    monkeypatch.setenv("LATENT_LAB_ENGINE_QUEUE", "no")
    dispatch.hand_over(engine)
    says = "LATENT_LAB_ENGINE_QUEUE=no: must be a whole number from 1 to 10000."
    assert messages("r-0") == [f"Queued, first in line. {says}"]
    monkeypatch.setenv("LATENT_LAB_ENGINE_QUEUE", "2")
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started] == ["r-0", "r-1"]
    assert messages("r-0") == ["Queued, first in line."]


def test_a_job_begins_once_and_only_while_the_run_waits_for_it(engine: Noted) -> None:
    run = started("once")
    first = token(run)
    with pytest.raises(runs.RunError, match="once is already being trained"):
        process.start(run)
    with pytest.raises(runs.RunError, match="already being trained"), process.claim(run):
        pass
    with (
        pytest.raises(runs.RunError, match="no longer waits for this job"),
        process.claim(run, job="other"),
    ):
        pass
    with process.claim(run, job=first):
        assert jobs.pending(run.path) is None
        found = jobs.begun(run.path)
        assert found
        assert found.token == first
        write_status(run.path, RunStatus(RunState.STOPPED))
    # The engine starts it again, as after a failure of its own.
    with (
        pytest.raises(runs.RunError, match="no longer waits for this job"),
        process.claim(run, job=first),
    ):
        pass
    process.start(run)
    assert token(run) != first
    with (
        pytest.raises(runs.RunError, match="no longer waits for this job"),
        process.claim(run, job=first),
    ):
        pass


def test_a_cancelled_run_is_stopped_at_once_and_the_engine_told_later(engine: Noted) -> None:
    run = started("away")
    dispatch.hand_over(engine)
    engine.reachable = False
    old = token(run)
    request.send(run, Action.STOP)
    ended = runs.read("away")
    assert (ended.state, ended.message) == ("stopped", "Cancelled before it started.")
    with pytest.raises(runs.RunError, match="no longer waits"), process.claim(run, job=old):
        pass
    dispatch.hand_over(engine)
    assert not engine.cancelled
    engine.reachable = True
    assert not dispatch.hand_over(engine)
    assert engine.cancelled == ["job 1"]
    runs.delete(run)
    assert not dispatch.hand_over(engine)
    assert engine.cancelled == ["job 1"]


def test_an_engine_that_is_away_loses_nothing_and_says_so(engine: Noted) -> None:
    started("a")
    engine.reachable = False
    dispatch.hand_over(engine)
    assert messages("a") == ["Queued, first in line. it can't be reached."]
    engine.reachable = True
    dispatch.hand_over(engine)
    engine.reachable = False
    started("b")
    dispatch.hand_over(engine)
    assert messages("a", "b") == [
        "Queued, first in line. it can't be reached.",
        "Queued, second in line. it can't be reached.",
    ]
    engine.reachable = True
    dispatch.hand_over(engine)
    assert [name for name, _ in engine.started] == ["a", "b"]


def test_a_job_that_the_engine_has_forgotten_is_handed_over_under_another_token(
    engine: Noted,
) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    old = token(run)
    engine.jobs.clear()
    dispatch.hand_over(engine)
    assert engine.started == [("a", old), ("a", token(run))]
    assert token(run) != old
    with pytest.raises(runs.RunError, match="no longer waits"), process.claim(run, job=old):
        pass
    with process.claim(run, job=token(run)):
        pass


def test_an_engine_that_may_only_be_late_is_given_time(
    engine: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "DOUBT_SECONDS", 1e9)
    started("a")
    dispatch.hand_over(engine)
    engine.jobs.clear()
    dispatch.hand_over(engine)
    assert len(engine.started) == 1


def test_a_job_that_ended_before_it_began_is_not_started_again(engine: Noted) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    said = "Job failed:\n  No module named aemodels\n"
    engine.jobs["job 1"] = JobHint(JobState.GONE, said)
    dispatch.hand_over(engine)
    found = runs.read("a")
    assert found.state == "interrupted"
    assert found.message == (
        "It has not started: the engine ended its job before it began (No module named aemodels)."
    )
    assert not dispatch.hand_over(engine)
    process.start(run)
    assert messages("a")[0].startswith("Queued")


def test_why_a_job_ended_is_in_the_log_and_said_once(engine: Noted) -> None:
    """Of a run that was trained before; its old log isn't taken for the new one's."""
    run = runs.create(Config(), id="a")
    write_status(run.path, RunStatus(RunState.STOPPED, epoch=2))
    log = run.path / "log.txt"
    log.write_text("run a\na: stopped\n", "utf-8")
    for said, reason in (
        ("", "Job failed."),
        (
            "\n/usr/bin/python: No module named aemodels.\n",
            "/usr/bin/python: No module named aemodels",
        ),
        (
            "slurmstepd: error: Detected 1 oom_kill event in StepId=7.\n",
            "there was not enough memory",
        ),
    ):
        process.start(run)
        dispatch.hand_over(engine)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(said)
        engine.jobs[f"job {len(engine.started)}"] = JobHint(JobState.GONE, "Job failed.\n")
        dispatch.hand_over(engine)
        found = runs.read("a")
        assert found.state == "interrupted"
        assert found.message == (
            "It has not continued: the engine ended its job before it began "
            f"({reason.rstrip('.')})."
        )


@pytest.mark.parametrize("value", ["1e999", "-1", "null", "[]", '"x"', "1" + 30 * "0"])
def test_a_damaged_size_of_the_log_does_no_harm(value: str, engine: Noted) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    (run.path / "log.txt").write_text("bad news\n", "utf-8")
    file = run.path / "job.json"
    before = file.read_text("utf-8")
    file.write_text(before.replace('"logged": 0', f'"logged": {value}'), "utf-8")
    assert file.read_text("utf-8") != before
    engine.jobs["job 1"] = JobHint(JobState.GONE, "Job failed.")
    dispatch.hand_over(engine)
    reason = "Job failed" if value.startswith("10") else "bad news"
    assert runs.read("a").message.endswith(f"before it began ({reason}).")


def test_a_lost_lock_is_a_sentence_and_no_trouble_of_the_line(
    engine: Noted, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(*given: object) -> None:
        raise Lost("process 7 on elsewhere has taken it over")

    run = started("a")
    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "write_status", lost)
        with pytest.raises(runs.RunError, match=r"^a is being changed by another program; try"):
            request.send(run, Action.STOP)
    assert messages("a") == ["Queued."]
    monkeypatch.setattr(dispatch, "hand_over", lost)
    monkeypatch.setattr(dispatch, "_queues", lambda: False)
    monkeypatch.setattr(dispatch, "ROUND_SECONDS", 0.0)
    dispatch._serve()
    assert capsys.readouterr().err == ""


def test_what_a_killed_program_left_of_the_line_is_swept(engine: Noted) -> None:
    started("a")
    line.home().mkdir(parents=True)
    left = [line.home() / name for name in (".line.json.0123abcd.new", ".line.json.new")]
    for path in left:
        path.write_text("{", "utf-8")
    dispatch.hand_over(engine)
    assert [path for path in left if path.exists()] == []
    assert messages("a") == ["Queued, first in line."]


def test_a_run_that_began_meanwhile_is_not_given_up(engine: Noted) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    engine.jobs["job 1"] = JobHint(JobState.GONE)
    with lock(run.path):
        handover.give_up(run, token(run), "")
    assert runs.read("a").state == "waiting"
    with process.claim(run, job=token(run)):
        write_status(run.path, RunStatus(RunState.FINISHED))
    dispatch.hand_over(engine)
    assert runs.read("a").state == "finished"
    assert not engine.cancelled


def test_another_engine_gets_what_the_last_one_had(engine: Noted) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    old = token(run)
    other = Noted("another")
    dispatch.hand_over(other)
    assert other.started == [("a", token(run))]
    assert token(run) != old
    job = jobs.pending(run.path)
    assert job
    assert job.engine == "another"


def test_a_new_program_goes_on_where_the_last_one_was_killed(engine: Noted) -> None:
    run = started("a")
    dispatch.hand_over(engine)
    # As if it had been killed after the engine's answer, before it was written down.
    line.write(line.Line())
    dispatch.hand_over(engine)
    # The same token, so that one of them begins.
    assert engine.started == [("a", token(run))] * 2
    line.write(line.read())
    dispatch.hand_over(engine)
    assert len(engine.started) == 2


def test_one_program_at_a_time_hands_over(engine: Noted) -> None:
    started("a")
    line.home().mkdir(parents=True)
    with lock(line.home()), pytest.raises(runs.RunError):
        dispatch.hand_over(engine)
    assert not engine.started


@pytest.mark.parametrize("content", ["", "[]", '{"handed": 1}', '{"handed": {"a": {}}}'])
def test_a_damaged_line_is_an_empty_one(content: str, engine: Noted) -> None:
    started("a")
    line.home().mkdir(parents=True)
    (line.home() / "line.json").write_text(content)
    assert line.read() == line.Line()
    assert messages("a") == ["Queued."]


def test_the_engine_is_named_by_a_variable(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not chosen.current().queues
    assert process.can_train()
    for value in ("slurm", "ray+http://", "ray+ftp://head", "ray+http://head:port"):
        monkeypatch.setenv("LATENT_LAB_ENGINE", value)
        with pytest.raises(EngineError, match="must be "):
            chosen.current()
        (complaint,) = engines.complaints()
        assert complaint.startswith((value, f"LATENT_LAB_ENGINE={value}"))
        run = runs.create(Config())
        with pytest.raises(runs.RunError, match="must be "):
            process.start(run)
        assert runs.read(run.id).state == "interrupted"
    monkeypatch.setenv("LATENT_LAB_ENGINE", "ray+http://head:8265")
    monkeypatch.setattr(process, "has_torch", lambda: False)
    assert process.can_train()
    with pytest.raises(runs.RunError, match="no time estimate: PyTorch"):
        process.estimate(Config())


def test_what_a_run_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = Config(), Config.of(hidden=(4096, 4096), batch_size=2048)
    needs = engines.needs_of(small)
    assert (needs.cpus, needs.gpus) == (1, 0)
    # Measured: 1.1 GB.
    assert 1.1e9 < needs.memory < 2e9
    assert engines.needs_of(large).memory > 2 * needs.memory
    assert engines.needs_of(small.with_(device="cuda")).gpus == 1
    monkeypatch.setenv("LATENT_LAB_GPU_SHARE", ".25")
    monkeypatch.setenv("LATENT_LAB_ENGINE_CPUS", "2")
    assert engines.needs_of(small) == Needs(2, 0.25, needs.memory)
    assert engines.needs_of(small.with_(device="cpu")).gpus == 0
    assert engines.needs_of(Config.of("pca")).gpus == 0
    monkeypatch.setenv("LATENT_LAB_ENGINE_CPUS", "1.5")
    with pytest.raises(runs.RunError, match=r"LATENT_LAB_ENGINE_CPUS=1.5: must be a whole number"):
        engines.needs_of(small)
