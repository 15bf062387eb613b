"""The lens: mounts the browser side (`lens/web`) in a Streamlit page.

Everything that moves with the pointer runs in the browser. Python hands over what to show once,
as small JSON, and gets the new state when the pointer is released. There is one function for each
view; `aemodels.views.contract` has the types of what they take and return.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from aemodels import paths, views
from aemodels.views import contract, lesson_contract

__all__ = [
    "WEB",
    "anomalies",
    "beta",
    "compare",
    "draws",
    "explore",
    "glossary",
    "interpolate",
    "lesson",
    "lessons",
    "reconstruct",
    "train",
]

WEB = paths.web()


def explore(
    model: contract.Model, dataset: contract.Dataset, state: contract.ExploreState | None = None
) -> contract.ExploreState | None:
    """One model: its map, a slider for each latent and the decoded digit.

    `state` is what it shows at first; returns what was set when it last came to rest.
    """
    found = _show("explore", model=model, dataset=dataset, state=state)
    return cast(contract.ExploreState | None, found)


def compare(
    models: Sequence[contract.Model],
    dataset: contract.Dataset,
    state: contract.CompareState | None = None,
) -> contract.CompareState | None:
    """Models side by side, with one test image highlighted on all maps.

    `state` is what it shows at first; returns what was set when it last came to rest.
    """
    found = _show("compare", models=models, dataset=dataset, state=state)
    return cast(contract.CompareState | None, found)


def interpolate(
    models: Sequence[contract.Model],
    dataset: contract.Dataset,
    a: int | None = None,
    b: int | None = None,
    state: contract.InterpolateState | None = None,
) -> contract.InterpolateState | None:
    """The interpolation between two test images by several models, at first from `a` to `b`.

    `state` is what it shows instead; returns what was set when it last came to rest.
    """
    found = _show("interpolate", models=models, dataset=dataset, a=a, b=b, state=state)
    return cast(contract.InterpolateState | None, found)


def reconstruct(
    models: Sequence[contract.LabelledModel],
    dataset: contract.Dataset,
    *,
    images: Sequence[int] | None = None,
    controls: Literal["corruption", "perturbation", "size"] | None = None,
    kind: str = "",
    level: float = 0.3,
    state: contract.ReconstructState | None = None,
) -> contract.ReconstructState | None:
    """Test images and their reconstructions, one row for each model; all of one data set.

    Shows the test images `images`, else the examples of the data set. `controls` says whether the
    images can be corrupted or perturbed; `kind` ("masking", "salt-pepper", "gaussian"; "noise",
    "shift", "rotate") and `level` (a share of the slider's end) where that starts. By "size" a
    slider goes through the models, of which one is shown, and the reader reads what they decode.
    `state` is what it shows instead; returns what was set when it last came to rest.
    """
    data = {"images": images, "controls": controls, "kind": kind, "level": level, "state": state}
    found = _show("reconstruct", models=models, dataset=dataset, **data)
    return cast(contract.ReconstructState | None, found)


def beta(
    models: Sequence[contract.BetaModel],
    dataset: contract.Dataset,
    state: contract.BetaState | None = None,
) -> contract.BetaState | None:
    """VAEs of two latents that differ in β alone, under one slider.

    `state` is what it shows at first; returns what was set when it last came to rest.
    """
    found = _show("beta", models=models, dataset=dataset, state=state)
    return cast(contract.BetaState | None, found)


def draws(models: Sequence[contract.LabelledModel], plural: str) -> None:
    """Random codes, decoded by each model: a grid of images each, drawn anew by a button.

    Models with the same number of latents decode the same draws from N(0, I). `plural` says
    what the images show.
    """
    _show("draws", models=models, plural=plural)


def anomalies(
    detector: contract.Detector,
    normal: contract.Dataset,
    anomalous: contract.Dataset,
    *,
    model: contract.Model | None = None,
    reconstructed: str | None = None,
    state: contract.AnomaliesState | None = None,
) -> contract.AnomaliesState | None:
    """Histogram, ROC curve and images of an anomaly detector, with a threshold to drag.

    `model` reconstructs the images in the browser; without one, `reconstructed` (base64 of 784
    bytes per sample) holds its reconstructions. `state` is what it shows at first; returns what was
    set when it last came to rest.
    """
    data = {"model": model, "reconstructed": reconstructed, "state": state}
    found = _show("anomalies", detector=detector, normal=normal, anomalous=anomalous, **data)
    return cast(contract.AnomaliesState | None, found)


def glossary(
    terms: Sequence[contract.GlossaryTerm],
    models: Mapping[str, contract.Model],
    detectors: Mapping[str, contract.Detector],
    dataset: contract.Dataset,
) -> None:
    """Every term with its meaning, and with a picture or a number of these models."""
    _show("glossary", terms=terms, models=models, detectors=detectors, dataset=dataset)


def train(
    run: str,
    dataset: contract.Dataset,
    progress: contract.RunProgress,
    *,
    prior: bool,
    reveal: bool = False,
) -> contract.TrainState | None:
    """A run's map over its epochs, followed live below `/live/<run>` and `/runs/<run>`.

    `prior` says whether its codes are pulled towards N(0, I), as a VAE's are; then the map shows
    the unit circle. With `reveal` it scrolls into view, once a run. Returns how far the run was
    when the page was last asked to redraw itself.
    """
    data = {"progress": progress, "prior": prior, "reveal": reveal}
    state = _show("train", run=run, dataset=dataset, **data)
    return cast(contract.TrainState | None, state)


def lesson(
    card: lesson_contract.LessonCard,
    next: lesson_contract.LessonCard | None,  # noqa: A002 as the contract has it
    steps: Sequence[lesson_contract.Step],
    models: Mapping[str, contract.Model],
    detectors: Mapping[str, contract.Detector],
    dataset: contract.Dataset,
    state: lesson_contract.LessonState | None = None,
) -> lesson_contract.LessonState | None:
    """A lesson over the views that its steps name; `next` is offered at its end.

    The numbers in its words are computed from `models`, `detectors` and `dataset`. `state` says
    which step it shows at first; returns the lesson and the step that a person has gone to.
    """
    data = {"card": card, "next": next, "steps": steps, "models": models, "detectors": detectors}
    found = _show("lesson", dataset=dataset, state=state, **data)
    return cast(lesson_contract.LessonState | None, found)


def lessons(
    lessons: Sequence[lesson_contract.LessonCard],
    state: lesson_contract.LessonState | None = None,
) -> lesson_contract.LessonState | None:
    """The list of lessons, and how far this browser's person is in each.

    Returns the lesson that a person has opened.
    """
    found = _show("lessons", lessons=lessons, state=state)
    return cast(lesson_contract.LessonState | None, found)


@functools.cache
def _component(view: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"latent_lab_{view}", html=views.html(view), css=views.css(view), js=views.script()
    )


def _show(view: str, **data: Any) -> Any:
    """Mount a view, or update the one that is there; returns what it last reported, or None."""
    result = _component(view)(
        key=f"lens-{view}",
        data={"view": view, **data},
        on_state_change=lambda: None,
    )
    return result.state
