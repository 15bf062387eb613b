"""Train loads weights from elsewhere, and says of an imported model what isn't known of it."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aemodels import bundles, runs
from aemodels.bundles import zoo
from aemodels.config import Config
from aemodels.runs import process
from aemodels.runs.child import Step
from aemodels.runs.run import import_bundle
from aemodels.training.estimate import Estimate
from tests.pages.running import run, unescaped, words
from ui import imports

Told = Callable[[Step], object]


@pytest.fixture
def imported(home: Path, tmp_path: Path) -> runs.Run:
    """A run whose model says that it was imported."""
    made = tmp_path / "made"
    shutil.copytree(zoo.folder() / "vae-2", made)
    manifest = json.loads((made / bundles.MANIFEST).read_text("utf-8"))
    manifest["training"]["source"] = "my_vae.safetensors"
    (made / bundles.MANIFEST).write_text(json.dumps(manifest), "utf-8")
    home.mkdir(exist_ok=True)
    return import_bundle(bundles.read(made), "my vae", True)


def test_an_imported_model_claims_no_training(imported: runs.Run) -> None:
    text = unescaped(words(run("train", run=imported.id)))
    assert "Imported from **my_vae.safetensors**; how it was trained isn't known here." in text
    assert "Hidden layers" in text
    assert "Learning rate" not in text
    assert "weren't measured here" not in text


def test_weights_are_imported_and_shown(
    imported: runs.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[bytes, str]] = []

    def import_model(
        content: bytes, filename: str, owner: str, group: str, on_step: Told
    ) -> runs.Run:
        assert owner == group == ""
        on_step({"step": "mapping", "number": 1, "of": 7})
        given.append((content, filename))
        return imported

    monkeypatch.setattr(process, "import_model", import_model)
    found = run("train")
    found.file_uploader[0].set_value(("vae.safetensors", b"weights", "")).run()
    assert not found.error
    assert given == [(b"weights", "vae.safetensors")]
    assert found.session_state.run == imported.id


def test_the_page_goes_on_while_weights_are_imported(
    imported: runs.Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would never be drawn, if it waited for the import."""
    measured, known, stepped = (threading.Event() for _ in range(3))
    doing = "Importing **vae.safetensors**: step 5 of 7, measuring the kNN accuracy; "

    def import_model(
        content: bytes, filename: str, owner: str, group: str, on_step: Told
    ) -> runs.Run:
        on_step({"step": "knn", "number": 5, "of": 7})
        stepped.set()
        assert measured.wait(60)
        return imported

    def work(*given: Any) -> None:
        begin(*given)
        known.set()

    def estimate(config: Config) -> Estimate:
        raise runs.RunError("none is needed here")

    begin = imports._work
    monkeypatch.setattr(process, "estimate", estimate)
    monkeypatch.setattr(process, "import_model", import_model)
    monkeypatch.setattr(imports, "_work", work)
    monkeypatch.setattr(imports, "PATIENCE", 0.0)
    found = run("train")
    found.file_uploader[0].set_value(("vae.safetensors", b"weights", "")).run()
    assert not found.error
    assert stepped.wait(60)
    found.run()
    assert any(doing in unescaped(each.value) for each in found.info)
    (box,) = [each for each in found.selectbox if each.label == "Data set"]
    found = box.select("Fashion-MNIST").run()
    (box,) = [each for each in found.selectbox if each.label == "Data set"]
    assert box.value == "fashion-mnist"
    assert any(doing in unescaped(each.value) for each in found.info)
    measured.set()
    assert known.wait(60)
    found.run()
    assert not any("Importing" in each.value for each in found.info)
    assert found.session_state.run == imported.id
    assert [unescaped(each.value) for each in found.toast] == [
        "Imported my vae. Its run is in the list."
    ]


def test_a_wrong_file_is_refused_in_one_sentence(home: Path) -> None:
    found = run("train")
    found.file_uploader[0].set_value(("vae.safetensors", b"nothing", "")).run()
    (error,) = found.error
    assert "it isn't a safetensors file" in unescaped(error.value)
    assert not runs.list_runs()
