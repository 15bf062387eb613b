"""The part of Uses about features: what a classifier makes of codes, and how long it takes."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages import anomalies
from ui import results_cache, results_table

CLASSIFIERS = {"kNN-7": "#4c63d2", "logistic regression": "#e07b39"}
TITLES = {"pixels": "raw pixels", "shallow-8": "AE, 8 codes"}


def title(row: dict[str, Any]) -> str:
    return TITLES.get(row["features"]) or anomalies.title(row["features"])


def seconds(row: dict[str, Any]) -> float:
    """Everything: codes of all images, the fit, and naming the test split."""
    return row["encode_seconds"] + row["fit_seconds"] + row["predict_seconds"]


def draw() -> None:
    """Errors and seconds side by side, then the table, digits first."""
    row = results_cache.get("features")
    if row:
        table = row.details["table"]
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("#### Errors")
            shares = [100 * (1 - each["accuracy"]) for each in table]
            chart(table, shares, "test digits named wrongly, %", "%{x:.2f} %", "errors")
        with right:
            st.markdown("#### Seconds")
            chart(
                table,
                [seconds(each) for each in table],
                "seconds, logarithmic",
                "%{x:.2f} s",
                "seconds",
                log=True,
            )
        lesson(table)
        with st.expander("All numbers"):
            st.container(key="results_features").markdown(markdown(table))
            st.caption(
                f"Measured on {row.date} in one run: {row.machine}. Fitted on 60,000 digits, measured on "
                "10,000; seconds to encode are for both splits. kNN compares Euclidean distances."
            )
    results_table.table(("knn-codes", "knn-fashion"))


def chart(
    table: list[dict[str, Any]],
    values: list[float],
    axis: str,
    hover: str,
    key: str,
    log: bool = False,
) -> None:
    """Bars to the right, one for each classifier of each features."""
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
    figure.update_layout(
        barmode="group",
        height=60 + 52 * len({each["features"] for each in table}),
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={
            "title": axis,
            "fixedrange": True,
            "type": "log" if log else "linear",
            "dtick": 1 if log else None,
        },
        yaxis={"autorange": "reversed", "fixedrange": True},
        legend={"orientation": "h", "y": 1.1, "x": 0},
    )
    st.plotly_chart(figure, config={"displayModeBar": False}, key=f"features_{key}")


def lesson(table: list[dict[str, Any]]) -> None:
    """What the numbers say, in their own words."""
    neighbours = [each for each in table if each["classifier"] == "kNN-7"]
    raw = next(each for each in neighbours if each["features"] == "pixels")
    codes = [each for each in neighbours if each is not raw]
    best = max(codes, key=lambda each: each["accuracy"])
    share = f"{best['dimensions']} numbers instead of {raw['dimensions']}"
    verdict = "more than" if best["accuracy"] > raw["accuracy"] else "not more than"
    st.markdown(
        f"With kNN the best codes, **{title(best)}** ({share}), name **{best['accuracy']:.2%}** rightly, "
        f"{verdict} raw pixels with **{raw['accuracy']:.2%}**, in **{seconds(best):.2g} s** against "
        f"**{seconds(raw):.2g} s**. No model saw a class while it learnt."
    )


def markdown(table: list[dict[str, Any]]) -> str:
    lines = ["| features | numbers | classifier | accuracy | encode | fit | predict |"]
    lines.append("|---|--:|---|--:|--:|--:|--:|")
    for each in table:
        times = [each[f"{name}_seconds"] for name in ("encode", "fit", "predict")]
        limit = "" if each["converged"] else " (stopped at its limit)"
        lines.append(
            f"| {title(each)} | {each['dimensions']} | {each['classifier']}{limit} | "
            f"{each['accuracy']:.2%} | {' | '.join(f'{time:.2f} s' for time in times)} |"
        )
    return "\n".join(lines)
