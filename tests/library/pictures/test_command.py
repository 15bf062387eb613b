"""The command `data`, and training on what it added."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aemodels import data, runs
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.cli import main
from aemodels.config import Config
from aemodels.data import own
from aemodels.training import checkpoint, fit
from tests.library.pictures.files import labels, pictures, write_mnist

Capsys = pytest.CaptureFixture[str]
TRAIN = ["--hidden", "8", "--epochs", "1", "--precision", "fp32", "--latent-dim", "2"]


def test_add_list_train_evaluate_remove(tmp_path: Path, capsys: Capsys) -> None:
    write_mnist(tmp_path / "files")
    assert main(["data", "add", str(tmp_path / "files"), "--name", "mine", "--title", "Mine"]) == 0
    said = capsys.readouterr().out
    assert "mine: 60 training and 30 test pictures, 3 classes; SHA-256 " in said
    assert "Train on it: python -m aemodels train --dataset mine" in said
    assert main(["data", "list"]) == 0
    assert "mine: 60 training and 30 test pictures" in capsys.readouterr().out

    output = tmp_path / "bundle"
    assert main(["train", "--dataset", "mine", *TRAIN, "--output", str(output)]) == 0
    found = bundle.read(output)
    assert found.config.data.dataset == "mine"
    assert found.source.pictures_sha256 == data.source("mine").pictures_sha256
    assert found.codes().mean.shape == (30, 2)
    assert found.metrics.sse_by_class is not None
    assert len(found.metrics.sse_by_class) == 3
    mine = data.load("mine")
    model = load(found)
    decoded = model.decode(model.encode(data.to_vectors(mine.test_images)))
    errors = np.square(decoded - mine.test_images.reshape(-1, 784) / 255).sum(1)
    by_class = [errors[mine.test_labels == label].mean() for label in range(3)]
    assert found.metrics.sse_by_class == pytest.approx(by_class, rel=1e-4)
    judge = KNeighborsClassifier(5).fit(
        model.encode(data.to_vectors(mine.train_images)), mine.train_labels
    )
    expected = judge.score(model.encode(data.to_vectors(mine.test_images)), mine.test_labels)
    assert found.metrics.knn5 == pytest.approx(expected)
    capsys.readouterr()
    assert main(["evaluate", str(output)]) == 0

    # Without its pictures a bundle can still be listed and decoded, but not measured.
    assert main(["data", "remove", "mine"]) == 0
    assert own.names() == ()
    assert bundle.read(output).source.class_names == ("0", "1", "2")
    assert load(bundle.read(output)).decode(found.codes().mean[:1]).shape == (1, 784)
    capsys.readouterr()
    assert main(["list", str(tmp_path)]) == 1  # the folder of files is no bundle
    assert "bundle: sse" in capsys.readouterr().out
    assert main(["evaluate", str(output)]) == 2
    assert "data set mine: must be mnist or fashion-mnist" in capsys.readouterr().err


def test_pictures_without_labels_have_no_accuracy(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=pictures(80))
    assert main(["data", "add", str(tmp_path / "a.npz"), "--name", "plain"]) == 0
    for family in ("pca", "vae"):
        output = tmp_path / family
        options = TRAIN if family == "vae" else ["--latent-dim", "2"]
        words = ["train", "--family", family, "--dataset", "plain", *options]
        assert main([*words, "--output", str(output)]) == 0
        metrics = bundle.read(output).metrics
        assert (metrics.knn1, metrics.knn5, metrics.sse_by_class) == (None, None, None)
        assert metrics.trustworthiness is not None


def test_a_run_of_ones_own_pictures_has_its_snapshots(tmp_path: Path) -> None:
    from aemodels import runs
    from aemodels.runs.snapshots import read_snapshot, snapshot_moments

    np.savez(tmp_path / "a.npz", images=pictures(80), labels=labels(80))
    assert main(["data", "add", str(tmp_path / "a.npz"), "--name", "mine"]) == 0
    assert main(["train", "--dataset", "mine", *TRAIN, "--run", "one"]) == 0
    run = runs.read("one")
    assert run.state == "finished"
    last = read_snapshot(run.path, snapshot_moments(run.path)[-1])
    assert last.points.shape == (16, 2)
    assert last.pictures.shape == (10, 784)


def test_a_bundle_of_another_data_set_of_the_name(tmp_path: Path, capsys: Capsys) -> None:
    write_mnist(tmp_path / "a")
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    output = tmp_path / "bundle"
    words = ["train", "--family", "pca", "--latent-dim", "2", "--dataset", "mine"]
    assert main([*words, "--output", str(output)]) == 0
    own.remove("mine")
    shutil.rmtree(tmp_path / "a")
    write_mnist(tmp_path / "a", test=40)
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    found = bundle.read(output)
    assert found.source.pictures_sha256 != data.source("mine").pictures_sha256
    assert found.codes().mean.shape == (30, 2)
    capsys.readouterr()
    assert main(["evaluate", str(output)]) == 2
    assert "data set mine: has other pictures than those that bundle" in capsys.readouterr().err


def test_a_run_is_not_resumed_on_other_pictures(tmp_path: Path, capsys: Capsys) -> None:
    """Which have the data set's name by now."""
    write_mnist(tmp_path / "a")
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    words = ["train", "--dataset", "mine", *TRAIN, "--batch-size", "20", "--run", "of-mine"]
    assert main(words) == 0
    more = ["resume", "of-mine", "--epochs", "1"]
    assert main(more) == 0
    own.remove("mine")
    shutil.rmtree(tmp_path / "a")
    write_mnist(tmp_path / "a", train=40)
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    capsys.readouterr()
    assert main(more) == 1
    assert "the pictures that the run was trained on aren't those" in capsys.readouterr().err
    assert runs.read("of-mine").status.epoch == 2


def test_a_model_says_on_how_many_pictures_it_was_trained(tmp_path: Path, capsys: Capsys) -> None:
    write_mnist(tmp_path / "a", train=60)
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    for words in (["--family", "pca", "--latent-dim", "2"], TRAIN):
        output = tmp_path / f"bundle-{len(words)}"
        assert main(["train", "--dataset", "mine", *words, "--output", str(output)]) == 0
        assert bundle.read(output).config.data.train_images == 60
    capsys.readouterr()
    words = ["train", "--dataset", "mine", "--family", "pca", "--latent-dim", "61"]
    assert main([*words, "--output", str(tmp_path / "none")]) == 2
    said = capsys.readouterr().err
    assert "pca with 61 latents needs at least as many images" in said


def test_a_checkpoint_of_before_hashes_is_of_the_same_pictures(tmp_path: Path) -> None:
    """Its number of training images was what was asked for, not what was there."""
    write_mnist(tmp_path / "a", train=60)
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    config = Config.of("ae", dataset="mine", hidden=(8,), latent_dim=2, batch_size=20)
    training = fit.begin(config, data.load("mine"))
    tensors, facts = checkpoint.unpack(training.checkpoint())
    before = {**facts.settings, "train_images": 60_000}
    assert before.pop(checkpoint.PICTURES) == data.source("mine").pictures_sha256
    training.restore(checkpoint.pack(tensors, replace(facts, settings=before)))
    other = {**before, "latent_dim": 3}
    with pytest.raises(checkpoint.CheckpointError, match="of another model"):
        training.restore(checkpoint.pack(tensors, replace(facts, settings=other)))


def test_held_out_pictures_are_counted(tmp_path: Path) -> None:
    write_mnist(tmp_path / "a", train=60)
    assert main(["data", "add", str(tmp_path / "a"), "--name", "mine"]) == 0
    source = data.hold_out(data.load("mine"), 15).source
    assert source is not None
    assert (source.train_count, source.test_count) == (45, 15)
    assert max(source.example_digits) < 15
    few = data.hold_out(data.load("mine"), 5).source
    assert few is not None
    assert max(few.example_digits) < 5


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["data", "add", "nowhere", "--name", "mine"], "nowhere: there is no such file"),
        (["data", "add", "scikit-learn-digits", "--name", "a/b"], "a name has 1 to 40 small"),
        (
            ["data", "add", "scikit-learn-digits", "--name", "a", "--test-share", "1"],
            "a test share of 1: must be from 0.01 to 0.9",
        ),
        (
            ["data", "add", "scikit-learn-digits", "--name", "a", "--resize", "mnist", "--invert"],
            "MNIST's preparation finds the ink by itself",
        ),
        (
            ["data", "add", "scikit-learn-digits", "--name", "a", "--class-names", "x,y"],
            "2 names for 10 classes",
        ),
        (["data", "remove", "mine"], "data set mine: must be mnist or fashion-mnist"),
        (["data", "remove", "../x"], "a name has 1 to 40 small letters"),
        (["train", "--dataset", "minst"], "data set minst: must be mnist or fashion-mnist"),
        (["train", "--dataset", "../x"], "dataset=../x: must be mnist, fashion-mnist or the name"),
    ],
)
def test_refusals(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(argv) == 2
    output = capsys.readouterr()
    assert says in output.err
    assert output.err.count("\n") == 1
    assert own.names() == ()
