"""Where the trained models of this project lie."""

from pathlib import Path

from aemodels import paths


def folder() -> Path:
    """The folder of bundles."""
    return paths.zoo()
