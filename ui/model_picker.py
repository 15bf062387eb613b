"""What the pages choose from: the bundles of the zoo, and the picker that names one of them."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import streamlit as st

from aemodels import runs
from aemodels.bundles import bundle, zoo
from aemodels.families import FAMILIES
from ui import lens_data, query_params

TITLES = {name: family.title for name, family in FAMILIES.items()}
TRIO = ("pca", "ae", "vae")
# More choices than these are a list to open.
BUTTONS = 3


@st.cache_resource(show_spinner=False)
def _scan(folder: Path, stamp: tuple[tuple[str, int], ...]) -> bundle.BundleIndex:
    return bundle.scan(folder)


def shelf() -> bundle.BundleIndex:
    """The bundles of the zoo, read again when a file changed; what is damaged is named on the page."""
    folder = zoo.folder()
    files = sorted(folder.glob("*/*")) if folder.is_dir() else []
    stamp = tuple((str(file), file.lstat().st_mtime_ns) for file in files)
    found = _scan(folder, stamp)
    for problem in found.problems:
        st.warning(f"**{problem.name}** is left out: {problem.message}", icon=":material/warning:")
    if not found.bundles:
        st.error(
            f"No model was found in `{folder.name}/`. "
            "`git checkout -- zoo` brings the trained models back."
        )
        st.stop()
    return found


def header(sentence: str) -> Any:
    """The line above a lens: a sentence, and room for pickers, which move below it on a phone."""
    row = st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    )
    row.markdown(sentence, width="content")
    return row.container(horizontal=True, vertical_alignment="center", width="content")


def pick_size(found: bundle.BundleIndex) -> int:
    """A picker of the number of latents that PCA, autoencoder and VAE are all there in."""
    every = {item.latent_dim for item in found.bundles}
    sizes = [size for size in sorted(every) if all(find(found, name, size) for name in TRIO)]
    sizes = sizes or sorted(every)
    return _pick_latents(sizes, many=len(sizes) > BUTTONS)


def pick_model(found: bundle.BundleIndex) -> bundle.Bundle:
    """Pickers of family, latents and, where there are several of these, which of them; the address
    carries them as `model`, `latents` and `variant`.
    """
    families = {item.family for item in found.bundles}
    choices = {
        name: title.removesuffix(" autoencoder")
        for name, title in TITLES.items()
        if name in families
    }
    family = query_params.choice("model", "Model", choices, many=True)
    mine = [item for item in found.bundles if item.family == family]
    latents = _pick_latents(sorted({item.latent_dim for item in mine}), many=True)
    items = {item.name: item for item in mine if item.latent_dim == latents}
    if len(items) == 1:
        st.query_params.pop("variant", None)
        return next(iter(items.values()))
    # What a family and its size alone would be called comes first.
    names = sorted(items, key=lambda name: (name != f"{family}-{latents}", name))
    return items[
        query_params.choice("variant", "Variant", {name: name for name in names}, many=True)
    ]


def _pick_latents(sizes: list[int], many: bool) -> int:
    choices = {str(size): latents_words(size) for size in sizes}
    return int(query_params.choice("latents", "Number of latents", choices, many=many))


def latents_words(latents: int) -> str:
    """2 -> "2 latents"."""
    return f"{latents} latent{'s' * (latents > 1)}"


ZOO, PRETRAINED = "zoo", "Pretrained"


def my_runs() -> dict[str, runs.Run]:
    """The runs that have a model to show, by id, newest first; one that diverged has none."""
    return {run.id: run for run in runs.scan() if run.bundle_path and run.state != "failed"}


def labels(found: Iterable[runs.Run]) -> dict[str, str]:
    """A name for each run that no other has, by id, since a picker knows its choices by these: older
    runs keep theirs, others get a number.
    """
    names: dict[str, str] = {ZOO: PRETRAINED}
    for run in sorted(found, key=lambda run: (run.created, run.id)):
        name, number = run.name, 1
        while name in names.values():
            number += 1
            name = f"{run.name} ({number})"
        names[run.id] = name
    return names


def plain(text: str) -> str:
    """A name that a person gave, so that Markdown shows it as it is."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def pick_source() -> runs.Run | None:
    """Where Explore's model is from: None for the zoo, or one of the person's own runs."""
    own = my_runs()
    if not own and st.query_params.get("source", ZOO) == ZOO:
        return None
    names = labels(own.values())
    choices = {key: names[key] for key in (ZOO, *own)}
    return own.get(query_params.choice("source", "Model from", choices, many=True))


def find(found: bundle.BundleIndex, family: str, latents: int) -> bundle.Bundle | None:
    """The zoo's bundle that is called after its family and size, or None where none can be read."""
    for item in found.bundles:
        if item.name == f"{family}-{latents}":
            return item
    return None


def trio(found: bundle.BundleIndex, latents: int) -> list[lens_data.PickedModel]:
    """PCA, autoencoder and VAE for the lens, in this order: the zoo's, or own runs put in their place.

    Stops the page where one is missing.
    """
    # The maps light up one and the same digit.
    own = {key: run for key, run in my_runs().items() if run.config.data.dataset == "mnist"}
    families = {run.config.family.name for run in own.values()}
    names = labels(own.values())
    chosen = dict.fromkeys(TRIO, ZOO)
    if families & set(TRIO):
        with st.popover("My runs", icon=":material/model_training:"):
            for family in chosen:
                mine = {
                    key: names[key] for key, run in own.items() if run.config.family.name == family
                }
                if mine:
                    choices = {ZOO: PRETRAINED, **mine}
                    st.caption(TITLES[family])
                    chosen[family] = query_params.choice(family, TITLES[family], choices, many=True)
    models = []
    for family, source in chosen.items():
        if source != ZOO:
            model = run_for_lens(own[source])
            if model["latent_dim"] != latents:
                # The picker of latents is about the pretrained ones.
                model["title"] += f" · {latents_words(model['latent_dim'])}"
            models.append(model)
        elif item := find(found, family, latents):
            models.append(lens_data.model(item))
        else:
            st.error(f"{TITLES[family]} with {latents} latents can't be read, so this page waits.")
            st.stop()
    return models


@st.cache_resource(show_spinner=False, max_entries=50)
def _own_bundle(path: Path, stamp: int) -> bundle.Bundle:
    return bundle.read(path)


def own_bundle(run: runs.Run) -> bundle.Bundle:
    """The bundle of a run; stops the page with a sentence where it is damaged."""
    assert run.bundle_path is not None
    try:
        stamp = (run.bundle_path / bundle.MANIFEST).stat().st_mtime_ns
        return _own_bundle(run.bundle_path, stamp)
    except (bundle.BundleError, OSError) as error:
        st.error(f"The model of **{plain(run.name)}** can't be read: {error}")
        st.stop()


def run_for_lens(run: runs.Run) -> lens_data.PickedModel:
    """What the lens is told of a run's model."""
    item = own_bundle(run)
    family = TITLES[item.family]
    title = run.name if run.name.startswith(family) else f"{family} · {run.name}"
    return lens_data.model(item, name=run.id, title=title, url=f"/runs/{run.id}")
