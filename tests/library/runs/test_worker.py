"""The work on a run: what it leaves behind, however it ends."""

import shutil
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from aemodels.runs import archive, process
from aemodels.bundles import bundle
from aemodels import data, runs
from aemodels.training import fit, loop
from aemodels.models import autoencoder
from aemodels.config import Config, SettingError
from aemodels.families import FAMILIES
from aemodels.families.base import Terms
from aemodels.analysis.latent_space import aligned
from aemodels.runs.worker import Worker
from tests.library import small
from tests.library.running import SMALL, assert_same, weights, work

pytestmark = pytest.mark.usefixtures("home")


def test_train_further_appends_a_phase(mnist: data.Dataset, unmeasured: None) -> None:
    run = work(runs.create(SMALL), resume=False)
    assert (run.state, run.phases) == ("finished", (3,))
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics.number("sse") == 1
    with pytest.raises(runs.RunError, match="is finished; train it further"):
        process.start(run, resume=True)
    with pytest.raises(runs.RunError, match="epochs=0: must be"):
        process.further(run, 0)
    run = work(run, 2)
    assert (run.state, run.phases, run.status["epoch"]) == ("finished", (3, 2), 5)
    assert [record["epoch"] for record in run.records()] == [1, 2, 3, 4, 5]
    assert run.snapshot_epochs() == [0, 1, 2, 3, 4, 5]
    expected = fit.begin(SMALL, mnist, (3, 2))
    list(expected.run())
    assert_same(weights(run), tensors(expected.model))
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert found.training.epochs == 5
    assert found.command.endswith(
        f"--run {run.id} && python -m aemodels resume {run.id} --epochs 2"
    )


def test_command_says_where_it_was_stopped(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with process.claim(run) as claimed:
        worker = Worker(claimed, (paths.data() / "mnist"), [])
        worker.on_record = lambda record: worker.interrupts.extend([2] * (record.epoch == 2))
        stopped = worker.work()
    assert stopped.bundle_path is not None
    first = bundle.read(stopped.bundle_path).command
    assert first == f"{run.command} (stopped after 2 of 3 epochs)"
    further = work(stopped, 4)
    assert (further.phases, further.planned) == ((2, 4), (3, 4))
    assert further.bundle_path is not None
    said = bundle.read(further.bundle_path).command
    assert said == f"{first} && python -m aemodels resume {run.id} --epochs 4"


def test_stages_follow_each_other_in_one_command(unmeasured: None) -> None:
    run = work(runs.create(small.config("stacked")), resume=False)
    assert (run.state, run.phases) == ("finished", (1, 1, 1, 1))
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).command == run.command
    begun = runs.create(small.config("stacked"))
    with process.claim(begun) as claimed:
        worker = Worker(claimed, (paths.data() / "mnist"), [])
        worker.on_record = lambda record: worker.interrupts.append(2)
        begun = worker.work()
    assert len(begun.records()) == 1
    # Its upper layers would never be trained.
    with pytest.raises(runs.RunError, match="has layers that it has not begun to train"):
        work(begun, 2)
    assert work(begun).state == "finished"


def test_train_further_that_is_cancelled_leaves_the_run_finished(unmeasured: None) -> None:
    run = work(runs.create(SMALL), resume=False)
    with process.claim(run, True, 5) as claimed:
        cancelled = Worker(claimed, (paths.data() / "mnist"), [2]).work(5)
    assert (cancelled.state, cancelled.phases) == ("finished", (3,))
    assert cancelled.message == "cancelled before it went on"


def test_a_loaded_model_whose_status_is_lost_is_not_trained_over(unmeasured: None) -> None:
    run = work(runs.create(SMALL), resume=False)
    assert run.bundle_path is not None
    loaded = runs.adopt(bundle.read(run.bundle_path), "loaded")
    (loaded.path / runs.STATUS).unlink()
    assert runs.read(loaded.id).state == "loaded"
    with pytest.raises(runs.RunError, match="was loaded as a finished model"):
        process.start(loaded, resume=True)


def test_stopped_in_the_first_epoch_still_gives_a_model(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with process.claim(run) as claimed:
        worker = Worker(claimed, (paths.data() / "mnist"), [])
        worker.on_step = lambda done, total: worker.interrupts.append(2)
        stopped = worker.work()
    assert stopped.state == "stopped"
    assert stopped.bundle_path is not None
    assert bundle.read(stopped.bundle_path).training.epochs == 0
    finished = work(stopped)
    assert (finished.state, len(finished.records())) == ("finished", 3)


def test_stopped_within_an_epoch_shows_the_model_that_was_saved(
    mnist: data.Dataset, unmeasured: None
) -> None:
    run = runs.create(SMALL)
    with process.claim(run) as claimed:
        worker = Worker(claimed, (paths.data() / "mnist"), [])
        # An epoch has six steps.
        worker.on_step = lambda done, total: worker.interrupts.extend([2] * (done == 9))
        stopped = worker.work()
    assert (len(stopped.records()), stopped.snapshot_epochs()) == (1, [0, 1, 2])
    assert stopped.status["partial"] == 2
    assert stopped.bundle_path is not None
    found = load(stopped.bundle_path)
    digits = data.to_vectors(mnist.test_images[list(runs.FIXED_DIGITS)])
    _, pictures = stopped.snapshot(2)
    np.testing.assert_allclose(pictures, 255 * found.decode(found.encode(digits)), atol=0.51)
    # It has the weights of the whole epoch again, and those that come after it.
    finished = work(stopped)
    assert finished.snapshot_epochs() == [0, 1, 2, 3]
    assert "partial" not in finished.status
    other = work(runs.create(SMALL), resume=False)
    assert_same(weights(finished), weights(other))
    np.testing.assert_array_equal(finished.snapshot(2)[1], other.snapshot(2)[1])


def test_pca_is_a_run_without_epochs(unmeasured: None) -> None:
    run = work(runs.create(Config.of(family="pca", latent_dim=3, train_images=600)), resume=False)
    assert (run.state, run.phases, run.records()) == ("finished", (), [])
    assert run.bundle_path is not None
    with pytest.raises(runs.RunError, match="which has no epochs"):
        process.further(run, 5)


def test_loss_that_becomes_nan_keeps_the_last_good_epoch(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    good = work(runs.create(SMALL.with_(epochs=2)), resume=False)
    steps, real = 0, FAMILIES["vae"].objective

    def poisoned(*args: Any) -> Terms:
        nonlocal steps
        terms, steps = real(*args), steps + args[0].training
        return {**terms, "loss": terms["loss"] * (float("nan") if steps > 6 else 1)}

    monkeypatch.setattr(FAMILIES["vae"], "objective", poisoned)
    run = work(runs.create(SMALL), resume=False)
    assert run.state == "failed"
    assert run.message.startswith("the loss became nan in epoch 2; try a smaller learning_rate")
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert found.training.epochs == 1
    # It is there to go on from, but no result.
    assert str(found.failure).startswith("the loss became nan in epoch 2")
    shelf = bundle.scan(run.bundle_path.parent)
    assert not shelf.bundles
    said = {problem.name: problem.message for problem in shelf.problems}
    assert said["bundle"].startswith("its training diverged: the loss became nan in epoch 2")
    with pytest.raises(archive.ArchiveError, match="its training diverged: the loss became nan"):
        archive.unpack(archive.pack(run.bundle_path), "bad.zip")
    assert len(run.records()) == 1
    content = (run.path / runs.CHECKPOINT).read_bytes()
    assert loop.checkpoint_facts(content)["epoch"] == 1
    again = work(good, 3)
    assert (again.state, len(again.records())) == ("failed", 2)


def test_folder_deleted_under_a_run_is_not_made_again(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with process.claim(run) as claimed:
        worker = Worker(claimed, (paths.data() / "mnist"), [])
        worker.on_record = lambda record: shutil.rmtree(run.path)
        worker.work()
    assert worker.failure == "its folder was deleted while it was being trained"
    assert not run.path.exists()
    assert runs.scan() == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (torch.OutOfMemoryError("CUDA out of memory."), "not enough memory for batch_size=100"),
        (SettingError("device=cuda: PyTorch finds none here"), "device=cuda: PyTorch finds none"),
    ],
)
def test_other_failures_end_in_a_sentence(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> Terms:
        raise error

    monkeypatch.setattr(FAMILIES["vae"], "objective", broken)
    run = work(runs.create(SMALL), resume=False)
    assert run.state == "failed"
    assert says in run.message
    assert run.resumable


def test_snapshots_show_the_first_digit_of_each_class_and_do_not_spin(
    mnist: data.Dataset, unmeasured: None
) -> None:
    labels = mnist.test_labels[list(runs.FIXED_DIGITS)]
    assert labels.tolist() == list(range(10))
    for digit, index in enumerate(runs.FIXED_DIGITS):
        assert digit not in mnist.test_labels[:index]
    run = work(runs.create(SMALL.with_(latent_dim=5)), resume=False)
    last, pictures = run.snapshot(3)
    assert (last.shape, last.dtype) == ((2000, 2), np.float32)
    assert (pictures.shape, pictures.dtype) == ((10, 784), np.uint8)
    assert run.bundle_path is not None
    found = load(run.bundle_path)
    codes = found.encode(data.to_vectors(mnist.test_images[:2000]))
    expected = found.decode(codes[list(runs.FIXED_DIGITS)]) * 255
    np.testing.assert_allclose(pictures, expected, atol=0.51)
    # A plane's map keeps the two largest variances, however it is turned.
    variances = np.sort(np.linalg.eigvalsh(np.cov(codes.T)))[-2:]
    np.testing.assert_allclose(np.linalg.eigvalsh(np.cov(last.T)), variances, rtol=1e-4)
    before, _ = run.snapshot(2)
    np.testing.assert_allclose(aligned(last, before), last, atol=1e-4)


def test_aligning_undoes_a_turn_and_a_reflection() -> None:
    points = np.random.default_rng(0).normal(size=(100, 2)) * [3, 1]
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])
    np.testing.assert_allclose(aligned(points @ turn, points), points, atol=1e-12)
