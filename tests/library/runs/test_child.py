"""Commands in a process of their own: their steps, their answer, and their end before time."""

from pathlib import Path

import pytest

from aemodels import pictures, reader, runs
from aemodels.data import own
from aemodels.runs import child, process
from aemodels.runs.child import Child, Step, StoppedError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    return tmp_path


def no_step(step: Step) -> None:
    raise AssertionError(step)


def test_the_answer_is_the_last_line() -> None:
    made = Child(["data", "add", "scikit-learn-digits", "--name", "small"], 300)
    assert made.run(no_step) == "Train on it: python -m aemodels train --dataset small"
    assert own.names() == ("small",)


def test_a_refusal_is_said_in_its_own_words() -> None:
    made = Child(["train-reader", "--dataset=none", "--steps"], 300)
    with pytest.raises(runs.RunError) as caught:
        made.run(no_step)
    assert str(caught.value).startswith("data set none: must be mnist or fashion-mnist")


def test_one_that_takes_too_long_is_ended() -> None:
    pictures.add("small", "scikit-learn-digits")
    made = process.reader_training("small")
    made.seconds = 0.5
    with pytest.raises(runs.RunError, match=r"^train-reader took longer than 0\.5 seconds$"):
        made.run(lambda step: None)
    assert reader.find("small", own.find("small")) is None


@pytest.mark.parametrize("ignored", [False, True])
def test_one_that_is_stopped_leaves_nothing(ignored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it doesn't end by itself."""
    pictures.add("small", "scikit-learn-digits")
    made = process.reader_training("small")
    steps: list[Step] = []
    if ignored:
        monkeypatch.setattr(child, "STOPPING_SECONDS", 0.1)

    def stop(step: Step) -> None:
        if not steps:
            if ignored:
                assert made._process is not None
                monkeypatch.setattr(made._process, "terminate", lambda: None)
            made.stop()
        steps.append(step)

    with pytest.raises(StoppedError):
        made.run(stop)
    assert made.stopping
    assert 0 < steps[0]["done"] < steps[0]["total"]
    assert {path.name for path in own.folder("small").iterdir()} == {*own.FILES, own.MANIFEST}


def test_one_that_is_stopped_before_it_begins_never_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Child(["data", "add", "scikit-learn-digits", "--name", "small"], 300)
    made.stop()
    with pytest.raises(StoppedError):
        made.run(no_step)
    assert own.names() == ()
