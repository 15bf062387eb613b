"""A loaded model is measured here: what its file claimed is replaced, and said if it was wrong."""

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from aemodels import data, runs
from aemodels.analysis import evaluation
from aemodels.bundles import bundle, codes
from aemodels.bundles.load import load
from aemodels.runs import archive, measurement, process, request, status
from aemodels.runs.monitor import StopRequested
from aemodels.runs.transitions import Action, offered
from tests.library.conftest import METRICS
from tests.library.running import Processes, state_is, until
from tests.library.runs import hostile

DATA = None


def carry_on() -> None:
    """Nobody asks to stop."""


@pytest.fixture
def files(made: Path) -> hostile.Files:
    """Of a trained VAE, whose file claims numbers that are made up."""
    return {name: (made / "vae" / name).read_bytes() for name in archive.NAMES}


def upload(files: hostile.Files) -> runs.Run:
    return archive.unpack(hostile.zipped(files), "model.zip")


def measured(run: runs.Run) -> tuple[runs.Run, bundle.Bundle]:
    found = measurement.measure(run, DATA, carry_on)
    assert found.bundle_path is not None
    return found, bundle.read(found.bundle_path)


@pytest.mark.slow
def test_what_a_file_claims_is_replaced(
    files: hostile.Files, home: Path, made: Path, mnist: data.Dataset
) -> None:
    random = np.random.default_rng(0).normal(size=(2, 10_000, 3))
    run = upload(hostile.recorded(files, bundle.CODES, codes.array_file(random)))
    assert (run.loaded, run.claimed) == (True, True)
    assert offered(run) == (Action.MEASURE, Action.DELETE)
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics == METRICS

    run, found = measured(run)
    assert (run.state, run.loaded, run.claimed) == ("loaded", True, False)
    model = load(made / "vae")
    expected = evaluation.evaluate(model, mnist)
    assert found.metrics == expected
    exact = model.posterior(data.to_vectors(mnist.test_images))
    np.testing.assert_allclose(
        np.stack([c for c in found.codes() if c is not None]), exact, atol=1e-5
    )
    assert expected.sse is not None
    assert run.message == (
        "Measured here. Its file claimed other codes, "
        f"a squared error of 40.5 instead of {expected.sse:.4g}."
    )
    assert offered(run) == (Action.DELETE,)
    with pytest.raises(runs.RunError, match="was measured here already"):
        process.measure(run)


def test_a_model_whose_replacement_was_cut_off_is_measured(
    files: hostile.Files, home: Path, unmeasured: None
) -> None:
    run = upload(files)
    assert run.bundle_path is not None
    # A kill between the two renames leaves this.
    run.bundle_path.rename(run.path / ".bundle.old-x")
    run, found = measured(runs.read(run.id))
    assert (run.state, run.claimed, found.metrics.sse) == ("loaded", False, 1)
    assert sorted(entry.name for entry in run.path.glob(".*")) == []


@pytest.mark.parametrize("value", [1e30, -3e38])
def test_a_model_that_computes_no_numbers_is_not_shown(
    value: float, files: hostile.Files, home: Path
) -> None:
    weights = safetensors.numpy.load(files[bundle.WEIGHTS])
    wild = {name: np.full_like(array, value) for name, array in weights.items()}
    run = upload(hostile.recorded(files, bundle.WEIGHTS, safetensors.numpy.save(wild)))
    run = measurement.measure(run, DATA, carry_on)
    assert run.state == "failed"
    assert run.message.isprintable()
    assert "can't be shown" in run.message
    # Nor can it be trained in the place of what was loaded.
    assert offered(run) == (Action.DELETE,)
    with pytest.raises(runs.RunError, match="was loaded as a finished model"):
        process.start(run)


def test_a_stop_leaves_the_claims(files: hostile.Files, home: Path) -> None:
    def stop() -> None:
        raise StopRequested

    run = measurement.measure(upload(files), DATA, stop)
    assert (run.state, run.claimed) == ("loaded", True)
    assert run.message == "Stopped before it was measured here."


def test_lost_data_leave_the_claims(files: hostile.Files, home: Path, tmp_path: Path) -> None:
    run = measurement.measure(upload(files), tmp_path / "nowhere", carry_on)
    assert (run.state, run.claimed) == ("loaded", True)
    assert run.message.startswith("It couldn't be measured here: ")


def test_a_process_that_is_gone_leaves_the_claims(
    files: hostile.Files, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(files)
    facts = status.RunStatus(
        status.RunState.MEASURING, ending=status.RunState.LOADED, starting=True
    )
    status.write_status(run.path, facts)
    assert runs.read(run.id).alive
    monkeypatch.setattr(status, "STARTING_SECONDS", 0.0)
    run = runs.read(run.id)
    assert (run.state, run.claimed) == ("loaded", True)
    assert run.message == "Measuring it here was cut off."


@pytest.mark.slow
def test_it_is_measured_in_a_process(
    files: hostile.Files, home: Path, processes: Processes
) -> None:
    run = upload(files)
    process.measure(run)
    run = until(run, state_is("loaded"), 120)
    assert not run.claimed, run
    assert run.message.startswith("Measured here. Its file claimed a squared error of 40.5")


@pytest.mark.slow
def test_its_process_can_be_stopped(files: hostile.Files, home: Path, processes: Processes) -> None:
    run = upload(files)
    process.measure(run)
    run = until(run, state_is("measuring"))
    request.send(run, Action.STOP)
    run = until(run, state_is("loaded"), 120)
    assert run.claimed
    assert run.message == "Stopped before it was measured here."
