"""The trained models that come with this project, by name."""

from pathlib import Path

from aemodels import paths
from aemodels.bundles.checks import MANIFEST, BundleError


def folder() -> Path:
    """The folder of bundles."""
    return paths.zoo()


def names() -> list[str]:
    """The names of its bundles, sorted; none if there is no such folder."""
    return sorted(file.parent.name for file in folder().glob(f"*/{MANIFEST}"))


def find(name: Path | str) -> Path:
    """The folder of a bundle: one of the zoo by its name, such as "vae-2", or any by its path.

    Raises BundleError, with the names in the zoo, if there is neither.
    """
    known = names()
    if str(name) in known:
        return folder() / name
    if Path(name).is_dir():
        return Path(name)
    have = f"the zoo has {', '.join(known)}" if known else f"{folder()} has none"
    raise BundleError(
        f"{str(name)[:80]}: is neither a bundle's folder nor a model in the zoo; {have}"
    )
