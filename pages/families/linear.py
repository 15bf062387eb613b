"""Families that learn by having too little room: linear, deep, three losses, bottlenecks, recurrent."""

from typing import Any

import numpy as np
import streamlit as st

from aemodels.analysis import decoder
from aemodels.bundles.bundle import CODES, WEIGHTS, Bundle
from ui import charts, results_cache
from ui.family_section import Section, Zoo


@st.cache_data(show_spinner=False)
def _angles(_a: Bundle, _b: Bundle, stamp: str) -> np.ndarray:
    return decoder.principal_angles(decoder.atoms(_a), decoder.atoms(_b))


@st.cache_data(show_spinner=False)
def _atoms(_model: Bundle, stamp: str) -> np.ndarray:
    return decoder.atoms(_model)


def _pairs(zoo: Zoo) -> dict[int, tuple[Bundle, Bundle]]:
    """Linear autoencoder and PCA of one size."""
    return {
        size: (zoo[f"linear-{size}"], zoo[f"pca-{size}"])
        for size in (2, 16)
        if f"linear-{size}" in zoo and f"pca-{size}" in zoo
    }


def linear(zoo: Zoo) -> None:
    """Angles between the spans, errors, and the pictures that each latent adds."""
    pairs = _pairs(zoo)
    if not pairs:
        return
    angles = {
        size: _angles(a, b, a.digests[WEIGHTS] + b.digests[WEIGHTS])
        for size, (a, b) in pairs.items()
    }
    numbers, pictures = st.columns(2, gap="large")
    with numbers:
        st.markdown("#### How near to PCA")
        lines = ["| Latents | Largest angle | Error | PCA's | Ratio |", "|--:|--:|--:|--:|--:|"]
        for size, (model, pca) in pairs.items():
            error, best = model.metrics.number("sse"), pca.metrics.number("sse")
            lines.append(
                f"| {size} | {angles[size].max():.2f}° | {error:.2f} | {best:.2f} | {error / best:.4f} |"
            )
        st.markdown("\n".join(lines))
        size = max(pairs)
        figure = charts.bars({"angle": angles[size]})
        charts.show(
            figure,
            "angles",
            {"title": f"principal angle, of {size}", "dtick": 1 if size < 10 else 3},
            "degrees",
            220,
        )
        st.caption(
            "Errors are squared, sums over 784 pixels, means over the 10,000 test digits. Two spans "
            "that are the same have angles of 0°; two that share nothing have 90°."
        )
    with pictures:
        st.markdown("#### Same span, other axes")
        model, pca = pairs[size]
        for name, one in (("PCA", pca), ("Linear autoencoder", model)):
            st.caption(f"{name}: what each of its {size} latents adds to a picture")
            st.image(charts.atoms(_atoms(one, one.digests[WEIGHTS]), min(size, 8)), width="stretch")
        st.caption("Orange adds ink, blue takes it away.")


def flaw(zoo: Zoo) -> None:
    """The published network with a ReLU on its output, beside the repaired one."""
    found = results_cache.details("flaw")
    if not found:
        return
    st.markdown("#### The flaw of 784‑392‑196‑392‑784, named and repaired")
    pictures = found["pictures"]
    rows = {
        "test digit": "original",
        "as published: a ReLU draws the picture": "example-0",
        "repaired: a sigmoid draws it": "repaired-0",
    }
    left, right = st.columns([3, 1], gap="large")
    with left:
        for label, name in rows.items():
            st.caption(label)
            st.image(charts.greys(np.array(pictures[name]) / 255, 10), width="stretch")
    with right:
        dead = np.array(found["dead_pixels"], float)
        st.caption(f"Dead: {dead.sum():.0f} pixels that digits ink and it never does")
        st.image(charts.atoms(dead[None], 1), width=220)


def losses(zoo: Zoo) -> None:
    """Each model by every yardstick."""
    found = results_cache.details("losses")
    # Its errors are squared, cross-entropy and absolute, in this order.
    absolute = {
        name: f"{values[2]:.1f}"
        for name, values in zip(found.get("models", []), found.get("matrix", []), strict=True)
    }
    names = {"loss-l1": "L1", "bottleneck-16": "L2 (MSE)", "loss-bce": "Cross-entropy"}
    rows = [
        f"| {label} | {absolute.get(name, '–')} | {zoo[name].metrics.sse:.2f} "
        f"| {zoo[name].metrics.bce:.1f} |"
        for name, label in names.items()
        if name in zoo
    ]
    if rows:
        st.markdown("#### Each by every yardstick")
        head = ["| Trained on | Absolute | Squared | Cross-entropy, nats |", "|---|--:|--:|--:|"]
        st.markdown("\n".join([*head, *rows]))
        st.caption(
            "Errors on the test split, sums over 784 pixels, means over 10,000 digits. A dash: not "
            "measured yet. Run `python -m reproduction losses`."
            if not absolute
            else "Errors on the test split, sums over 784 pixels, means over 10,000 digits."
        )


def bottleneck(zoo: Zoo) -> None:
    """Error against size, beside PCA."""
    sizes = [size for size in (2, 4, 8, 16, 32, 64) if f"bottleneck-{size}" in zoo]
    if not sizes:
        return
    curves: dict[str, Any] = {
        "autoencoder 784‑128‑d": (
            sizes,
            [zoo[f"bottleneck-{size}"].metrics.number("sse") for size in sizes],
        )
    }
    found = results_cache.details("bottleneck")
    known = dict(zip(found.get("latents", []), found.get("pca", []), strict=True))
    known |= pca_errors(zoo)
    shared = [size for size in (2, 4, 8, 16, 32, 64) if size in known]
    if shared:
        curves["PCA"] = (shared, [known[size] for size in shared])
    st.markdown("#### Error against size")
    charts.show(
        charts.lines(curves),
        "bottleneck",
        {"title": "latents", "type": "log", "tickvals": sizes},
        {"title": "squared error a digit", "rangemode": "tozero"},
    )
    st.caption(
        "Test split, sum over 784 pixels, mean over 10,000 digits. The sizes stand at equal ratios."
    )


def pca_errors(zoo: Zoo) -> dict[int, float]:
    """PCA's test error with 1, 2, … components, as far as the largest PCA of the zoo goes."""
    fitted = [model for model in zoo.values() if model.family == "pca"]
    if not fitted:
        return {}
    largest = max(fitted, key=lambda model: model.latent_dim)
    return _truncated(largest, largest.digests[CODES])


@st.cache_data(show_spinner=False)
def _truncated(_pca: Bundle, stamp: str) -> dict[int, float]:
    # Its components are orthonormal: leaving one out adds the square of its code to the error.
    squares = np.square(_pca.codes()[0].astype(np.float64)).mean(0)
    left_out = squares.sum() - np.cumsum(squares)
    errors = _pca.metrics.number("sse") + left_out
    return {k + 1: float(error) for k, error in enumerate(errors)}


LINEAR = Section(
    title="Linear",
    sentence="**Two roads, one picture.** Without activations, training finds what PCA computes.",
    idea=r"""
Encoder and decoder are one matrix each, $z=Wx+b$ and $\hat x=Vz+c$, trained on $\lVert x-\hat x\rVert^2$. The best they
can do is to project onto the span of the leading principal components. Each latent may be any mixture of these, so the
axes differ, but the span and the redrawn digits agree with PCA's.
""",
    paper="Baldi and Hornik 1989, [Neural networks and principal component analysis](https://doi.org/10.1016/0893-6080%2889%2990014-2)",
    strip={
        "pca-2": "PCA · 2",
        "linear-2": "Linear · 2",
        "pca-16": "PCA · 16",
        "linear-16": "Linear · 16",
    },
    example="linear-16",
    picture=linear,
    rows=("linear",),
)

DEEP = Section(
    title="Deep",
    sentence="**Four layers down, four up.** Click a digit for another of its class.",
    idea=r"""
Layers with non-linearities between them can bend the span of PCA to follow the digits:
$\hat x=f_8(\cdots f_1(x))$, here 784‑1000‑500‑250‑30 and back. The last non-linearity matters. A tutorial network
784‑392‑196‑392‑784 ends in a ReLU: where its input is negative the picture is black and the gradient is 0, so a pixel
may never learn again. A sigmoid repairs that.
""",
    paper="Hinton and Salakhutdinov 2006, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647)",
    strip={"deep-30": "Deep · 30", "bottleneck-32": "One layer · 32", "pca-16": "PCA · 16"},
    example="deep-30",
    picture=flaw,
    rows=("deep-30", "flaw"),
)

LOSSES = Section(
    title="Loss",
    sentence="**One network, three losses.** What it is punished for decides what it draws.",
    idea=r"""
The same network 784‑128‑16‑128‑784, trained on $\sum|x-\hat x|$ (L1), on $\sum(x-\hat x)^2$ (L2, MSE) or on cross-entropy
$-\sum x\log\hat x+(1-x)\log(1-\hat x)$. Where it is unsure, L1 takes the middle value and draws hard edges or nothing; L2
and cross-entropy take the mean and draw grey. Cross-entropy punishes a confident mistake most. L1 easily gets stuck with
strokes missing, as black is half right everywhere, so it learnt in smaller batches than the others.
""",
    paper="Michelucci 2022, [An introduction to autoencoders](https://arxiv.org/abs/2201.03898), section 3",
    strip={"loss-l1": "L1", "bottleneck-16": "L2 (MSE)", "loss-bce": "Cross-entropy"},
    example="loss-bce",
    picture=losses,
)

BOTTLENECK = Section(
    title="Bottleneck",
    sentence="**How few numbers make a digit?** The same network with ever more room.",
    idea=r"""
Only the size of the code changes: $z\in\mathbb R^{d}$ with $d=2$ to $64$, in 784‑128‑$d$‑128‑784. What does not fit is left
out, the rarest first: a digit's slant and weight survive, a serif does not. PCA needs a longer code for the same error,
as it can only add pictures.
""",
    paper="Hinton and Salakhutdinov 2006, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647)",
    strip={f"bottleneck-{size}": f"{size} latents" for size in (2, 4, 8, 16, 32, 64)},
    example="bottleneck-8",
    picture=bottleneck,
    rows=("bottleneck",),
)

RECURRENT = Section(
    title="Recurrent",
    sentence="**Read row by row, written row by row.** The code is all that one GRU tells the other.",
    idea=r"""
A GRU reads the 28 rows from the top, $h_t=\mathrm{GRU}(x_t,h_{t-1})$, and its last state becomes the code. A second GRU
sees the code at each of 28 steps and writes a row from each of its states. It has no notion of columns or of the picture
as a whole, only of what came before.
""",
    paper="Srivastava, Mansimov and Salakhutdinov 2015, [Unsupervised learning of video representations using LSTMs](https://arxiv.org/abs/1502.04681)",
    strip={"recurrent-16": "GRU · 16", "loss-bce": "Dense · 16"},
    example="recurrent-16",
    rows=("recurrent",),
)
