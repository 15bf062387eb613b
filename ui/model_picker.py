"""Pickers of models: one of all, or two to four side by side."""

from collections.abc import Sequence

import streamlit as st

from aemodels import views
from ui import address, markdown, model_catalogue, persons
from ui.model_catalogue import OWN, Catalogue, PickedModel, latents_text
from ui.parameters import LATENTS, MODEL, MODELS, OLDER
from ui.zoo_cache import Zoo

TRIO = ("pca", "ae", "vae")
FEWEST, MOST = 2, 4
DEFAULT = "vae-2"
WIDTH = 260  # pixels of the button that opens the list

# The keys of other models than those of one size, or none; and the number of latents of these.
_LIST, _SIZE = "chosen_models", "chosen_latents"


def pick_model(zoo: Zoo) -> tuple[str, PickedModel]:
    """A picker of one model; returns its key too."""
    found = model_catalogue.of(zoo)
    _modernise(found)
    first = usual(found)
    labels = {key: one.label for key, one in found.items()}
    if (text := MODEL.text) and text not in found and (why := _why_unlisted(text)):
        MODEL.refuse(text, why)
    key = MODEL.of({first: labels[first], **labels}).pick()
    one = found[key]
    # The pages with a trio follow when another size is chosen here.
    if st.session_state.get("explored", first) != key and one.latents in trios(zoo):
        st.session_state[_SIZE] = one.latents
    st.session_state.explored = key
    return key, model_catalogue.read(one, model_catalogue.titles([one])[0])


def usual(found: Catalogue) -> str:
    """The key of the model that is shown at first."""
    return DEFAULT if DEFAULT in found else next(iter(found))


def _modernise(found: Catalogue) -> None:
    """Turn an older address of Explore, such as ?model=ae&latents=16, into today's."""
    source, latents, variant = (each.text for each in OLDER)
    family = MODEL.text or "vae"
    key = None
    if source not in (None, "zoo"):
        key = f"{OWN}{source}"
    elif variant in found:
        key = variant
    elif family in model_catalogue.FAMILY_TITLES and (latents or MODEL.text):
        mine = [one for one in found.values() if one.family == family and not one.own]
        wanted = [one.key for one in mine if latents in (None, str(one.latents))]
        key = wanted[0] if wanted else None
    if key is None and latents is not None:
        title = model_catalogue.FAMILY_TITLES.get(family, "this model")
        LATENTS.refuse(latents, f"isn't available for {title}")
    for each in OLDER:
        each.remove()
    if key is not None:
        MODEL.put(key)
    elif MODEL.text in model_catalogue.FAMILY_TITLES:
        MODEL.remove()


def pick_several(zoo: Zoo, size: int) -> list[PickedModel]:
    """Pickers of PCA, autoencoder and VAE of one size, by default `size`, or of any two to four models.

    All are of one data set, whose name the first model's configuration has. Stops the page where
    there are fewer than two models.
    """
    found = model_catalogue.of(zoo)
    _read_address(zoo, found)
    state = st.session_state
    sizes = trios(zoo)
    if state.get(_SIZE, size) not in sizes:
        state.pop(_SIZE, None)
    shown = state.get(_SIZE, size if size in sizes else next(iter(sizes), 0))
    usual = sizes.get(shown) or _company(found, next(iter(found)))
    chosen: list[str] = state.get(_LIST) or usual
    if len(chosen) < FEWEST:
        st.error("This page needs two models of one data set, and there is only one.")
        st.stop()
    own_list = chosen != usual
    if own_list:
        MODELS.put(",".join(chosen))
        LATENTS.remove()
    else:
        MODELS.remove()
        LATENTS.remove() if shown == size else LATENTS.put(str(shown))
    if sizes:
        _size_buttons(list(sizes), None if own_list else shown)
    names = model_catalogue.titles([found[key] for key in chosen])
    words = ", ".join(map(markdown.escape, names))
    with st.popover(f"Models: {words}", width=WIDTH, icon=":material/stacks:"):
        _list(found, chosen)
    read = [model_catalogue.read(found[key], name) for key, name in zip(chosen, names, strict=True)]
    if len({each.bundle.source.pictures_sha256 for each in read}) > 1:
        title = markdown.escape(read[0].bundle.source.title)
        st.error(
            f"These models were trained on different pictures, though both data sets are called {title}; "
            "choose other models under **Models**."
        )
        st.stop()
    return read


def trios(zoo: Zoo) -> dict[int, list[str]]:
    """By number of latents: PCA, autoencoder and VAE of the zoo, or two of them where one is missing."""
    every = sorted({item.latent_dim for item in zoo.values()})
    found = {
        size: [name for name in (f"{family}-{size}" for family in TRIO) if name in zoo]
        for size in every
    }
    return {size: names for size, names in found.items() if len(names) >= FEWEST}


def _company(found: Catalogue, key: str) -> list[str]:
    """This model and others of its data set."""
    others = [one.key for one in found.values() if one.dataset == found[key].dataset]
    return list(dict.fromkeys([key, *others]))[:MOST]


def beside(zoo: Zoo, found: Catalogue, key: str) -> list[str]:
    """A model with PCA, autoencoder and VAE of its size, or of the nearest size that has these; with
    other runs if it is of another data set. Only itself where there are none.
    """
    here = found[key]
    alike = [names for names in trios(zoo).values() if found[names[0]].dataset == here.dataset]
    if not alike:
        return _company(found, key)
    nearest = min(alike, key=lambda names: abs(found[names[0]].latents - here.latents))
    return list(dict.fromkeys([*nearest, key]))


def links(zoo: Zoo, key: str) -> None:
    """Buttons that open Compare and Interpolate with this model beside others."""
    if key not in (found := model_catalogue.of(zoo)):
        return
    chosen = beside(zoo, found, key)
    alone = len(chosen) < FEWEST
    why = f"There is no other model of {views.title(found[key].dataset)} yet." if alone else None
    for label, page, icon in (
        ("Compare with …", "compare", ":material/compare:"),
        ("Morph with it", "interpolate", ":material/timeline:"),
    ):
        # A locked page shows no button whose key begins so.
        if st.button(label, key=f"go-{page}", icon=icon, disabled=alone, help=why):
            address.switch(f"{page}.py", {MODELS.name: ",".join(chosen)})


def _read_address(zoo: Zoo, found: Catalogue) -> None:
    """Take over what the address says, and forget chosen models that are gone."""
    state = st.session_state
    if LATENTS.take():
        state.pop(_SIZE, None)
        text, sizes = LATENTS.text, {str(size): size for size in trios(zoo)}
        if text in sizes:
            state[_SIZE] = sizes[text]
        elif text is not None:
            LATENTS.refuse(text, f"isn't available (choose {' or '.join(sizes)})")
    if MODELS.take():
        state[_LIST] = []
        text = MODELS.text
        if text is not None:
            keys = text.split(",")
            if why := unusable(found, keys):
                MODELS.refuse(text, why)
            else:
                state[_LIST] = keys
    left = [key for key in state.get(_LIST, ()) if key in found]
    state[_LIST] = left if len(left) >= FEWEST else []
    for size, names in trios(zoo).items():
        if names == state[_LIST]:
            state[_SIZE], state[_LIST] = size, []


def unusable(found: Catalogue, keys: Sequence[str]) -> str:
    """Why these models can't stand side by side, or nothing."""
    missing = [key for key in keys if key not in found]
    if missing:
        name = markdown.escape(missing[0][:40])
        why = _why_unlisted(missing[0])
        return (
            f"isn't available: {name} {why}"
            if why
            else f"isn't available: there is no model {name}"
        )
    if not FEWEST <= len(set(keys)) == len(keys) <= MOST:
        return f"must be {FEWEST} to {MOST} different models"
    if len({found[key].dataset for key in keys}) > 1:
        return "must be models of one data set"
    return ""


def _why_unlisted(key: str) -> str:
    """Why there is no model of this key, where that is a run of another class."""
    return persons.why_unlisted(key.removeprefix(OWN)) if key.startswith(OWN) else ""


def _size_buttons(sizes: Sequence[int], chosen: int | None) -> None:
    """One click for PCA, autoencoder and VAE of each size; none is pressed for other models."""
    widget = f"pick_latents_{st.session_state.page}"
    st.session_state[widget] = chosen

    def choose() -> None:
        if st.session_state[widget] is not None:
            st.session_state[_SIZE] = st.session_state[widget]
            st.session_state[_LIST] = []

    st.segmented_control(
        "Number of latents",
        sizes,
        format_func=latents_text,
        key=widget,
        label_visibility="collapsed",
        on_change=choose,
    )


def _list(found: Catalogue, chosen: Sequence[str]) -> None:
    """The chosen models, each to change or clear, and a place to add one."""
    dataset = found[chosen[0]].dataset
    fitting = [key for key, one in found.items() if one.dataset == dataset]
    several = [key for key in found if len(_company(found, key)) >= FEWEST]
    for place, key in enumerate(chosen):
        others = {*chosen} - {key}
        # The first may be of another data set; the others then follow.
        options = [each for each in (fitting if place else several) if each not in others]
        _menu(found, f"Model {place + 1}", options, place, chosen)
    rest = [key for key in fitting if key not in chosen]
    if len(chosen) < MOST and rest:
        _menu(found, "Add a model", rest, len(chosen), chosen)
    titles = {one.dataset: views.title(one.dataset) for one in found.values()}
    one_kind = f" All of one data set, here {titles[dataset]}." if len(titles) > 1 else ""
    st.caption(f"Two to four models.{one_kind}")


def _menu(
    found: Catalogue, label: str, options: Sequence[str], place: int, chosen: Sequence[str]
) -> None:
    """A searchable list of models for one place among the chosen ones, which clearing it removes, or
    for the next one.
    """
    state = st.session_state
    widget = f"model_{place}_{state.page}"
    new = place == len(chosen)
    state[widget] = None if new else chosen[place]

    def change() -> None:
        changed = [*chosen[:place], *filter(None, [state[widget]]), *chosen[place + 1 :]]
        if len(changed) < FEWEST:
            return
        if found[changed[0]].dataset != found[changed[-1]].dataset:
            changed = _company(found, changed[0])
        _set(changed)

    st.selectbox(
        label,
        options,
        None,
        format_func=lambda key: found[key].label,
        key=widget,
        required=not new and len(chosen) <= FEWEST,
        placeholder=label,
        label_visibility="collapsed",
        on_change=change,
    )


def _set(chosen: Sequence[str]) -> None:
    """Show these models from now on."""
    st.session_state[_LIST] = list(chosen)
