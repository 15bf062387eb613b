"""The β-VAE, which weighs information against detail."""

import streamlit as st

from pages.families import vae
from ui import charts, results_cache
from ui.family_section import Section
from ui.zoo_cache import Zoo

# The last is the one that switches latents off.
SHOWN = (0.1, 1, 4, 10)


def chart(zoo: Zoo) -> None:
    """The KL of each latent at some β; error, KL and active units over all."""
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
    st.markdown("#### What β buys, and what it costs")
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
    sentence="**Raise the price of information.** The images lose detail, and each latent carries less.",
    idea=r"""
The KL term gets a weight, $-\mathbb E_q[\log p(x\mid z)]+\beta\,\mathrm{KL}$. With $\beta<1$, codes can carry a lot of
information and the digits are sharp, but random codes decode badly; with $\beta>1$, each nat has to earn its place, and
latents that don't are switched off. All models have 10 latents and differ only in $\beta$.
""",
    paper="Higgins et al. 2017, [β-VAE: learning basic visual concepts with a constrained variational framework](https://openreview.net/forum?id=Sy2fzU9gl)",
    strip={"beta-0.1": "β = 0.1", "beta-1": "β = 1", "beta-4": "β = 4"},
    example="beta-4",
    chart=chart,
    rows=("beta", "beta-logs"),
)
