"""Every page with a model of one's own pictures: with classes, without, and where they are gone."""

import io
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from aemodels import pictures, runs
from aemodels.cli import main
from aemodels.data import own
from aemodels.pictures import upload
from tests.pages.running import run, unescaped, words
from ui import own_data

pytestmark = pytest.mark.usefixtures("home")
TINY = ["--hidden", "8", "--epochs", "1", "--precision", "fp32"]


def train(name: str, run_id: str, *options: str) -> None:
    assert main(["train", "--dataset", name, "--run", run_id, "--latent-dim", "2", *options]) == 0


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two data sets and two models of each. Not to be changed."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("trained")
        patch.setenv("LATENT_LAB_HOME", str(folder))
        digits = load_digits()
        stream = io.BytesIO()
        np.savez(stream, images=(digits.images * 15).astype(np.uint8)[:200])
        (folder / "plain.npz").write_bytes(stream.getvalue())
        pictures.add("small", "scikit-learn-digits", title="Small digits")
        pictures.add("plain", folder / "plain.npz")
        for name in ("small", "plain"):
            train(name, f"{name}-vae", *TINY)
            train(name, f"{name}-pca", "--family", "pca")
    return folder


@pytest.fixture
def here(trained: Path, home: Path) -> Path:
    """A copy of it to change."""
    import shutil

    shutil.copytree(trained, home.parent, dirs_exist_ok=True)
    return home.parent


@pytest.mark.parametrize("name", ["small", "plain"])
@pytest.mark.usefixtures("here")
def test_every_page_shows_them(name: str) -> None:
    one, two = f"run:{name}-vae", f"run:{name}-pca"
    title = "Small digits" if name == "small" else "plain"
    explored = run("explore", model=one, digit="20")
    assert not explored.error
    assert not explored.warning
    assert f"Your own pictures, **{title}**. Pictures of 8 x 8 pixels were resized" in words(
        explored
    )
    assert ("test picture, coloured" in words(explored)) == (name == "small")
    for page in ("compare", "interpolate"):
        found = run(page, models=f"{one},{two}")
        assert not found.error
        assert not found.warning
        said = words(found)
        assert f"Your own pictures, **{title}**" in said
        if page == "compare":
            count = 359 if name == "small" else 40
            assert f"Means over the {count} test pictures" in said
            assert ("Error by class" in said) == (name == "small")
    shown = run("train", run=f"{name}-vae")
    assert not shown.exception
    assert not shown.error
    count = 1438 if name == "small" else 160
    assert f"Training images {count}" in words(run("train", run=f"{name}-pca"))


@pytest.mark.usefixtures("here")
def test_the_form_offers_them() -> None:
    found = run("train")
    (box,) = [each for each in found.selectbox if each.label == "Data set"]
    assert box.options == ["MNIST", "Fashion-MNIST", "plain", "Small digits"]
    found = box.select("Small digits").run()
    assert not found.exception
    own.remove("small")
    found = run("train")
    assert not found.exception
    (box,) = [each for each in found.selectbox if each.label == "Data set"]
    assert box.options == ["MNIST", "Fashion-MNIST", "plain"]
    assert box.value == "mnist"


@pytest.mark.usefixtures("here")
def test_indices_beyond_them_are_refused() -> None:
    found = run("explore", model="run:small-vae", digit="359", classes="10")
    notices = " ".join(each.value for each in found.warning)
    assert "must be a whole number from 0 to 358" in notices
    assert "must be up to 10 whole numbers from 0 to 9" in notices


@pytest.mark.usefixtures("here")
def test_without_their_pictures_models_are_still_shown() -> None:
    own.remove("small")
    one, two = "run:small-vae", "run:small-pca"
    for page, chosen in (
        ("explore", {"model": one}),
        ("compare", {"models": f"{one},{two}"}),
        ("interpolate", {"models": f"{one},{two}"}),
        ("train", {"run": "small-vae"}),
    ):
        found = run(page, **chosen)
        assert not found.exception
        assert not found.error
        if page != "train":
            (notice,) = found.info
            assert "The pictures of **Small digits** aren't here, so they are blank" in notice.value
    assert {each.id for each in runs.list_runs()} >= {"small-vae", "small-pca"}


def test_pictures_are_added_and_the_form_trains_on_them() -> None:
    stream = io.BytesIO()
    np.savez(stream, images=np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8))
    found = run("train")
    (uploader,) = [each for each in found.file_uploader if "own_files" in (each.key or "")]
    uploader.set_value([("my-noise.npz", stream.getvalue(), "")]).run()
    (title,) = [each for each in found.text_input if each.label == "Name of the data set"]
    assert title.value == "my noise"
    title.set_value("手書き").run()
    assert next(each for each in found.button if each.label == "Add").disabled
    assert any("at least one letter from A to Z" in each.value for each in found.caption)
    title.set_value("Noise, été").run()
    found.button[[each.label for each in found.button].index("Add")].click().run()
    assert not found.error
    assert own.names() == ("noise-ete",)
    assert own.find("noise-ete").title == "Noise, été"
    (field,) = [each for each in found.selectbox if each.label == "Data set"]
    assert field.value == "noise-ete"
    said = [unescaped(each.value) for each in found.toast]
    assert "Added Noise, été. The form now trains on it." in said


def test_pictures_that_cannot_be_used_are_refused_in_one_sentence() -> None:
    found = run("train")
    (uploader,) = [each for each in found.file_uploader if "own_files" in (each.key or "")]
    uploader.set_value([("table.csv", b"1,2,3", "")]).run()
    found.button[[each.label for each in found.button].index("Add")].click().run()
    (error,) = found.error
    assert unescaped(error.value).startswith("table.csv: has 3 columns;")
    assert own.names() == ()


def test_files_too_large_for_the_page_have_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    command = "python -m aemodels data add PATH --name NAME"
    found = run("train")
    (hint,) = [each.value for each in found.caption if command in each.value]
    assert hint.startswith("Files of more than 200 MB, or of more than 300 MB unpacked, are added")
    monkeypatch.setattr(upload, "LARGEST", 10_000)
    (uploader,) = [each for each in found.file_uploader if "own_files" in (each.key or "")]
    stream = io.BytesIO()
    np.savez(stream, images=np.zeros((60, 28, 28), np.uint8))
    uploader.set_value([("large.npz", stream.getvalue(), "")]).run()
    found.button[[each.label for each in found.button].index("Add")].click().run()
    (error,) = found.error
    assert "unpacks to more than 10,000 bytes" in unescaped(error.value)
    assert f"`{command}`" in error.value


def test_one_upload_is_read_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_data, "PATIENCE_SECONDS", 0.0)
    stream = io.BytesIO()
    np.savez(stream, images=np.random.default_rng(0).integers(0, 256, (60, 28, 28), np.uint8))
    found = run("train")
    (uploader,) = [each for each in found.file_uploader if "own_files" in (each.key or "")]
    uploader.set_value([("noise.npz", stream.getvalue(), "")]).run()
    add = [each.label for each in found.button].index("Add")
    with own_data.LINE.turn(60):
        found.button[add].click().run()
    (error,) = found.error
    assert unescaped(error.value).startswith("Somebody else's pictures are still being read;")
    assert own.names() == ()
    found.button[add].click().run()
    assert not found.error
    assert own.names() == ("noise",)
