"""Train shows the estimated time, and words errors as its form does."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from aemodels import runs
from aemodels.config import Config
from aemodels.recipes import PUBLISHED, Recipe
from aemodels.runs import process
from aemodels.runs.engine_queue import dispatch
from aemodels.runs.records import Record, append_record
from aemodels.setting import SettingError
from aemodels.training.estimate import Estimate
from tests.pages import own
from tests.pages.running import run, words
from ui import markdown

Stub = Callable[[Estimate | Exception], None]


@pytest.fixture
def estimated(monkeypatch: pytest.MonkeyPatch) -> Stub:
    """Sets the outcome of the estimate, which otherwise takes a process and some seconds."""

    def stub(outcome: Estimate | Exception) -> None:
        def estimate(config: Config) -> Estimate:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(process, "estimate", estimate)
        st.cache_data.clear()

    return stub


FACTS = Estimate(
    device="cpu", precision="fp32", parameters=1_133_844, seconds_per_epoch=1.25, seconds=75.0
)


def test_an_estimate_in_words(home: Path, estimated: Stub) -> None:
    estimated(FACTS)
    found = run("train")
    text = words(found)
    # 60 epochs take 75 s, so 48 of them fit into a minute.
    facts = "On **cpu** in fp32 · **1,133,844** parameters"
    assert f"{facts} · **48 epochs** in about **1 min 0 s**" in text
    found.segmented_control[0].set_value("full").run()
    assert f"{facts} · **60 epochs** in about **1 min 15 s**" in words(found)
    assert [each.value for each in found.info] == [
        "Your runs appear here. They keep training after you close this page."
    ]


def test_a_cluster_trains_at_full_length_whatever_this_computer_has(
    home: Path, estimated: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing is handed over, and no estimate is asked for: there may be no PyTorch here.
    monkeypatch.setenv("LATENT_LAB_ENGINE", "ray+http://127.0.0.1:9")
    monkeypatch.setattr(dispatch, "wake", lambda: None)
    estimated(runs.RunError("no time estimate"))
    found = run("train")
    assert found.segmented_control[0].options == ["Full", "Epochs"]
    assert "Trained on a cluster; how long it takes there isn't known here." in words(found)
    next(button for button in found.button if button.label == "Train").click().run()
    assert not found.error
    made = runs.list_runs()
    assert [(one.state, one.message, one.config.loop.epochs) for one in made] == [
        ("waiting", "Queued.", Config.of("vae").loop.epochs)
    ]


def test_a_missing_device_is_said_in_the_words_of_the_form(home: Path, estimated: Stub) -> None:
    estimated(SettingError("device", "cuda", "PyTorch finds none here", "use {device} auto"))
    says = "Device cuda: PyTorch finds none here; use Device auto"
    assert markdown.escape(says) in words(run("train"))


def test_another_error_is_said_as_it_is(home: Path, estimated: Stub) -> None:
    estimated(runs.RunError("the time estimate gave no answer"))
    assert "the time estimate gave no answer" in words(run("train"))


def test_an_unknown_run_is_a_notice(home: Path, estimated: Stub) -> None:
    estimated(FACTS)
    (notice,) = run("train", run="nobody").warning
    assert notice.value == "`run=nobody` doesn't exist. Showing the default."


def test_the_run_and_the_one_beside_it_are_in_the_address(home: Path, estimated: Stub) -> None:
    estimated(FACTS)
    for name in ("first", "second"):
        append_record(own.run(name, name).path, Record(1, {"loss": 2.0}, {"loss": 2.1}, 1.0, 100.0))
    found = run("train", run="first", compared="second")
    assert not found.exception
    assert not found.warning
    chosen, other = (each for each in found.selectbox if each.key in ("run", "compared"))
    assert (chosen.value, other.value) == ("first", "second")
    other.set_value(None).run()
    assert dict(found.query_params) == {"run": "first"}
    other = next(each for each in found.selectbox if each.key == "compared")
    other.set_value("second").run()
    assert dict(found.query_params) == {"run": "first", "compared": "second"}
    (notice,) = run("train", run="first", compared="first").warning
    assert notice.value.startswith("`compared=first` isn't another run with curves.")


@pytest.mark.parametrize("recipe", PUBLISHED, ids=lambda recipe: recipe.name)
def test_an_articles_recipe_fills_the_form(recipe: Recipe, home: Path, estimated: Stub) -> None:
    estimated(FACTS)
    found = run("train")
    found.button(key=f"recipe_{recipe.name}").click().run()
    assert not found.exception
    assert not found.error
    assert [each.value for each in found.toast] == [
        f"The form now has the settings of the {recipe.title}."
    ]
    (train,) = (each for each in found.button if each.label == "Train")
    started: list[Config] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "start", lambda new: started.append(new.config))
        train.click().run()
    assert started == [recipe.config]
