"""Stages of a stacked denoising autoencoder, each against what it should leave alone."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch.distributions import Bernoulli

from aemodels import data
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.objectives.corruption import corrupt
from aemodels.training import fit
from tests.library import small
from tests.library.running import batches

CONFIG = small.config("stacked", epochs=2, train_images=200)


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, test_images=mnist.test_images[:100])


def state(model: Autoencoder) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    """The layers whose weights differ."""
    names = {name for name in before if not torch.equal(before[name], after[name])}
    return {name.rpartition(".")[0] for name in names}


@pytest.mark.parametrize("tied", [False, True])
def test_each_stage_trains_its_layer_and_the_mirror_image_and_the_last_all(
    tied: bool, few: data.Dataset
) -> None:
    training = fit.begin(CONFIG.with_(tied=tied), few)
    assert training.phases == (2, 2, 2, 2)
    states, stages = [state(training.model)], []
    for record in training.run():
        states.append(state(training.model))
        stages.append(training.stage)
        assert record.epoch == len(stages)
    pairs = [
        {"encoder.0", "decoder.4"},
        {"encoder.2", "decoder.2"},
        {"encoder.4", "decoder.0"},
    ]
    everything = set().union(*pairs)
    for epoch, expected in enumerate([pair for pair in pairs for _ in range(2)] + [everything] * 2):
        assert changed(states[epoch], states[epoch + 1]) == expected
    # After each epoch the stage of the one that comes next.
    assert stages == [0, 1, 1, 2, 2, 3, 3, 3]


def test_training_longer_continues_with_the_last_stage(few: data.Dataset) -> None:
    phases = (1, 1, 1, 1, 2)
    whole = fit.begin(CONFIG, few, phases)
    checkpoints, states = [], []
    for _ in whole.run():
        checkpoints.append(whole.checkpoint())
        states.append(state(whole.model))
    assert whole.epoch == 6
    for before, after in pairwise(states[3:]):
        assert len(changed(before, after)) == 6
    for content in checkpoints:
        resumed = fit.begin(CONFIG, few, phases)
        resumed.restore(content)
        list(resumed.run())
        assert not changed(state(resumed.model), states[-1])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_a_layer_reconstructs_the_clean_output_of_the_layers_below(
    activation: str, mnist: data.Dataset
) -> None:
    config = CONFIG.with_(activation=activation, layer_corruption=(0.1, 0.5, 0.9))
    network = Autoencoder(config).double()
    images = torch.from_numpy(data.to_vectors(mnist.test_images[:30])).double()
    encoder = [(m.weight, m.bias) for m in network.encoder if isinstance(m, torch.nn.Linear)]  # type: ignore[attr-defined]
    decoder = [(m.weight, m.bias) for m in network.decoder if isinstance(m, torch.nn.Linear)]  # type: ignore[attr-defined]
    act = {"sigmoid": torch.sigmoid, "tanh": torch.tanh}[activation]
    clean = images
    for layer, level in enumerate((0.1, 0.5, 0.9)):
        noise = torch.Generator().manual_seed(layer)
        corrupted = corrupt(clean, "masking", level, noise)
        weight, bias = encoder[layer]
        hidden = corrupted @ weight.T + bias
        hidden = torch.sigmoid(hidden) if layer == 2 else act(hidden)
        weight, bias = decoder[2 - layer]
        logits = hidden @ weight.T + bias
        if layer == 0 or activation == "sigmoid":
            coin = Bernoulli(logits=logits, validate_args=False)
            expected = -coin.log_prob(clean).sum(1).mean()
        else:
            expected = (act(logits) - clean).square().sum(1).mean()
        terms = config.family.objective(
            network, Batch(images, stage=layer), torch.Generator().manual_seed(layer)
        )
        torch.testing.assert_close(terms["loss"], expected)
        weight, bias = encoder[layer]
        clean = act(clean @ weight.T + bias)


def test_the_last_stage_is_a_denoising_autoencoder(mnist: data.Dataset) -> None:
    images = torch.from_numpy(data.to_vectors(mnist.test_images[:30]))
    stacked = Autoencoder(CONFIG.with_(layer_corruption=(0.4, 0.1, 0.2)))
    plain = Autoencoder(
        Config.of(
            "denoising",
            latent_dim=3,
            hidden=(16, 8),
            activation="sigmoid",
            code_activation="sigmoid",
            corruption_level=0.4,
        )
    )
    with torch.no_grad():
        for parameter in stacked.parameters():
            # Codes of an untrained network are nearly the same whatever it sees.
            parameter.mul_(10)
    plain.load_state_dict(stacked.state_dict())
    more = Autoencoder(plain.config.with_(corruption_level=0.5))
    more.load_state_dict(plain.state_dict())
    found, expected, other = (
        m.config.family.objective(m, Batch(images, stage=3), torch.Generator().manual_seed(5))[
            "loss"
        ]
        for m in (stacked, plain, more)
    )
    assert torch.equal(found, expected)
    assert not torch.isclose(other, expected)


def test_constant_rate_trains_as_pytorchs_adamw(few: data.Dataset) -> None:
    settings = CONFIG.with_(schedule="constant", weight_decay=0.0, epochs=1)
    ours, theirs = (fit.begin(settings, few) for _ in range(2))
    list(ours.run())
    task, network = settings.family, theirs.model
    optimizer = torch.optim.AdamW(
        network.parameters(), settings.loop.learning_rate, weight_decay=0.0, fused=True
    )
    for stage in range(4):
        for batch in batches(theirs, stage):
            optimizer.zero_grad()  # Which leaves None, so that other layers are not touched.
            task.objective(network, batch, theirs._noise)["loss"].backward()
            trained = task.parameters(network, stage)
            for name, parameter in network.named_parameters():
                assert (parameter.grad is not None) == (name in trained)
            optimizer.step()
    for name, value in ours.model.state_dict().items():
        torch.testing.assert_close(value, network.state_dict()[name], rtol=0, atol=1e-6)
