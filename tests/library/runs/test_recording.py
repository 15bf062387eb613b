"""The recorded run: it is the training of the zoo's model, and a browser can watch it."""

from pathlib import Path

import numpy as np
import pytest

from aemodels import data, paths, runs
from aemodels.bundles.load import load
from aemodels.bundles.recipes import RECIPES
from aemodels.runs import http, process
from aemodels.runs.recording import MODEL, RECORDED
from reproduction import recording
from tests.library.running import SMALL, work

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for recorded runs."""
    monkeypatch.setenv("LATENT_LAB_RECORDED", str(tmp_path / "recorded"))
    return tmp_path / "recorded"


def test_a_recording_has_the_moments_of_the_run(elsewhere: Path, unmeasured: None) -> None:
    assert runs.recorded() is None
    assert http.progress(RECORDED) is None
    run = work(runs.create(SMALL))
    recording.record(run, elsewhere / MODEL)
    found = runs.recorded()
    assert found is not None
    assert found.snapshot_moments() == run.snapshot_moments()
    assert (found.records(), found.config, found.state) == (run.records(), SMALL, "finished")
    for moment in run.snapshot_moments():
        ours, expected = found.snapshot(*moment), run.snapshot(*moment)
        # Float16 has eleven binary digits.
        np.testing.assert_allclose(ours.points, expected.points, rtol=2**-11, atol=1e-6)
        np.testing.assert_array_equal(ours.pictures, expected.pictures)
    (elsewhere / MODEL / "run.json").write_text("{", "utf-8")
    assert runs.recorded() is None


def test_a_browser_watches_it_like_any_run(elsewhere: Path, unmeasured: None) -> None:
    recording.record(work(runs.create(SMALL)), elsewhere / MODEL)
    progress = http.progress(RECORDED)
    assert progress is not None
    assert (progress["alive"], progress["state"], progress["epochs"]) == (False, "finished", 3)
    assert progress["snapshots"][1] == (0, 1)
    file = elsewhere / MODEL / "snapshots" / "0000-00001.safetensors"
    assert http.find(f"{RECORDED}/snapshots/{file.name}") == file
    for other in ("run.json", "snapshots/../run.json", "decoder.onnx"):
        assert http.find(f"{RECORDED}/{other}") is None
    assert http.find(f"recorded.other/snapshots/{file.name}") is None


def test_it_is_not_one_of_ones_own(elsewhere: Path, unmeasured: None) -> None:
    recording.record(work(runs.create(SMALL, id="mine")), elsewhere / MODEL)
    found = runs.recorded()
    assert found is not None
    assert [run.id for run in runs.list_runs()] == ["mine"]
    for change in (runs.delete, process.start):
        with pytest.raises(runs.RunError, match=f"there is no run {RECORDED}"):
            change(found)
    with pytest.raises(runs.RunError, match="must be 1 to 64 lower-case letters"):
        runs.create(SMALL, id=RECORDED)


def test_the_one_that_comes_along_trained_the_model_of_the_zoo() -> None:
    run = runs.recorded()
    assert run is not None
    epochs = RECIPES[MODEL].loop.epochs
    assert (run.config, run.state, len(run.records())) == (RECIPES[MODEL], "finished", epochs)
    moments = run.snapshot_moments()
    assert moments[:8] == [(0, step) for step in (0, 1, 2, 4, 8, 16, 32, 64)]
    assert moments[-1] == (epochs, 0)
    digits, model = data.load_test("mnist"), load(paths.zoo() / MODEL)
    examples = data.to_vectors(digits.images[list(data.SOURCES["mnist"].example_digits)])
    last = run.snapshot(epochs)
    expected = 255 * model.decode(model.encode(examples))
    np.testing.assert_allclose(last.pictures, expected, atol=1)
    codes = model.encode(data.to_vectors(digits.images[:2000]))
    # Turned, but neither stretched nor shifted: a digit is as far from the origin as its code.
    radii = np.linalg.norm(codes, axis=1)
    # The map is in float16, of eleven binary digits, and so are the encoder's weights.
    distances = np.linalg.norm(last.points, axis=1)
    np.testing.assert_allclose(distances, radii, rtol=2**-11, atol=4e-3)
    size = sum(file.stat().st_size for file in run.path.rglob("*") if file.is_file())
    assert size < 500_000
