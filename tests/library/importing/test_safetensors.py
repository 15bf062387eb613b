"""State dicts of plain PyTorch: the same codes and pictures as the networks that they came from."""

import json
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aemodels import importing
from aemodels.bundles.load import restore
from aemodels.importing import ForeignError, Imported
from aemodels.models.autoencoder import Autoencoder
from tests.library.importing import published

IMAGES = torch.rand(12, 784, generator=torch.Generator().manual_seed(1)).square()


Published = published.PyTorchVAE | published.KerasVAE | published.Pythae


def restored(found: Imported) -> Autoencoder:
    return restore(found.config, found.weights)


def same(ours: np.ndarray, theirs: Tensor) -> bool:
    return np.allclose(ours, theirs.detach().flatten(1).numpy(), rtol=1e-5, atol=1e-6)


def trained(model: Published) -> None:
    """A few steps, so that no weights are as they were drawn."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(3):
        mean, log_var = model.encode(IMAGES)
        loss = F.binary_cross_entropy(model.decode(mean), IMAGES)
        if log_var is not None:
            loss = loss - 0.5 * (1 + log_var - mean.square() - log_var.exp()).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def saved(model: nn.Module, folder: Path) -> Path:
    path = folder / "model.safetensors"
    safetensors.torch.save_file(model.state_dict(), path)
    return path


@pytest.mark.parametrize(
    ("layout", "model"),
    [
        ("pytorch-vae", published.PyTorchVAE()),
        ("keras-vae", published.KerasVAE()),
        ("pythae-ae", published.Pythae(16, variational=False)),
        ("pythae-vae", published.Pythae(2, variational=True)),
    ],
)
def test_a_published_model_has_the_same_codes_and_pictures(
    layout: str, model: Published, tmp_path: Path
) -> None:
    trained(model)
    path = saved(model, tmp_path)
    mine = restored(importing.from_safetensors(path, layout))
    mean, log_var = model.encode(IMAGES)
    assert same(mine.encode(IMAGES.numpy()), mean)
    assert same(mine.decode(mean.detach().numpy()), model.decode(mean))
    if log_var is None:
        assert mine.config.family.name == "ae"
    else:
        assert same(mine.posterior(IMAGES.numpy())[1], log_var)
    # It is recognised by the names of its tensors too.
    assert importing.from_safetensors(path).config == mine.config


def test_wrappers_and_other_precisions(tmp_path: Path) -> None:
    model = published.PyTorchVAE()
    path = tmp_path / "model.safetensors"
    expected = importing.from_safetensors(saved(model, tmp_path)).weights["encoder.0.weight"]
    for prefix in ("module.", "_orig_mod.", "_orig_mod.module.", "module._orig_mod."):
        state = {f"{prefix}{name}": tensor for name, tensor in model.state_dict().items()}
        safetensors.torch.save_file(state, path)
        found = importing.from_safetensors(path).weights["encoder.0.weight"]
        assert np.array_equal(found, expected)
    for kind in (torch.float64, torch.float16, torch.bfloat16):
        state = {name: tensor.to(kind) for name, tensor in model.state_dict().items()}
        safetensors.torch.save_file(state, path)
        found = importing.from_safetensors(path).weights["encoder.0.weight"]
        assert np.array_equal(found, model.fc1.weight.detach().to(kind).float().numpy())


def test_tensors_that_are_ignored_are_not_read(tmp_path: Path) -> None:
    """Such as integers, which no layer has."""
    model = published.PyTorchVAE()
    path = tmp_path / "model.safetensors"
    counted = {"bn.batches": torch.tensor(7)}
    safetensors.torch.save_file({**model.state_dict(), **counted}, path)
    described = tmp_path / "model.json"
    words = {
        "encoder": ["fc1", "relu"],
        "mean": "fc21",
        "log_var": "fc22",
        "decoder": ["fc3", "relu", "fc4", "sigmoid"],
    }
    described.write_text(json.dumps(words))
    with pytest.raises(importing.ForeignError, match="holds numbers of type I64"):
        importing.from_description(path, described)
    described.write_text(json.dumps({**words, "ignored": ["bn"]}))
    found = importing.from_description(path, described)
    assert np.array_equal(found.weights["encoder.0.weight"], model.fc1.weight.detach().numpy())


def test_a_published_beta_goes_with_the_published_loss(tmp_path: Path) -> None:
    path = saved(published.Pythae(2, variational=True), tmp_path)
    assert importing.from_safetensors(path).config.to_dict()["beta"] == 2
    other = importing.from_safetensors(path, settings={"reconstruction_loss": "bce"})
    assert other.config.to_dict()["beta"] == 1
    both = {"reconstruction_loss": "bce", "beta": 3.0}
    assert importing.from_safetensors(path, settings=both).config.to_dict()["beta"] == 3
    # One's own β stays.
    described = tmp_path / "model.json"
    words = {
        "encoder": ["encoder.layers.0.0", "relu"],
        "mean": "encoder.embedding",
        "log_var": "encoder.log_var",
        "decoder": ["decoder.layers.0.0", "relu", "decoder.layers.1.0", "sigmoid"],
        "reconstruction_loss": "bce",
        "beta": 4,
    }
    described.write_text(json.dumps(words))
    own = importing.from_description(path, described, {"reconstruction_loss": "mse"})
    assert own.config.to_dict()["beta"] == 4


def test_a_description_of_convolutions(tmp_path: Path) -> None:
    model = published.Convolutional()
    described = tmp_path / "model.json"
    described.write_text(json.dumps(published.CONVOLUTIONAL))
    mine = restored(importing.from_description(saved(model, tmp_path), described))
    assert mine.config.network.kind == "conv"
    codes = model.encoder(IMAGES.reshape(-1, 1, 28, 28))
    assert same(mine.encode(IMAGES.numpy()), codes)
    assert same(mine.decode(codes.detach().numpy()), model.decoder(codes))


def test_batch_normalisation_is_put_into_the_layers(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = published.Normalised().train()
    # Statistics of real batches, and factors and sums that differ by channel.
    for norm in (each for each in model.modules() if isinstance(each, torch.nn.BatchNorm2d)):
        torch.nn.init.uniform_(norm.weight, 0.5, 2)
        torch.nn.init.normal_(norm.bias)
    for _ in range(3):
        model.decoder(model.encoder(IMAGES.reshape(-1, 1, 28, 28)))
    model.eval()
    described = tmp_path / "model.json"
    described.write_text(json.dumps(published.NORMALISED))
    path = saved(model, tmp_path)
    mine = restored(importing.from_description(path, described))
    codes = model.encoder(IMAGES.reshape(-1, 1, 28, 28))
    assert same(mine.encode(IMAGES.numpy()), codes)
    assert same(mine.decode(codes.detach().numpy()), model.decoder(codes))


def test_a_normalised_input_is_put_into_the_first_layer(tmp_path: Path) -> None:
    model = published.PyTorchVAE()
    described = tmp_path / "model.json"
    words = {
        "encoder": ["flatten", "fc1", "relu"],
        "mean": "fc21",
        "log_var": "fc22",
        "decoder": ["fc3", "relu", "fc4", "sigmoid"],
        "normalised": [0.1307, 0.3081],
    }
    described.write_text(json.dumps(words))
    mine = restored(importing.from_description(saved(model, tmp_path), described))
    assert same(mine.encode(IMAGES.numpy()), model.encode((IMAGES - 0.1307) / 0.3081)[0])


def test_a_normalised_input_is_put_into_the_heads_where_they_come_first(tmp_path: Path) -> None:
    torch.manual_seed(0)
    mean, log_var, decoder = (torch.nn.Linear(*s) for s in ((784, 3), (784, 3), (3, 784)))
    layers = {"mean": mean, "log_var": log_var, "decoder": decoder}
    state = {f"{k}.{n}": t for k, each in layers.items() for n, t in each.state_dict().items()}
    path, described = tmp_path / "model.safetensors", tmp_path / "model.json"
    safetensors.torch.save_file(state, path)
    words = {"encoder": ["flatten"], "mean": "mean", "log_var": "log_var", "decoder": ["decoder"]}
    described.write_text(json.dumps({**words, "normalised": [0.1307, 0.3081]}))
    mine = restored(importing.from_description(path, described))
    assert same(mine.encode(IMAGES.numpy()), mean((IMAGES - 0.1307) / 0.3081))


def test_a_variance_of_nothing_is_refused(tmp_path: Path) -> None:
    model = published.Normalised()
    model.encoder[1].get_buffer("running_var").zero_()
    described = tmp_path / "model.json"
    words = json.loads(json.dumps(published.NORMALISED))
    words["encoder"][1]["eps"] = 0
    described.write_text(json.dumps(words))
    with pytest.raises(importing.ForeignError, match="a variance that isn't above 0"):
        importing.from_description(saved(model, tmp_path), described)
    described.write_text(json.dumps({**published.NORMALISED, "normalised": [0.1, 1e-300]}))
    with pytest.raises(importing.ForeignError, match="goes into conv"):
        importing.from_description(saved(model, tmp_path), described)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"encoder": [{"batch_norm": "encoder.1"}]}, "stands behind nothing"),
        (
            {"encoder": ["relu", {"batch_norm": "encoder.1"}]},
            "stands behind relu; needed is a layer with weights",
        ),
        (
            {"encoder": [{"conv": "encoder.0"}, {"batch_norm": "encoder.4"}]},
            r"has a running_mean of the shape \(64,\); needed is \(32,\)",
        ),
        (
            {"encoder": [{"conv": "encoder.0"}, {"batch_norm": "encoder.99"}]},
            "it has no tensor encoder.99.running_mean",
        ),
        ({"encoder": [{"batch_norm": "encoder.1", "eps": -1}]}, "eps of -1; needed is 0 to 1"),
        ({"normalised": [0.1307, 0]}, "needed are the mean and the standard deviation"),
        ({"normalised": [0.1307, 0.3081]}, "goes into conv 1 to 32"),
    ],
)
def test_batch_normalisation_that_cannot_be_put_into_a_layer(
    change: dict[str, object], says: str, tmp_path: Path
) -> None:
    described = tmp_path / "model.json"
    described.write_text(json.dumps(published.NORMALISED | change))
    with pytest.raises(importing.ForeignError, match=says):
        importing.from_description(saved(published.Normalised(), tmp_path), described)


DEEP = """
encoder = ["0", "tanh", "2", "tanh", "4", "sigmoid"]
decoder = ["6", "tanh", "8", "relu"]
ignored = ["9"]
"""


def test_a_description_in_toml_of_an_uneven_autoencoder(tmp_path: Path) -> None:
    layers = [
        *(nn.Linear(784, 30), nn.Tanh(), nn.Linear(30, 20, bias=False), nn.Tanh()),
        *(nn.Linear(20, 7), nn.Sigmoid(), nn.Linear(7, 25), nn.Tanh(), nn.Linear(25, 784)),
        nn.Linear(7, 10),
    ]
    described = tmp_path / "model.toml"
    described.write_text(DEEP)
    path = saved(nn.Sequential(*layers), tmp_path)
    mine = restored(importing.from_description(path, described))
    assert (
        mine.config.to_dict()
        | {
            "hidden": [30, 20],
            "decoder_hidden": [25],
            "activation": "tanh",
            "code_activation": "sigmoid",
            "output_activation": "relu",
            "reconstruction_loss": "mse",
        }
        == mine.config.to_dict()
    )
    codes = nn.Sequential(*layers[:6])(IMAGES)
    assert same(mine.encode(IMAGES.numpy()), codes)
    assert same(mine.decode(codes.detach().numpy()), nn.Sequential(*layers[6:9], nn.ReLU())(codes))


@pytest.mark.parametrize(
    ("activation", "module"),
    [("leaky-relu", nn.LeakyReLU()), ("leaky-relu-0.2", nn.LeakyReLU(0.2)), ("selu", nn.SELU())],
)
def test_a_leaky_or_scaled_activation(activation: str, module: nn.Module, tmp_path: Path) -> None:
    encoder = nn.Sequential(nn.Linear(784, 9), module, nn.Linear(9, 3))
    decoder = nn.Sequential(nn.Linear(3, 9), module, nn.Linear(9, 784), nn.Sigmoid())
    described = tmp_path / "model.json"
    words = {
        "encoder": ["0.0", activation, "0.2"],
        "decoder": ["1.0", activation, "1.2", "sigmoid"],
    }
    described.write_text(json.dumps(words))
    path = saved(nn.Sequential(encoder, decoder), tmp_path)
    mine = restored(importing.from_description(path, described))
    codes = encoder(IMAGES)
    assert same(mine.encode(IMAGES.numpy()), codes)
    assert same(mine.decode(codes.detach().numpy()), decoder(codes))


def test_a_head_of_both_and_no_hidden_layers(tmp_path: Path) -> None:
    head, back = nn.Linear(784, 6), nn.Linear(3, 784)
    described = tmp_path / "model.json"
    described.write_text('{"family": "vae", "encoder": ["0"], "decoder": ["1"]}')
    path = saved(nn.Sequential(head, back), tmp_path)
    mine = restored(importing.from_description(path, described, {"reconstruction_loss": "l1"}))
    assert (mine.config.network.kind, mine.config.network.output_activation) == (
        "shallow",
        "linear",
    )
    mean, log_var = head(IMAGES).chunk(2, 1)
    assert same(mine.posterior(IMAGES.numpy())[0], mean)
    assert same(mine.posterior(IMAGES.numpy())[1], log_var)
    assert same(mine.decode(mean.detach().numpy()), back(mean))


def test_other_convolutions_are_refused_with_what_was_found(tmp_path: Path) -> None:
    description = json.loads(json.dumps(published.CONVOLUTIONAL))
    description["encoder"][0]["stride"] = 1
    described = tmp_path / "model.json"
    described.write_text(json.dumps(description))
    path = saved(published.Convolutional(), tmp_path)
    with pytest.raises(ForeignError, match=r"its layers are conv 1 to 32 \(3x3, stride 1, pad"):
        importing.from_description(path, described)
    description = json.loads(json.dumps(published.CONVOLUTIONAL))
    description["decoder"][4] = {"reshape": [7, 7, 64]}
    described.write_text(json.dumps(description))
    with pytest.raises(ForeignError, match=r"decoder has reshape 7x7x64; needed is reshape 64x7x7"):
        importing.from_description(path, described)
