"""Float16 in bundles: the same numbers for everyone who reads them, and published ones stay."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import safetensors.numpy

from aemodels import data, paths
from aemodels.analysis import evaluation
from aemodels.bundles import bundle, contents, half
from aemodels.bundles.bundle import Bundle
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.bundles.recipes import RECIPES
from aemodels.cli import main
from tests.library import small

ZOO = paths.zoo()
# Of the zoo before it was rounded: two codes of each model, and every 16th pixel of what float32
# weights decode them to.
FLOAT32 = Path(__file__).with_name("float32.json")


def rounded(source: Path, target: Path, parts: tuple[str, ...] = half.PARTS) -> Bundle:
    """A copy of a bundle with these parts in float16."""
    found = bundle.read(source)
    codes = found.codes()
    files = contents.pack(
        found.config,
        half.weights(found.weights(), parts),
        half.codes(codes) if "codes" in parts else codes,
    )
    bundle.write(
        target,
        found.config,
        files,
        metrics=found.metrics,
        training=found.training,
        versions=found.versions,
        command=found.command,
    )
    return bundle.read(target)


@pytest.mark.parametrize("family", small.NAMES)
def test_everyone_reads_the_same_rounded_numbers(
    family: str, made: Path, tmp_path: Path, mnist: data.Dataset
) -> None:
    before, found = bundle.read(made / family), rounded(made / family, tmp_path / family)
    assert half.stored(before) == ()
    assert half.stored(found) == half.PARTS
    for name, tensor in found.weights().items():
        assert tensor.dtype == np.float32
        np.testing.assert_array_equal(tensor, before.weights()[name].astype(np.float16))
    for ours, theirs in zip(found.codes(), before.codes(), strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            assert ours.dtype == np.float32
            np.testing.assert_array_equal(ours, theirs.astype(np.float16))
    np.testing.assert_array_equal(
        np.load(found.path / bundle.CODES).reshape(-1, found.latent_dim)[:10_000], found.codes()[0]
    )
    images = data.to_vectors(mnist.test_images[:20])
    model, sessions = load(found), {}
    for name in (bundle.ENCODER, bundle.DECODER):
        onnx.checker.check_model(str(found.path / name))
        sessions[name] = onnxruntime.InferenceSession(
            str(found.path / name), providers=["CPUExecutionProvider"]
        )
    codes = sessions[bundle.ENCODER].run(None, {"images": images})[0]
    np.testing.assert_allclose(codes, model.encode(images), atol=1e-4, rtol=0)
    pictures = sessions[bundle.DECODER].run(None, {"codes": codes})[0]
    np.testing.assert_allclose(pictures, model.decode(codes), atol=1e-4, rtol=0)


def test_the_graph_of_a_half_has_all_of_it_in_the_file(made: Path, tmp_path: Path) -> None:
    found = rounded(made / "vae", tmp_path / "vae", ("decoder",))
    assert half.stored(found) == ("decoder",)
    halves = safetensors.numpy.load((found.path / bundle.WEIGHTS).read_bytes())
    for name, kind in ((bundle.ENCODER, np.float32), (bundle.DECODER, np.float16)):
        graph = onnx.load(found.path / name)
        for tensor in graph.graph.initializer:
            array = onnx.numpy_helper.to_array(tensor)
            assert array.dtype == kind
            np.testing.assert_array_equal(array, halves[tensor.name.removesuffix(".half")])


def test_from_elsewhere_it_is_written_as_float32(made: Path, tmp_path: Path) -> None:
    found = rounded(made / "vae", tmp_path / "vae")
    adopted = bundle.adopt(found.path, tmp_path / "mine")
    assert half.stored(adopted) == ()
    for name, tensor in adopted.weights().items():
        np.testing.assert_array_equal(tensor, found.weights()[name])
    np.testing.assert_array_equal(adopted.codes().mean, found.codes().mean)


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        (Metrics(sse=24.767, kl=7.5926), Metrics(sse=24.7679, kl=7.5926), set()),
        (Metrics(sse=24.767), Metrics(sse=24.7681), {"sse"}),
        (Metrics(knn5=0.8953), Metrics(knn5=0.8952), {"knn5"}),
        (Metrics(bce=122.93, kl=0.0), Metrics(bce=122.95, kl=0.0), {"bce"}),
        (Metrics(sse_by_class=(1.0,) * 10), Metrics(sse_by_class=(1.05,) * 10), set()),
        (Metrics(sse_by_class=(1.0,) * 10), Metrics(sse_by_class=(1.0,) * 9 + (1.11,)), {"x"}),
    ],
)
def test_a_number_has_moved_when_its_last_printed_digit_has(
    before: Metrics, after: Metrics, names: set[str]
) -> None:
    found = half.moved(before, after)
    assert {name.replace("sse_by_class", "x") for name in found} == names


def test_numbers_beyond_float16_are_refused() -> None:
    with pytest.raises(bundle.BundleError, match=r"decoder.bias has numbers beyond 65,504"):
        half.weights({"decoder.bias": np.array([7e4], np.float32)}, ("decoder",))


@pytest.fixture
def measured(made: Path, tmp_path: Path, mnist: data.Dataset) -> Path:
    """A bundle whose metrics are those of its model."""
    found = bundle.read(made / "ae")
    shutil.copytree(made / "ae", tmp_path / "ae")
    metrics = evaluation.decoded(load(found), mnist)
    bundle.replace_metrics(tmp_path / "ae", metrics, tmp_path)
    return tmp_path / "ae"


def compressed(measured: Path, *options: str) -> int:
    return main(["compress", str(measured), *options])


def test_what_does_not_move_is_rounded_and_says_so(
    measured: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(measured.parent)
    before = bundle.read(measured)
    assert compressed(measured, "--parts", "codes") == 0
    found = bundle.read(measured)
    assert half.stored(found) == ("codes",)
    assert found.metrics == before.metrics
    assert found.command == (f"{before.command} && python -m aemodels compress ae --parts codes")
    size = sum(record.size for record in found.manifest.files.values())
    assert capsys.readouterr().out.endswith(f" -> {size:,} bytes\n")
    assert compressed(measured) == 2
    assert "is in float16 already" in capsys.readouterr().err


def test_what_moves_is_refused_by_name_unless_it_is_accepted(
    measured: Path, mnist: data.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    before = bundle.read(measured)
    claimed = replace(before.metrics, sse=before.metrics.number("sse") * 1.001)
    bundle.replace_metrics(measured, claimed, measured.parent)
    assert compressed(measured, "--parts", "decoder,codes") == 2
    says = capsys.readouterr().err
    assert f"sse would be {before.metrics.sse:.4g}" in says
    assert f", not {claimed.sse:.5g}" in says
    assert bundle.read(measured).digests == before.digests
    assert compressed(measured, "--parts", "decoder,codes", "--accept") == 0
    found = bundle.read(measured)
    assert half.stored(found) == ("decoder", "codes")
    # Measured anew, from the numbers as they are now.
    assert found.metrics == evaluation.decoded(load(found), mnist)
    assert found.command.endswith("compress ae --parts decoder,codes --accept")
    assert compressed(measured, "--parts", "head") == 2
    assert "--parts head: must be some of encoder, decoder, codes" in capsys.readouterr().err


@pytest.mark.parametrize("name", json.loads(FLOAT32.read_text("utf-8")))
def test_pictures_of_the_zoo_are_those_of_its_float32_models(name: str) -> None:
    known = json.loads(FLOAT32.read_text("utf-8"))[name]
    found = bundle.read(ZOO / name)
    codes = np.array(known["codes"], np.float32)
    pictures = load(found).decode(codes)
    assert np.abs(pictures[:, ::16] - known["pixels"]).max() < 1 / 255
    # The browser's runtime, on the very file that a browser fetches.
    decoder = str(found.path / bundle.DECODER)
    session = onnxruntime.InferenceSession(decoder, providers=["CPUExecutionProvider"])
    (run,) = session.run(None, {"codes": codes})
    assert np.abs(run - pictures).max() < 1e-4


def test_every_model_of_the_zoo_was_compared_with_its_float32_self() -> None:
    assert json.loads(FLOAT32.read_text("utf-8")).keys() == RECIPES.keys()
