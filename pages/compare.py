"""Compare: PCA, autoencoder and VAE of one size, side by side, by eye and in numbers."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

import lens
from ui import lens_data, metrics_table, model_picker, query_params

# Not the digits' colours: these bars are models.
COLOURS = {"pca": "#9aa0b4", "ae": "#a5b4fc", "vae": "#4c63d2"}


def chart(items: Sequence[lens_data.PickedModel]) -> go.Figure:
    """Reconstruction error of each class, one bar a model."""
    digits = [str(digit) for digit in range(10)]
    figure = go.Figure()
    for item in items:
        figure.add_bar(
            name=item["title"],
            x=digits,
            y=item["metrics"]["sse_by_class"],
            marker_color=COLOURS[item["family"]],
            hovertemplate="digit %{x}: %{y:.1f}",
        )
    figure.update_layout(
        barmode="group",
        height=340,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"title": "digit", "type": "category", "fixedrange": True},
        yaxis={"title": "squared error a digit", "fixedrange": True},
        legend={"orientation": "h", "y": 1.12, "x": 0},
    )
    return figure


def main() -> None:
    found = model_picker.shelf()
    with model_picker.header(
        "**Hover or tap any map.** The same test digit lights up on all three."
    ):
        latents = model_picker.pick_size(found)
        models = model_picker.trio(found, latents)
    query_params.check_names(["source", "model", "latents", "variant", "pca", "ae", "vae", "digit"])
    digit = query_params.index("digit", 10_000)
    query_params.show_notices()
    state = lens.compare(models, lens_data.dataset("mnist"), digit)
    if state:
        query_params.put("digit", str(state["digit"]))
    numbers, classes = st.columns(2, gap="large")
    with numbers:
        st.markdown("#### In numbers")
        st.markdown(metrics_table.of_models(models))
        st.caption(
            "Means over the 10,000 test digits; errors are sums over the 784 grey pixels. ELBO with "
            "sampled z. kNN is fitted on the codes of the 60,000 training digits, trustworthiness is "
            "measured on 5,000 test digits. A dash: not measured, or not defined."
        )
    with classes:
        st.markdown("#### Error by class")
        st.plotly_chart(chart(models), config={"displayModeBar": False}, key="by_class")
    with st.expander("How to read this"):
        st.markdown(
            "**Squared error**: how far the redrawn digit is from the original; smaller is better. "
            "PCA draws the best straight-line picture there is, so a network must beat it to be worth "
            "its training. **kNN-5**: how often the five nearest training codes name the right class; "
            "the models never saw a class. **Trustworthiness**: whether neighbours on the map are "
            "neighbours as pictures too (1 is best; Venna and Kaski 2001). A VAE's codes are its means μ."
        )


main()
