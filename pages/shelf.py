"""What the pages choose from: the bundles of the zoo, and the picker that names one of them."""

import os
from pathlib import Path
from typing import Any

import streamlit as st

from aemodels import bundle, latent
from pages import address

ROOT = Path(__file__).parents[1]
TITLES = {"vae": "VAE", "ae": "Autoencoder", "pca": "PCA"}


def zoo_folder() -> Path:
    """The folder of bundles that the app shows: `$LATENT_LAB_ZOO`, else `zoo` of this project."""
    return Path(os.environ.get("LATENT_LAB_ZOO", ROOT / "zoo"))


@st.cache_data(show_spinner=False)
def _scan(folder: Path, stamp: tuple[tuple[str, int], ...]) -> bundle.Shelf:
    return bundle.scan(folder)


def shelf() -> bundle.Shelf:
    """The bundles of the zoo, read again when a file changed; what is damaged is named on the page."""
    folder = zoo_folder()
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


def pick_latents(found: bundle.Shelf) -> int:
    """A picker of the number of latents; the address carries it as `latents`."""
    sizes = sorted({item.latent_dim for item in found.bundles})
    address.check_choice("latents", [str(size) for size in sizes])
    return st.segmented_control(
        "Latents",
        sizes,
        default=sizes[0],
        format_func=lambda size: f"{size} latents",
        key="latents",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )


def pick_family(found: bundle.Shelf) -> str:
    """A picker of the family of model; the address carries it as `model`."""
    families = [name for name in TITLES if any(item.family == name for item in found.bundles)]
    address.check_choice("model", families)
    return st.segmented_control(
        "Model",
        families,
        default=families[0],
        format_func=TITLES.__getitem__,
        key="model",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )


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
        st.error(f"{' and '.join(missing)} with {latents} latents can't be read, so this page waits.")
        st.stop()
    return [item for item in items.values() if item is not None]


@st.cache_data(show_spinner=False)
def _space(path: Path, family: str, stamp: str) -> dict[str, Any]:
    mean, log_var = bundle.read(path).codes()
    space = latent.describe(mean, log_var, family)
    names = ("information", "order", "dead", "low", "high", "mean", "plane")
    names += ("prior_mean", "prior_factor")
    return {name: getattr(space, name).tolist() for name in names}


def for_lens(item: bundle.Bundle) -> dict[str, Any]:
    """What the lens needs to know of a bundle: where its files are and what its latents look like."""
    stamp = item.files["codes.npy"]["sha256"]
    return {
        "name": item.name,
        "family": item.family,
        "title": TITLES[item.family],
        "latentDim": item.latent_dim,
        "url": f"/zoo/{item.name}",
        "stamp": stamp,
        "space": _space(item.path, item.family, stamp),
    }
