"""The sparse autoencoder: a penalty that keeps most latents near zero."""

import math

import plotly.graph_objects as go
import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles import CODES, WEIGHTS, Bundle
from ui import charts, pictures, terms
from ui.family_section import Fold, Section
from ui.zoo_cache import Zoo

STRIP = {
    "sparse-kl": "KL to a target · 100",
    "sparse-l1": "L1 of the codes · 100",
    "plain-64": "no penalty · 64",
}


@st.cache_data(show_spinner=False)
def _activity(_model: Bundle, stamp: str) -> decoder.Activity:
    return decoder.activity(_model)


def atoms(zoo: Zoo) -> None:
    """The share of active latents and the atoms of each model."""
    models = {label: zoo[name] for name, label in STRIP.items() if name in zoo}
    if not models:
        return
    columns = st.columns(len(models), gap="medium")
    for column, (label, model) in zip(columns, models.items(), strict=True):
        with column:
            found = _activity(model, model.digests[WEIGHTS] + model.digests[CODES])
            # Two short lines, so that none wraps and all charts begin at one height.
            st.markdown(terms.link(f"**{label[0].upper()}{label[1:]}** latents"))
            st.caption(f"{found.active:.0%} active, mean activation {found.mean:.2f}")
            side = math.isqrt(model.latent_dim - 1) + 1
            alt = f"What each of the {model.latent_dim} latents adds to the image: {label}"
            st.image(pictures.atoms(found.atoms, side, one_scale=True), width="stretch", alt=alt)
    words = (
        f"Activations of all latents on the 10,000 test digits; active means above {decoder.ACTIVE:g}. "
        "Each square is one latent, largest effect first: the decoder's weights times "
        "the standard deviation of the latent. Orange adds ink; blue removes it; black is a latent that "
        "never changes (without a penalty, those stay near 1). The three networks also differ in the "
        "number of latents and in their non-linearity, so their errors can't be attributed to the penalty."
    )
    st.caption(terms.link(words))


def histograms(zoo: Zoo) -> None:
    """How often each activation occurs, in each model."""
    models = {label: zoo[name] for name, label in STRIP.items() if name in zoo}
    for column, (label, model) in zip(st.columns(3, gap="medium"), models.items(), strict=False):
        with column:
            st.markdown(f"**{label[0].upper()}{label[1:]}** latents")
            found = _activity(model, model.digests[WEIGHTS] + model.digests[CODES])
            figure = go.Figure()
            figure.add_bar(
                x=found.middles.tolist(),
                y=found.shares.tolist(),
                marker_color=charts.BLUE,
                hovertemplate="around %{x:.2f}: %{y:.2%}",
            )
            shares = {"title": "share of all", "tickformat": ".0%", "range": [0, 1]}
            key = f"activations-{model.name}"
            charts.show(figure, key, "activation", shares, 200, bargap=0.05)


SPARSE = Section(
    title="Sparse",
    idea="**Many latents, few active at a time.** A penalty keeps most of the 100 latents near zero.",
    drag="click a digit for another of its class; then look at the squares below, one for each latent.",
    look="what one latent adds to the image, with a penalty and without.",
    sentence="With only a few latents active at a time, what one of them adds looks more like a digit.",
    formula=r"""
The loss gets a second term, $L(x,\hat x)+\lambda\,\Omega(z)$, and the code has more latents than it can use at once. L1,
$\Omega=\sum_j|z_j|$, puts a price on every activation. KL, $\Omega=\sum_j\mathrm{KL}(\rho\,\|\,\hat\rho_j)$, asks each latent
for a mean activation of $\rho=0.05$.
""",
    paper="Ng 2011, [Sparse autoencoder](https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf); Olshausen and Field 1996, [Emergence of simple-cell receptive field properties](https://doi.org/10.1038/381607a0)",
    strip=STRIP,
    example="sparse-kl",
    picture=atoms,
    folds=(Fold("How active the latents are", histograms),),
)
