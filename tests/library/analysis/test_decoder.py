"""Atoms, angles and slopes against PyTorch, geometry and the model itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from aemodels import bundles, data
from aemodels.analysis import decoder, latent_space
from aemodels.bundles.load import load
from aemodels.objectives import jacobian


@pytest.mark.parametrize("family", ["linear", "pca", "contractive", "sparse"])
def test_an_atom_is_what_its_latent_adds(made: Path, family: str) -> None:
    loaded = load(made / family)
    codes = torch.cat([torch.zeros(1, 3), torch.eye(3)])
    with torch.inference_mode():
        none, *each = loaded.logits(codes).numpy()
    atoms = decoder.atoms(bundles.read(made / family))
    np.testing.assert_allclose(atoms, np.array(each) - none, atol=1e-6)


@pytest.mark.parametrize("degrees", [0.0, 1e-6, 1.0, 30.0, 89.0, 90.0])
def test_angles_are_those_by_which_a_span_was_turned(degrees: float) -> None:
    axes, mixing = np.eye(784), np.random.default_rng(1).standard_normal((6, 6))
    turned = axes[:6].copy()
    angle = np.radians(degrees)
    turned[5] = np.cos(angle) * axes[5] + np.sin(angle) * axes[6]
    # Another basis of the same span makes no difference.
    found = decoder.principal_angles(axes[:6], mixing @ turned)
    np.testing.assert_allclose(found, [0, 0, 0, 0, 0, degrees], atol=1e-7)


def test_angles_of_the_same_and_of_nothing_in_common() -> None:
    axes = np.eye(784)
    assert decoder.principal_angles(axes[:3], axes[[2, 0, 1]]) == pytest.approx([0, 0, 0])
    assert decoder.principal_angles(axes[:3], axes[2:5]) == pytest.approx([0, 90, 90])


def test_slopes_are_those_of_differentiation(made: Path, mnist: data.Dataset) -> None:
    images = torch.from_numpy(data.to_vectors(mnist.test_images[:20]))
    expected = jacobian.by_differentiation(load(made / "contractive").encoder, images)
    slopes = decoder.squared_slopes(bundles.read(made / "contractive"))
    assert slopes.shape == (10_000,)
    np.testing.assert_allclose(slopes[:20], expected.detach().numpy(), rtol=1e-4)


@pytest.mark.parametrize(
    ("question", "family"),
    [
        ("atoms", "ae"),
        ("activity", "ae"),
        ("squared_slopes", "linear"),
        ("truncation_errors", "ae"),
    ],
)
def test_other_networks_are_refused(made: Path, question: str, family: str) -> None:
    with pytest.raises(ValueError, match=family):
        getattr(decoder, question)(bundles.read(made / family))


def test_active_units_are_those_that_vary() -> None:
    codes = np.random.default_rng(0).standard_normal((1000, 3)) * [1, 0.2, 0.05] + [0, 5, 5]
    assert latent_space.active_units(codes) == 2


@pytest.mark.parametrize("family", ["sparse", "linear"])
def test_activity_is_counted_from_the_codes(made: Path, family: str) -> None:
    model = bundles.read(made / family)
    codes = model.codes().mean.astype(np.float64)
    found = decoder.activity(model)
    assert found.active == pytest.approx(np.mean(codes > 0.1))
    assert found.mean == pytest.approx(codes.mean(), rel=1e-4)
    assert found.shares.sum() == pytest.approx(1)
    top = 1.0 if family == "sparse" else np.quantile(codes, 0.999)
    width = top / 24
    np.testing.assert_allclose(found.middles, width * (np.arange(24) + 0.5), rtol=1e-4)
    inside = (codes > 5 * width) & (codes < 6 * width)
    assert found.shares[5] == pytest.approx(inside.mean(), abs=1e-3)
    strength = np.abs(found.atoms).max(1)
    assert (np.diff(strength) <= 0).all()
    expected = codes.std(0) * np.abs(decoder.atoms(model)).max(1)
    np.testing.assert_allclose(strength, np.sort(expected)[::-1], rtol=1e-4)


def test_errors_of_a_truncated_pca_are_scikit_learns(made: Path, mnist: data.Dataset) -> None:
    test, train = (data.to_vectors(x) for x in (mnist.test_images, mnist.train_images[:600]))
    pca, path = PCA(3).fit(train.astype(np.float64)), made / "pca"
    sse = float(np.square(pca.inverse_transform(pca.transform(test)) - test).sum(1).mean())
    model = bundles.read(path)
    measured = replace(
        model, manifest=replace(model.manifest, metrics=replace(model.metrics, sse=sse))
    )
    found = decoder.truncation_errors(measured)
    for count in (1, 2, 3):
        fewer = PCA(count).fit(train.astype(np.float64))
        redrawn = fewer.inverse_transform(fewer.transform(test))
        assert found[count - 1] == pytest.approx(np.square(redrawn - test).sum(1).mean(), rel=1e-4)
