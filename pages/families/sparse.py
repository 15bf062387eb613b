"""The sparse autoencoder: a penalty that keeps most latents near zero."""

import math

import plotly.graph_objects as go
import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles import CODES, WEIGHTS, Bundle
from ui import charts, pictures
from ui.family_section import Fold, Section
from ui.parts import Caption, Chart, Columns, Part, Picture, Words
from ui.zoo_cache import Zoo

STRIP = {
    "sparse-kl": "KL to a target · 100",
    "sparse-l1": "L1 of the codes · 100",
    "plain-64": "no penalty · 64",
}


@st.cache_data(show_spinner=False)
def _activity(_model: Bundle, stamp: str) -> decoder.Activity:
    return decoder.activity(_model)


def atoms(zoo: Zoo) -> list[Part]:
    """The share of active latents and the atoms of each model."""
    columns: list[list[Part]] = []
    for label, model in _models(zoo).items():
        found = _activity(model, model.digests[WEIGHTS] + model.digests[CODES])
        side = math.isqrt(model.latent_dim - 1) + 1
        alt = f"What each of the {model.latent_dim} latents adds to the image: {label}"
        columns.append(
            [
                # Two short lines, so that none wraps and all pictures begin at one height.
                _named(label),
                Caption(f"{found.active:.0%} active, mean activation {found.mean:.2f}"),
                Picture(pictures.atoms(found.atoms, side, one_scale=True), alt),
            ]
        )
    if not columns:
        return []
    words = (
        f"Activations of all latents on the 10,000 test digits; active means above {decoder.ACTIVE:g}. "
        "Each square is one latent, largest effect first: the decoder's weights times "
        "the standard deviation of the latent. Orange adds ink; blue removes it; black is a latent that "
        "never changes (without a penalty, those stay near 1). The three networks also differ in the "
        "number of latents and in their non-linearity, so their errors can't be attributed to the penalty."
    )
    return [Columns(columns, gap="medium"), Caption(words)]


def histograms(zoo: Zoo) -> list[Part]:
    """How often each activation occurs, in each model."""
    columns: list[list[Part]] = []
    for label, model in _models(zoo).items():
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
        chart = Chart(figure, key, "activation", shares, 200, {"bargap": 0.05})
        columns.append([_named(label), chart])
    return [Columns(columns, gap="medium")] if columns else []


def _models(zoo: Zoo) -> dict[str, Bundle]:
    return {label: zoo[name] for name, label in STRIP.items() if name in zoo}


def _named(label: str) -> Words:
    return Words(f"**{label[0].upper()}{label[1:]}** latents")


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
