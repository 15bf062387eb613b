"""Weights that were uploaded: refused here, or handed to the command line that imports them."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest

from aemodels import pictures, runs
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.cli import importing, main
from aemodels.runs import hidden, imported, process
from aemodels.runs.child import Step
from tests.library.importing.files import packed, tensors

EVALUATE = evaluation.evaluate
pytestmark = pytest.mark.usefixtures("unmeasured")


class Done:
    """A process that has ended."""

    def __init__(self, code: int, stdout: TextIO) -> None:
        self.code, self.stdout = code, stdout

    def wait(self) -> int:
        return self.code

    def kill(self) -> None:
        """There is nothing left to kill."""

    def communicate(self) -> None:
        """All was read."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The words of each command that was started; it runs in this process."""
    found: list[str] = []

    def begin(words: list[str], stderr: TextIO, **options: Any) -> Done:
        found.extend(words)
        code = main(words[3:])
        output = capsys.readouterr()
        stderr.write(output.err)
        return Done(code, io.StringIO(output.out))

    monkeypatch.setattr(subprocess, "Popen", begin)
    return found


@pytest.mark.parametrize(
    ("filename", "source"),
    [
        ("vae.safetensors", "vae.safetensors"),
        ("C:\\models\\my vae.safetensors", "my vae.safetensors"),
        ("../../--output.safetensors", "--output.safetensors"),
        ("a;b$(x)|\u202e\n.safetensors", "a-b-(x)---.safetensors"),
        ("", "model.safetensors"),
    ],
)
def test_a_state_dict_becomes_a_run(
    filename: str, source: str, home: Path, started: list[str]
) -> None:
    run = process.import_model(packed(tensors()), filename, owner="ada", group="7b 8")
    assert [each.id for each in runs.list_runs()] == [run.id]
    assert (run.owner, run.group) == ("ada", "7b 8")
    assert (run.state, run.claimed) == ("loaded", False)
    assert run.bundle_path is not None
    found = bundle.read(run.bundle_path)
    assert (found.training.source, found.latent_dim) == (source, 3)
    assert not Path(started[-1]).exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it isn't a safetensors file"),
        (b"\x80\x04.", "is a pickle, which can run code"),
        (packed({}), "named as in none of the known layouts (pytorch-vae, "),
    ],
)
def test_another_file_starts_no_process(
    content: bytes, says: str, home: Path, started: list[str]
) -> None:
    with pytest.raises(runs.RunError) as caught:
        process.import_model(content, "vae.safetensors")
    assert says in str(caught.value)
    assert started == []
    assert not home.exists()


def test_it_is_never_anybody_elses(
    home: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder appears with its owner in it."""
    owners: list[str] = []
    publish = hidden.Scratch.publish

    def look(scratch: hidden.Scratch, path: Path) -> bool:
        done = publish(scratch, path)
        owners.extend(each.owner for each in runs.list_runs())
        return done

    monkeypatch.setattr(hidden.Scratch, "publish", look)
    process.import_model(packed(tensors()), "vae.safetensors", owner="ada")
    assert owners == ["ada"]


def test_its_steps_are_told_as_they_begin(
    home: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order in which the command has them, each once, with the model measured in full."""
    monkeypatch.setattr(evaluation, "evaluate", EVALUATE)
    told: list[Step] = []
    process.import_model(packed(tensors()), "vae.safetensors", on_step=told.append)
    assert [each["step"] for each in told] == list(importing.STEPS)
    assert [each["number"] for each in told] == list(range(1, len(told) + 1))
    assert {each["of"] for each in told} == {len(told)}
    assert importing.STEPS[2:] == imported.STEPS


def test_pictures_without_classes_have_one_step_less(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No kNN accuracy is measured of them."""
    images = np.random.default_rng(0).integers(0, 256, (200, 28, 28), np.uint8)
    np.savez(tmp_path / "a.npz", images=images)
    pictures.add("plain", tmp_path / "a.npz")
    (tmp_path / "vae.safetensors").write_bytes(packed(tensors()))
    monkeypatch.setattr(evaluation, "evaluate", EVALUATE)
    assert main(["import", "--steps", "--dataset=plain", str(tmp_path / "vae.safetensors")]) == 0
    lines = capsys.readouterr().out.splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    assert [each["number"] for each in told] == [*range(1, 7)]
    assert "knn" not in {each["step"] for each in told}
    assert {each["of"] for each in told[2:]} == {6}


def test_what_the_command_refuses_is_said(home: Path, started: list[str]) -> None:
    large = {name: array * 1e12 for name, array in tensors().items()}
    with pytest.raises(runs.RunError, match="can't be shown"):
        process.import_model(packed(large), "vae.safetensors")
    assert runs.list_runs() == []
