"""Corruption against its probabilities, each within five standard errors."""

import pytest
import torch
from torch import Tensor

from aemodels.objectives.corruption import KINDS, corrupt

N, D = 4000, 50


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def grey() -> Tensor:
    """Values strictly between 0 and 1, so that a changed one can be told."""
    return 0.2 + 0.6 * torch.rand(N, D, generator=generator(1))


def assert_share(found: Tensor, expected: float) -> None:
    """The share of True among independent coins."""
    error = (expected * (1 - expected) / found.numel()) ** 0.5
    assert abs(found.double().mean().item() - expected) <= 5 * error


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_masking_hides_that_share_and_leaves_the_others(level: float, grey: Tensor) -> None:
    corrupted = corrupt(grey, "masking", level, generator())
    hit = corrupted == 0
    assert_share(hit, level)
    assert torch.equal(corrupted[~hit], grey[~hit])
    # Each value by itself: neither whole pictures nor whole columns.
    assert_share(hit[:, 7], level)
    assert_share(hit[7], level)
    assert_share(hit[:, 0] & hit[:, 1], level**2)


@pytest.mark.parametrize("level", [0.1, 0.5, 1.0])
def test_salt_and_pepper_are_halves(level: float, grey: Tensor) -> None:
    corrupted = corrupt(grey, "salt-pepper", level, generator())
    black, white = corrupted == 0, corrupted == 1
    assert_share(black, level / 2)
    assert_share(white, level / 2)
    kept = ~(black | white)
    assert torch.equal(corrupted[kept], grey[kept])


@pytest.mark.parametrize("level", [0.25, 1.0])
def test_gaussian_noise_has_that_deviation_and_is_not_clipped(level: float, grey: Tensor) -> None:
    noise = (corrupt(grey, "gaussian", level, generator()) - grey).double()
    count = noise.numel()
    assert abs(noise.mean().item()) <= 5 * level / count**0.5
    assert abs(noise.std().item() - level) <= 5 * level / (2 * count) ** 0.5
    # Beyond two deviations, above and below: a clipped one would have none there.
    assert_share(noise > 2 * level, 0.02275)
    assert_share(noise < -2 * level, 0.02275)
    black = corrupt(torch.zeros(N, D), "gaussian", level, generator())
    assert_share(black < 0, 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_noise_comes_from_the_generator_alone(kind: str, grey: Tensor) -> None:
    before, clean = torch.get_rng_state(), grey.clone()
    first = corrupt(grey, kind, 0.3, generator())
    assert torch.equal(first, corrupt(grey, kind, 0.3, generator()))
    assert not torch.equal(first, corrupt(grey, kind, 0.3, generator(1)))
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(grey, clean)


@pytest.mark.parametrize("kind", KINDS)
def test_level_zero_changes_nothing(kind: str, grey: Tensor) -> None:
    assert torch.equal(corrupt(grey, kind, 0.0, generator()), grey)


def test_level_one_of_masking_hides_all(grey: Tensor) -> None:
    assert not corrupt(grey, "masking", 1.0, generator()).any()


def test_another_kind_is_refused(grey: Tensor) -> None:
    with pytest.raises(ValueError, match="kind=blur: must be masking, salt-pepper or gaussian"):
        corrupt(grey, "blur", 0.1, generator())
