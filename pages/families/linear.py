"""The linear autoencoder, which finds what PCA computes."""

import numpy as np
import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles import WEIGHTS, Bundle
from ui import charts, markdown, pictures, terms
from ui.family_section import Fold, Section
from ui.zoo_cache import Zoo

SIZES = (2, 16)


@st.cache_data(show_spinner=False)
def _angles(_a: Bundle, _b: Bundle, stamp: str) -> np.ndarray:
    return decoder.principal_angles(decoder.atoms(_a), decoder.atoms(_b))


@st.cache_data(show_spinner=False)
def _atoms(_model: Bundle, stamp: str) -> np.ndarray:
    return decoder.atoms(_model)


def chart(zoo: Zoo) -> None:
    """Angles between the spans, errors, and the pattern that each latent adds to the image."""
    pairs = {
        size: (zoo[f"linear-{size}"], zoo[f"pca-{size}"])
        for size in SIZES
        if f"linear-{size}" in zoo and f"pca-{size}" in zoo
    }
    if not pairs:
        return
    angles = {
        size: _angles(model, pca, model.digests[WEIGHTS] + pca.digests[WEIGHTS])
        for size, (model, pca) in pairs.items()
    }
    numbers, patterns = st.columns(2, gap="large")
    with numbers:
        rows = []
        for size, (model, pca) in pairs.items():
            error, best = model.metrics.number("sse"), pca.metrics.number("sse")
            cells = (f"{angles[size].max():.2f}°", f"{error:.2f}", f"{best:.2f}")
            rows.append((str(size), *cells, f"{error / best:.4f}"))
        head = ("Latents", "Largest angle", "Error", "PCA error", "Ratio")
        st.markdown(terms.link(markdown.table(head, rows, left=())))
        size = max(pairs)
        charts.show(
            charts.bars({"angle": angles[size].tolist()}),
            "angles",
            {"title": f"principal angle, {size} latents", "dtick": 1 if size < 10 else 3},
            "degrees",
            220,
        )
        st.caption(
            "Errors are squared, summed over 784 pixels and averaged over the 10,000 test digits. "
            "Identical spans are 0° apart; orthogonal ones, 90°."
        )
    with patterns:
        model, pca = pairs[size]
        for name, item in (("PCA", pca), ("Linear autoencoder", model)):
            words = f"{name}: what each of its {size} latents adds to the image"
            st.caption(words)
            atoms = _atoms(item, item.digests[WEIGHTS])
            st.image(pictures.atoms(atoms, min(size, 8)), width="stretch", alt=words)
        st.caption("Orange adds ink; blue removes it.")


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
