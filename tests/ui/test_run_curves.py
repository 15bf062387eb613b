"""Curves of two runs share a chart only where their numbers have one meaning."""

import pytest

from aemodels.config import Config
from ui import run_curves

VAE = Config.of("vae")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Config.of("vae", latent_dim=16), ""),
        (Config.of("vae", beta=4), ""),
        (Config.of("ae", reconstruction_loss="mse"), "its error has a different unit"),
        (Config.of("vae", binarisation="threshold"), "its error is on other pixels"),
        (Config.of("vae", dataset="fashion-mnist"), "it learned other images"),
    ],
)
def test_errors_that_cannot_be_compared_say_why(other: Config, why: str) -> None:
    assert run_curves.incomparable(VAE, other) == why


def test_the_total_of_another_beta_is_another_unit() -> None:
    heavy = Config.of("vae", beta=4)
    assert run_curves.unit(VAE, "loss") == "nats per digit"
    assert run_curves.unit(heavy, "loss") == "nats + 4 · KL"
    warm = Config.of("vae", kl_warmup=0.3, free_bits=0.5)
    assert run_curves.unit(warm, "loss") == "nats + w · KL, w 0 to 1 in 30 %, free 0.5"
    weighted = Config.of("vae", importance_samples=5)
    assert run_curves.unit(weighted, "loss") == "nats per digit, bound of 5 samples"
    assert run_curves.unit(weighted, "kl") == run_curves.unit(VAE, "kl")
    falling = Config.of("vae", kl_warmup=1, beta_start=2)
    assert run_curves.unit(falling, "loss") == "nats + w · KL, w 2 to 1"
    assert run_curves.unit(warm, "kl_weight") == "weight"
    assert run_curves.unit(heavy, "reconstruction") == run_curves.unit(VAE, "reconstruction")
    assert run_curves.unit(heavy, "kl") == run_curves.unit(VAE, "kl")


@pytest.mark.parametrize(
    ("epochs", "step"), [(1, 1), (6, 1), (7, 2), (30, 5), (120, 20), (500, 100), (10_000, 2_000)]
)
def test_the_numbers_of_an_axis_are_round(epochs: int, step: int) -> None:
    assert run_curves._step(epochs) == step


def test_at_most_three_charts_stand_side_by_side() -> None:
    assert [run_curves._rows(charts) for charts in (1, 3, 4)] == [[1], [3], [2, 2]]
