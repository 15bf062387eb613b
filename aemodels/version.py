"""The version of this package, which bundles record and `pip` reads."""

__version__ = "1.10.0"
