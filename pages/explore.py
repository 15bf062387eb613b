"""Explore: drag through one model's latent space and watch the digit change."""

import re

import streamlit as st

import lens
from aemodels import views
from aemodels.data import Source
from aemodels.families import FAMILIES
from ui import (
    address,
    beta_models,
    model_picker,
    own_data,
    page_header,
    random_codes,
    terms,
    view_states,
    zoo_cache,
)
from ui.given import Address
from ui.page_header import header
from ui.parameters import EXPLORE, EXPLORE_VIEW, FIRST_LESSON, FRAME, PINS, Z
from ui.zoo_cache import Zoo

# With the nouns of a data set.
WORDS = {
    "vae": r"""
A **variational autoencoder** has learned two networks. The encoder turns an image $x$ into a small cloud of codes,
$q(z\mid x)=\mathcal N(\mu,\sigma^2)$; the decoder turns a code $z$ back into an image. Every point on the map is the
$\mu$ of one real test %(noun)s, coloured by its class (the network never saw the classes).

It is trained to reconstruct each %(noun)s and to keep the clouds close to one shared bell curve, so the space between the
%(plural)s decodes to something sensible too:
$\;\mathrm{ELBO}=\mathbb E_{q}[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$.
""",
    "ae": r"""
An **autoencoder** squeezes each image into a few numbers $z$ and reconstructs it from them:
$\;\min\ \lVert x-\mathrm{dec}(\mathrm{enc}(x))\rVert^2$. Every point on the map is the code of one real test %(noun)s,
coloured by its class (the network never saw the classes).

Nothing controls where the codes lie, so they form arms and gaps. Drag into a gap: the result may not look like a %(noun)s.
Compare this with the VAE.
""",
    "pca": r"""
**PCA** is the linear baseline: $z=W(x-\bar x)$ and back, $\hat x=\bar x+W^{\top}z$, with the directions of largest
variance in the rows of $W$. Every point on the map is one real test %(noun)s, coloured by its class.

Moving along one latent always adds the same pattern, wherever you are. Blurry %(plural)s and negative ink (shown as black)
are the price of a linear model.
""",
}


def main() -> None:
    zoo = zoo_cache.load()
    with header(
        "**Drag anywhere on the map.** The model decodes the code at the cross-hair, live.",
        "**Drag anywhere on the map** and watch the digit. New here? "
        f"[Lesson 1](learn?lesson={FIRST_LESSON}) takes two minutes.",
    ):
        key, picked = model_picker.pick_model(zoo)
    model = picked.model
    size = model_picker.latents_text(model["latent_dim"])
    page_header.title(f"Explore {model['title']}, {size}")
    # A code belongs to one model; another model starts from its own.
    address.belong((Z, FRAME, PINS), model["name"])
    dataset = picked.bundle.config.data.dataset
    source = views.source(dataset, picked.bundle)
    state = view_states.explore(Address(), model, source)
    address.finish(EXPLORE)
    own_data.about(dataset, source)
    shown = lens.explore(model, views.dataset(dataset, picked.bundle), state)
    address.keep(EXPLORE_VIEW, shown)
    rolled = st.expander("Roll 48 random codes", key="random_codes", on_change="rerun")
    if rolled.open:
        with rolled:
            random_codes.show(random_codes.beside(model, zoo, dataset), source.plural)
    with st.expander("What am I seeing?"):
        explain(model["family"], source, zoo)
    with st.container(horizontal=True):
        model_picker.links(zoo, key)
        if model["family"] == "vae":
            beta_models.link(zoo, model["name"])


def uncoloured(words: str, source: Source) -> str:
    """The words without those about colours, where there are no classes."""
    if source.class_names:
        return words
    return re.sub(r",\s+coloured by its class( \(the network never saw the classes\))?", "", words)


def explain(family: str, source: Source, zoo: Zoo) -> None:
    """The idea of a family in a few sentences, or a link to its section."""
    if family in WORDS:
        words = WORDS[family] % {"noun": source.noun, "plural": source.plural}
        st.markdown(terms.link(uncoloured(words, source)))
        return
    meaning = FAMILIES[family].meaning
    words = (
        f"{meaning[0].upper()}{meaning[1:]}. Every point on the map is the code of one real test "
        f"{source.noun}, coloured by its class (the network never saw the classes)."
    )
    st.markdown(terms.link(uncoloured(words, source)))
    # A family that was added later has no section.
    if family in {item.family for item in zoo.values()}:
        st.page_link(
            "families/page.py",
            label="See how it works",
            icon=":material/family_history:",
            query_params={"family": family},
        )


main()
