"""The loop: the same seed gives the same bits, and it stops when it should with what it should."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from aemodels import data
from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.setting import SettingError
from aemodels.training import fit, hardware, loop
from tests.library.running import DEVICE

SMALL = Config.of(hidden=(32,), latent_dim=2, epochs=3, train_images=1000, batch_size=150)


def run(
    config: Config, mnist: data.Dataset, precision: str = "fp32"
) -> tuple[Autoencoder, list[loop.Record]]:
    model = Autoencoder(config).to(DEVICE)
    images = mnist.train_images[: config.data.train_images]
    training = fit.training_of(model, images, mnist.test_images[:500], precision)
    return model, list(training.run())


def same(a: Autoencoder, b: Autoencoder) -> bool:
    return all(torch.equal(v, b.state_dict()[k]) for k, v in a.state_dict().items())


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("family", ["vae", "ae"])
def test_same_seed_same_bits(family: str, precision: str, mnist: data.Dataset) -> None:
    config = SMALL.with_(family=family)
    torch.manual_seed(1)
    (first, records), state = run(config, mnist, precision), torch.get_rng_state()
    torch.manual_seed(2)
    again, _ = run(config, mnist, precision)
    other, _ = run(config.with_(seed=1), mnist, precision)
    assert same(first, again)
    assert not same(first, other)
    torch.manual_seed(1)
    assert torch.equal(state, torch.get_rng_state())
    assert [record.epoch for record in records] == [1, 2, 3]
    losses = [record.test["loss"] for record in records]
    assert losses[2] < losses[1] < losses[0]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_convolutions_give_the_same_bits_and_resume(precision: str, mnist: data.Dataset) -> None:
    if DEVICE.type == "cuda" and precision == "fp32":
        pytest.skip("cuDNN sums in fp32 in an order that varies")
    config = Config.of(
        network="conv", epochs=2, train_images=200, batch_size=100, precision=precision
    )
    few = replace(mnist, test_images=mnist.test_images[:100])
    first, again = (fit.begin(config, few) for _ in range(2))
    list(first.run())
    records = again.run()
    next(records)
    resumed = fit.begin(config, few)
    resumed.restore(again.checkpoint())
    list(records)
    list(resumed.run())
    assert same(first.model, again.model)
    assert same(first.model, resumed.model)


def test_same_seed_same_bits_on_two_threads(mnist: data.Dataset) -> None:
    config = SMALL.with_(hidden=(256, 128), epochs=1)
    torch.set_num_threads(2)
    try:
        assert same(run(config, mnist, "bf16")[0], run(config, mnist, "bf16")[0])
    finally:
        torch.set_num_threads(1)


def test_records_are_means_over_all_images(mnist: data.Dataset) -> None:
    model, records = run(SMALL, mnist)
    with torch.no_grad():
        mean, log_var = model.encode_parameters(
            torch.from_numpy(data.to_vectors(mnist.test_images[:500])).to(DEVICE)
        )
    assert log_var is not None
    exact = kl_divergence(Normal(mean, torch.exp(log_var / 2)), Normal(0.0, 1.0)).sum(1).mean()
    assert records[-1].test["kl"] == pytest.approx(exact.item(), rel=1e-4)
    for terms in (records[-1].train, records[-1].test):
        assert terms["loss"] == pytest.approx(terms["reconstruction"] + terms["kl"], rel=1e-5)


def test_measuring_does_not_change_what_is_learnt(mnist: data.Dataset) -> None:
    few, _ = run(SMALL, mnist)
    more = Autoencoder(SMALL).to(DEVICE)
    images = mnist.train_images[:1000]
    list(fit.training_of(more, images, mnist.test_images[:2500]).run())
    assert same(few, more)


def test_each_image_is_seen_at_most_once_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    # Images that can be told apart by one pixel.
    images = np.zeros((250, 28, 28), np.uint8)
    images[:, 0, 0] = np.arange(250)
    seen: list[list[int]] = []

    def objective(
        family: Family, model: Autoencoder, batch: Batch, noise: torch.Generator
    ) -> Terms:
        if model.training:
            seen.append((batch.images[:, 0] * 255).round().int().tolist())
        return real(family, model, batch, noise)

    real = FAMILIES["ae"].objective
    monkeypatch.setattr(FAMILIES["ae"], "objective", objective)
    config = SMALL.with_(family="ae", batch_size=100, epochs=2)
    list(fit.training_of(Autoencoder(config), images, images).run())
    assert [len(batch) for batch in seen] == [100] * 4
    first, second = {*seen[0], *seen[1]}, {*seen[2], *seen[3]}
    assert len(first) == len(second) == 200
    assert first != second


@pytest.mark.parametrize(("count", "batch_size"), [(1, 512), (7, 512), (8, 1)])
def test_few_images_make_small_batches(count: int, batch_size: int, mnist: data.Dataset) -> None:
    config = SMALL.with_(epochs=1, train_images=count, batch_size=batch_size)
    _, records = run(config, mnist)
    assert len(records) == 1


def poison(monkeypatch: pytest.MonkeyPatch, bad_epoch: int, value: float) -> None:
    """Make the VAE's objective good only for `bad_epoch - 1` epochs and a half."""
    steps, real = 0, FAMILIES["vae"].objective

    def objective(
        family: Family, model: Autoencoder, batch: Batch, noise: torch.Generator
    ) -> Terms:
        nonlocal steps
        terms = real(family, model, batch, noise)
        steps += model.training
        if steps > 6 * (bad_epoch - 1) + 3:
            terms["loss"] = terms["loss"] * value
        return terms

    monkeypatch.setattr(FAMILIES["vae"], "objective", objective)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_loss_that_is_no_number_stops_with_the_last_good_weights(
    value: float, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, 3, value)
    model, good = Autoencoder(SMALL), []
    records = fit.training_of(model, mnist.train_images[:1000], mnist.test_images[:100]).run()
    for _ in range(2):
        next(records)
        good.append(copy.deepcopy(model))
    with pytest.raises(loop.DivergedError, match=r"epoch 3: the loss became (nan|inf)"):
        next(records)
    assert same(model, good[1])
    assert not same(model, good[0])


@pytest.mark.parametrize(
    "config",
    [
        Config.of(learning_rate=1.0, batch_size=10, epochs=2),
        Config.of("linear", latent_dim=16, learning_rate=1.0, batch_size=1, precision="fp32"),
    ],
    ids=lambda config: config.family.name,
)
def test_a_model_worse_than_a_grey_picture_has_diverged(
    config: Config, mnist: data.Dataset
) -> None:
    model = Autoencoder(config)
    before = copy.deepcopy(model)
    images, test = mnist.train_images[:300], mnist.test_images[:100]
    with pytest.raises(loop.DivergedError, match=r"epoch \d: the test error grew to \S+; a con"):
        list(fit.training_of(model, images, test).run())
    grey = np.full((100, 784), 0.5)
    found = np.square(model.decode(model.encode(data.to_vectors(test))) - data.to_vectors(test))
    # What is kept is no worse than it: here the weights before the first epoch.
    assert found.sum(1).mean() < 2 * np.square(grey - data.to_vectors(test)).sum(1).mean()
    assert same(model, before)


def test_a_kl_that_costs_nothing_is_no_divergence(mnist: data.Dataset) -> None:
    config = Config.of("vae", latent_dim=32, hidden=(16,), beta=0.0, batch_size=100, epochs=2)
    model = Autoencoder(config)
    # A posterior as narrow as β = 0 makes it in the end: 32 times half of 1,000 nats.
    with torch.no_grad():
        model.encoder[-1].bias[32:] = -1000  # type: ignore[index]
    images, test = mnist.train_images[:300], mnist.test_images[:100]
    *_, last = fit.training_of(model, images, test).run()
    assert last.epoch == 2
    assert last.test["kl"] > 10_000 > last.test["reconstruction"]


def test_one_step_alone_learns(mnist: data.Dataset) -> None:
    model = Autoencoder(SMALL.with_(epochs=1, batch_size=300))
    before = copy.deepcopy(model)
    list(fit.training_of(model, mnist.train_images[:300], mnist.test_images[:100]).run())
    moved = [
        (new - old).abs().max().item()
        for new, old in zip(model.parameters(), before.parameters(), strict=True)
    ]
    # AdamW's first step is the rate itself, whatever the gradient.
    assert max(moved) == pytest.approx(SMALL.loop.learning_rate, rel=0.1)


def test_stop_takes_effect_at_the_next_step(mnist: data.Dataset) -> None:
    model, calls = Autoencoder(SMALL), []

    def on_step(done: int, total: int) -> bool:
        calls.append((done, total))
        return done == 8

    training = fit.training_of(model, mnist.train_images[:1000], mnist.test_images[:100])
    records = training.run(on_step)
    assert [record.epoch for record in records] == [1]
    assert calls == [(done, 18) for done in range(1, 9)]
    assert not model.training
    assert not same(model, Autoencoder(SMALL))


def test_stop_with_broken_weights_goes_back_to_good_ones(
    mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch, 1, float("nan"))
    model = Autoencoder(SMALL)
    training = fit.training_of(model, mnist.train_images[:1000], mnist.test_images[:100])
    assert list(training.run(lambda done, total: done == 5)) == []
    assert same(model, Autoencoder(SMALL))


def test_device_and_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = torch.device("cpu")
    assert hardware.precision("fp32", cpu) == "fp32"
    assert hardware.precision("bf16", cpu) == "bf16"
    assert hardware.precision("auto", torch.device("mps")) == "fp32"
    for features, expected in (
        ({}, "fp32"),
        ({"avx2": True}, "fp32"),
        ({"amx_bf16": True}, "bf16"),
    ):
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda found=features: found)
        assert hardware.precision("auto", cpu) == expected


@pytest.mark.parametrize(
    ("cuda", "mps", "best"),
    [(False, False, "cpu"), (False, True, "mps"), (True, False, "cuda"), (True, True, "cuda")],
)
def test_auto_is_the_best_device_that_is_there(
    cuda: bool, mps: bool, best: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert hardware.device("auto").type == best
    assert hardware.device("cpu").type == "cpu"
    for name, there in (("cuda", cuda), ("mps", mps)):
        if not there:
            with pytest.raises(SettingError, match=f"device={name}: .* use --device auto"):
                hardware.device(name)
