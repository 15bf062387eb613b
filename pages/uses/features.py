"""The feature part of Uses: how well codes are classified, and how long that takes."""

import functools
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.uses import anomalies
from reproduction.result import Result
from ui import address, charts, markdown, results_cache, results_table, telling, terms

CLASSIFIERS = {"kNN-7": charts.BLUE, "logistic regression": charts.ORANGE}
TITLES = {"pixels": "raw pixels", "shallow-8": "AE, 8 latents"}

Row = dict[str, Any]


def title(row: Row) -> str:
    """The name of a row's features."""
    return TITLES.get(row["features"]) or anomalies.title(row["features"])


def seconds(row: Row) -> float:
    """The total time: encoding all images, fitting, classifying the test split."""
    total: float = row["encode_seconds"] + row["fit_seconds"] + row["predict_seconds"]
    return total


def draw() -> None:
    """Errors and times side by side, then both in words; as a table in a fold."""
    telling.opening(
        "**A code keeps what tells digits apart.** A classifier can do with a few numbers instead of 784 pixels.",
        "on Explore, drag z and watch the test digits with the nearest codes: kNN lets such neighbours vote.",
        "short bars below, in errors and in seconds.",
    )
    row = results_cache.get("features")
    if row:
        table = row.details["table"]
        errors, times = st.columns(2, gap="large")
        with errors:
            st.markdown("## Errors")
            shares = [100 * (1 - each["accuracy"]) for each in table]
            chart("errors", table, shares, {"title": "test error, %"}, "%{x:.2f} %")
        with times:
            st.markdown("## Seconds")
            axis = {"title": "seconds (logarithmic)", "type": "log", "dtick": 1}
            chart("seconds", table, [seconds(each) for each in table], axis, "%{x:.2f} s")
    telling.takeaway(
        "Sixteen numbers classify digits about as well as all 784 pixels, in a fraction of the time."
    )
    with st.container(horizontal=True):
        if st.button("Open Explore", key="go-explore", icon=":material/touch_app:"):
            address.switch("explore.py")
    if row:
        telling.fold("All numbers", functools.partial(measured, row))
    telling.fold(
        "Published numbers and ours",
        lambda: results_table.table(("knn-codes", "knn-fashion")),
    )


def measured(row: Result) -> None:
    """Every number, and how it was measured."""
    table = row.details["table"]
    best(table)
    st.container(key="results_features").markdown(terms.link(numbers(table)))
    st.caption(
        f"Measured on {row.date} in one run: {row.machine}. Fitted on 60,000 digits, measured on "
        "10,000; encoding times cover both splits. kNN uses Euclidean distances."
    )


def chart(
    key: str, table: list[Row], values: Sequence[float], axis: dict[str, Any], hover: str
) -> None:
    """Horizontal bars, one for each classifier and features."""
    figure = go.Figure()
    for classifier, colour in CLASSIFIERS.items():
        mine = [k for k, each in enumerate(table) if each["classifier"] == classifier]
        figure.add_bar(
            name=classifier,
            orientation="h",
            y=[title(table[k]) for k in mine],
            x=[values[k] for k in mine],
            marker_color=colour,
            hovertemplate=f"%{{y}}: {hover}",
            text=[f"{values[k]:.2g}" for k in mine],
            textangle=0,
            textposition="inside",
            insidetextanchor="end",
        )
    height = 60 + 52 * len({each["features"] for each in table})
    down = {"autorange": "reversed"}
    charts.show(figure, f"features_{key}", axis, down, height, barmode="group")


def best(table: list[Row]) -> None:
    """The best codes against raw pixels, in a sentence."""
    neighbours = [each for each in table if each["classifier"] == "kNN-7"]
    raw = next(each for each in neighbours if each["features"] == "pixels")
    codes = [each for each in neighbours if each is not raw]
    found = max(codes, key=lambda each: each["accuracy"])
    st.markdown(
        f"With kNN, the best codes, **{title(found)}** ({found['dimensions']} numbers instead of "
        f"{raw['dimensions']}), classify **{found['accuracy']:.2%}** correctly in **{seconds(found):.2g} s**; "
        f"raw pixels, **{raw['accuracy']:.2%}** in **{seconds(raw):.2g} s**. No model saw a class during "
        "training."
    )


def numbers(table: list[Row]) -> str:
    """Everything that was measured, as a Markdown table."""
    head = ("Features", "Numbers", "Classifier", "Accuracy", "Encode", "Fit", "Predict")
    rows = []
    for each in table:
        limit = "" if each["converged"] else " (stopped at its iteration limit)"
        times = [f"{each[f'{name}_seconds']:.2f} s" for name in ("encode", "fit", "predict")]
        classifier, accuracy = f"{each['classifier']}{limit}", f"{each['accuracy']:.2%}"
        rows.append((title(each), str(each["dimensions"]), classifier, accuracy, *times))
    return markdown.table(head, rows, left=(0, 2))
