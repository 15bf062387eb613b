"""Augmented images against SciPy's affine transform; which are moved, how far, and until when."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage  # type: ignore[import-untyped]

from aemodels import data
from aemodels.config import Augmentation, Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Terms
from aemodels.models.autoencoder import Autoencoder, tensors
from aemodels.training import fit
from aemodels.training.augmentation import augment, move
from tests.library import small
from tests.library.running import assert_same

LARGE = Augmentation(
    augmented_share=0.5, largest_shift=3, largest_rotation=30, augmented_until=0.75
)


@pytest.fixture
def digits(mnist: data.Dataset) -> torch.Tensor:
    return torch.from_numpy(data.to_vectors(mnist.train_images[:200]))


def noise(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def scipys(image: np.ndarray, right: int, down: int, angle: float) -> np.ndarray:
    """(28, 28), rotated clockwise about its centre, then shifted; zeros come in from outside."""
    # From (row, column) of the result to that of the image.
    back = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.full(2, 13.5)
    offset = centre - back @ (centre + np.array([down, right]))
    found: np.ndarray = ndimage.affine_transform(
        image.astype(float), back, offset, order=1, mode="grid-constant"
    )
    return found


@pytest.mark.parametrize(
    ("right", "down", "degrees"),
    [(0, 0, 0), (3, 0, 0), (0, -2, 0), (0, 0, 90), (0, 0, 12.5), (14, -14, 0), (2, 5, -170)],
)
def test_images_are_moved_as_scipy_moves_them(
    right: int, down: int, degrees: float, digits: torch.Tensor
) -> None:
    angle = np.deg2rad(degrees)
    found = move(
        digits[:6],
        torch.full((6,), right),
        torch.full((6,), down),
        torch.full((6,), angle, dtype=torch.float32),
    )
    for image, moved in zip(digits[:6].reshape(-1, 28, 28), found.reshape(-1, 28, 28), strict=True):
        np.testing.assert_allclose(moved, scipys(image.numpy(), right, down, angle), atol=2e-5)


def test_a_shift_to_the_right_is_one_of_columns_and_a_quarter_turn_is_numpys(
    digits: torch.Tensor,
) -> None:
    image = digits[:1].reshape(28, 28)
    none, three = torch.tensor([0]), torch.tensor([3])
    shifted = move(digits[:1], three, none, torch.zeros(1)).reshape(28, 28)
    torch.testing.assert_close(shifted[:, 3:], image[:, :-3], atol=1e-5, rtol=0)
    assert not shifted[:, :3].any()
    turned = move(digits[:1], none, none, torch.full((1,), np.pi / 2)).reshape(28, 28)
    np.testing.assert_allclose(turned, np.rot90(image, -1), atol=1e-5)


def test_that_share_of_a_batch_is_moved_and_the_rest_stays_to_the_bit(digits: torch.Tensor) -> None:
    found = augment(digits, replace(LARGE, augmented_share=0.3), noise(), 0.0)
    assert found.shape == digits.shape
    assert torch.equal(found[60:], digits[60:])
    changed = (found[:60] - digits[:60]).abs().amax(1) > 0.1
    assert changed.float().mean() > 0.9


def test_shifts_and_rotations_fill_their_ranges_evenly() -> None:
    """From a dot in the middle, which shows the shift, and one beside it, which shows the angle."""
    dots = torch.zeros(4000, 28, 28)
    dots[:, 13:15, 13:15] = 1
    settings = Augmentation(augmented_share=1, largest_shift=3, largest_rotation=0)
    found = augment(dots.reshape(-1, 784), settings, noise(), 0.0).numpy().reshape(-1, 28, 28)
    centres = np.array([ndimage.center_of_mass(each) for each in found]) - 13.5
    for axis in (0, 1):
        sizes, counts = np.unique(centres[:, axis].round(3), return_counts=True)
        assert sizes.tolist() == [-3, -2, -1, 0, 1, 2, 3]
        assert counts.min() > 4000 / 7 * 0.85
    assert abs(np.asarray(np.corrcoef(centres.T))[0, 1]) < 0.06
    dots[:] = 0
    dots[:, 13:15, 22:24] = 1
    settings = Augmentation(augmented_share=1, largest_shift=0, largest_rotation=40)
    found = augment(dots.reshape(-1, 784), settings, noise(), 0.0).numpy().reshape(-1, 28, 28)
    centres = np.array([ndimage.center_of_mass(each) for each in found]) - 13.5
    angles = np.asarray(np.rad2deg(np.arctan2(centres[:, 0], centres[:, 1])))
    assert np.abs(angles).max() < 41
    assert np.quantile(angles, [0.1, 0.5, 0.9]) == pytest.approx([-32, 0, 32], abs=2.5)


@pytest.mark.parametrize("progress", [0.0, 0.7499, 0.75, 1.0])
def test_it_ends_when_it_should_whether_progress_is_a_number_or_on_the_device(
    progress: float, digits: torch.Tensor
) -> None:
    first, second = noise(), noise()
    found = augment(digits, LARGE, first, progress)
    on_device = torch.tensor(progress, dtype=torch.float64)
    assert torch.equal(augment(digits, LARGE, second, on_device), found)
    # What is drawn next is the same either way.
    assert torch.equal(first.get_state(), second.get_state())
    assert torch.equal(found, digits) == (progress >= 0.75)


def test_without_an_end_it_goes_on_in_a_training_that_is_continued(digits: torch.Tensor) -> None:
    settings = replace(LARGE, augmented_until=1)
    found = augment(digits, settings, noise(), 1.0)
    assert torch.equal(found, augment(digits, settings, noise(), 0.0))
    assert torch.equal(found, augment(digits, LARGE, noise(), 0.5))
    assert not torch.equal(found, digits)


@pytest.mark.parametrize(
    "settings",
    [
        Augmentation(),
        Augmentation(augmented_share=0.5, largest_shift=0, largest_rotation=0),
    ],
)
def test_switched_off_it_draws_nothing(settings: Augmentation, digits: torch.Tensor) -> None:
    generator = noise()
    assert augment(digits, settings, generator, 0.0) is digits
    assert torch.equal(generator.get_state(), noise().get_state())


@pytest.mark.parametrize("pixels", ["grey", "threshold", "stochastic"])
def test_training_reconstructs_what_was_moved_and_measuring_moves_nothing(
    pixels: str, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[torch.Tensor] = []
    measured: list[torch.Tensor] = []
    real = FAMILIES["ae"].objective

    def objective(
        self: Family, model: Autoencoder, batch: Batch, generator: torch.Generator
    ) -> Terms:
        (trained if model.training else measured).append(batch.images.cpu().clone())
        return real(self, model, batch, generator)

    monkeypatch.setattr(FAMILIES["ae"], "objective", objective)
    given: dict[str, Any] = {"epochs": 2, "train_images": 100, "binarisation": pixels}
    moves: dict[str, Any] = {"augmented_share": 0.5, "largest_shift": 14, "largest_rotation": 0}
    config = small.config("ae", **given, **moves, augmented_until=0.5)
    few = replace(mnist, test_images=mnist.test_images[:100])
    list(fit.begin(config, few).run())
    # Ink moves out of the picture in the first epoch and comes back in the second.
    ink = [float(batch.sum()) for batch in trained]
    assert ink[0] < 0.97 * ink[1]
    plain = data.to_vectors(mnist.train_images[:100])
    expected = np.rint(plain) if pixels == "threshold" else plain
    if pixels != "stochastic":
        assert ink[1] == pytest.approx(float(expected.sum()), rel=1e-5)
    if pixels != "grey":
        assert set(torch.cat(trained).unique().tolist()) == {0.0, 1.0}
    if pixels == "grey":
        np.testing.assert_allclose(measured[0], data.to_vectors(few.test_images), atol=1e-7)


def test_it_resumes_with_the_same_bits(mnist: data.Dataset) -> None:
    few = replace(mnist, test_images=mnist.test_images[:50])
    config = small.config("vae", epochs=2, augmented_share=0.5, augmented_until=0.75)
    whole = fit.begin(config, few)
    checkpoints = [whole.checkpoint() for _ in whole.run()]
    resumed = fit.begin(config, few)
    resumed.restore(checkpoints[0])
    list(resumed.run())
    assert_same(tensors(resumed.model), tensors(whole.model))
    without = fit.begin(config.with_(augmented_share=0, augmented_until=1), few)
    list(without.run())
    with pytest.raises(AssertionError):
        assert_same(tensors(without.model), tensors(whole.model))


def test_settings_from_before_mean_none() -> None:
    old = Config.of("ae").to_dict()
    for name in Augmentation.table():
        del old[name]
    assert Config.from_dict(old) == Config.of("ae")
    assert not Config.from_dict(old).augmentation.active
