"""ONNX graphs, run by ONNX Runtime, against PyTorch: every pixel within 1e-4."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from aemodels import data
from aemodels.architecture import ACTIVATIONS
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.config import Config
from aemodels.models import onnx_graphs
from aemodels.models.autoencoder import Autoencoder, tensors
from tests.library import small


def near(found: np.ndarray, expected: np.ndarray | None) -> None:
    assert expected is not None
    np.testing.assert_allclose(found, expected, atol=1e-4, rtol=0)


def session(graph: Path | bytes) -> onnxruntime.InferenceSession:
    source = str(graph) if isinstance(graph, Path) else graph
    return onnxruntime.InferenceSession(source, providers=["CPUExecutionProvider"])


def standalone(loaded: Autoencoder) -> tuple[bytes, bytes]:
    """Graphs with their weights inside, which the package onnx finds well made."""
    graphs = onnx_graphs.standalone(loaded.config, tensors(loaded))
    for graph in graphs:
        onnx.checker.check_model(onnx.load_model_from_string(graph), full_check=True)
    return graphs


def check(
    loaded: Autoencoder,
    encoder: Path | bytes,
    decoder: Path | bytes,
    images: np.ndarray,
) -> None:
    outputs = session(encoder).run(None, {"images": images})
    codes = loaded.encode(images)
    near(outputs[0], codes)
    assert len(outputs) == (2 if loaded.variational else 1)
    if loaded.variational:
        near(outputs[1], loaded.posterior(images)[1])
    (pictures,) = session(decoder).run(None, {"codes": codes})
    near(pictures, loaded.decode(codes))


@pytest.mark.parametrize("count", [1, 37])
@pytest.mark.parametrize("family", small.NAMES)
def test_graphs_of_a_bundle_agree(family: str, count: int, made: Path, mnist: data.Dataset) -> None:
    images = data.to_vectors(mnist.test_images[:count])
    folder = made / family
    check(load(folder), folder / bundle.ENCODER, folder / bundle.DECODER, images)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 37])
@pytest.mark.parametrize("family", ["vae", "ae"])
def test_graphs_of_convolutions_agree(
    family: str, count: int, convolutional: Path, mnist: data.Dataset
) -> None:
    images = data.to_vectors(mnist.test_images[:count])
    folder = convolutional / family
    loaded = load(folder)
    check(loaded, folder / bundle.ENCODER, folder / bundle.DECODER, images)
    check(loaded, *standalone(loaded), images)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_graphs_with_weights_inside_agree(activation: str, mnist: data.Dataset) -> None:
    loaded = Autoencoder(Config.of(activation=activation, hidden=(40, 20), latent_dim=4)).eval()
    encoder, decoder = standalone(loaded)
    check(loaded, encoder, decoder, data.to_vectors(mnist.test_images[:5]))


@pytest.mark.parametrize("config", small.legal(), ids=small.words)
def test_graphs_of_all_that_is_legal_agree(config: Config, mnist: data.Dataset) -> None:
    loaded = Autoencoder(config).eval()
    with torch.no_grad():
        for parameter in loaded.parameters():
            # Untrained weights hardly reach the bends of an activation.
            parameter.mul_(2)
    encoder, decoder = standalone(loaded)
    check(loaded, encoder, decoder, data.to_vectors(mnist.test_images[:7]))


@pytest.mark.parametrize("family", [*small.NAMES, pytest.param("conv", marks=pytest.mark.slow)])
def test_graphs_of_a_bundle_hold_no_weights(
    family: str, made: Path, request: pytest.FixtureRequest
) -> None:
    if family == "conv":
        made, family = request.getfixturevalue("convolutional"), "vae"
    weights = (made / family / bundle.WEIGHTS).read_bytes()
    state = tensors(load(made / family))
    names = set()
    for file in (bundle.ENCODER, bundle.DECODER):
        graph = onnx.load(made / family / file, load_external_data=False)
        onnx.checker.check_model(str(made / family / file))
        assert [(o.domain, o.version) for o in graph.opset_import] == [("", 20)]
        for tensor in graph.graph.initializer:
            place = {entry.key: entry.value for entry in tensor.external_data}
            assert not tensor.raw_data
            assert place["location"] == bundle.WEIGHTS
            begin, length = int(place["offset"]), int(place["length"])
            found = np.frombuffer(weights[begin : begin + length], "<f4").reshape(tensor.dims)
            np.testing.assert_array_equal(found, state[tensor.name])
            names.add(tensor.name)
    assert names == state.keys()


def test_graphs_are_those_that_the_package_onnx_writes() -> None:
    """Of every model of the zoo, with tensors of float32 and of float16."""
    found = bundle.scan(zoo.folder()).bundles
    assert len(found) > 30
    for each in found:
        weights = (each.path / bundle.WEIGHTS).read_bytes()
        graphs = onnx_graphs.linked(each.config, weights, bundle.WEIGHTS)
        for name, graph in zip((bundle.ENCODER, bundle.DECODER), graphs, strict=True):
            assert (each.path / name).read_bytes() == graph, each.name
            read = onnx.load_model_from_string(graph)
            assert read.SerializeToString(deterministic=True) == graph, each.name


@pytest.mark.slow
def test_codes_file_holds_what_the_encoder_gives(made: Path, mnist: data.Dataset) -> None:
    images = data.to_vectors(mnist.test_images)
    for name in small.NAMES:
        outputs = session(made / name / bundle.ENCODER).run(None, {"images": images})
        for found, expected in zip(bundle.read(made / name).codes(), outputs, strict=False):
            near(expected, found)
