"""The β-VAE, which weighs information against detail."""

from typing import Any

import streamlit as st

import lens
from aemodels import views
from aemodels.views import contract
from pages.families import vae
from ui import address, beta_models, random_codes, results_cache
from ui.family_section import Fold, Section, View, tell_missing
from ui.given import Address, Values
from ui.parameters import BETA, BETA_VIEW, CLASSES, FRAME
from ui.parts import Live, Part
from ui.query_params import Parameter
from ui.zoo_cache import Zoo

# The last is one that collapses latents; it isn't in the zoo.
SHOWN = (0.1, 1, 4, 10)
TEN_LATENTS = {"beta-0.1": "β = 0.1", "beta-1": "β = 1", "beta-4": "β = 4"}


class BetaSection(Section):
    """The section whose view is one slider over models that differ in β alone."""

    @property
    def parameters(self) -> tuple[Parameter[Any], ...]:
        """Those that its view sets."""
        return BETA_VIEW

    def view(self, zoo: Zoo) -> View:
        """Read the address; what draws the view as the address says."""
        page = self.page(zoo, Address())

        def draw() -> None:
            if page:
                found = lens.beta(page["models"], page["dataset"], page["state"])
                address.keep(BETA_VIEW, found)

        return draw

    def page(self, zoo: Zoo, values: Values) -> contract.Beta | None:
        """What the slider shows with these values."""
        items = beta_models.find(zoo)
        if not items:
            return None
        labels = [beta_models.label(item) for item in items]
        return contract.Beta(
            view="beta",
            base="",
            models=beta_models.models(items),
            dataset=views.dataset("mnist"),
            state=contract.BetaState(
                beta=values.of(BETA.among(labels)),
                classes=values.of(CLASSES),
                frame=values.of(FRAME),
                visit=values.visit,
            ),
        )

    def shown(self) -> str:
        """The model under the slider."""
        return f"{beta_models.PREFIX}{BETA.text or BETA.default}"


def chart(zoo: Zoo) -> list[Part]:
    """With ten latents: random codes for three β, and the KL of each latent for four, of which the
    last has collapsed some.
    """
    return [Live(lambda: rolled(zoo)), *information()]


def rolled(zoo: Zoo) -> None:
    """Random codes for three β."""
    random_codes.show(random_codes.of_zoo(zoo, TEN_LATENTS))
    st.caption(
        "The higher β, the more random codes decode to digits, and the less detail survives."
    )
    tell_missing([name for name in TEN_LATENTS if name not in zoo])


def information() -> list[Part]:
    """The KL of each latent for four β."""
    found = results_cache.details("beta")
    if not found:
        return []
    each = zip(found["beta"], found["kl_per_latent"], found["active_units"], strict=True)
    shown = {
        f"β = {value:g}": (sorted(kl, reverse=True), active)
        for value, kl, active in each
        if value in SHOWN
    }
    return vae.information(shown, "kl-beta")


BETA_VAE = BetaSection(
    title="β-VAE",
    idea="**Each nat has a price, β.** The higher it is, the less a code carries, until all digits decode to the same one.",
    drag="drag β to both ends, or press *Play*.",
    look="the rings, which are the clouds of ten digits: points at β = 0, all the same at β = 30.",
    sentence="β buys a tidy space and pays with detail.",
    formula=r"""
The KL term gets a weight, $-\mathbb E_q[\log p(x\mid z)]+\beta\,\mathrm{KL}$. At $\beta=0$ nothing holds the codes together: they
spread far, their clouds shrink to points, and the VAE is nearly an autoencoder. A larger $\beta$ draws them towards the prior
$\mathcal N(0,I)$, first for almost nothing, then at the cost of detail. At $\beta=30$ both latents have collapsed: every cloud is
the prior itself. The nine networks have 2 latents and differ only in $\beta$.
""",
    paper="Higgins et al. 2017, [β-VAE: learning basic visual concepts with a constrained variational framework](https://openreview.net/forum?id=Sy2fzU9gl)",
    strip={},
    example="",
    folds=(Fold("With 10 latents: random codes, and the information in each latent", chart),),
    lesson="beta",
    rows=("beta-2d", "beta", "beta-logs"),
)
