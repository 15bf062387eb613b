"""Explore: drag through one model's latent space and watch the digit change."""

import streamlit as st

import lens
from aemodels.families import FAMILIES
from ui import lens_data, model_picker, query_params

WORDS = {
    "vae": r"""
A **variational autoencoder** has learned two networks. The encoder turns a picture $x$ into a small cloud of
codes, $q(z\mid x)=\mathcal N(\mu,\sigma^2)$; the decoder turns a code $z$ back into a picture. Every point on the
map is the $\mu$ of one real test digit, coloured by its class (the network never saw the classes).

It is trained to redraw each digit and to keep the clouds close to one common bell curve, so the space between the
digits decodes to something sensible too:
$\;\mathrm{ELBO}=\mathbb E_{q}[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$.
""",
    "ae": r"""
An **autoencoder** squeezes each picture into a few numbers $z$ and redraws it from them:
$\;\min\ \lVert x-\mathrm{dec}(\mathrm{enc}(x))\rVert^2$. Every point on the map is the code of one real test digit,
coloured by its class (the network never saw the classes).

Nothing tells it where to put the codes, so they form arms and gaps. Drag into a gap: what comes out need not be
a digit. Compare this with the VAE.
""",
    "pca": r"""
**PCA** is the linear yardstick: $z=W(x-\bar x)$ and back $\hat x=\bar x+W^{\top}z$, with the directions of
largest variance in the rows of $W$. Every point on the map is one real test digit, coloured by its class.

Moving along one latent always adds the same picture, wherever you are. Blurry digits and negative ink (shown as
black) are the price of a straight line.
""",
}


def main() -> None:
    found = model_picker.shelf()
    with model_picker.header(
        "**Drag anywhere on the map.** The network redraws the digit under your pointer."
    ):
        source = model_picker.pick_source()
        if source is None:
            item = model_picker.pick_model(found)
            model = lens_data.model(item)
        else:
            item = model_picker.own_bundle(source)
            model = model_picker.run_for_lens(source)
    if st.session_state.setdefault("explore_model", model["name"]) != model["name"]:
        # A code belongs to one model; another model starts afresh.
        st.session_state.explore_model = model["name"]
        st.query_params.pop("z", None)
    query_params.check_names(["source", "model", "latents", "variant", "z"])
    space = model["space"]
    z = query_params.vector("z", space["low"], space["high"])
    query_params.show_notices()
    state = lens.explore(model, lens_data.dataset(item.config.data.dataset), z)
    if state and state["model"] == model["name"]:
        query_params.put("z", state["z"])
    with st.expander("What am I seeing?"):
        family = model["family"]
        if family in WORDS:
            st.markdown(WORDS[family])
        else:
            meaning = FAMILIES[family].meaning
            st.markdown(
                f"{meaning[0].upper()}{meaning[1:]}. Every point on the map is the code of one real "
                "test digit, coloured by its class (the network never saw the classes)."
            )
            # A family that somebody added is not in the zoo, and has no section there.
            if family in {item.family for item in found.bundles}:
                st.page_link(
                    "families.py",
                    label="Its idea, live",
                    icon=":material/family_history:",
                    query_params={"family": family},
                )


main()
