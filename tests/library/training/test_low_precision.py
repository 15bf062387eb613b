"""Steps in bf16: the numbers of autocast, from weights that are rounded once a step."""

import pytest
import torch

from aemodels import data
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit
from aemodels.training.low_precision import copy_in_bf16
from tests.library import small

# One for each family with each of its networks, and for all that an autoencoder can choose.
TRAINED = [config for config in small.legal() if not config.family.closed_form]


def test_the_copy_has_the_weights_of_each_step_and_the_model_keeps_its_own() -> None:
    model = Autoencoder(small.config("vae"))
    twin, refresh = copy_in_bf16(model)
    with torch.no_grad():
        for parameter in model.parameters():
            # A change that bf16 rounds away, and one that it doesn't.
            parameter.add_(1e-6)
    before = [parameter.clone() for parameter in model.parameters()]
    refresh()
    for mine, theirs, old in zip(model.parameters(), twin.parameters(), before, strict=True):
        assert (mine.dtype, theirs.dtype) == (torch.float32, torch.bfloat16)
        assert torch.equal(mine, old)
        assert torch.equal(theirs, mine.bfloat16())


@pytest.mark.parametrize("config", TRAINED, ids=small.words)
def test_gradients_are_those_of_autocast(config: Config, mnist: data.Dataset) -> None:
    training = fit.begin(config.with_(precision="bf16", batch_size=50), mnist)
    order = training._draw_batches()
    state = training._noise.get_state()
    steps = training._steps(0)
    steps.start(order, [0.0] * training.steps)
    found = steps.take(0)
    training._noise.set_state(state)
    batch = training._batch(training._train, order[0], 0, training._noise, 0.0)
    model = training.model.train()
    with training._autocast():
        loss = training.task.objective(model, batch, training._noise)["loss"]
    trained = list(training.task.parameters(model, 0).values())
    for ours, theirs in zip(found, torch.autograd.grad(loss, trained), strict=True):
        assert ours.dtype == torch.float32
        # Each product is rounded to 8 bits; what is equal but for that differs by a part of it.
        scale = theirs.abs().max().item()
        torch.testing.assert_close(ours, theirs, rtol=0.05, atol=0.05 * scale + 1e-6)


def test_small_steps_in_bf16_are_not_lost(mnist: data.Dataset) -> None:
    """Of a weight of 0.03, bf16 keeps no change below 1e-4; ten epochs of such steps learn."""
    config = small.config("ae", epochs=10, schedule="constant", learning_rate=2e-5)
    training = fit.begin(config.with_(precision="bf16"), mnist)
    losses = [record.train["loss"] for record in training.run()]
    assert losses == sorted(losses, reverse=True)
