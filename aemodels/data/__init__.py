"""MNIST, Fashion-MNIST and one's own pictures: read, checked, turned into network inputs."""

from aemodels.data.binarisation import binarise
from aemodels.data.datasets import (
    HELD_OUT,
    Dataset,
    Split,
    hold_out,
    load,
    load_for_choices,
    load_test,
)
from aemodels.data.idx import DataError, parse_idx
from aemodels.data.images import PIXELS, SIDE, ImageError, to_vectors
from aemodels.data.own import source
from aemodels.data.preparation import prepare
from aemodels.data.sources import SOURCES, Source

__all__ = [
    "HELD_OUT",
    "PIXELS",
    "SIDE",
    "SOURCES",
    "DataError",
    "Dataset",
    "ImageError",
    "Source",
    "Split",
    "binarise",
    "hold_out",
    "load",
    "load_for_choices",
    "load_test",
    "parse_idx",
    "prepare",
    "source",
    "to_vectors",
]
