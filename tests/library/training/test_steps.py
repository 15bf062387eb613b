"""Recorded steps: what a GPU replays, run as it is on a CPU, gives the numbers of eager steps."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from aemodels import data
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit, graphs, loop
from aemodels.training.steps import Compute, EagerSteps, RecordedSteps, Steps
from tests.library import small
from tests.library.running import DEVICE

TRAINED = [config for config in small.legal() if not config.family.closed_form]
WARM = small.config("vae", kl_warmup=0.4, beta_start=2, free_bits=0.1)
WEIGHTED = small.config("vae", importance_samples=3, gradient="dreg")
MOVED = small.config("ae", augmented_share=0.5, augmented_until=0.7, binarisation="stochastic")


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, test_images=mnist.test_images[:50], test_labels=mnist.test_labels[:50])


def eagerly(training: loop.Training[Autoencoder]) -> None:
    """Have it train without recording, whatever the device."""
    _replace(training, EagerSteps)


def recorded(training: loop.Training[Autoencoder]) -> list[int]:
    """Have it train as on CUDA, on a CPU without graphs; returns the stages recorded so far."""
    made: list[int] = []

    def record(work: Callable[[], None]) -> Callable[[], object]:
        made.append(training.stage)
        return training._record(work) if training.device.type == "cuda" else work

    _replace(training, lambda compute: RecordedSteps(compute, record))
    return made


def _replace(training: loop.Training[Autoencoder], make: Callable[[Compute], Steps]) -> None:
    original = training._steps

    def steps(stage: int) -> Steps:
        found = original(stage)
        assert isinstance(found, EagerSteps | RecordedSteps)
        return make(found._compute)

    training._steps = steps  # type: ignore[method-assign]


@pytest.mark.parametrize("config", [*TRAINED, WARM, WEIGHTED, MOVED], ids=small.words)
def test_recorded_steps_give_the_numbers_of_eager_ones(config: Config, few: data.Dataset) -> None:
    eager, other = (fit.begin(config.with_(batch_size=50), few) for _ in range(2))
    eagerly(eager)
    made = recorded(other)
    expected, found = list(eager.run()), list(other.run())
    # Each stage is recorded once, whatever its epochs.
    assert made == list(range(len(config.phases)))
    if DEVICE.type == "cuda" and config.network.kind.startswith("conv"):
        # cuDNN sums in fp32 in an order that varies, recorded or not.
        for other_record, record in zip(found, expected, strict=True):
            assert other_record.test == pytest.approx(record.test, rel=1e-4)
        return
    assert [(r.train, r.test) for r in found] == [(r.train, r.test) for r in expected]
    weights = eager.model.state_dict()
    assert all(torch.equal(v, weights[name]) for name, v in other.model.state_dict().items())


def test_what_no_graph_can_hold_is_trained_all_the_same(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: Callable[[], object], noise: torch.Generator) -> Callable[[], None]:
        raise graphs.CaptureError("operation not permitted")

    monkeypatch.setattr(graphs, "record", refuse)
    eager, other = (fit.begin(WARM, few) for _ in range(2))
    eagerly(eager)
    _replace(other, lambda compute: RecordedSteps(compute, other._record))
    assert [r.test for r in other.run()] == [r.test for r in eager.run()]
    assert (eager.unrecorded, other.unrecorded) == (None, "operation not permitted")


def test_epochs_are_recorded_once_and_resumed_to_the_same_bits(few: data.Dataset) -> None:
    config = WARM.with_(epochs=4)
    whole, again = fit.begin(config, few), fit.begin(config, few)
    recorded(whole)
    records = whole.run()
    next(records)
    content = whole.checkpoint()
    list(records)
    again.restore(content)
    made = recorded(again)
    list(again.run())
    assert made == [0]
    weights = whole.model.state_dict()
    assert all(torch.equal(v, weights[name]) for name, v in again.model.state_dict().items())


def test_an_epoch_of_one_step_is_recorded_in_the_second(few: data.Dataset) -> None:
    training = fit.begin(WARM.with_(batch_size=600, epochs=3), few)
    made = recorded(training)
    records = training.run()
    next(records)
    assert made == []
    next(records)
    assert made == [0]


def test_gradients_are_of_the_batch_and_progress_of_each_step() -> None:
    seen: list[tuple[list[int], float]] = []

    def compute(
        indices: Tensor, progress: Tensor | float
    ) -> tuple[dict[str, Tensor], list[Tensor]]:
        seen.append((indices.tolist(), float(progress)))
        total = indices.sum().float()
        return {"loss": total}, [total]

    orders = torch.tensor([[[0, 1], [2, 3], [4, 5]], [[5, 3], [1, 0], [2, 4]]])
    shares: Sequence[Sequence[float]] = ((0.0, 0.1, 0.2), (0.3, 0.4, 0.5))
    for steps in (EagerSteps(compute), RecordedSteps(compute, lambda work: work)):
        seen.clear()
        for order, progress in zip(orders, shares, strict=True):
            steps.start(order, progress)
            gradients = [steps.take(step)[0].item() for step in range(3)]
            assert gradients == order.sum(1).tolist()
            # 0 + 1 + … + 5 over three steps, in both epochs.
            assert steps.means() == {"loss": 5.0}
        assert seen == [
            (batch, share)
            for order, progress in zip(orders.tolist(), shares, strict=True)
            for batch, share in zip(order, progress, strict=True)
        ]


class Waits(TorchDispatchMode):
    """Notes what would make Python wait for a GPU: a number read, a size that depends on values."""

    OPERATIONS = (
        "aten::_local_scalar_dense",
        "aten::nonzero",
        "aten::masked_select",
        "aten::equal",
    )

    def __init__(self) -> None:
        super().__init__()
        self.listening = False
        self.seen: set[str] = set()
        self.waits: list[str] = []

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        name = func._schema.name
        if self.listening:
            self.seen.add(name)
            self.waits += [name] * (name in self.OPERATIONS)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("have", [eagerly, recorded])
@pytest.mark.parametrize("config", [*TRAINED, WARM, WEIGHTED, MOVED], ids=small.words)
def test_nothing_waits_within_an_epoch(
    config: Config, have: Callable[[loop.Training[Autoencoder]], object], few: data.Dataset
) -> None:
    """From the end of the second step to that of the last no value is read, on whatever device."""
    training, waits = fit.begin(config.with_(batch_size=50), few, (1,)), Waits()
    have(training)

    def on_step(done: int, total: int) -> bool:
        waits.listening = 2 <= done < total
        if training.device.type == "cuda":
            # Of recorded kernels nothing is heard; this forbids it all the same.
            torch.cuda.set_sync_debug_mode("error" if waits.listening else "default")
        return False

    try:
        with waits:
            next(training.run(on_step))
    finally:
        if training.device.type == "cuda":
            torch.cuda.set_sync_debug_mode("default")
    # That it hears the steps at all.
    assert "aten::_fused_adamw_" in waits.seen
    assert waits.waits == []
