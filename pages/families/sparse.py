"""Families that learn by a demand on the code: sparse, denoising, stacked, contractive, variational."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from aemodels.analysis import decoder, latent_space
from aemodels.bundles.bundle import CODES, WEIGHTS, Bundle
from ui import charts, results_cache
from ui.family_section import Section, Zoo

SPARSE_STRIP = {
    "sparse-kl": "KL to a target · 100",
    "sparse-l1": "L1 of the codes · 100",
    "plain-64": "no penalty · 64",
}
ACTIVE = 0.1
BINS = 24
# The last is the one that switches latents off.
SHOWN_BETAS = (0.1, 1, 4, 10)


@st.cache_data(show_spinner=False)
def _activity(_model: Bundle, stamp: str) -> dict[str, Any]:
    """How often latents speak: histogram of activations, share of active ones; and the atoms."""
    codes = _model.codes()[0]
    # A ReLU's activations have no natural end.
    said = codes.std(0)[:, None] * decoder.atoms(_model)
    top = (
        1.0
        if _model.config.family.code_activation == "sigmoid"
        else float(np.quantile(codes, 0.999)) or 1.0
    )
    counts, edges = np.histogram(codes.clip(0, top), bins=BINS, range=(0, top))
    return {
        "shares": counts / counts.sum(),
        "middles": (edges[:-1] + edges[1:]) / 2,
        "active": float((codes > ACTIVE).mean()),
        "mean": float(codes.mean()),
        "atoms": said[np.argsort(-np.abs(said).max(1))],
    }


def sparse(zoo: Zoo) -> None:
    """Of each model the share of active latents, the histogram of activations, the atoms."""
    models = {label: zoo[name] for name, label in SPARSE_STRIP.items() if name in zoo}
    if not models:
        return
    st.markdown("#### How many latents speak, and what each adds to a picture")
    for column, (label, model) in zip(
        st.columns(len(models), gap="medium"), models.items(), strict=True
    ):
        found = _activity(model, model.digests[WEIGHTS] + model.digests[CODES])
        with column:
            # Two short lines, so that none wraps and all charts begin at one height.
            st.markdown(f"**{label[0].upper()}{label[1:]}** latents")
            st.caption(f"{found['active']:.0%} active, mean activation {found['mean']:.2f}")
            figure = go.Figure()
            figure.add_bar(
                x=found["middles"],
                y=found["shares"],
                marker_color=charts.BLUE,
                hovertemplate="around %{x:.2f}: %{y:.2%}",
            )
            figure.update_layout(bargap=0.05)
            shares = {"title": "share of all", "tickformat": ".0%", "range": [0, 1]}
            charts.show(figure, f"activations-{model.name}", "activation", shares, 200)
            columns = math.isqrt(model.latent_dim - 1) + 1
            st.image(charts.atoms(found["atoms"], columns, one_scale=True), width="stretch")
    st.caption(
        f"Activations of all latents on the 10,000 test digits; active means above {ACTIVE:g}. A "
        "square is one latent, the most telling first: the decoder's weights times how much the "
        "latent varies. Orange adds ink, blue takes it away; black is a latent that always says the same; "
        "without a penalty those stand near 1. The three networks differ in latents and non-linearity "
        "too, so their errors tell nothing of the penalty."
    )


def stacked(zoo: Zoo) -> None:
    """The curve of each layer's pretraining, then fine-tuning with and without it."""
    found = results_cache.details("stacked-classifier")
    if not found:
        return
    layers: dict[int, list[Any]] = {}
    for record in found["pretraining"]:
        layers.setdefault(record["stage"], []).append(record)
    st.markdown("#### First each layer alone")
    for column, (stage, records) in zip(st.columns(len(layers)), layers.items(), strict=True):
        with column:
            figure = charts.lines(
                {
                    split: (
                        [record["epoch"] for record in records],
                        [record[split]["loss"] for record in records],
                    )
                    for split in ("test", "train")
                }
            )
            figure.update_traces(mode="lines")
            figure.update_traces(line_color=charts.GREY, selector={"name": "train"})
            figure.update_layout(title={"text": f"Layer {stage + 1}", "font": {"size": 14}})
            # What a ReLU layer rebuilds has no range for cross-entropy.
            unit = "squared error" if stage else "cross-entropy, nats"
            charts.show(figure, f"layer-{stage}", "epoch", unit, 240)
    st.caption("Sums over all that a layer rebuilds: the 784 pixels, then the layer below.")
    st.markdown("#### Then all together, to name the digits")
    curves = {}
    for name, curve in found["fine_tuning"].items():
        wrong = [100 * record["test"]["error"] for record in curve]
        label = f"{name}, in the end {wrong[-1]:.2f} %"
        curves[label] = ([record["epoch"] for record in curve], wrong)
    # The two differ by a tenth in the end, which only ratios show beside the first epochs.
    wrongly = {"title": "% of test digits named wrongly", "type": "log"}
    ticks = {"tickvals": [1, 1.5, 2, 3, 5, 10, 20]}
    charts.show(charts.lines(curves), "fine-tuning", "epoch", {**wrongly, **ticks}, 280)


@st.cache_data(show_spinner=False)
def _slopes(_model: Bundle, stamp: str) -> float:
    return float(decoder.squared_slopes(_model).mean())


def contractive(zoo: Zoo) -> None:
    """The penalty itself and what it costs."""
    names = {"contractive-64": "contractive", "plain-64": "plain twin"}
    rows = []
    for name, label in names.items():
        if name in zoo:
            model = zoo[name]
            slopes = _slopes(model, model.digests[WEIGHTS] + model.digests[CODES])
            error, nats = model.metrics.number("sse"), model.metrics.number("bce")
            rows.append(f"| {label} | {slopes:.3g} | {error:.2f} | {nats:.1f} |")
    if not rows:
        return
    costs, moves = st.columns(2, gap="large")
    with costs:
        st.markdown("#### What it costs")
        head = "| 64 sigmoid latents | ‖J‖² | Squared error | Cross-entropy, nats |"
        st.markdown("\n".join([head, "|---|--:|--:|--:|", *rows]))
        st.caption(
            "Means over the 10,000 test digits. ‖J‖² is the sum of the squared slopes of all latents "
            "by all pixels; errors are sums over pixels."
        )
    found = results_cache.details("nudge")
    curves = {
        label: (found["noise"], [100 * share for share in found[name]["noise"]])
        for name, label in names.items()
        if name in found
    }
    if curves:
        with moves:
            st.markdown("#### How far codes move in noise")
            charts.show(
                charts.lines(curves),
                "nudge",
                "standard deviation of the noise",
                {"title": "% of the way to another digit", "rangemode": "tozero"},
                260,
            )


@st.cache_data(show_spinner=False)
def _informative(_model: Bundle, stamp: str) -> tuple[list[float], int]:
    """KL of each latent in nats, the largest first, and the number of active units."""
    mean, log_var = _model.codes()
    assert log_var is not None
    kl = np.sort(latent_space.kl(mean, log_var).mean(0))[::-1]
    return kl.tolist(), latent_space.active_units(mean)


def _kl(found: Mapping[str, tuple[Sequence[float], int]], key: str) -> None:
    """KL of each latent and the number of active units of some VAEs, side by side."""
    st.markdown("#### What each latent tells")
    figure = charts.bars(
        {f"{label}: {active} active of {len(kl)}": kl for label, (kl, active) in found.items()}
    )
    most = max(len(kl) for kl, _ in found.values())
    axis = {"title": "latent, the most telling first", "dtick": 1 if most <= 16 else 5}
    figure.update_layout(showlegend=True)
    charts.show(figure, key, axis, "KL, nats")
    st.caption(
        "Mean KL of the posterior from the prior over the 10,000 test digits. A unit is active where "
        "its mean varies over the digits: Var μ > 0.01 (Burda et al. 2016). A latent near 0 nats has "
        "given up: it tells the decoder nothing."
    )


def vae(zoo: Zoo) -> None:
    if model := zoo.get("vae-50"):
        _kl({"VAE, 50 latents": _informative(model, model.digests[CODES])}, "kl-vae")


def beta(zoo: Zoo) -> None:
    found = results_cache.details("beta")
    if not found:
        return
    told = zip(found["beta"], found["kl_per_latent"], found["active_units"], strict=True)
    shown = {
        f"β = {value:g}": (sorted(kl, reverse=True), active)
        for value, kl, active in told
        if value in SHOWN_BETAS
    }
    _kl(shown, "kl-beta")
    st.markdown("#### What β buys and costs")
    ticks = {"title": "β", "type": "log", "tickvals": found["beta"], "ticktext": found["beta"]}
    nats, active = st.columns(2, gap="large")
    with nats:
        curves = {
            "cross-entropy": (found["beta"], found["reconstruction"]),
            "KL": (found["beta"], found["kl"]),
        }
        axis = {"title": "nats a digit", "rangemode": "tozero"}
        charts.show(charts.lines(curves), "beta-nats", ticks, axis, 260)
    with active:
        figure = charts.lines({"active units of 10": (found["beta"], found["active_units"])})
        figure.update_layout(showlegend=True)
        charts.show(
            figure, "beta-active", ticks, {"title": "active units", "range": [0, 10.5]}, 260
        )
    st.caption("Test split, z sampled. One network for each β; only three of them are in the zoo.")


SPARSE = Section(
    title="Sparse",
    sentence="**Many latents, few words.** A penalty quietens most of 100 latents.",
    idea=r"""
The loss gets a second term, $L(x,\hat x)+\lambda\,\Omega(z)$, and the code has more room than it may use. L1,
$\Omega=\sum_j|z_j|$, makes every activation cost. KL, $\Omega=\sum_j\mathrm{KL}(\rho\,\|\,\hat\rho_j)$, asks that each latent
have a mean activation of $\rho=0.05$. The fewer speak at a time, the more each becomes a stroke of its own.
""",
    paper="Ng 2011, [Sparse autoencoder](https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf); Olshausen and Field 1996, [Emergence of simple-cell receptive field properties](https://doi.org/10.1038/381607a0)",
    strip=SPARSE_STRIP,
    example="sparse-kl",
    picture=sparse,
)

DENOISING = Section(
    title="Denoising",
    sentence="**Drag the noise.** The networks redraw the clean digit from the spoilt one.",
    idea=r"""
The picture is spoilt, $\tilde x\sim q(\tilde x\mid x)$, and the network must give back the clean one:
$\min\ \mathbb E\,L\big(x,\mathrm{dec}(\mathrm{enc}(\tilde x))\big)$. Copying no longer helps, so it has to learn what
digits look like. Each network was trained on one kind of noise; try it on the others.
""",
    paper="Vincent, Larochelle, Bengio and Manzagol 2008, [Extracting and composing robust features with denoising autoencoders](https://doi.org/10.1145/1390156.1390294)",
    strip={
        "denoising-masking": "Trained on masking",
        "denoising-gaussian": "Trained on Gaussian",
        "denoising-conv": "Gaussian, convolutional",
        "bottleneck-32": "Never met noise",
    },
    example="denoising-masking",
    rows=("denoising", "repair"),
    controls="corruption",
    kind="masking",
    level=0.3,
)

STACKED = Section(
    title="Stacked",
    sentence="**Layer by layer, then all together.** Drag the noise.",
    idea=r"""
Each layer first learns alone, as a denoising autoencoder of the layer below it:
$\min\ L\big(h_{k},\,g_k(f_k(\tilde h_{k}))\big)$. Then all layers are trained together, and for a classifier a last layer
names the digit. The pretraining was found for deep sigmoid networks, to which it gives a start from which the gradient
still reaches the first layer; the network below has ReLUs, which hardly need it: compare the last two curves.
""",
    paper="Vincent, Larochelle, Lajoie, Bengio and Manzagol 2010, [Stacked denoising autoencoders](https://www.jmlr.org/papers/v11/vincent10a.html)",
    strip={
        "stacked-32": "Stacked 256‑128‑32",
        "denoising-masking": "At once 256‑32",
    },
    example="stacked-32",
    picture=stacked,
    rows=("stacked-classifier",),
    controls="corruption",
    kind="masking",
    level=0.1,
)

CONTRACTIVE = Section(
    title="Contractive",
    sentence="**Nudge the digits.** How far does each code move?",
    idea=r"""
The loss gets the slopes of the code, $L(x,\hat x)+\lambda\,\lVert J(x)\rVert_F^2$ with $J=\partial z/\partial x$. A
code shall stay where it is when the picture is nudged; only the directions that the reconstruction needs stay open. Making
all codes small would please the term too, so the movement below is told as a share of the way to another digit's code.
""",
    paper="Rifai, Vincent, Muller, Glorot and Bengio 2011, [Contractive auto-encoders](https://icml.cc/2011/papers/455_icmlpaper.pdf)",
    strip={"contractive-64": "Contractive", "plain-64": "Plain twin"},
    example="contractive-64",
    picture=contractive,
    rows=("nudge", "contractive-norms"),
    controls="perturbation",
    kind="noise",
    level=0.4,
)

VAE = Section(
    title="VAE",
    sentence="**A cloud for each digit.** Dense and convolutional, 2 to 50 latents.",
    idea=r"""
The encoder gives a small cloud of codes, $q(z\mid x)=\mathcal N(\mu,\sigma^2)$, and the decoder must redraw the digit from
any point in it, while all clouds together stay close to one bell curve:
$\mathrm{ELBO}=\mathbb E_q[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$. So every code near 0 decodes
to something like a digit. Networks may be dense layers or convolutions.
""",
    paper="Kingma and Welling 2014, [Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
    strip={
        "vae-2": "Dense · 2",
        "binary-vae-2": "Convolutional · 2",
        "vae-16": "Dense · 16",
        "vae-50": "Dense · 50",
    },
    example="vae-2",
    picture=vae,
    rows=("vae-20", "vae-2-keras", "vae-2-binary", "likelihood", "active-units"),
)

BETA = Section(
    title="β-VAE",
    sentence="**Turn up the price of information.** The pictures lose detail, and each latent tells less.",
    idea=r"""
The KL term gets a weight, $-\mathbb E_q[\log p(x\mid z)]+\beta\,\mathrm{KL}$. With $\beta<1$ codes may tell much and the digits
are sharp, but random codes decode badly; with $\beta>1$ each nat has to earn its place, and latents that don't are switched
off. With 10 latents each and nothing changed but $\beta$.
""",
    paper="Higgins et al. 2017, [β-VAE: learning basic visual concepts with a constrained variational framework](https://openreview.net/forum?id=Sy2fzU9gl)",
    strip={"beta-0.1": "β = 0.1", "beta-1": "β = 1", "beta-4": "β = 4"},
    example="beta-4",
    picture=beta,
    rows=("beta", "beta-logs"),
)
