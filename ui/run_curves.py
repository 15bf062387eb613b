"""Plotly curves of a run: train and test, one small chart a term, another run laid over them."""

from itertools import accumulate
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from aemodels.config import Config
from aemodels.runs import Run

TITLES = {"loss": "Total", "reconstruction": "Reconstruction", "kl": "KL", "penalty": "Penalty"}
ERRORS = {"bce": "nats", "mse": "squared error", "l1": "absolute error"}
TRAIN, TEST, OTHER = "#9aa0b4", "#4c63d2", "#e07b39"


def unit(config: Config, term: str) -> str:
    """The unit of a term of the objective, per digit: nats, or grey levels, squared for MSE."""
    error = ERRORS[config.network.reconstruction_loss]
    if term == "kl":
        return "nats a digit"
    if term == "penalty":
        return "penalty, unweighted"
    own = config.family.table()
    if term == "loss" and "penalty_weight" in own:
        return f"{error} + λ penalty"
    if term == "loss" and "beta" in own and error != "nats":
        return f"{error} + β KL"
    return f"{error} a digit"


def layer_ends(run: Run) -> list[int]:
    """The last epochs of the stages that train hidden layers alone, whose errors can't be compared."""
    stages = run.config.family.stages(run.config.network)
    return list(accumulate(run.phases[: max(0, stages - 1)]))


def draw(run: Run, other: Run | None, key: str) -> None:
    """One chart for each term that the run's records have; `other` is drawn dashed."""
    records = run.records()
    if not records:
        st.caption("The first point of the curves comes with the first epoch.")
        return
    terms = [term for term in records[0]["test"] if term != "loss"]
    terms = ["loss"] if terms == ["reconstruction"] else [*terms, "loss"]
    if other and unit(other.config, "loss") != unit(run.config, "loss"):
        st.caption("The other run is not drawn: its error has another unit.")
        other = None
    ends = layer_ends(run)
    beside = other.records() if other else []
    if other:
        whole = max(layer_ends(other), default=0)
        beside = [record for record in beside if record["epoch"] > whole]
    for column, term in zip(st.columns(len(terms)), terms, strict=True):
        with column:
            chart = _chart(run.config, term, records, beside, ends)
            config = {"displayModeBar": False}
            st.plotly_chart(chart, config=config, key=f"{key}-{term}")
    if ends:
        st.caption(
            f"Until epoch {ends[-1]} one layer after the other learns alone, and its error is a sum "
            "over its own units; then all learn together, and it is a sum over the 784 pixels."
        )


def _chart(
    config: Config,
    term: str,
    records: list[dict[str, Any]],
    others: list[dict[str, Any]],
    ends: list[int],
) -> go.Figure:
    figure = go.Figure()
    lines = [
        ("train", records, TRAIN, None),
        ("test", records, TEST, None),
        ("test", others, OTHER, "dash"),
    ]
    for split, source, colour, dash in lines:
        points = [record for record in source if term in record[split]]
        if points:
            figure.add_scatter(
                x=_broken([record["epoch"] for record in points], points, ends),
                y=_broken([record[split][term] for record in points], points, ends),
                name="other run, test" if dash else split,
                mode="lines+markers" if len(points) < 3 else "lines",
                line={"color": colour, "dash": dash, "width": 2},
                hovertemplate="epoch %{x}: %{y:.2f}",
            )
    figure.update_layout(
        title={"text": TITLES.get(term, term), "font": {"size": 14}, "x": 0, "y": 0.98},
        height=230,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"title": "epoch", "fixedrange": True, "dtick": max(1, len(records) // 6)},
        yaxis={"title": unit(config, term), "fixedrange": True},
        legend={"orientation": "h", "y": 1.16, "x": 1, "xanchor": "right"},
        # Keeps what the person has hidden while new points come in.
        uirevision="run",
    )
    return figure


def _broken(
    values: list[float], points: list[dict[str, Any]], ends: list[int]
) -> list[float | None]:
    """A gap after each of the epochs `ends`."""
    found: list[float | None] = []
    for value, record in zip(values, points, strict=True):
        found += [value, None] if record["epoch"] in ends else [value]
    return found
