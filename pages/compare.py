"""Compare: PCA, autoencoder and VAE of one size, side by side, as maps and in numbers."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

import lens
from aemodels.data import SOURCES
from ui import charts, lens_data, metrics_table, model_picker, query_params, random_codes, zoo_cache
from ui.model_picker import PickedModel
from ui.page_header import header
from ui.query_params import Index

DIGIT = Index("digit", 10_000)
PARAMETERS = (*model_picker.THREE, DIGIT)

PER_DIGIT = "squared error per digit"
COLOURS = {"pca": charts.GREY, "ae": charts.TEAL, "vae": charts.BLUE}


def main() -> None:
    zoo = zoo_cache.load()
    with header("**Hover or tap any map.** The same test digit lights up on all three."):
        models = model_picker.pick_trio(zoo, model_picker.pick_size(zoo))
    digit = DIGIT.read()
    query_params.finish(PARAMETERS)
    state = lens.compare([each.model for each in models], lens_data.dataset("mnist"), digit)
    if state:
        DIGIT.put(str(state["digit"]))
    numbers, classes = st.columns(2, gap="large")
    with numbers:
        st.markdown("#### In numbers")
        st.markdown(metrics_table.of_models(models))
        st.caption(
            "Means over the 10,000 test digits; errors are summed over the 784 grey pixels. The ELBO is "
            "for sampled z. kNN is fitted on the codes of the 60,000 training digits; trustworthiness is "
            "measured on 5,000 test digits. A dash means not measured or not defined."
        )
    with classes:
        st.markdown("#### Error by class")
        charts.show(
            by_class(models), "by_class", {"title": "digit", "type": "category"}, PER_DIGIT, 340
        )
    st.markdown("#### Random codes, decoded")
    random_codes.show(random_codes.pair(zoo))
    with st.expander("How to read this"):
        st.markdown(
            "**Squared error**: how far the reconstruction is from the original; smaller is better. PCA is "
            "the best linear reconstruction there is, so a network has to beat it to be worth training. "
            "**kNN-5**: how often the five nearest training codes predict the right class; the models never "
            "saw the classes. **Trustworthiness**: whether images with neighbouring codes, in all latents, are "
            "also neighbours as images (1 is best; Venna and Kaski 2001). The codes of a VAE are its means μ."
        )


def by_class(models: Sequence[PickedModel]) -> go.Figure:
    """The reconstruction error of each class, one bar for each model."""
    return charts.bars(
        {each.model["title"]: each.bundle.metrics.sse_by_class or () for each in models},
        SOURCES["mnist"].class_names,
        "digit %{x}: %{y:.1f}",
        [COLOURS[each.bundle.family] for each in models],
    )


main()
