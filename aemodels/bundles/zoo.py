"""Where the trained models of this project lie."""

import os
from pathlib import Path


def folder() -> Path:
    """The folder of bundles: `$LATENT_LAB_ZOO` where it is set, else `zoo` beside this package."""
    return Path(os.environ.get("LATENT_LAB_ZOO") or Path(__file__).resolve().parent.parent / "zoo")
