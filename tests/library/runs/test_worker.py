"""The work on a run: what it leaves behind, however it ends."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from aemodels import data, paths, runs
from aemodels.analysis import evaluation
from aemodels.analysis.latent_space import procrustes_align
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.cli import main
from aemodels.config import Config
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Family, Terms
from aemodels.models import autoencoder
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import archive, folder, process, records
from aemodels.runs.run import update
from aemodels.runs.status import RunState, RunStatus, write_status
from aemodels.runs.transitions import Action, offered
from aemodels.runs.worker import Worker
from aemodels.setting import SettingError
from aemodels.training import checkpoint, fit
from tests.library import small
from tests.library.running import SMALL, At, assert_same, stop_at, weights, work

pytestmark = pytest.mark.usefixtures("home")


def test_train_further_appends_a_phase(mnist: data.Dataset, unmeasured: None) -> None:
    run = work(runs.create(SMALL))
    assert (run.state, run.phases) == ("finished", (3,))
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics.number("sse") == 1
    with pytest.raises(runs.RunError, match="is finished; to train it longer"):
        process.start(run)
    with pytest.raises(runs.RunError, match="epochs=0: must be"):
        process.start(run, epochs=0)
    run = work(run, 2)
    assert (run.state, run.phases, run.status.epoch) == ("finished", (3, 2), 5)
    assert [record.epoch for record in run.records()] == [1, 2, 3, 4, 5]
    assert run.snapshot_moments() == [
        (0, 0),
        (0, 1),
        (0, 2),
        (0, 4),
        *((n, 0) for n in range(1, 6)),
    ]
    expected = fit.begin(SMALL, mnist, (3, 2))
    list(expected.run())
    assert_same(weights(run), autoencoder.tensors(expected.model))
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert found.training.epochs == 5
    assert found.command.endswith(
        f"--run {run.id} && python -m aemodels resume {run.id} --epochs 2"
    )


def test_command_says_where_it_was_stopped(unmeasured: None) -> None:
    run = runs.create(SMALL)
    stopped = stop_at(run, epoch=2)
    assert stopped.bundle_path is not None
    first = bundle.read(stopped.bundle_path).command
    assert first == f"{run.command} (stopped after 2 of 3 epochs)"
    further = work(stopped, 4)
    assert (further.phases, further.planned) == ((2, 4), (3, 4))
    assert further.bundle_path is not None
    said = bundle.read(further.bundle_path).command
    assert said == f"{first} && python -m aemodels resume {run.id} --epochs 4"


def test_a_finished_run_that_was_stopped_while_it_was_measured_is_measured_on_resume(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    interrupts: list[int] = []

    def stopped(model: Any, dataset: data.Dataset, check: Callable[[], None], *given: Any) -> None:
        interrupts.append(2)
        check()

    with monkeypatch.context() as patched:
        patched.setattr(evaluation, "evaluate", stopped)
        with process.claim(runs.create(SMALL)) as claimed:
            run = Worker(claimed, paths.data() / "mnist", interrupts).work()
    assert (run.state, run.status.epoch, run.status.measured) == ("stopped", 3, False)
    assert run.message == (
        "Stopped before all test metrics were measured. "
        "The model is saved, and resuming the run measures it again."
    )
    before = weights(run)
    # Cancelled before it is its turn, it is still not measured.
    with process.claim(run) as claimed:
        run = Worker(claimed, paths.data() / "mnist", [2]).work()
    assert (run.state, run.message) == ("stopped", "Cancelled before it continued.")
    run = work(run)
    assert (run.state, run.message, run.status.measured) == ("finished", "", True)
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics.number("sse") == 1
    assert_same(weights(run), before)


@pytest.mark.slow
def test_stages_follow_each_other_in_one_command(unmeasured: None) -> None:
    run = work(runs.create(small.config("stacked")))
    assert (run.state, run.phases) == ("finished", (1, 1, 1, 1))
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).command == run.command
    begun = stop_at(runs.create(small.config("stacked")), epoch=1)
    assert len(begun.records()) == 1
    # Its upper layers would never be trained.
    with pytest.raises(runs.RunError, match="has layers that haven't been trained yet"):
        work(begun, 2)
    assert work(begun).state == "finished"


def test_train_further_that_is_cancelled_leaves_the_run_finished(unmeasured: None) -> None:
    run = work(runs.create(SMALL))
    with process.claim(run, 5) as claimed:
        cancelled = Worker(claimed, paths.data() / "mnist", [2]).work(5)
    assert (cancelled.state, cancelled.phases) == ("finished", (3,))
    assert cancelled.message == "Cancelled before it continued."


def test_a_loaded_model_whose_status_is_lost_is_not_trained_over(unmeasured: None) -> None:
    run = work(runs.create(SMALL))
    assert run.bundle_path is not None
    loaded = runs.import_bundle(bundle.read(run.bundle_path), "loaded")
    (loaded.path / folder.STATUS).unlink()
    assert runs.read(loaded.id).state == "loaded"
    with pytest.raises(runs.RunError, match="was loaded as a finished model"):
        process.start(loaded)


def test_a_run_that_was_killed_says_the_epochs_that_are_saved(
    unmeasured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    run = stop_at(runs.create(SMALL, id="mine"), epoch=2)
    # Killed when the third epoch was recorded and its checkpoint wasn't; the status lags behind.
    records.append_record(run.path, replace(run.records()[1], epoch=3))
    write_status(run.path, RunStatus(RunState.RUNNING, epoch=1, epochs=3))
    capsys.readouterr()
    assert main(["runs"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("mine: interrupted, epoch 2/3, test loss ")
    assert line.endswith(". The process ended unexpectedly; 2 completed epochs are saved.\n")
    # Even if the status is lost.
    (run.path / folder.STATUS).unlink()
    assert runs.read("mine").message.endswith("2 completed epochs are saved.")
    (run.path / folder.CHECKPOINT).write_bytes(b"\x08" + bytes(7) + b"{broken}")
    assert runs.read("mine").message.endswith("; its checkpoint is damaged.")


def test_stopped_in_the_first_epoch_still_gives_a_model(unmeasured: None) -> None:
    stopped = stop_at(runs.create(SMALL), step=1)
    assert stopped.state == "stopped"
    assert stopped.bundle_path is not None
    assert bundle.read(stopped.bundle_path).training.epochs == 0
    finished = work(stopped)
    assert (finished.state, len(finished.records())) == ("finished", 3)


def test_stopped_within_an_epoch_shows_the_model_that_was_saved(
    mnist: data.Dataset, unmeasured: None
) -> None:
    # An epoch has six steps.
    stopped = stop_at(runs.create(SMALL), step=9)
    first = [(0, 0), (0, 1), (0, 2), (0, 4), (1, 0)]
    assert (len(stopped.records()), stopped.snapshot_moments()) == (1, [*first, (1, 3)])
    assert stopped.bundle_path is not None
    found = load(stopped.bundle_path)
    digits = data.to_vectors(mnist.test_images[list(data.SOURCES["mnist"].example_digits)])
    _, pictures = stopped.snapshot(1, 3)
    np.testing.assert_allclose(pictures, 255 * found.decode(found.encode(digits)), atol=0.51)
    # It has the weights of the whole epoch again, and those that come after it.
    finished = work(stopped)
    assert finished.snapshot_moments() == [*first, (2, 0), (3, 0)]
    other = work(runs.create(SMALL))
    assert_same(weights(finished), weights(other))
    np.testing.assert_array_equal(finished.snapshot(2)[1], other.snapshot(2)[1])


def test_pca_is_a_run_without_epochs(unmeasured: None) -> None:
    run = work(runs.create(Config.of(family="pca", latent_dim=3, train_images=600)))
    assert (run.state, run.phases, run.records()) == ("finished", (), [])
    assert run.bundle_path is not None
    with pytest.raises(runs.RunError, match="which has no epochs"):
        process.start(run, epochs=5)


def test_loss_that_becomes_nan_keeps_the_last_good_epoch(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    good = work(runs.create(SMALL.with_(epochs=2)))
    real = FAMILIES["vae"].objective

    def poisoned(family: Family, model: Autoencoder, batch: Batch, noise: torch.Generator) -> Terms:
        terms = real(family, model, batch, noise)
        if model.training:
            # From the second of three epochs.
            late = torch.as_tensor(batch.progress) > 0.3
            terms["loss"] = torch.where(late, torch.nan, terms["loss"])
        return terms

    monkeypatch.setattr(FAMILIES["vae"], "objective", poisoned)
    run = work(runs.create(SMALL))
    assert run.state == "failed"
    assert run.message == (
        "Epoch 2: the loss became nan; try a smaller learning_rate. "
        "The saved model is from epoch 1."
    )
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert found.training.epochs == 1
    # It can be continued from, but is not a result.
    assert found.failure == "epoch 2: the loss became nan"
    index = bundle.scan(run.bundle_path.parent)
    assert not index.bundles
    said = {problem.name: problem.message for problem in index.problems}
    assert "the loss became nan" in said["bundle"]
    with pytest.raises(archive.ArchiveError, match="the loss became nan"):
        archive.unpack(archive.pack(run.bundle_path), "bad.zip")
    assert len(run.records()) == 1
    content = (run.path / folder.CHECKPOINT).read_bytes()
    assert checkpoint.read_facts(content).epoch == 1
    again = work(good, 3)
    assert (again.state, len(again.records())) == ("failed", 2)


def test_folder_deleted_under_a_run_is_not_made_again(unmeasured: None) -> None:
    run = runs.create(SMALL)
    with process.claim(run) as claimed:
        monitor = At(lambda: shutil.rmtree(run.path), epoch=1)
        worker = Worker(claimed, paths.data() / "mnist", [], monitor)
        worker.work()
    assert worker.failure == "The run's folder was deleted during training."
    assert not run.path.exists()
    assert runs.list_runs() == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            torch.OutOfMemoryError("CUDA out of memory."),
            "Not enough memory on the GPU, even for a small network; free some of it.",
        ),
        (
            RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`"),
            "Not enough memory on the GPU, even for a small network; free some of it.",
        ),
        (MemoryError(), "Not enough memory, even for a small network; close other programs, or "),
        (
            SettingError("device", "cuda", "PyTorch finds none here", "use {device} cpu"),
            "device=cuda: PyTorch finds none here; use --device cpu.",
        ),
    ],
)
def test_other_failures_end_in_a_sentence(
    error: Exception, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any) -> Terms:
        raise error

    monkeypatch.setattr(FAMILIES["vae"], "objective", broken)
    run = work(runs.create(SMALL))
    assert run.state == "failed"
    assert says in run.message
    assert Action.TRAIN in offered(run)


def assert_shows_one_image_a_class(run: runs.Run, split: data.Split) -> None:
    """The ten pictures of its last snapshot are reconstructions of one test image a class."""
    examples = list(data.SOURCES[split.name].example_digits)
    assert split.labels[examples].tolist() == list(range(10))
    assert run.bundle_path is not None
    found = load(run.bundle_path)
    expected = found.decode(found.encode(data.to_vectors(split.images[examples]))) * 255
    points, pictures = run.snapshot(*run.snapshot_moments()[-1])
    assert (points.shape, points.dtype) == ((2000, 2), np.float32)
    assert (pictures.shape, pictures.dtype) == ((10, 784), np.uint8)
    np.testing.assert_allclose(pictures, expected, atol=0.51)
    # So small an error couldn't tell the classes apart if all pictures were alike.
    assert np.ptp(expected, axis=0).max() > 5


def test_snapshots_show_one_digit_a_class_and_do_not_rotate(
    mnist: data.Dataset, unmeasured: None
) -> None:
    run = work(runs.create(SMALL.with_(latent_dim=5)))
    assert_shows_one_image_a_class(run, data.load_test("mnist"))
    last, before = run.snapshot(3).points, run.snapshot(2).points
    assert run.bundle_path is not None
    codes = load(run.bundle_path).encode(data.to_vectors(mnist.test_images[:2000]))
    # A plane's map keeps the two largest variances, however it is rotated.
    variances = np.sort(np.linalg.eigvalsh(np.cov(codes.T)))[-2:]
    np.testing.assert_allclose(np.linalg.eigvalsh(np.cov(last.T)), variances, rtol=1e-4)
    np.testing.assert_allclose(procrustes_align(last, before), last, atol=1e-4)


def test_snapshots_within_the_first_epoch_are_those_of_the_model_at_that_step(
    mnist: data.Dataset, unmeasured: None
) -> None:
    run = work(runs.create(SMALL.with_(epochs=2)))
    training = fit.begin(SMALL.with_(epochs=2), mnist)
    pictures: dict[int, np.ndarray] = {}
    examples = data.to_vectors(mnist.test_images[list(data.SOURCES["mnist"].example_digits)])

    def reconstruct(done: int, total: int) -> bool:
        training.model.eval()
        pictures[done] = 255 * training.model.decode(training.model.encode(examples))
        training.model.train()
        return False

    list(training.run(reconstruct))
    # Each epoch has six steps.
    steps = [moment.step for moment in run.snapshot_moments() if moment.step]
    assert steps == [1, 2, 4]
    for step in steps:
        np.testing.assert_allclose(run.snapshot(0, step).pictures, pictures[step], atol=0.51)
    assert np.abs(pictures[4] - pictures[1]).max() > 5
    with pytest.raises(runs.RunError, match="has no snapshot of epoch 0, step 3"):
        run.snapshot(0, 3)


def test_snapshots_of_clothes_show_each_class_once(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None
) -> None:
    split = data.load_test("fashion-mnist")
    # Its training images aren't in the repository.
    clothes = data.Dataset(split.name, *(split.images, split.labels) * 2)
    monkeypatch.setattr(data, "load", lambda *given: clothes)
    run = work(runs.create(SMALL.with_(dataset="fashion-mnist")))
    assert_shows_one_image_a_class(run, split)


def test_a_run_is_resumed_on_another_device_in_another_precision(unmeasured: None) -> None:
    run = stop_at(runs.create(SMALL), epoch=1)
    # As if it had been trained on a GPU, whose generator has a state of another size.
    content = (run.path / folder.CHECKPOINT).read_bytes()
    tensors, facts = checkpoint.unpack(content)
    tensors["noise"] = torch.zeros(16, dtype=torch.uint8)
    moved = checkpoint.pack(tensors, replace(facts, device="cuda"))
    (run.path / folder.CHECKPOINT).write_bytes(moved)
    update(run.path, {"config": SMALL.with_(precision="bf16", device="cpu").to_dict()})
    run = work(runs.read(run.id))
    assert (run.state, run.status.device, run.status.precision) == ("finished", "cpu", "bf16")
    assert [record.epoch for record in run.records()] == [1, 2, 3]
