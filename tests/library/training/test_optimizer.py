"""The optimiser's step and its schedule are PyTorch's."""

from dataclasses import replace

import pytest
import torch

from aemodels import data
from aemodels.models.autoencoder import tensors
from aemodels.training import fit
from aemodels.training.optimizer import linear, one_cycle
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


def test_the_linear_schedule_is_that_of_pytorch() -> None:
    total, peak = 200, 19
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], 3e-3)
    up = torch.optim.lr_scheduler.LinearLR(optimizer, 1 / (peak + 1), 1, peak)
    down = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 1 / (total - peak), total - peak - 1)
    schedule = torch.optim.lr_scheduler.SequentialLR(optimizer, [up, down], [peak])
    for step in range(total):
        assert linear(step, total, 3e-3) == pytest.approx(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()


@pytest.mark.parametrize("total", [1, 2, 3, 9, 11])
def test_the_linear_schedule_of_few_steps_stays_above_0_and_below_its_peak(total: int) -> None:
    found = [linear(step, total, 1.0) for step in range(total)]
    assert 0 < min(found) <= max(found) <= 1


def test_beta2_is_that_of_pytorchs_adamw(mnist: data.Dataset) -> None:
    config = SMALL.with_(beta2=0.9, schedule="linear", epochs=1)
    ours, theirs = (fit.begin(config, mnist) for _ in range(2))
    list(ours.run())
    network = theirs.model
    optimizer = torch.optim.AdamW(
        network.parameters(), betas=(0.9, 0.9), weight_decay=config.loop.weight_decay, fused=True
    )
    for step, batch in enumerate(batches(theirs)):
        optimizer.param_groups[0]["lr"] = linear(step, theirs.steps, config.loop.learning_rate)
        optimizer.zero_grad()
        config.family.objective(network, batch, theirs._noise)["loss"].backward()
        optimizer.step()
    assert_same(tensors(ours.model), tensors(network))


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_in_pieces_as_on_a_gpu_the_step_is_the_same(
    network: str, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise cuDNN sums in an order that varies.
    monkeypatch.setattr("torch.backends.cudnn.deterministic", True)
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
