"""Plotly curves of a run: train and test, one small chart a term, another run laid over them."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from aemodels.config import FAMILIES, Config
from aemodels.runs import Run

TITLES = {"loss": "Total", "reconstruction": "Reconstruction", "kl": "KL"}
TRAIN, TEST, OTHER = "#9aa0b4", "#4c63d2", "#e07b39"


def unit(config: Config, term: str) -> str:
    """The unit of a term of the objective, per digit: nats, or squared grey levels for MSE."""
    if config.objective == "bce" or term == "kl":
        return "nats a digit"
    mixed = term == "loss" and FAMILIES[config.family].variational
    return "squared error + β KL" if mixed else "squared error a digit"


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
    for column, term in zip(st.columns(len(terms)), terms, strict=True):
        with column:
            chart = _chart(run.config, term, records, other.records() if other else [])
            config = {"displayModeBar": False}
            st.plotly_chart(chart, config=config, key=f"{key}-{term}")


def _chart(
    config: Config, term: str, records: list[dict[str, Any]], others: list[dict[str, Any]]
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
                x=[record["epoch"] for record in points],
                y=[record[split][term] for record in points],
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
