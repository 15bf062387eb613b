"""The lines of PyTorch that Explore shows do what the models do: they run here as they stand."""

import shutil
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import lens
from aemodels import data, views
from aemodels.architecture import ACTIVATIONS
from aemodels.bundles import bundle, contents, zoo
from aemodels.bundles.codes import Codes
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.data.binarisation import binarise
from aemodels.families import FAMILIES
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.models.dropout import DropoutActivation
from tests.lens import javascript
from tests.lens.javascript import call

IMAGE = 12
NAMES = zoo.names()


def entry(name: str, url: str = "") -> dict[str, Any]:
    """What of a `contract.Model` the lines are made from."""
    config = bundle.read(zoo.folder() / name).config
    return {
        "name": name,
        "title": FAMILIES[config.family.name].title,
        "url": url or f"/zoo/{name}",
        "family": config.family.name,
        "variational": config.family.variational,
        "latent_dim": config.network.latent_dim,
        "binarisation": config.data.binarisation,
        "network": views.network(config),
    }


def subject(made: dict[str, Any], image: np.ndarray, digit: int | None) -> dict[str, Any]:
    """What of a `Subject` they are made from."""
    return {
        "model": {"entry": made},
        "dataset": {"name": "mnist", "entry": {"noun": "digit", "stored": True}},
        "input": {"image": {"float32": image.tolist()}, "digit": digit},
    }


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    """(1, 28, 28) uint8."""
    return data.load_test().images[IMAGE : IMAGE + 1]


@pytest.fixture(scope="module")
def sources(image: np.ndarray) -> dict[str, str]:
    """What the button Copy copies, by the name of the model."""
    entries = [entry(name) for name in NAMES]
    seen = [binarise(image, made["binarisation"])[0] for made in entries]
    shown = [subject(made, x, IMAGE) for made, x in zip(entries, seen, strict=True)]
    before = call("explore/pytorch.mjs", "preparation", [(one,) for one in shown])
    lines = call("explore/pytorch.mjs", "lines", [(one,) for one in entries])
    texts = call("explore/pytorch.mjs", "text", [(one,) for one in lines])
    return {
        name: f"{start}\n{text}" for name, start, text in zip(NAMES, before, texts, strict=True)
    }


def run(source: str) -> dict[str, Any]:
    """What the lines name."""
    found: dict[str, Any] = {}
    grad = torch.is_grad_enabled()
    try:
        exec(source, found)
    finally:
        torch.set_grad_enabled(grad)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_lines_do_what_the_model_does(name: str, sources: dict[str, str]) -> None:
    torch.manual_seed(3)
    found = run(sources[name])
    model = load(zoo.folder() / name)
    x = found["x"].numpy()
    assert x.shape == (1, 784)
    codes = model.encode(x)
    if model.variational:
        mean, log_var = model.posterior(x)
        assert np.abs(found["eps"].numpy()).max() > 0
        sigma = np.exp(0.5 * log_var)
        np.testing.assert_allclose(found["sigma"].numpy(), sigma, rtol=1e-5)
        codes = mean + sigma * found["eps"].numpy()
    np.testing.assert_allclose(found["z"].numpy(), codes, atol=1e-5)
    np.testing.assert_allclose(found["x_hat"].numpy(), model.decode(codes), atol=1e-5)


def test_a_test_digit_is_read_as_the_model_saw_it(
    sources: dict[str, str], image: np.ndarray
) -> None:
    for name in ("vae-2", "binary-vae-2"):
        x = run(sources[name])["x"].numpy()
        assert (x == binarise(image, entry(name)["binarisation"])).all()


def test_a_picture_of_one_s_own_is_in_the_lines() -> None:
    levels = np.random.default_rng(0).random(784).astype(np.float32)
    (source,) = call(
        "explore/pytorch.mjs", "preparation", [(subject(entry("vae-2"), levels, None),)]
    )
    np.testing.assert_allclose(run(source)["x"].numpy()[0], levels, atol=1e-5)


def test_images_without_a_stored_name_are_in_the_lines(image: np.ndarray) -> None:
    """Those of arrays that a notebook was handed."""
    x = binarise(image, "grey")[0]
    shown = subject(entry("vae-2"), x, IMAGE)
    shown["dataset"]["entry"]["stored"] = False
    (source,) = call("explore/pytorch.mjs", "preparation", [(shown,)])
    assert "load_test" not in source
    np.testing.assert_allclose(run(source)["x"].numpy()[0], x, atol=1e-5)


def test_every_activation_has_a_name_in_the_graph() -> None:
    script = "console.log(JSON.stringify(Object.keys((await import(process.argv[1])).FUNCTIONS)))"
    named = javascript.run(script, (lens.WEB / "explore/steps.mjs").as_uri())
    assert set(named) == set(ACTIVATIONS)


def test_the_lines_find_an_own_run(
    image: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    shutil.copytree(zoo.folder() / "ae-2", tmp_path / "runs" / "mine" / "bundle")
    made = {**entry("ae-2", "/runs/mine"), "name": "mine"}
    x = binarise(image, "grey")[0]
    (before,) = call("explore/pytorch.mjs", "preparation", [(subject(made, x, IMAGE),)])
    lines = call("explore/pytorch.mjs", "lines", [(made,)])
    (text,) = call("explore/pytorch.mjs", "text", [tuple(lines)])
    wanted = load(zoo.folder() / "ae-2").reconstruct(image)
    np.testing.assert_allclose(run(f"{before}\n{text}")["x_hat"].numpy(), wanted, atol=1e-5)


@pytest.mark.parametrize(
    "config",
    [
        Config.of("ae", network="conv-asymmetric", code_activation="tanh"),
        Config.of("ae", network="conv-narrow", activation="elu"),
        Config.of("ae", network="conv", activation="leaky-relu-0.2"),
        Config.of("ae", hidden=(40, 30), decoder_hidden=(5, 20, 9), dropout=0.2),
    ],
    ids=["asymmetric", "narrow", "leaky", "own decoder"],
)
def test_the_lines_of_networks_that_are_not_in_the_zoo_do_what_they_do(
    config: Config, image: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    model = Autoencoder(config).eval()
    facts = TrainingFacts(epochs=0, finished=False, seconds=0.0, device="cpu", precision="fp32")
    bundle.write(
        tmp_path / "runs" / "mine" / "bundle",
        config,
        contents.pack(config, tensors(model), Codes(np.zeros((10_000, 2), np.float32), None)),
        metrics=Metrics(),
        training=facts,
        versions={},
        command="none",
    )
    made = {
        **entry("ae-2", "/runs/mine"),
        "name": "mine",
        "network": views.network(config),
    }
    (before,) = call(
        "explore/pytorch.mjs", "preparation", [(subject(made, binarise(image, "grey")[0], IMAGE),)]
    )
    lines = call("explore/pytorch.mjs", "lines", [(made,)])
    (text,) = call("explore/pytorch.mjs", "text", [tuple(lines)])
    found = run(f"{before}\n{text}")
    np.testing.assert_allclose(found["x_hat"].numpy(), model.reconstruct(image), atol=1e-6)
    for part, values in (("encoder", found["x"]), ("decoder", found["z"])):
        with torch.inference_mode():
            sizes = activations(model, getattr(model, part), values)
        assert [prod(shape) for shape in made["network"][part]] == sizes


def test_a_vae_takes_eight_lines() -> None:
    (lines,) = call("explore/pytorch.mjs", "lines", [(entry("vae-2"),)])
    assert len(lines) == 8


def activations(model: Autoencoder, part: nn.Module, values: torch.Tensor) -> list[int]:
    """How many numbers an image has after each hidden layer, as PyTorch computes it."""
    found: list[int] = []
    code = model.config.family.code_activation
    layers = list(part) if isinstance(part, nn.Sequential) else []
    if part is model.encoder and code != "linear":
        layers = layers[:-1]
    kinds = (nn.ReLU, nn.LeakyReLU, nn.GELU, nn.SiLU, nn.ELU, nn.Tanh, nn.Sigmoid)
    for layer in layers:
        values = layer(values)
        if isinstance(layer, (*kinds, DropoutActivation)):
            found.append(values[0].numel())
    return found


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("recurrent")])
def test_the_sizes_of_hidden_layers_are_those_that_pytorch_computes(name: str) -> None:
    model = load(zoo.folder() / name)
    told = entry(name)["network"]
    z = torch.zeros(1, model.latent_dim)
    with torch.inference_mode():
        assert [prod(shape) for shape in told["encoder"]] == activations(
            model, model.encoder, torch.zeros(1, 784)
        )
        assert [prod(shape) for shape in told["decoder"]] == activations(model, model.decoder, z)


def test_the_sizes_of_a_recurrent_model_are_those_that_pytorch_computes() -> None:
    model = load(zoo.folder() / "recurrent-16")
    told = entry("recurrent-16")["network"]
    parts: Any = model
    with torch.inference_mode():
        states, _ = parts.encoder.gru(torch.zeros(1, 28, 28))
        shown = parts.decoder.start(torch.zeros(1, 16))
        written, _ = parts.decoder.gru(shown[:, None].expand(-1, 28, -1))
    assert [list(states[0].shape)] == told["encoder"]
    assert [list(shown[0].shape), list(written[0].shape)] == told["decoder"]
