"""Commands in a process of their own: their steps, their answer, and their end before time."""

import sys
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
    made = Child(["data", "add", "scikit-learn-digits", "--name", "small"], 300, "it")
    assert made.run(no_step) == "Train on it: python -m aemodels train --dataset small"
    assert own.names() == ("small",)


def test_a_refusal_is_said_in_its_own_words() -> None:
    made = Child(["train-reader", "--dataset=none", "--steps"], 300, "the training")
    with pytest.raises(runs.RunError) as caught:
        made.run(no_step)
    assert str(caught.value).startswith("data set none: must be mnist or fashion-mnist")


def test_one_that_takes_too_long_is_ended() -> None:
    pictures.add("small", "scikit-learn-digits")
    made = process.reader_training("small")
    made.seconds = 0.6
    with pytest.raises(runs.RunError, match=r"^the training took longer than 1 s$"):
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
    made = Child(["data", "add", "scikit-learn-digits", "--name", "small"], 300, "it")
    made.stop()
    with pytest.raises(StoppedError):
        made.run(no_step)
    assert own.names() == ()


def saying(monkeypatch: pytest.MonkeyPatch, code: str) -> Child:
    """A command whose process is this Python code."""
    monkeypatch.setattr(child, "here", lambda words: [sys.executable, "-c", code])
    return Child(["train-reader"], 300, "the training")


def test_only_a_json_object_is_a_step_and_each_is_told_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = ('{"done": 1}', "", "{not JSON", "  ", '{"done": 2}', "small: reads 90%", "")
    steps: list[Step] = []
    made = saying(monkeypatch, "".join(f"print({line!r});" for line in lines))
    assert made.run(steps.append) == "small: reads 90%"
    assert steps == [{"done": 1}, {"done": 2}]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/srv/my lab/small/reader: No space left", "reader: No space left"),
        ("output=/srv/lab/reader: is not a folder", "output=reader: is not a folder"),
        (r"C:\Users\me\reader: No space left", "reader: No space left"),
        (
            "/reader: 5 of 28 / 28 and/or https://a.org/b/c; use /srv/a/b",
            "reader: 5 of 28 / 28 and/or https://a.org/b/c; use b",
        ),
    ],
)
def test_a_refusal_names_no_folders(monkeypatch: pytest.MonkeyPatch, said: str, shown: str) -> None:
    line = f"aemodels train-reader: {said}"
    made = saying(monkeypatch, f"import sys; sys.exit('a warning\\n' + {line!r})")
    with pytest.raises(runs.RunError) as caught:
        made.run(no_step)
    assert str(caught.value) == shown


def test_an_error_without_a_sentence_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = saying(monkeypatch, "open('/nowhere/secret')")
    with pytest.raises(runs.RunError) as caught:
        made.run(no_step)
    assert str(caught.value) == "the training ended with an error, which is in the server's log"
    assert "No such file or directory: '/nowhere/secret'" in caplog.text
