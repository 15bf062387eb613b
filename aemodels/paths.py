"""The folders of data, trained models and runs, and the environment variable for each.

| what | variable | in a checkout | installed |
|---|---|---|---|
| data sets | `LATENT_LAB_DATA` | `data/` | `latent_lab/data/` next to this package |
| trained models | `LATENT_LAB_ZOO` | `zoo/` | `latent_lab/zoo/` next to this package |
| the reader of digits | `LATENT_LAB_READER` | `reader/` | `latent_lab/reader/` next to it |
| recorded runs | `LATENT_LAB_RECORDED` | `recorded/` | `latent_lab/recorded/` next to it |
| lessons | | `lessons/` | `latent_lab/lessons/` next to it |
| the views, for a browser | | `lens/web/` | `latent_lab/lens/web/` next to it |
| a teacher's own lessons | `LATENT_LAB_LESSONS` | none | none |
| runs, downloads | `LATENT_LAB_HOME` | `runs/`, `data/` | the user's cache folder |
| the user's own data sets | `LATENT_LAB_HOME` | `datasets/` | the user's cache folder |
"""

import os
from pathlib import Path

# The folder around the package: a checkout, or wherever packages are installed.
AROUND = Path(__file__).resolve().parent.parent
# What a wheel installs next to the package: the app, the digits, some trained models.
INSTALLED = AROUND / "latent_lab"


def checkout() -> Path | None:
    """The checkout that this package is used from, or None if it is installed."""
    return AROUND if (AROUND / "pyproject.toml").is_file() else None


def home() -> Path:
    """The folder for the user's own files if there is no checkout."""
    named = os.environ.get("LATENT_LAB_HOME")
    if named:
        return Path(named).absolute()
    # Most programs that ask for a path never need this one.
    import pooch

    return Path(pooch.os_cache("latent-lab"))


def data() -> Path:
    """The folder with one folder per data set."""
    return _find("LATENT_LAB_DATA", "data")


def zoo() -> Path:
    """The folder of trained models, each a bundle."""
    return _find("LATENT_LAB_ZOO", "zoo")


def reader() -> Path:
    """The folder of the classifier that reads digits, see `aemodels.reader`."""
    return _find("LATENT_LAB_READER", "reader")


def recorded() -> Path:
    """The folder of the runs that come with this project, to be watched."""
    return _find("LATENT_LAB_RECORDED", "recorded")


def lessons() -> Path:
    """The folder of lessons that come with this project: one folder a language, such as "en"."""
    return _installed() / "lessons"


def web() -> Path:
    """The folder of the views: modules, styles and HTML for a browser."""
    return _installed() / "lens" / "web"


def settings() -> Path:
    """The file of the app's settings, its colours among them."""
    return _installed() / ".streamlit" / "config.toml"


def own_lessons() -> Path | None:
    """The folder of a teacher's own lessons, which are added to the others; None without one."""
    named = os.environ.get("LATENT_LAB_LESSONS")
    return Path(named).absolute() if named else None


def runs() -> Path:
    """The folder of runs."""
    return _own("runs")


def own_data() -> Path:
    """The folder of the data sets that the user has added, one folder each."""
    return _own("datasets")


def _own(name: str) -> Path:
    found = checkout()
    if os.environ.get("LATENT_LAB_HOME") or found is None:
        return home() / name
    return found / name


def _find(variable: str, name: str) -> Path:
    named = os.environ.get(variable)
    if named:
        return Path(named).absolute()
    return _installed() / name


def _installed() -> Path:
    found = checkout()
    if found is None and INSTALLED.is_dir():
        found = INSTALLED
    return found or home()
