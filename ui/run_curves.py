"""The learning curves of a run: one small chart for each term, with another run drawn over it."""

from itertools import accumulate
from operator import attrgetter

import plotly.graph_objects as go
import streamlit as st

from aemodels import views
from aemodels.config import Config
from aemodels.families.vae import VAE
from aemodels.runs import Record, Run
from ui import charts
from ui import terms as glossary_terms

TITLES = {
    "loss": "Total",
    "reconstruction": "Reconstruction",
    "kl": "KL",
    "kl_weight": "Weight w of the KL",
    "penalty": "Penalty",
}
ERROR_NAMES = {
    "bce": "cross-entropy of the pixels, in nats",
    "mse": "squared error",
    "l1": "absolute error",
}
ERRORS = {"bce": "nats", "mse": "squared error", "l1": "absolute error"}


def unit(config: Config, term: str) -> str:
    """The unit of a term of the objective, per image: nats, or grey levels, squared for MSE."""
    error = ERRORS[config.network.reconstruction_loss]
    noun = views.source(config.data.dataset).noun
    if term == "kl":
        return f"nats per {noun}"
    if term == "penalty":
        return "penalty, unweighted"
    if term == "kl_weight":
        return "weight"
    own = config.family.table()
    if term == "loss" and "penalty_weight" in own:
        return f"{error} + λ penalty"
    if term == "loss" and isinstance(config.family, VAE):
        family = config.family
        if family.importance_samples > 1:
            return f"nats per {noun}, bound of {family.importance_samples} samples"
        weight, how = f"{family.beta:g}", []
        if family.kl_warmup:
            share = f" in {100 * family.kl_warmup:g} %" if family.kl_warmup < 1 else ""
            weight, how = "w", [f"w {family.beta_start:g} to {family.beta:g}{share}"]
        how += [f"free {family.free_bits:g}"] if family.free_bits else []
        if family.beta != 1 or error != "nats" or how:
            return ", ".join([f"{error} + {weight} · KL", *how])
    return f"{error} per {noun}"


def incomparable(mine: Config, theirs: Config) -> str:
    """Why the errors of two runs can't be compared at all, or nothing."""
    if mine.data.dataset != theirs.data.dataset:
        return "it learned other images"
    if mine.data.binarisation != theirs.data.binarisation:
        return "its error is on other pixels"
    if unit(mine, "reconstruction") != unit(theirs, "reconstruction"):
        return "its error has a different unit"
    return ""


def layer_ends(run: Run) -> list[int]:
    """The last epoch of each stage that trains one hidden layer; their errors can't be compared."""
    stages = run.config.family.stages(run.config.network)
    return list(accumulate(run.phases[: max(0, stages - 1)]))


def draw(run: Run, other: Run | None, key: str) -> None:
    """One chart for each term in the run's records; `other` is drawn dashed."""
    records = run.records()
    if not records:
        st.caption("The curves start after the first epoch.")
        return
    terms = [term for term in records[0].test if term != "loss"]
    terms = ["loss"] if terms == ["reconstruction"] else [*terms, "loss"]
    if other and (why := incomparable(run.config, other.config)):
        st.caption(f"The other run isn't drawn: {why}.")
        other = None
    ends = layer_ends(run)
    others = other.records() if other else []
    if other:
        whole = max(layer_ends(other), default=0)
        others = [record for record in others if record.epoch > whole]
    places = [column for count in _rows(len(terms)) for column in st.columns(count)]
    for place, term in zip(places, terms, strict=True):
        with place:
            alike = other is not None and unit(other.config, term) == unit(run.config, term)
            _chart(f"{key}-{term}", run.config, term, records, others if alike else [], ends)
    error = ERROR_NAMES[run.config.network.reconstruction_loss]
    words = f"After each epoch, the mean over training images and over test images. Reconstruction: {error}."
    if "kl" in terms:
        words += " KL: what the code carries, at most."
    if "penalty" in terms:
        words += " Penalty: before its weight."
    st.caption(glossary_terms.link(words))
    if ends:
        st.caption(
            f"Up to epoch {ends[-1]}, each layer is trained on its own, and its error is summed over its "
            "own units; after that, all are trained together, and the error is summed over the 784 pixels."
        )


def _rows(charts: int) -> list[int]:
    """How many stand side by side: up to three, whose titles and legends have room there."""
    return [2, charts - 2] if charts > 3 else [charts]


def _step(epochs: int) -> int:
    """Between the numbers of an axis, of which there are up to six: 1, 2 or 5 times a power of 10."""
    steps = (factor * 10**power for power in range(len(str(epochs))) for factor in (1, 2, 5))
    return next(step for step in steps if step * 6 >= epochs)


def _chart(
    key: str,
    config: Config,
    term: str,
    records: list[Record],
    others: list[Record],
    ends: list[int],
) -> None:
    figure = go.Figure()
    train, test = attrgetter("train"), attrgetter("test")
    lines = [
        ("train", train, records, charts.GREY, None),
        ("test", test, records, charts.BLUE, None),
        ("test", test, others, charts.ORANGE, "dash"),
    ]
    for split, terms, source, colour, dash in lines:
        points = [record for record in source if term in terms(record)]
        if points:
            figure.add_scatter(
                x=_broken([record.epoch for record in points], points, ends),
                y=_broken([terms(record)[term] for record in points], points, ends),
                name="other run, test" if dash else split,
                mode="lines+markers" if len(points) < 3 else "lines",
                line={"color": colour, "dash": dash, "width": 2},
                hovertemplate="epoch %{x}: %{y:.2f}",
            )
    charts.show(
        figure,
        key,
        {"title": "epoch", "dtick": _step(len(records))},
        unit(config, term),
        230,
        title={"text": TITLES.get(term, term), "font": {"size": 14}, "x": 0, "y": 0.98},
        legend={"x": 1, "xanchor": "right"},
        # Keeps curves hidden that were hidden before new points arrived.
        uirevision="run",
    )


def _broken(values: list[float], points: list[Record], ends: list[int]) -> list[float | None]:
    """A gap after each of the epochs `ends`."""
    found: list[float | None] = []
    for value, record in zip(values, points, strict=True):
        found += [value, None] if record.epoch in ends else [value]
    return found
