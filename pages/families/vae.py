"""The variational autoencoder, which encodes each image as a distribution."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import lens
from aemodels import views
from aemodels.analysis import latent_space
from aemodels.views import contract
from ui import charts, random_codes
from ui.family_section import Fold, Section, View, tell_missing
from ui.given import Address, Values
from ui.parts import Caption, Chart, Live, Part
from ui.query_params import Parameter
from ui.zoo_cache import Zoo


def chart(zoo: Zoo) -> list[Part]:
    """The KL of each of many latents, most of them collapsed."""
    model = zoo.get("vae-50")
    if model is None:
        return [Live(lambda: tell_missing(["vae-50"]))]
    mean, log_var = model.codes()
    assert log_var is not None
    kl = np.sort(latent_space.kl(mean, log_var).mean(0))[::-1]
    known = {"VAE, 50 latents": (kl.tolist(), latent_space.active_units(mean))}
    return information(known, "kl-vae")


def information(found: Mapping[str, tuple[Sequence[float], int]], key: str) -> list[Part]:
    """Bars of KL for each latent, in nats and descending, by label; and their active units."""
    groups = {f"{label}: {active} of {len(kl)} active": kl for label, (kl, active) in found.items()}
    most = max(len(kl) for kl, _ in found.values())
    axis = {"title": "latent, most informative first", "dtick": 1 if most <= 16 else 5}
    return [
        Chart(charts.bars(groups), key, axis, "KL, nats", layout={"showlegend": True}),
        Caption(
            "Mean KL from the posterior to the prior over the 10,000 test digits. A unit is active if its "
            "mean varies across digits: Var μ > 0.01 (Burda et al. 2016). A latent near 0 nats has collapsed "
            "to the prior and carries no information."
        ),
    ]


class DrawsSection(Section):
    """The section whose view is random codes, decoded with and without a prior."""

    @property
    def parameters(self) -> tuple[Parameter[Any], ...]:
        """None: each roll is new."""
        return ()

    def view(self, zoo: Zoo) -> View:
        """What draws the view."""
        page = self.page(zoo, Address())

        def draw() -> None:
            if page:
                lens.draws(page["models"], page["plural"])
            tell_missing([name for name in random_codes.WITH_AND_WITHOUT_PRIOR if name not in zoo])

        return draw

    def page(self, zoo: Zoo, values: Values) -> contract.Draws | None:
        """The autoencoder and the VAE of one size."""
        models = random_codes.pair(zoo)
        plural = views.dataset("mnist")["plural"]
        return (
            contract.Draws(view="draws", base="", models=models, plural=plural) if models else None
        )


VAE = DrawsSection(
    title="VAE",
    idea="**Draw a random code, get a digit.** More often than from an autoencoder, whose codes follow no known distribution.",
    drag="press *Roll 48* a few times; then draw from the Gaussian fitted to the codes.",
    look="how many of the pictures you can read, on either side.",
    sentence="Nobody told an autoencoder where codes should be; a VAE was told.",
    formula=r"""
The encoder outputs a distribution of codes, $q(z\mid x)=\mathcal N(\mu,\sigma^2)$, not one code. In training, the decoder
reconstructs the digit from a draw of it, and the KL term pulls every such distribution towards one prior:
$\mathrm{ELBO}=\mathbb E_q[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$. So a draw from the prior
usually lands where the decoder has been trained. The networks can be dense or convolutional.
""",
    paper="Kingma and Welling 2014, [Auto-encoding variational Bayes](https://arxiv.org/abs/1312.6114)",
    strip={},
    example="vae-16",
    folds=(Fold("Information in each of 50 latents", chart),),
    lesson="holes",
    rows=("vae-20", "vae-2-keras", "vae-2-binary", "likelihood", "likelihood-2", "active-units"),
)
