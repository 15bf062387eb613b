"""The linear autoencoder, which finds what PCA computes."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles import WEIGHTS, Bundle
from ui import charts, markdown, pictures
from ui.family_section import Fold, Section
from ui.parts import Caption, Chart, Columns, Part, Picture, Words
from ui.zoo_cache import Zoo

SIZES = (2, 16)


@st.cache_data(show_spinner=False)
def _angles(_a: Bundle, _b: Bundle, stamp: str) -> np.ndarray:
    return decoder.principal_angles(decoder.atoms(_a), decoder.atoms(_b))


@st.cache_data(show_spinner=False)
def _atoms(_model: Bundle, stamp: str) -> np.ndarray:
    return decoder.atoms(_model)


def chart(zoo: Zoo) -> list[Part]:
    """Angles between the spans, errors, and the pattern that each latent adds to the image."""
    pairs = {
        size: (zoo[f"linear-{size}"], zoo[f"pca-{size}"])
        for size in SIZES
        if f"linear-{size}" in zoo and f"pca-{size}" in zoo
    }
    if not pairs:
        return []
    return [Columns([_numbers(pairs), _patterns(*pairs[max(pairs)])], gap="large")]


def _numbers(pairs: Mapping[int, tuple[Bundle, Bundle]]) -> list[Part]:
    """Angles and errors of linear networks and PCA, by the number of latents."""
    angles = {
        size: _angles(model, pca, model.digests[WEIGHTS] + pca.digests[WEIGHTS])
        for size, (model, pca) in pairs.items()
    }
    rows = []
    for size, (model, pca) in pairs.items():
        error, best = model.metrics.number("sse"), pca.metrics.number("sse")
        cells = (f"{angles[size].max():.2f}°", f"{error:.2f}", f"{best:.2f}")
        rows.append((str(size), *cells, f"{error / best:.4f}"))
    head = ("Latents", "Largest angle", "Error", "PCA error", "Ratio")
    size = max(pairs)
    figure = charts.bars({"angle": angles[size].tolist()})
    axis = {"title": f"principal angle, {size} latents", "dtick": 1 if size < 10 else 3}
    return [
        Words(markdown.table(head, rows, left=())),
        Chart(figure, "angles", axis, "degrees", 220),
        Caption(
            "Errors are squared, summed over 784 pixels and averaged over the 10,000 test digits. "
            "Identical spans are 0° apart; orthogonal ones, 90°."
        ),
    ]


def _patterns(model: Bundle, pca: Bundle) -> list[Part]:
    """What each latent of either adds to the image."""
    size = model.latent_dim
    parts: list[Part] = []
    for name, item in (("PCA", pca), ("Linear autoencoder", model)):
        words = f"{name}: what each of its {size} latents adds to the image"
        atoms = pictures.atoms(_atoms(item, item.digests[WEIGHTS]), min(size, 8))
        parts += [Caption(words), Picture(atoms, words)]
    return [*parts, Caption("Orange adds ink; blue removes it.")]


LINEAR = Section(
    title="Linear",
    idea="**Two routes, one result.** A network without activations finds by training what PCA computes by a formula.",
    drag="click a digit for another of its class, or press *Next digits*.",
    look="rows that are alike: PCA and the linear network redraw each digit the same way.",
    sentence="A linear autoencoder finds PCA's span, but not always PCA's axes.",
    formula=r"""
Encoder and decoder are one matrix each, $z=Wx+b$ and $\hat x=Vz+c$, trained on $\lVert x-\hat x\rVert^2$. The best they
can do is project onto the span of the leading principal components. Each latent can be any mixture of those components,
so the axes differ, but the span and the reconstructions match PCA's.
""",
    paper="Baldi and Hornik 1989, [Neural networks and principal component analysis](https://doi.org/10.1016/0893-6080%2889%2990014-2)",
    strip={
        "pca-2": "PCA · 2",
        "linear-2": "Linear · 2",
        "pca-16": "PCA · 16",
        "linear-16": "Linear · 16",
    },
    example="linear-16",
    folds=(Fold("How close to PCA", chart),),
    lesson="linear",
    rows=("linear",),
)
