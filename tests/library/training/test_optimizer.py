"""The optimiser's step and its schedule are PyTorch's."""

from dataclasses import replace

import pytest
import torch

from aemodels import data
from aemodels.models.autoencoder import tensors
from aemodels.training import fit
from aemodels.training.optimizer import one_cycle
from tests.library import small
from tests.library.running import SMALL, assert_same, batches

pytestmark = pytest.mark.usefixtures("home")


def test_the_step_is_that_of_pytorchs_adamw_and_one_cycle(mnist: data.Dataset) -> None:
    ours, theirs = (fit.begin(SMALL, mnist) for _ in range(2))
    list(ours.run())
    total, network = theirs.steps * SMALL.loop.epochs, theirs.model
    optimizer = torch.optim.AdamW(
        network.parameters(),
        SMALL.loop.learning_rate,
        weight_decay=SMALL.loop.weight_decay,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, SMALL.loop.learning_rate, total)
    for _ in range(SMALL.loop.epochs):
        for batch in batches(theirs):
            optimizer.zero_grad()
            SMALL.family.objective(network, batch, theirs._noise)["loss"].backward()
            optimizer.step()
            schedule.step()
    assert_same(tensors(ours.model), tensors(network))


@pytest.mark.parametrize("total", [2, 3, 4, 10, 333])
def test_one_cycle_is_that_of_pytorch(total: int) -> None:
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total)
    for step in range(total):
        group = optimizer.param_groups[0]
        assert one_cycle(step, total, 3e-3) == (group["lr"], group["betas"][0])
        optimizer.step()
        if step < total - 1:
            schedule.step()


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_in_pieces_as_on_a_gpu_the_step_is_the_same(
    network: str, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(mnist, test_images=mnist.test_images[:50])
    config = small.config("vae", network, train_images=200, batch_size=50)
    whole, other = (fit.begin(config, few) for _ in range(2))
    list(whole.run())
    monkeypatch.setattr("aemodels.training.optimizer._rows", lambda parameter: 3)
    list(other.run())
    expected = whole._optimizer.state()
    for name, value in other._optimizer.state().items():
        torch.testing.assert_close(value, expected[name])
    for found, parameter in zip(other.model.parameters(), whole.model.parameters(), strict=True):
        torch.testing.assert_close(found, parameter)
