"""From the files of a model from elsewhere to its settings and weights."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aemodels.bundles.checks import shown
from aemodels.importing import (
    assembly,
    description,
    files,
    layouts,
    onnx_chain,
    onnx_file,
    tensors,
)
from aemodels.importing.description import Description
from aemodels.importing.layers import ForeignError
from aemodels.importing.mapping import Imported, mapped

NONE: Mapping[str, Any] = {}


def from_safetensors(
    path: Path, layout: str | None = None, settings: Mapping[str, Any] = NONE
) -> Imported:
    """The model in a safetensors file.

    Parameters
    ----------
    path : Path
        The file: a state dict of PyTorch.
    layout : str
        A key of `LAYOUTS`; without one, the layout that has exactly the file's tensors.
    settings : mapping
        Settings by flat name that the file doesn't hold, such as `reconstruction_loss`.

    Raises
    ------
    ForeignError
        If the file is a pickle, damaged or too large, holds other tensors than the layout names, or
        no network here has its layers; the message begins with the file's name.
    """
    known = None if layout is None else layouts.find(layout)
    return parse_safetensors(files.read_weights(path), path.name, known, settings)


def from_description(path: Path, described: Path, settings: Mapping[str, Any] = NONE) -> Imported:
    """The same, with the layers that the JSON or TOML file `described` lists."""
    found = description.read(described)
    return _model(files.read_weights(path), path.name, found, settings)


def from_onnx(encoder: Path, decoder: Path, settings: Mapping[str, Any] = NONE) -> Imported:
    """The model in two ONNX files.

    The encoder takes images and gives codes, or μ and log σ²; the decoder takes codes and gives
    images. Nothing in them is run: their weights are read. Raises ForeignError as
    `from_safetensors` does, and if a graph isn't a chain of layers.
    """
    graphs = [_graph(path) for path in (encoder, decoder)]
    try:
        return mapped(onnx_chain.model(*graphs), settings)
    except ForeignError as error:
        problem = str(error)
    except (ValueError, TypeError):
        problem = "an operator has an attribute or a constant of the wrong kind"
    names = " and ".join(files.name_of(path) for path in (encoder, decoder))
    raise ForeignError(f"{names}: {problem}")


def _graph(path: Path) -> onnx_file.Graph:
    content = files.read_weights(path)
    try:
        return onnx_file.parse(content)
    except ForeignError as error:
        raise ForeignError(f"{files.name_of(path)}: {error}") from None


def parse_safetensors(
    content: bytes,
    filename: str,
    layout: layouts.Layout | None = None,
    settings: Mapping[str, Any] = NONE,
) -> Imported:
    """As `from_safetensors`, of the content of a file of that name."""
    files.check_suffix(filename)
    files.check_content(filename, content)
    return _model(content, filename, None if layout is None else layout.description, settings)


def _model(
    content: bytes, filename: str, found: Description | None, settings: Mapping[str, Any]
) -> Imported:
    try:
        arrays = tensors.parse(content, found.ignores if found else lambda name: False)
        if found is None:
            found = layouts.recognise(arrays).description
        if any(found is layout.description for layout in layouts.LAYOUTS.values()):
            found = layouts.with_loss(found, settings.get("reconstruction_loss"))
        return mapped(assembly.assemble(found, arrays), settings)
    except ForeignError as error:
        raise ForeignError(f"{shown(filename, files.LONGEST_NAME)}: {error}") from None
