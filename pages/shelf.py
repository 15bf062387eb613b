"""What the pages choose from: the bundles of the zoo, and the picker that names one of them."""

from pathlib import Path
from typing import Any

import streamlit as st

from aemodels import bundle, latent, zoo
from pages import address

TITLES = {"vae": "VAE", "ae": "Autoencoder", "pca": "PCA"}


@st.cache_resource(show_spinner=False)
def _scan(folder: Path, stamp: tuple[tuple[str, int], ...]) -> bundle.Shelf:
    return bundle.scan(folder)


def shelf() -> bundle.Shelf:
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
    return row.container(horizontal=True, width="content")


def pick_latents(found: bundle.Shelf) -> int:
    """A picker of the number of latents; the address carries it as `latents`."""
    sizes = sorted({item.latent_dim for item in found.bundles})
    choices = {str(size): f"{size} latents" for size in sizes}
    return int(address.choice("latents", "Number of latents", choices))


def pick_family(found: bundle.Shelf) -> str:
    """A picker of the family of model; the address carries it as `model`."""
    families = {item.family for item in found.bundles}
    choices = {name: title for name, title in TITLES.items() if name in families}
    return address.choice("model", "Model", choices)


def find(found: bundle.Shelf, family: str, latents: int) -> bundle.Bundle | None:
    """The bundle of this family and size, or None where the zoo has none that can be read."""
    for item in found.bundles:
        if item.family == family and item.latent_dim == latents:
            return item
    return None


def trio(found: bundle.Shelf, latents: int) -> list[bundle.Bundle]:
    """PCA, autoencoder and VAE of one size, in this order; stops the page where one is missing."""
    items = {family: find(found, family, latents) for family in ("pca", "ae", "vae")}
    missing = [TITLES[family] for family, item in items.items() if item is None]
    if missing:
        st.error(
            f"{' and '.join(missing)} with {latents} latents can't be read, so this page waits."
        )
        st.stop()
    return [item for item in items.values() if item is not None]


@st.cache_data(show_spinner=False)
def _space(_item: bundle.Bundle, stamp: str) -> dict[str, Any]:
    space = latent.describe(*_item.codes(), _item.family)
    names: tuple[str, ...] = ("information", "order", "dead", "low", "high", "mean", "plane")
    names += ("plane_low", "plane_high", "prior_mean", "prior_factor")
    return {name: getattr(space, name).tolist() for name in names}


def for_lens(item: bundle.Bundle) -> dict[str, Any]:
    """What the lens needs to know of a bundle: where its files are and what its latents look like."""
    stamp = item.digests[bundle.CODES] + item.digests[bundle.WEIGHTS]
    return {
        "name": item.name,
        "family": item.family,
        "title": TITLES[item.family],
        "latentDim": item.latent_dim,
        "url": f"/zoo/{item.name}",
        "stamp": stamp,
        "space": _space(item, stamp),
    }
