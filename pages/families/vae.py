"""The variational autoencoder, which encodes each image as a distribution."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from aemodels.analysis import latent_space
from ui import charts, random_codes
from ui.family_section import Section
from ui.zoo_cache import Zoo


def chart(zoo: Zoo) -> None:
    """Random codes with and without a prior; the KL of each of many latents, most of them collapsed."""
    st.markdown("## Random codes, decoded")
    random_codes.show(random_codes.pair(zoo))
    model = zoo.get("vae-50")
    if model is None:
        return
    mean, log_var = model.codes()
    assert log_var is not None
    kl = np.sort(latent_space.kl(mean, log_var).mean(0))[::-1]
    information({"VAE, 50 latents": (kl.tolist(), latent_space.active_units(mean))}, "kl-vae")


def information(found: Mapping[str, tuple[Sequence[float], int]], key: str) -> None:
    """Bars of KL for each latent, in nats and descending, by label; and their active units."""
    st.markdown("## Information per latent")
    groups = {f"{label}: {active} of {len(kl)} active": kl for label, (kl, active) in found.items()}
    most = max(len(kl) for kl, _ in found.values())
    axis = {"title": "latent, most informative first", "dtick": 1 if most <= 16 else 5}
    charts.show(charts.bars(groups), key, axis, "KL, nats", showlegend=True)
    st.caption(
        "Mean KL from the posterior to the prior over the 10,000 test digits. A unit is active if its "
        "mean varies across digits: Var μ > 0.01 (Burda et al. 2016). A latent near 0 nats has collapsed "
        "to the prior and carries no information."
    )


VAE = Section(
    title="VAE",
    sentence="**Draw a random code, get a digit.** More often than from an autoencoder, whose codes follow no known distribution.",
    idea=r"""
The encoder outputs a distribution of codes, $q(z\mid x)=\mathcal N(\mu,\sigma^2)$, not one code. In training, the decoder
reconstructs the digit from a draw of it, and the KL term pulls every such distribution towards one prior:
$\mathrm{ELBO}=\mathbb E_q[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$. So a draw from the prior
usually lands where the decoder has been trained. The networks can be dense or convolutional.
""",
    paper="Kingma and Welling 2014, [Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
    strip={
        "vae-2": "Dense · 2",
        "binary-vae-2": "Convolutional · 2",
        "vae-16": "Dense · 16",
        "vae-50": "Dense · 50",
    },
    example="vae-2",
    chart=chart,
    rows=("vae-20", "vae-2-keras", "vae-2-binary", "likelihood", "active-units"),
)
