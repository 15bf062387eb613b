"""The deep autoencoder, and how a ReLU output harms it."""

import numpy as np
import streamlit as st

from ui import pictures, results_cache
from ui.family_section import Section
from ui.zoo_cache import Zoo


def chart(zoo: Zoo) -> None:
    """Reconstructions by the published network with a ReLU output, and by the fixed one."""
    st.caption("The network with one layer has two latents more, which is in its favour.")
    found = results_cache.details("flaw")
    if not found:
        return
    st.markdown("## The flaw in 784‑392‑196‑392‑784, explained and fixed")
    rows = {
        "test digits": "original",
        "as published, with a ReLU output": "example-0",
        "fixed, with a sigmoid output": "repaired-0",
    }
    left, right = st.columns([3, 1], gap="large")
    with left:
        for label, name in rows.items():
            st.caption(label)
            greys = np.array(found["pictures"][name]) / 255
            alt = f"Ten digits: {label}"
            st.image(pictures.greys(greys, 10), width="stretch", alt=alt)
    with right:
        dead = np.array(found["dead_pixels"], float)
        st.caption(
            f"{dead.sum():.0f} dead pixels: inked in real digits, always black in the output"
        )
        alt = "The 28x28 pixels: dead ones are orange, the others black"
        st.image(pictures.atoms(dead[None], 1), width=220, alt=alt)


DEEP = Section(
    title="Deep",
    sentence="**Four layers down, four layers up.** Click a digit for another of its class.",
    idea=r"""
Layers with non-linearities between them can bend PCA's span to follow the digits:
$\hat x=f_8(\cdots f_1(x))$, here 784‑1000‑500‑250‑30 and back. The last non-linearity matters. A tutorial network
784‑392‑196‑392‑784 ends in a ReLU: where its input is negative, the pixel is black and the gradient is 0, so that pixel
may never learn again. A sigmoid fixes that.
""",
    paper="Hinton and Salakhutdinov 2006, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647)",
    strip={"deep-30": "Four layers · 30", "bottleneck-32": "One layer · 32"},
    example="deep-30",
    chart=chart,
    rows=("deep-30", "flaw"),
)
