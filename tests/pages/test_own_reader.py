"""Train trains the reader of one's own classes while the page goes on, and says how it reads."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from aemodels import pictures, reader, runs
from aemodels.cli.parser import parser
from aemodels.config import Config
from aemodels.data import DataError, own
from aemodels.reader import files, training
from aemodels.runs import limits, process
from aemodels.runs.child import Child, Step, StoppedError
from aemodels.training.estimate import Estimate
from tests.pages import own as own_runs
from tests.pages.running import run, unescaped, words
from tests.pages.visiting import ADA, BOB, Coming, buttons, of, press
from ui import persons, readers

TRAIN, STOP = "Train its classifier", "Stop"
NONE_YET = "Small digits has no classifier yet"


class InThread(Child):
    """The same command in a thread of this process, which waits before its first step."""

    waits = threading.Event()

    def run(self, on_step: Callable[[Step], object]) -> str:
        on_step({"done": 1, "total": 4})
        assert self.waits.wait(60)
        if self.stopping:
            raise StoppedError("stopped")
        arguments = parser().parse_args(self.words)
        try:
            assert arguments.run(arguments) == 0
        except DataError as error:
            raise runs.RunError(str(error)) from None
        return ""


@pytest.fixture(autouse=True)
def small(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scikit-learn's digits, and a training of thirty steps."""

    def estimate(config: Config) -> Estimate:
        raise runs.RunError("none is needed here")

    pictures.add("small", "scikit-learn-digits", title="Small digits")
    monkeypatch.setattr(training, "OWN_STEPS", 30)
    monkeypatch.setattr(training, "OWN_PASSES", 1)
    monkeypatch.setattr(process, "estimate", estimate)
    monkeypatch.setattr(
        process, "reader_training", lambda name: InThread(command(name), 60, "the training")
    )
    monkeypatch.setattr(InThread, "waits", threading.Event())
    monkeypatch.setattr(readers, "_newest", [])
    yield
    finish()


def command(name: str) -> list[str]:
    return ["train-reader", f"--dataset={name}", "--overwrite", "--steps"]


def finish() -> None:
    """Let the training end, and wait until it has."""
    InThread.waits.set()
    if newest := readers.newest():
        newest.reader.exception(120)


def choose(found: AppTest, title: str) -> AppTest:
    (box,) = [each for each in found.selectbox if each.label == "Data set"]
    return box.select(title).run()


def offered(found: AppTest) -> Button:
    (button,) = [each for each in found.button if each.label == TRAIN]
    return button


def test_it_is_trained_while_the_page_goes_on() -> None:
    found = run("train")
    assert TRAIN not in buttons(found)
    found = choose(found, "Small digits")
    assert NONE_YET in words(found).replace("*", "")
    found = press(found, TRAIN)
    assert STOP in buttons(found)
    assert TRAIN not in buttons(found)
    found = choose(found, "Fashion-MNIST")
    assert STOP in buttons(found)
    assert TRAIN not in buttons(found)
    assert "No time estimate while a classifier is being trained." in words(found)
    found = choose(found, "Small digits")
    assert STOP in buttons(found)
    finish()
    made = reader.find("small", own.find("small"))
    assert made is not None
    said = f"The classifier of Small digits reads {made[1].test.accuracy:.1%} of the 359 test "
    found.run()
    assert said in words(found).replace("*", "")
    (toast,) = found.toast
    assert said in toast.value.replace("[", "").replace("](glossary#reader)", "").replace("*", "")
    assert not {STOP, TRAIN} & buttons(found)
    # It was told; another visitor reads it on the page alone.
    assert not found.run().toast
    other = choose(run("train"), "Small digits")
    assert not other.toast
    assert said in words(other).replace("*", "")


def test_it_can_be_stopped_and_trained_after_all() -> None:
    found = press(choose(run("train"), "Small digits"), TRAIN)
    found = press(found, STOP)
    finish()
    found.run()
    assert f"Stopped. {NONE_YET}" in words(found).replace("*", "")
    assert not found.error
    assert reader.find("small", own.find("small")) is None
    press(found, TRAIN)
    finish()
    assert reader.find("small", own.find("small")) is not None


def test_another_one_waits_for_the_end_of_the_first() -> None:
    pictures.add("other", "scikit-learn-digits", title="Other digits")
    found = choose(press(choose(run("train"), "Small digits"), TRAIN), "Other digits")
    assert offered(found).disabled
    finish()
    found.run()
    assert not offered(found).disabled


def test_why_it_could_not_be_trained_is_said() -> None:
    found = press(choose(run("train"), "Small digits"), TRAIN)
    own.remove("small")
    pictures.add("small", "scikit-learn-digits", title="Small digits")
    (own.folder("small") / own.FILES[0]).write_bytes(b"")
    finish()
    found.run()
    (error,) = found.error
    assert unescaped(error.value) == (
        "The classifier of **Small digits** wasn't trained: train-images-idx3-ubyte.gz of "
        "small: cut short or altered; add it again after `python -m aemodels data remove small`."
    )
    assert TRAIN in buttons(found)
    # Where the form has another data set, it was told in passing.
    assert not found.toast


def test_it_can_be_stopped_whatever_the_form_says() -> None:
    found = press(choose(run("train"), "Small digits"), TRAIN)
    (latents,) = (each for each in found.text_input if each.label == "Hidden layers")
    latents.set_value("no number").run()
    assert "Train" in {each.label for each in found.button if each.disabled}
    assert STOP in buttons(found)
    # Its data set is gone, so the form has another one.
    own.remove("small")
    found = run("train")
    assert "Small digits" not in found.selectbox[0].options
    found = press(found, STOP)
    finish()
    newest = readers.newest()
    assert newest is not None
    assert isinstance(newest.reader.exception(), StoppedError)
    assert not {STOP, TRAIN} & buttons(found.run())


def test_why_one_failed_is_told_in_passing_where_its_pictures_are_gone(tmp_path: Path) -> None:
    found = press(choose(run("train"), "Small digits"), TRAIN)
    found = choose(found, "Fashion-MNIST")
    own.remove("small")
    finish()
    found.run()
    (toast,) = found.toast
    assert unescaped(toast.value).startswith(
        "The classifier of **Small digits** wasn't trained: data set small: must be mnist"
    )
    assert not found.run().toast
    # Other pictures of that name have nothing to do with it.
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28), np.uint8)
    np.savez(tmp_path / "other.npz", images=images, labels=np.arange(200) % 2)
    pictures.add("small", tmp_path / "other.npz", title="Small digits")
    found = choose(run("train"), "Small digits")
    assert TRAIN in buttons(found)
    assert not found.error


def test_an_error_without_a_sentence_is_in_the_log_alone(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Child, on_step: Callable[[Step], object]) -> str:
        raise OSError(28, "No space left on device", "/srv/secret/place")

    monkeypatch.setattr(InThread, "run", fail)
    found = press(choose(run("train"), "Small digits"), TRAIN)
    finish()
    found.run()
    (error,) = found.error
    assert unescaped(error.value) == (
        "The classifier of **Small digits** wasn't trained: something went wrong that this page "
        "has no words for; the server's log has them."
    )
    assert "/srv/secret/place" in caplog.text


@pytest.mark.usefixtures("shared")
def test_why_one_failed_is_told_to_whoever_began_it(comes: Coming) -> None:
    comes(ADA)
    press(choose(run("train"), "Small digits"), TRAIN)
    (own.folder("small") / own.FILES[0]).write_bytes(b"")
    finish()
    # Also after the page was loaded again.
    assert len(choose(run("train"), "Small digits").error) == 1
    comes(BOB)
    other = choose(run("train"), "Small digits")
    assert TRAIN in buttons(other)
    assert not other.error


@pytest.mark.usefixtures("shared")
def test_a_training_that_cannot_be_started_does_not_count(
    comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setenv("LATENT_LAB_LIVE_RUNS", "1")
    comes(ADA)
    found = choose(run("train"), "Small digits")
    unable = type("Unable", (threading.Thread,), {"start": fail})
    with monkeypatch.context() as patch:
        patch.setattr(readers, "threading", SimpleNamespace(Thread=unable))
        found = press(found, TRAIN)
    (error,) = found.error
    assert unescaped(error.value) == "The training can't be started now; try again later."
    assert STOP in buttons(press(found, TRAIN))


def test_no_others_are_offered_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST has one; pictures without classes can have none; training needs PyTorch."""
    assert not {STOP, TRAIN} & buttons(run("train"))
    monkeypatch.setattr(process, "has_torch", lambda: False)
    found = choose(run("train"), "Small digits")
    assert NONE_YET in words(found).replace("*", "")
    assert TRAIN not in buttons(found)


def test_a_reader_of_other_pictures_is_trained_again() -> None:
    found = press(choose(run("train"), "Small digits"), TRAIN)
    finish()
    folder = reader.folder_of("small")
    text = (folder / files.MANIFEST).read_text("utf-8")
    hashed = own.find("small").pictures_sha256
    (folder / files.MANIFEST).write_text(text.replace(hashed, "0" * 64), "utf-8")
    found.run()
    press(found, TRAIN)
    finish()
    made = reader.find("small", own.find("small"))
    assert made is not None
    assert made[1].pictures_sha256 == hashed


@pytest.mark.usefixtures("shared")
def test_on_a_shared_server_one_is_trained_at_a_time_and_counts(
    home: Path, comes: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_LIVE_RUNS", "1")
    comes(ADA)
    found = press(choose(run("train"), "Small digits"), TRAIN)
    assert STOP in buttons(found)
    with pytest.raises(limits.LimitError) as caught:
        limits.starting(of(ADA), limits.Limits(live_runs=1)).__enter__()
    assert str(caught.value) == (
        "You have a classifier that is being trained; wait until it ends, or stop it."
    )
    # Another person sees it, can't stop it, and can't have another one trained.
    comes(BOB)
    other = choose(run("train"), "Small digits")
    assert not {STOP, TRAIN} & buttons(other)
    assert other.get("progress")
    pictures.add("second", "scikit-learn-digits", title="Second")
    assert offered(choose(run("train"), "Second")).disabled
    # Nor where the page still offered it.
    with pytest.raises(runs.RunError, match="Another classifier is being trained;"):
        readers.begin("second", own.find("second"), persons.here())
    newest = readers.newest()
    assert newest is not None
    with pytest.raises(runs.RunError, match="Only whoever began this training"):
        newest.stop(persons.here())
    assert not newest.child.stopping
    finish()
    with limits.starting(of(ADA), limits.Limits(live_runs=1)):
        own_runs.run("mine", "mine", owner=of(ADA))
