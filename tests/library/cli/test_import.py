"""The command `import`: a bundle or a run from others' files, or one line and code 2."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import aemodels
from aemodels import runs
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.bundles.metrics import Metrics
from aemodels.cli import main
from aemodels.data import Dataset
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs.status import RunState
from tests.library.importing.files import PYTORCH, packed, tensors

Capsys = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("unmeasured")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """A folder with a state dict, and an empty one for runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vae.safetensors").write_bytes(packed(tensors()))
    return tmp_path


def test_a_bundle_like_any_other(folder: Path, capsys: Capsys) -> None:
    words = ["import", "vae.safetensors", "--layout", "pytorch-vae", "--output", "zoo/mine"]
    assert main(words) == 0
    assert capsys.readouterr().out == "zoo/mine: sse 1\n"
    found = bundle.read("zoo/mine")
    assert found.config.network.to_dict()["hidden"] == [8]
    assert (found.family, found.latent_dim, found.metrics.sse) == ("vae", 3, 1.0)
    assert found.training.source == "vae.safetensors"
    command = "python -m aemodels import vae.safetensors --layout pytorch-vae --output mine"
    assert found.command == command
    assert [one.name for one in bundle.scan("zoo").bundles] == ["mine"]
    assert np.array_equal(found.weights()["encoder.0.weight"], tensors()["fc1.weight"])
    mean, log_var = found.codes()
    again = aemodels.load("zoo/mine").posterior(aemodels.load_dataset().test_images[:100])
    assert log_var is not None
    assert np.allclose(again[0], mean[:100], atol=1e-5)
    assert np.allclose(again[1], log_var[:100], atol=1e-5)
    assert main(words) == 2
    assert "zoo/mine" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 0


def test_a_run_that_was_measured_here(capsys: Capsys) -> None:
    words = ["--reconstruction-loss", "mse", "--beta", "2", "--name", "from elsewhere"]
    assert main(["import", "vae.safetensors", *words]) == 0
    (run,) = runs.list_runs()
    assert capsys.readouterr().out == f"{run.id}: sse 1\n"
    assert (run.state, run.claimed, run.name) == (RunState.LOADED, False, "from elsewhere")
    values = run.config.to_dict()
    assert (values["reconstruction_loss"], values["beta"]) == ("mse", 2.0)
    assert run.bundle_path is not None
    assert bundle.read(run.bundle_path).metrics.sse == 1.0


def test_it_is_named_after_its_file(folder: Path) -> None:
    description = {
        "encoder": ["fc1", "relu"],
        "mean": "fc21",
        "log_var": "fc22",
        "decoder": ["fc3", "relu", "fc4", "sigmoid"],
    }
    (folder / "vae.json").write_text(json.dumps(description))
    assert main(["import", "vae.safetensors", "--description", "vae.json"]) == 0
    (run,) = runs.list_runs()
    assert (run.name, run.phases) == ("vae", ())
    assert run.command.endswith("import vae.safetensors --description vae.json")


def test_layouts_are_listed(capsys: Capsys) -> None:
    assert main(["import", "--layouts"]) == 0
    output = capsys.readouterr().out
    assert "pytorch-vae: the VAE of pytorch/examples" in output
    assert "pythae-ae: " in output
    assert "pythae-vae: " in output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "no file is given"),
        (["vae.pt"], "vae.pt is a pickle, which can run code when it is read"),
        (["other.safetensors"], "there is no file other.safetensors"),
        (["vae.safetensors", "--layout", "keras"], "there is no layout keras; known are pytorch"),
        (["vae.safetensors", "--layout", "pythae-ae"], "it has no tensor encoder.layers.0.0.wei"),
        (["vae.safetensors", "--layout", "a", "--description", "b"], "exclude each other"),
        (["vae.safetensors", "--description", "b.json"], "there is no file b.json"),
        (["vae.safetensors", "--dataset", "letters"], "data set letters: must be "),
        (["vae.safetensors", "--overwrite"], "--overwrite requires --output"),
        (["vae.safetensors", "--name", "x", "--output", "y"], "--output creates no run"),
        (["--encoder", "a.onnx"], "ONNX needs --encoder and --decoder"),
        (["vae.safetensors", "--encoder", "a", "--decoder", "b"], "nothing else to read"),
    ],
)
def test_a_refusal_is_one_line(words: list[str], says: str, capsys: Capsys) -> None:
    before = sorted(Path.cwd().rglob("*"))
    assert main(["import", *words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("aemodels import: ")
    assert says in output.err
    assert output.err.count("\n") == 1
    assert sorted(Path.cwd().rglob("*")) == before


def test_what_no_page_can_show_is_not_written(
    folder: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics(sse=float("inf")))
    assert main(["import", "vae.safetensors", "--output", "mine"]) == 2
    assert "pixels aren't finite numbers" in capsys.readouterr().err
    large = {name: array * 1e12 for name, array in tensors(PYTORCH).items()}
    (folder / "vae.safetensors").write_bytes(packed(large))
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics(sse=1.0))
    assert main(["import", "vae.safetensors", "--output", "mine"]) == 2
    assert "can't be shown" in capsys.readouterr().err
    assert not (folder / "mine").exists()


def test_ctrl_c_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(
        model: Autoencoder, digits: Dataset, check: Callable[[], None], *more: object
    ) -> Metrics:
        signal.raise_signal(signal.SIGTERM)
        check()
        return Metrics()

    monkeypatch.setattr(evaluation, "evaluate", stopped)
    assert main(["import", "vae.safetensors", "--output", "mine"]) == 130
    assert not (folder / "mine").exists()
