"""The whole card of the notebook API: load, fit, load_dataset, and what a model takes and gives."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import aemodels
from aemodels import bundles, data, paths
from aemodels.setting import SettingError
from aemodels.training.loop import DivergedError

SMALL: dict[str, Any] = {
    "epochs": 2,
    "train_images": 300,
    "hidden": (16,),
    "batch_size": 100,
    "device": "cpu",
}


@pytest.fixture(scope="module")
def vae() -> aemodels.Autoencoder:
    return aemodels.load("vae-2")


def test_a_model_is_loaded_by_name_and_by_path(
    vae: aemodels.Autoencoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    z = np.array([[0.5, -1]], np.float32)
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(vae.decode(z), aemodels.load(paths.zoo() / "vae-2").decode(z))
    monkeypatch.chdir(paths.zoo().parent)
    assert np.array_equal(vae.decode(z), aemodels.load(f"{paths.zoo().name}/vae-2").decode(z))
    with pytest.raises(bundles.BundleError, match=r"^vae-3: .* the zoo has ae-16, ae-2, .*vae-50$"):
        aemodels.load("vae-3")


def test_images_may_come_in_four_forms(vae: aemodels.Autoencoder, mnist: data.Dataset) -> None:
    pixels = mnist.test_images[:50]
    grey = pixels / np.float32(255)
    mean, log_var = vae.posterior(pixels)
    assert mean.shape == log_var.shape == (50, 2)
    pictures = vae.reconstruct(pixels)
    assert np.array_equal(pictures, vae.decode(mean))
    for images in (pixels.reshape(50, 784), grey, grey.reshape(50, 784), grey.astype(np.float64)):
        assert np.array_equal(vae.encode(images), mean)
        assert np.array_equal(vae.posterior(images)[1], log_var)
        assert np.array_equal(vae.reconstruct(images), pictures)


def test_fit_gives_a_trained_model_and_its_records(mnist: data.Dataset) -> None:
    records: list[aemodels.Record] = []
    model = aemodels.fit("vae", latent_dim=3, beta=2, on_record=records.append, **SMALL)
    assert [record.epoch for record in records] == [1, 2]
    assert records[1].test["loss"] < records[0].test["loss"]
    assert model.config == aemodels.Config.of("vae", latent_dim=3, beta=2, **SMALL)
    assert model.encode(mnist.test_images[:5]).shape == (5, 3)
    again = aemodels.fit(model.config, dataset=mnist)
    assert np.array_equal(again.decode(np.ones((1, 3))), model.decode(np.ones((1, 3))))
    other = aemodels.fit(model.config, seed=1)
    assert not np.array_equal(other.decode(np.ones((1, 3))), model.decode(np.ones((1, 3))))


def test_fit_takes_images_of_ones_own(mnist: data.Dataset) -> None:
    inverted = replace(
        mnist,
        name="inverted",
        train_images=255 - mnist.train_images[:500],
        test_images=255 - mnist.test_images[:100],
    )
    pca = aemodels.fit("pca", dataset=inverted, latent_dim=5)
    difference = (
        pca.reconstruct(inverted.train_images) - inverted.train_images.reshape(-1, 784) / 255
    )
    # A fit on the digits themselves would expect black borders.
    assert np.abs(difference.mean(0)).max() < 1e-4
    clothes = aemodels.fit("pca", dataset=replace(inverted, name="fashion-mnist"))
    assert clothes.config.data.dataset == "fashion-mnist"


def test_fit_refuses_what_it_cannot_do() -> None:
    with pytest.raises(SettingError, match="epochs=0: must be a whole number from 1"):
        aemodels.fit("vae", epochs=0)
    with pytest.raises(SettingError, match=r"beta: family ae .* has no such setting"):
        aemodels.fit("ae", beta=4)
    with pytest.raises(data.DataError, match="data set letters: must be mnist or fashion-mnist"):
        aemodels.load_dataset("letters")


def test_a_training_that_diverges_raises() -> None:
    given = SMALL | {"learning_rate": 1.0, "schedule": "constant"}
    with pytest.raises(DivergedError, match="epoch 1: "):
        aemodels.fit("ae", output_activation="linear", reconstruction_loss="mse", **given)


def test_a_data_set_has_two_splits() -> None:
    digits = aemodels.load_dataset("mnist", paths.data() / "mnist")
    assert digits.train_images.shape == (60_000, 28, 28)
    assert digits.test_images.dtype == np.uint8
    assert len(digits.test_labels) == 10_000


def test_an_unusable_bundle_is_named(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "bundle.json").write_text('{"format": 1}', "utf-8")
    with pytest.raises(bundles.BundleError, match=r"old: its format version is 1, .* train"):
        aemodels.load(tmp_path / "old")


def test_a_family_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match="family=None: must be vae, ae"):
        aemodels.fit(None)  # type: ignore[arg-type]
