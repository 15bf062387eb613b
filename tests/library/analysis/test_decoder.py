"""Atoms, angles and slopes against PyTorch, geometry and the model itself."""

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.analysis import decoder, latent_space
from aemodels.bundles import bundle
from aemodels.objectives import jacobian


@pytest.mark.parametrize("family", ["linear", "pca", "contractive", "sparse"])
def test_an_atom_is_what_its_latent_adds(made, family):
    loaded = load(made / family)
    codes = torch.cat([torch.zeros(1, 3), torch.eye(3)])
    with torch.inference_mode():
        none, *each = loaded.logits(codes).numpy()
    atoms = decoder.atoms(bundle.read(made / family))
    np.testing.assert_allclose(atoms, np.array(each) - none, atol=1e-6)


@pytest.mark.parametrize("degrees", [0.0, 1e-6, 1.0, 30.0, 89.0, 90.0])
def test_angles_are_those_by_which_a_span_was_turned(degrees):
    axes, mixing = np.eye(784), np.random.default_rng(1).standard_normal((6, 6))
    turned = axes[:6].copy()
    angle = np.radians(degrees)
    turned[5] = np.cos(angle) * axes[5] + np.sin(angle) * axes[6]
    # Another basis of the same span makes no difference.
    found = decoder.principal_angles(axes[:6], mixing @ turned)
    np.testing.assert_allclose(found, [0, 0, 0, 0, 0, degrees], atol=1e-7)


def test_angles_of_the_same_and_of_nothing_in_common():
    axes = np.eye(784)
    assert decoder.principal_angles(axes[:3], axes[[2, 0, 1]]) == pytest.approx([0, 0, 0])
    assert decoder.principal_angles(axes[:3], axes[2:5]) == pytest.approx([0, 90, 90])


def test_slopes_are_those_of_differentiation(made, mnist):
    images = torch.from_numpy(data.to_vectors(mnist.test_images[:20]))
    expected = jacobian.by_differentiation(load(made / "contractive"), images)
    slopes = decoder.squared_slopes(bundle.read(made / "contractive"))
    assert slopes.shape == (10_000,)
    np.testing.assert_allclose(slopes[:20], expected.detach().numpy(), rtol=1e-4)


@pytest.mark.parametrize(("question", "family"), [("atoms", "ae"), ("squared_slopes", "linear")])
def test_other_networks_are_refused(made, question, family):
    with pytest.raises(ValueError, match=family):
        getattr(decoder, question)(bundle.read(made / family))


def test_active_units_are_those_that_vary():
    codes = np.random.default_rng(0).standard_normal((1000, 3)) * [1, 0.2, 0.05] + [0, 5, 5]
    assert latent_space.active_units(codes) == 2
