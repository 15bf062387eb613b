"""MNIST and Fashion-MNIST: read, checked, downloaded where needed, turned into what a network sees."""

from aemodels.data.datasets import (
    FOLDER,
    PIXELS,
    ROOT,
    SIDE,
    SOURCES,
    DataError,
    Dataset,
    ImageError,
    Source,
    Split,
    load,
    load_test,
    parse_idx,
    vectors,
)

__all__ = [
    "FOLDER",
    "PIXELS",
    "ROOT",
    "SIDE",
    "SOURCES",
    "DataError",
    "Dataset",
    "ImageError",
    "Source",
    "Split",
    "load",
    "load_test",
    "parse_idx",
    "vectors",
]
