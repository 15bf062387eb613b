"""The β-VAE, which weighs information against detail."""

import streamlit as st

from pages.families import vae
from ui import charts, random_codes, results_cache
from ui.family_section import Section
from ui.zoo_cache import Zoo

# The last is one that collapses latents; it isn't in the zoo.
SHOWN = (0.1, 1, 4, 10)
STRIP = {"beta-0.1": "β = 0.1", "beta-1": "β = 1", "beta-4": "β = 4"}


def chart(zoo: Zoo) -> None:
    """Random codes for each β; the KL of each latent at some β; error, KL and active units over all."""
    st.markdown("## Random codes, decoded")
    random_codes.show(random_codes.of_zoo(zoo, STRIP))
    found = results_cache.details("beta")
    if not found:
        return
    each = zip(found["beta"], found["kl_per_latent"], found["active_units"], strict=True)
    shown = {
        f"β = {value:g}": (sorted(kl, reverse=True), active)
        for value, kl, active in each
        if value in SHOWN
    }
    vae.information(shown, "kl-beta")
    st.markdown("## What β buys, and what it costs")
    ticks = {"title": "β", "type": "log", "tickvals": found["beta"], "ticktext": found["beta"]}
    nats, active = st.columns(2, gap="large")
    with nats:
        curves = {
            "cross-entropy": (found["beta"], found["reconstruction"]),
            "KL": (found["beta"], found["kl"]),
        }
        axis = {"title": "nats per digit", "rangemode": "tozero"}
        charts.show(charts.lines(curves), "beta-nats", ticks, axis, 260)
    with active:
        figure = charts.lines({"active units of 10": (found["beta"], found["active_units"])})
        units = {"title": "active units", "range": [0, 10.5]}
        charts.show(figure, "beta-active", ticks, units, 260, showlegend=True)
    st.caption("Test split, with sampled z. One network for each β; three of them are in the zoo.")


BETA = Section(
    title="β-VAE",
    sentence="**Each nat has a price, β.** The higher it is, the less detail survives, and the more random codes decode to digits.",
    idea=r"""
The KL term gets a weight, $-\mathbb E_q[\log p(x\mid z)]+\beta\,\mathrm{KL}$. A small $\beta$ lets codes carry more
information, and reconstructions are sharper; a large one pulls the codes towards $\mathcal N(0,I)$, and at
$\beta=10$ some latents collapse. All models have 10 latents and differ only in $\beta$.
""",
    paper="Higgins et al. 2017, [β-VAE: learning basic visual concepts with a constrained variational framework](https://openreview.net/forum?id=Sy2fzU9gl)",
    strip=STRIP,
    example="beta-4",
    chart=chart,
    rows=("beta", "beta-logs"),
)
