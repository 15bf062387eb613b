"""The contractive autoencoder, whose code barely moves when the image changes slightly."""

import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles import CODES, WEIGHTS, Bundle
from ui import charts, markdown, results_cache
from ui.family_section import Fold, Section
from ui.parts import Caption, Chart, Columns, Heading, Part, Words
from ui.zoo_cache import Zoo

NAMES = {"contractive-64": "contractive", "plain-64": "no penalty"}


@st.cache_data(show_spinner=False)
def _slopes(_model: Bundle, stamp: str) -> float:
    return float(decoder.squared_slopes(_model).mean())


def chart(zoo: Zoo) -> list[Part]:
    """The penalty itself, its cost in error, and how far noise moves the codes."""
    costs = _costs(zoo)
    return [Columns([costs, _moves()], gap="large")] if costs else []


def _costs(zoo: Zoo) -> list[Part]:
    rows = []
    for name, label in NAMES.items():
        if name in zoo:
            model = zoo[name]
            slopes = _slopes(model, model.digests[WEIGHTS] + model.digests[CODES])
            error, nats = model.metrics.number("sse"), model.metrics.number("bce")
            rows.append((label, f"{slopes:.3g}", f"{error:.2f}", f"{nats:.1f}"))
    if not rows:
        return []
    head = ("64 sigmoid latents", "‖J‖²", "Squared error", "Cross-entropy, nats")
    return [
        Heading("What the penalty costs"),
        Words(markdown.table(head, rows)),
        Caption(
            "Means over the 10,000 test digits. ‖J‖² is the sum of the squared slopes of all latents "
            "with respect to all pixels; errors are summed over pixels."
        ),
    ]


def _moves() -> list[Part]:
    found = results_cache.details("perturbation")
    curves = {
        label: (found["noise"], [100 * share for share in found[name]["noise"]])
        for name, label in NAMES.items()
        if name in found
    }
    if not curves:
        return []
    axis = {"title": "% of the way to another digit", "rangemode": "tozero"}
    noise = "standard deviation of the noise"
    return [
        Heading("How far noise moves the codes"),
        Chart(charts.lines(curves), "perturbation", noise, axis, 260),
    ]


CONTRACTIVE = Section(
    title="Contractive",
    idea="**A small change to the image should barely move its code.** A penalty sees to that.",
    drag="drag the noise; then shift and rotate the digits.",
    look="how far the codes move, in per cent, with the penalty and without.",
    sentence="With the penalty, codes hold still under noise; the price is a larger error.",
    formula=r"""
The loss gets the slopes of the code as a second term, $L(x,\hat x)+\lambda\,\lVert J(x)\rVert_F^2$ with
$J=\partial z/\partial x$: only the directions that the reconstruction needs stay open. Shrinking all codes would lower that term too, so movement is shown relative to the
distance between two digits' codes.
""",
    paper="Rifai, Vincent, Muller, Glorot and Bengio 2011, [Contractive auto-encoders](https://icml.cc/2011/papers/455_icmlpaper.pdf)",
    strip={"contractive-64": "Contractive", "plain-64": "No penalty"},
    example="contractive-64",
    folds=(Fold("What the penalty costs and buys", chart),),
    rows=("perturbation", "contractive-norms"),
    controls="perturbation",
    kind="noise",
    level=0.4,
)
