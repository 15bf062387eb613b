"""The command line: `python -m aemodels`, or `aemodels` where the package is installed."""

from aemodels.cli.parser import main

__all__ = ["main"]
