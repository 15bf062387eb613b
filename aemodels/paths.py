"""Where data, trained models and runs are, and the environment variable that moves each.

| what | variable | in a checkout | installed |
|---|---|---|---|
| data sets | `LATENT_LAB_DATA` | `data/` | `latent_lab/data/` beside this package |
| trained models | `LATENT_LAB_ZOO` | `zoo/` | `latent_lab/zoo/` beside this package |
| runs, downloads | `LATENT_LAB_HOME` | `runs/`, `data/` | the user's cache folder |
"""

import os
from pathlib import Path

# The folder around the package: a checkout, or wherever packages are installed.
AROUND = Path(__file__).resolve().parent.parent
# What a wheel installs beside the package: the app, the digits, some trained models.
INSTALLED = AROUND / "latent_lab"


def checkout() -> Path | None:
    """The checkout that this package is used from, or None where it is installed."""
    return AROUND if (AROUND / "pyproject.toml").is_file() else None


def home() -> Path:
    """Where this user's own files go if not into the checkout."""
    named = os.environ.get("LATENT_LAB_HOME")
    if named:
        return Path(named).absolute()
    # Most programs that ask for a path never need this one.
    import pooch

    return Path(pooch.os_cache("latent-lab"))


def data() -> Path:
    """The folder with one folder a data set."""
    return _find("LATENT_LAB_DATA", "data")


def zoo() -> Path:
    """The folder of trained models, each a bundle."""
    return _find("LATENT_LAB_ZOO", "zoo")


def runs() -> Path:
    """The folder of runs."""
    found = checkout()
    if os.environ.get("LATENT_LAB_HOME") or found is None:
        return home() / "runs"
    return found / "runs"


def _find(variable: str, name: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named).absolute()
    found = checkout()
    if found is None and INSTALLED.is_dir():
        found = INSTALLED
    return (found or home()) / name
