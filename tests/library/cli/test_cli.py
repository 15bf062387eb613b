"""The command line: one line and code 2 for a refusal, a bundle from whatever it starts."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from aemodels import data, runs
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.bundles.metrics import Metrics
from aemodels.cli import main, progress
from aemodels.config import Config, every_setting
from aemodels.families.base import Batch, Terms
from aemodels.families.vae import VAE
from aemodels.models.autoencoder import Autoencoder

Capsys = pytest.CaptureFixture[str]

ROOT = Path(__file__).resolve().parents[3]
QUICK = ["--hidden", "8", "--train-images", "600", "--batch-size", "100", "--precision", "fp32"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test in a folder of its own, with a quick measure of trustworthiness."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluation, "TRUSTWORTHINESS_POINTS", 100)
    return tmp_path


def refused(capsys: Capsys, *argv: str) -> str:
    """The line with which a command is refused."""
    before = sorted(Path.cwd().rglob("*"))
    try:
        code: Any = main(argv)
    except SystemExit as stop:
        code = stop.code
    output = capsys.readouterr()
    assert code == 2
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert sorted(Path.cwd().rglob("*")) == before
    return output.err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--latent-dim", "0"], "latent_dim=0: must be a whole number from 1 to 1024; for example"),
        (["--latent-dim", "1025"], "latent_dim=1025: must be a whole number from 1 to 1024"),
        (["--latent-dim", "2.5"], "latent_dim=2.5: must be a whole number"),
        (["--epochs", "-1"], "epochs=-1: must be a whole number from 1 to 10000; for example"),
        (["--family", "gan"], "family=gan: must be vae, ae, linear, "),
        (["--hidden", "512,0"], "hidden=512,0: must be 1 to 8 whole numbers from 1 to 4096"),
        (["--hidden", "5000"], "hidden=5000: must be 1 to 8 whole numbers from 1 to 4096"),
        (["--beta", "-1"], "beta=-1: must be a number from 0 to 1000; for example --beta 1"),
        (["--beta", "nan"], "beta=nan: must be a number from 0 to 1000"),
        (["--learning-rate", "fast"], "learning_rate=fast: must be a number from 1e-06 to 1"),
        (
            ["--network", "conv", "--hidden", "9"],
            "hidden: family vae with network conv has no such setting",
        ),
        (
            ["--family", "pca", "--network", "conv"],
            "network=conv: family pca has no such network; use",
        ),
        (
            ["--family", "pca", "--epochs", "9"],
            "epochs: family pca with network linear has no such",
        ),
        (["--family", "pca", "--latent-dim", "1", "--train-images", "1"], "train_images=1: one"),
        (
            [
                "--family",
                "sparse",
                "--sparsity",
                "l1",
                "--code-activation",
                "relu",
                "--target-activation",
                "0.2",
            ],
            "target_activation=0.2: the L1 penalty has no target; leave --target-activation out",
        ),
        (
            ["--family", "stacked", "--corruption", "salt-pepper", "--activation", "tanh"],
            "corruption=salt-pepper: sets units to 0 or 1, the range of sigmoid units, not tanh",
        ),
        (["--family", "a\nb\x1b[31m"], "family=a?b?[31m: must be vae, ae"),
        (["--epoch", "9"], "unrecognized arguments: --epoch 9"),
        (["--data", "nowhere"], "missing from nowhere; copy the data set's four files there"),
    ],
)
def test_train_refuses_in_one_line(argv: list[str], says: str, capsys: Capsys) -> None:
    assert says in refused(capsys, "train", *argv, "--output", "new")


def test_train_refuses_outputs_it_may_not_write(elsewhere: Path, capsys: Capsys) -> None:
    (elsewhere / "file").write_text("a file", "utf-8")
    (elsewhere / "full").mkdir()
    (elsewhere / "full" / "letter").write_text("a letter", "utf-8")
    says = refused(capsys, "train", "--output", "full")
    assert "output=full: exists already; use --overwrite or another folder" in says
    says = refused(capsys, "train", "--output", "full", "--overwrite")
    assert "output=full: holds letter, which --overwrite would delete; choose another" in says
    says = refused(capsys, "train", "--output", "file", "--overwrite")
    assert "output=file: is not a folder; choose another" in says
    # A file as parent can't be written even by root.
    says = refused(capsys, "train", "--output", "file/new")
    assert "output=file/new: can't be written: Not a directory; choose a folder" in says
    says = refused(capsys, "train", "--output", "n" * 300)
    assert "can't be written: File name too long; choose a folder" in says
    says = refused(capsys, "train", "--overwrite")
    assert "--overwrite requires --output" in says
    says = refused(capsys, "train", "--name", "mine", "--output", "new")
    assert "--output creates no run; leave out --run and --name" in says


@pytest.mark.skipif(torch.cuda.is_available(), reason="CUDA is here")
def test_train_refuses_a_device_that_is_not_there(capsys: Capsys) -> None:
    says = refused(capsys, "train", "--device", "cuda", "--output", "new")
    assert "device=cuda: PyTorch finds none here; use --device auto" in says
    # Nor does a run come to be that could only fail.
    assert refused(capsys, "train", "--device", "cuda") == says
    assert "missing from nowhere" in refused(capsys, "train", "--data", "nowhere")


def test_settings_that_diverge_have_a_time_estimate(capsys: Capsys) -> None:
    wild = ["--learning-rate", "1", "--batch-size", "10", "--train-images", "300"]
    assert main(["estimate", *wild]) == 0
    assert "s per epoch" in capsys.readouterr().out


def test_a_reader_that_has_read_enough_is_no_error(elsewhere: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m aemodels list {shlex.quote(str(ROOT / 'zoo'))}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | true"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.stderr == ""


def test_names_are_shown_whatever_the_encoding(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(elsewhere))
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    runs.create(Config(), name="näher", id="mine")
    done = subprocess.run(
        [sys.executable, "-m", "aemodels", "runs"], cwd=ROOT, capture_output=True, timeout=60
    )
    assert done.stdout.startswith(b"mine (n\\xe4her): interrupted"), done.stderr


def test_other_commands_refuse_in_one_line(made: Path, elsewhere: Path, capsys: Capsys) -> None:
    assert "there is no folder none" in refused(capsys, "evaluate", "none")
    assert "there is no folder none" in refused(capsys, "export", "none", "--output", "new")
    (elsewhere / "there").mkdir()
    says = refused(capsys, "export", str(made / "ae"), "--output", "there")
    assert "output=there: exists already" in says
    known = "train|estimate|runs|resume|measure|pause|stop|archive|evaluate|export|compress|list"
    assert known in refused(capsys)
    for command in ("resume", "pause", "stop"):
        assert "there is no run none" in refused(capsys, command, "none")


def test_help_shows_every_default_and_range(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")  # or words are broken at their hyphens
    with pytest.raises(SystemExit) as stop:
        main(["train", "--help"])
    assert stop.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for setting in every_setting().values():
        assert setting.flag in text
        assert f"{setting.limits} (default {setting.text(setting.default)}" in text
    # Families that start from something else are named with it.
    assert "(default 2; 196 for sparse; 32 for denoising and stacked; 128 for contractive" in text
    for command in ("evaluate", "export", "list"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert "default" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("family", ["vae", "pca"])
def test_train_evaluate_export_list(
    family: str, elsewhere: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = ["--train-images", "600"] if family == "pca" else [*QUICK, "--epochs", "2"]
    train = ["train", "--family", family, *extra, "--output", "runs/mine"]
    assert main(train) == 0
    output = capsys.readouterr()
    assert output.out.startswith("runs/mine: sse ")
    if family == "vae":
        assert re.search(r"epoch 1/2  loss \d+\.\d\d, test \d+\.\d\d  \d+ s left", output.err)
    found = bundle.read("runs/mine")
    assert found.training.finished

    assert main(["evaluate", "runs/mine", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found.metrics.to_json()
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: found.metrics)
    assert main(["evaluate", "runs/mine"]) == 0
    table = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines())
    assert table["sse"] == f"{found.metrics.sse:.4g}"
    values = found.metrics.to_json()
    assert table.keys() == {name for name, value in values.items() if value is not None}

    assert main(["list", "runs"]) == 0
    assert capsys.readouterr().out.startswith("mine: sse ")
    (elsewhere / "runs" / "broken").mkdir()
    assert main(["list", "runs"]) == 1
    output = capsys.readouterr()
    assert output.out.startswith("mine: sse ")
    assert output.err == "broken: skipped: bundle.json is missing\n"

    assert main(["export", "runs/mine", "--output", "onnx"]) == 0
    assert {file.name for file in Path("onnx").iterdir()} == {"encoder.onnx", "decoder.onnx"}
    assert main(["export", "runs/mine", "--output", "onnx", "--overwrite"]) == 0


@pytest.mark.slow
def test_train_makes_a_run_that_can_be_listed_and_resumed(
    elsewhere: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(elsewhere))
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics(sse=40.0))
    assert main(["runs"]) == 0
    assert capsys.readouterr().err == "no runs yet; create one with: python -m aemodels train\n"
    loaded, load = [], data.load

    def counted(*given: Any) -> data.Dataset:
        loaded.append(given)
        return load(*given)

    monkeypatch.setattr(data, "load", counted)
    assert main(["train", *QUICK, "--epochs", "2", "--run", "mine", "--name", "my first"]) == 0
    assert len(loaded) == 1
    output = capsys.readouterr()
    assert output.out == "mine: finished, sse 40\n"
    assert re.search(r"epoch 2/2  loss \d+\.\d\d, test \d+\.\d\d  0 s left", output.err)
    assert "mine is finished; to train it longer, give" in refused(capsys, "resume", "mine")
    assert "epochs=0: must be" in refused(capsys, "resume", "mine", "--epochs", "0")
    assert "mine is not being trained" in refused(capsys, "pause", "mine")
    again = ["train", *QUICK, "--epochs", "2", "--run", "mine"]
    assert "run=mine: already exists; choose another id" in refused(capsys, *again)
    assert main(["resume", "mine", "--epochs", "1"]) == 0
    assert "epoch 3/3" in capsys.readouterr().err
    assert main(["runs"]) == 0
    listed = capsys.readouterr().out
    assert re.fullmatch(r"mine \(my first\): finished, epoch 3/3, test loss \d+\.\d\d\n", listed)
    assert main(["list", "runs/mine"]) == 1  # The folder of a run is none of bundles,
    assert "bundle: sse 40" in capsys.readouterr().out  # but holds one.


def test_estimate_shows_where_and_how_long(capsys: Capsys) -> None:
    assert main(["estimate", *QUICK, "--epochs", "2", "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    assert re.fullmatch(
        r"13,\d{3} parameters on cpu in fp32: \S+ s per epoch, about \d s in total\n", said
    )


def test_epochs_of_all_stages_are_counted(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics())
    words = ["--family", "stacked", "--layer-corruption", "0.1,0.2", *QUICK, "--epochs", "2"]
    assert main(["train", *words, "--output", "new"]) == 0
    assert re.search(
        r"epoch 6/6  loss \d+\.\d\d, test \d+\.\d\d  0 s left", capsys.readouterr().err
    )
    assert main(["estimate", *words, "--json", "--device", "cpu"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["seconds"] == pytest.approx(6 * found["seconds_per_epoch"])


def test_recorded_command_makes_the_same_weights(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics())
    assert main(["train", *QUICK, "--epochs", "1", "--output", str(elsewhere / "zoo" / "one")]) == 0
    first = bundle.read("zoo/one")
    assert first.command.endswith("--output zoo/one")
    assert str(elsewhere) not in (first.path / bundle.MANIFEST).read_text("utf-8")
    assert main([*first.command.split()[3:], "--overwrite"]) == 0
    again = bundle.read("zoo/one")
    assert again.digests == first.digests
    assert again.config == first.config


def poison(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Make the VAE's loss NaN after so many steps."""
    done, real = 0, VAE.objective

    def objective(family: VAE, model: Autoencoder, batch: Batch, noise: torch.Generator) -> Terms:
        nonlocal done
        terms = real(family, model, batch, noise)
        done += model.training
        return {**terms, "loss": terms["loss"] * float("nan")} if done > steps else terms

    monkeypatch.setattr(VAE, "objective", objective)


def test_loss_that_becomes_nan_keeps_the_last_good_epoch(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    poison(monkeypatch, 15)
    assert main(["train", *QUICK, "--epochs", "5", "--output", "new"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert "epoch 3: the loss became nan; new holds epoch 2; try a smaller --learning-rate" in last
    found = bundle.read("new")
    assert found.training.epochs == 2
    assert not found.training.finished
    assert found.metrics.number("sse") > 0


def test_memory_that_runs_out_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    def objective(*given: object) -> Terms:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")

    monkeypatch.setattr(VAE, "objective", objective)
    assert main(["train", *QUICK, "--output", "new"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == (
        "aemodels train: Not enough memory on the GPU, even for a small network; free some of it; "
        "nothing was written"
    )
    says = refused(capsys, "estimate", *QUICK)
    assert "batch_size=100: not enough memory, even for a small network; close other" in says
    assert main(["estimate", "--json", *QUICK]) == 1
    assert json.loads(capsys.readouterr().out)["error"][0] == "batch_size"


def test_loss_that_is_nan_at_once_leaves_what_was_there(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    poison(monkeypatch, 0)
    assert main(["train", *QUICK, "--output", "new"]) == 1
    assert "epoch 1: the loss became nan; nothing was written" in capsys.readouterr().err
    assert not Path("new").exists()
    assert main(["train", *QUICK, "--output", "zoo/vae", "--overwrite"]) == 1
    assert "epoch 1: the loss became nan; zoo/vae is unchanged" in capsys.readouterr().err
    assert bundle.read(copied / "vae").metrics.number("sse") == 40.5


def interrupt_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Press Ctrl-C at this step."""

    def pressed(self: progress.ProgressBar, done: int, total: int) -> None:
        if done == step:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(progress.ProgressBar, "step", pressed)


def test_ctrl_c_while_measuring_still_leaves_a_bundle(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    interrupt_at(monkeypatch, 8)

    def impatient(
        model: Autoencoder, dataset: data.Dataset, check: Callable[[], None], encoded: Any
    ) -> Metrics:
        signal.raise_signal(signal.SIGINT)
        check()
        raise AssertionError

    monkeypatch.setattr(evaluation, "evaluate", impatient)
    assert main(["train", *QUICK, "--epochs", "4", "--output", "new"]) == 130
    assert "stopped; new holds 1 completed epoch, not fully measured" in capsys.readouterr().err
    found = bundle.read("new")
    assert found.metrics.number("sse") > 0
    assert found.metrics.knn5 is None
    assert main(["list", "."]) == 0
    assert capsys.readouterr().out == f"new: sse {found.metrics.sse:.4g}; stopped early\n"


def test_ctrl_c_in_the_first_epoch(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    interrupt_at(monkeypatch, 3)
    assert main(["train", *QUICK, "--output", "zoo/vae", "--overwrite"]) == 130
    assert "stopped in the first epoch; zoo/vae is unchanged" in capsys.readouterr().err
    assert bundle.read(copied / "vae").metrics.number("sse") == 40.5
    assert main(["train", *QUICK, "--output", "new"]) == 130
    assert bundle.read("new").training.epochs == 0


def test_full_disk_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: Capsys) -> None:
    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    monkeypatch.setattr(evaluation, "evaluate", lambda *given: Metrics())
    assert main(["train", *QUICK, "--epochs", "1", "--output", "new"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("writing: No space left on device")
    assert not Path("new").exists()


@pytest.mark.slow
def test_ctrl_c_in_a_shell_leaves_a_loadable_bundle(elsewhere: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "aemodels", "train", *QUICK]
    process = subprocess.Popen(
        [*command, "--epochs", "10000", "--output", str(elsewhere / "new")],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("epoch 3/"):
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert output == ""
    assert "Traceback" not in errors
    assert re.search(r"stopped; .*new holds \d+ completed epochs\n$", errors)
    found = bundle.read(elsewhere / "new")
    assert not found.training.finished
    assert 3 <= found.training.epochs < 10_000
    assert found.metrics.number("knn5") > 0.1


def test_refusal_as_a_process_has_code_2(elsewhere: Path) -> None:
    command = [sys.executable, "-m", "aemodels", "train", "--latent-dim", "0"]
    run = subprocess.run(
        [*command, "--output", str(elsewhere / "new")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert "latent_dim=0: must be a whole number from 1 to 1024" in run.stderr
    assert run.stderr.count("\n") == 1
