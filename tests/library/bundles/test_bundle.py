"""Bundles: what is written is read again, and whatever is wrong with one is said in a sentence."""

import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from aemodels import data
from aemodels.bundles import atomic, bundle, codes, manifest, zoo
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.training import fit
from aemodels.version import __version__
from tests.library import small


def edit(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    """Change bundle.json."""
    manifest = json.loads((folder / bundle.MANIFEST).read_text("utf-8"))
    change(manifest)
    (folder / bundle.MANIFEST).write_text(json.dumps(manifest), "utf-8")


def replace(folder: Path, name: str, content: bytes) -> None:
    """Change a file and record its new hash, as a stranger who means harm would."""
    (folder / name).write_bytes(content)
    record = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    edit(folder, lambda manifest: manifest["files"].update({name: record}))


def change_weights(folder: Path, change: Callable[[dict[str, np.ndarray]], Any]) -> None:
    tensors = safetensors.numpy.load((folder / bundle.WEIGHTS).read_bytes())
    tensors = {name: array.copy() for name, array in tensors.items()}
    change(tensors)
    replace(folder, bundle.WEIGHTS, safetensors.numpy.save(tensors))


def claim_shape(folder: Path, shape: bytes) -> None:
    """Let the header of codes.npy, which is 128 bytes long, name another shape."""
    content = (folder / bundle.CODES).read_bytes()
    head = content[: content.index(b"'shape': ")] + b"'shape': " + shape + b"}"
    replace(folder, bundle.CODES, head.ljust(127) + b"\n" + content[128:])


def change_codes(folder: Path, change: Callable[[np.ndarray], np.ndarray]) -> None:
    array = np.load(folder / bundle.CODES)
    replace(folder, bundle.CODES, codes.array_file(change(array)))


def with_nan(array: np.ndarray) -> np.ndarray:
    array.flat[5] = np.nan
    return array


class Bomb:
    def __reduce__(self) -> Any:
        return os._exit, (7,)


def put(key: str, value: Any) -> Callable[[Path], None]:
    return lambda folder: edit(folder, lambda manifest: manifest.update({key: value}))


def setting(key: str, value: Any) -> Callable[[Path], None]:
    return lambda folder: edit(folder, lambda manifest: manifest["config"].update({key: value}))


def training(key: str, value: Any) -> Callable[[Path], None]:
    return lambda folder: edit(folder, lambda manifest: manifest["training"].update({key: value}))


def metric(key: str, value: Any) -> Callable[[Path], None]:
    return lambda folder: edit(folder, lambda manifest: manifest["metrics"].update({key: value}))


def text(content: str) -> Callable[[Path], Any]:
    return lambda folder: (folder / bundle.MANIFEST).write_text(content, "utf-8")


def linked(folder: Path) -> None:
    target = folder / bundle.CODES
    target.rename(folder.parent / "elsewhere.npy")
    target.symlink_to(folder.parent / "elsewhere.npy")


def flip(folder: Path) -> None:
    content = bytearray((folder / bundle.WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / bundle.WEIGHTS).write_bytes(content)


def cut(folder: Path) -> None:
    (folder / bundle.DECODER).write_bytes((folder / bundle.DECODER).read_bytes()[:-1])


DAMAGES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no JSON": (text("{"), "bundle.json is not valid JSON"),
    "not text": (lambda f: (f / bundle.MANIFEST).write_bytes(b"\xff\xfe"), "not valid JSON"),
    "nested JSON": (text("[" * 100_000), "bundle.json is not valid JSON"),
    "a list": (text("[]"), "bundle.json is not a JSON object"),
    "no version": (text("{}"), "has no format"),
    "newer": (
        put("format", 3),
        "its format version is 3, newer than the 2 that this program reads; update Latent Lab",
    ),
    "older": (
        put("format", 1),
        r"its format version is 1, older than the 2 that this program reads; train the model again"
        r": its bundle.json has the command, and `python -m aemodels train --help` shows",
    ),
    "text for a version": (put("format", "1"), "has no format"),
    "no manifest": (lambda f: (f / bundle.MANIFEST).unlink(), "bundle.json is missing"),
    "no weights": (lambda f: (f / bundle.WEIGHTS).unlink(), "weights.safetensors is missing"),
    "no graph": (lambda f: (f / bundle.ENCODER).unlink(), "encoder.onnx is missing"),
    "one bit": (flip, "weights.safetensors has the wrong SHA-256"),
    "cut": (cut, "decoder.onnx has .* bytes where .* were written"),
    "a link": (linked, "codes.npy is not an ordinary file"),
    "unknown family": (put("family", "gan"), "its family is gan; known are vae, ae, linear, "),
    "other family": (put("family", "ae"), "its family is ae, but its settings say vae"),
    "bad setting": (setting("latent_dim", 0), "its settings are wrong: latent_dim=0: must be"),
    "odd setting": (
        setting("momentum", 1),
        "its settings are wrong: momentum: unknown setting",
    ),
    "other size": (setting("hidden", [16, 9]), r"weight in .* its settings call for float32"),
    "other depth": (setting("hidden", [16]), "holds tensors that don't match its settings"),
    "no files": (put("files", {}), "bundle.json has no weights.safetensors"),
    "no training": (put("training", {}), "bundle.json has no epochs"),
    "other data": (put("data", {"name": "mnist", "sha256": {}}), "other data than data/mnist"),
    "no command": (put("command", 5), "bundle.json has no command"),
    "odd version": (put("versions", {"torch": 2}), "bundle.json has no torch"),
    "negative epochs": (training("epochs", -1), "has epochs outside 0 to 1,000,000"),
    "odd failure": (training("failure", ["x"]), "bundle.json has no failure"),
    "odd curve": (training("curve", [3]), "a curve that isn't a list of epochs"),
    "odd term": (
        training("curve", [{"epoch": 1, "train": {"loss": "low"}, "test": {}}]),
        "bundle.json has no loss",
    ),
    "NaN metric": (metric("sse", float("nan")), "bundle.json is not valid JSON"),
    "text metric": (metric("knn5", "high"), "its metric knn5 is not a number"),
    "huge metric": (metric("knn5", 10**400), "its metric knn5 is no plausible number"),
    "few classes": (metric("sse_by_class", [1.0]), "sse_by_class is not a list of ten numbers"),
    "NaN weights": (
        lambda f: change_weights(f, lambda t: with_nan(t["decoder.0.weight"])),
        "decoder.0.weight in weights.safetensors holds NaN",
    ),
    "lost tensor": (
        lambda f: change_weights(f, lambda t: t.pop("decoder.0.bias")),
        "tensors that don't match its settings: decoder.0.bias",
    ),
    "wrong shape": (
        lambda f: change_weights(
            f, lambda t: t.update({"encoder.0.bias": t["encoder.0.bias"][1:]})
        ),
        r"encoder.0.bias in weights.safetensors is float32 \(15,\); .* \(16,\)",
    ),
    "wrong type": (
        lambda f: change_weights(
            f, lambda t: t.update({"encoder.0.bias": t["encoder.0.bias"].astype(np.float64)})
        ),
        "encoder.0.bias in weights.safetensors is float64",
    ),
    "no tensors": (
        lambda f: replace(f, bundle.WEIGHTS, b"\xff" * 100),
        "weights.safetensors is not a safetensors file",
    ),
    "NaN codes": (lambda f: change_codes(f, with_nan), "codes.npy holds NaN"),
    "few codes": (lambda f: change_codes(f, lambda c: c[:, :9999]), "codes.npy has the shape"),
    "no log var": (lambda f: change_codes(f, lambda c: c[0]), "codes.npy has the shape"),
    "array too large to be": (lambda f: claim_shape(f, b"(2, 100000000000000), "), "has the shape"),
    "array cut short": (
        lambda f: replace(f, bundle.CODES, (f / bundle.CODES).read_bytes()[:-4]),
        "too few or too many numbers",
    ),
    "no array": (lambda f: replace(f, bundle.CODES, b"text"), "codes.npy is not an array file"),
    "a pickle": (
        lambda f: replace(f, bundle.CODES, pickle.dumps(Bomb())),
        "codes.npy is not an array file",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_said_in_a_sentence_and_the_others_work(name: str, copied: Path) -> None:
    damage, says = DAMAGES[name]
    damage(copied / "vae")
    with pytest.raises(bundle.BundleError, match=says) as caught:
        bundle.read(copied / "vae")
    assert "\n" not in str(caught.value)
    index = bundle.scan(copied)
    assert [found.name for found in index.bundles] == ["ae", "pca"]
    assert index.problems == [bundle.Problem("vae", str(caught.value))]


def test_pickled_array_is_not_unpickled(copied: Path) -> None:
    stream = copied / "vae" / "object.npy"
    np.save(stream, np.array([Bomb()], object), allow_pickle=True)
    replace(copied / "vae", bundle.CODES, stream.read_bytes())
    with pytest.raises(bundle.BundleError, match=r"codes.npy is not an array file"):
        bundle.read(copied / "vae")


def test_names_in_the_manifest_lead_nowhere(copied: Path) -> None:
    secret = copied.parent / "secret.txt"
    secret.write_text("secret", "utf-8")
    record = {"sha256": hashlib.sha256(b"secret").hexdigest(), "bytes": 6}
    edit(copied / "ae", lambda manifest: manifest["files"].update({"../../secret.txt": record}))
    assert set(bundle.read(copied / "ae").digests) == set(bundle.FILES)


def test_linked_folder_is_left_out(copied: Path) -> None:
    (copied / "vae").rename(copied.parent / "outside")
    (copied / "vae").symlink_to(copied.parent / "outside")
    assert [p.name for p in bundle.scan(copied).problems] == ["vae"]


def test_what_else_lies_in_the_zoo(copied: Path, tmp_path: Path) -> None:
    (copied / "README.md").write_text("not a bundle", "utf-8")
    (copied / ".vae.new-abc").mkdir()
    (copied / "empty").mkdir()
    index = bundle.scan(copied)
    assert len(index.bundles) == 3
    assert index.problems == [bundle.Problem("empty", "bundle.json is missing")]
    missing = bundle.scan(tmp_path / "none")
    assert missing.bundles == []
    assert "can't be read" in missing.problems[0].message


def test_written_is_read(made: Path, mnist: data.Dataset) -> None:
    for family in small.NAMES:
        found = bundle.read(made / family)
        assert found.config == small.config(family)
        assert (found.name, found.family, found.latent_dim) == (family, family, 3)
        assert found.training.finished
        assert found.training.epochs == {"pca": 0, "stacked": 4}.get(family, 1)
        assert found.metrics == Metrics(images=10_000, sse=40.5, sse_by_class=(40.5,) * 10)
        assert found.versions.keys() > {"torch", "python"}
        assert found.versions["latent-lab"] == __version__
        # No one's home folder travels with a bundle.
        assert found.command.endswith(f"--output {family}")
        loaded = load(found)
        mean, log_var = found.codes()
        images = data.to_vectors(mnist.test_images)
        np.testing.assert_allclose(mean, loaded.encode(images), atol=1e-5)
        assert (log_var is None) == (family != "vae")
        assert not mean.flags.writeable
    with pytest.raises(ValueError, match="not JSON compliant"):
        bundle.write(
            made / "new",
            Config(),
            dict.fromkeys(bundle.FILES, b""),
            metrics=Metrics(sse=float("nan")),
            training=TrainingFacts(0, True, 0.0, "cpu"),
            versions={},
            command="",
        )
    assert not (made / "new").exists()


def test_weights_that_changed_after_reading_are_refused(copied: Path) -> None:
    found = bundle.read(copied / "vae")
    flip(copied / "vae")
    with pytest.raises(bundle.BundleError, match="has changed since the bundle was read"):
        found.weights()


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("call", range(6))
def test_disk_that_fails_leaves_the_old_bundle(
    call: int, copied: Path, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = fit.fit(small.config("ae"), mnist)
    before = (copied / "ae" / bundle.MANIFEST).read_bytes()
    done = 0

    def fsync(descriptor: int) -> None:
        nonlocal done
        done += 1
        if done > call:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space left"):
        fit.save(fitted, Metrics(), mnist, copied / "ae", overwrite=True)
    done = 0
    with pytest.raises(OSError, match="No space left"):
        fit.save(fitted, Metrics(), mnist, copied / "new")
    assert names(copied) == ["ae", "pca", "vae"]
    assert (copied / "ae" / bundle.MANIFEST).read_bytes() == before


def test_rename_that_fails_puts_the_old_bundle_back(
    copied: Path, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted = fit.fit(small.config("ae"), mnist)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if ".new-" in self.name:
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="Input/output"):
        fit.save(fitted, Metrics(), mnist, copied / "ae", overwrite=True)
    assert names(copied) == ["ae", "pca", "vae"]
    assert bundle.read(copied / "ae").metrics.sse == 40.5


def test_overwrite_replaces_all_of_it(copied: Path, mnist: data.Dataset) -> None:
    fitted = fit.fit(Config.of(family="pca", latent_dim=2, train_images=50), mnist)
    with pytest.raises(atomic.OutputError, match="exists already; use --overwrite"):
        fit.save(fitted, Metrics(), mnist, copied / "ae")
    fit.save(fitted, Metrics(), mnist, copied / "ae", overwrite=True)
    assert bundle.read(copied / "ae").family == "pca"
    assert names(copied) == ["ae", "pca", "vae"]
    assert names(copied / "ae") == sorted([*bundle.FILES, bundle.MANIFEST])


def test_crash_between_the_renames_is_reported(copied: Path) -> None:
    (copied / "vae").rename(copied / ".vae.old-x1")
    index = bundle.scan(copied)
    assert len(index.bundles) == 2
    assert index.problems[0].name == "vae"
    assert "rename .vae.old-x1 to vae" in index.problems[0].message


def test_overwrite_deletes_nothing_but_bundles(copied: Path) -> None:
    (copied / "ae" / "thesis.tex").write_text("years of work", "utf-8")
    with pytest.raises(
        atomic.OutputError, match=r"holds thesis\.tex, which --overwrite would delete"
    ):
        bundle.check_output(copied / "ae", overwrite=True)
    (copied / "link").symlink_to(copied / "pca")
    with pytest.raises(atomic.OutputError, match="is not a folder"):
        bundle.check_output(copied / "link", overwrite=True)


def test_reading_needs_no_torch() -> None:
    code = (
        "import sys; from aemodels import bundles, data, config;"
        "from aemodels.analysis import latent_space;"
        "from aemodels.bundles import recipes, zoo;"
        "heavy = {'torch', 'sklearn', 'streamlit', 'onnx', 'scipy'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr


def test_manifest_that_is_read_is_written_the_same(made: Path) -> None:
    for family in small.NAMES:
        content = (made / family / bundle.MANIFEST).read_bytes()
        assert manifest.parse(content).to_bytes() == content


def test_facts_that_were_noted_come_back(copied: Path) -> None:
    curve = [{"epoch": 1, "train": {"loss": 3.0}, "test": {"loss": 2.5}}]
    for key, value in {"machine": "a laptop", "failure": "epoch 2: nan", "curve": curve}.items():
        training(key, value)(copied / "vae")
    found = bundle.read(copied / "vae")
    assert (found.training.machine, found.failure) == ("a laptop", "epoch 2: nan")
    assert list(found.training.curve) == curve
    assert [problem.name for problem in bundle.scan(copied).problems] == ["vae"]


def test_other_metrics_leave_the_model_alone(copied: Path, tmp_path: Path) -> None:
    before = bundle.read(copied / "vae")
    bundle.replace_metrics(copied / "vae", Metrics(sse=3.5, knn5=0.5), tmp_path)
    after = bundle.read(copied / "vae")
    assert after.metrics == Metrics(sse=3.5, knn5=0.5)
    assert (after.digests, after.config) == (before.digests, before.config)
    assert after.training == before.training


def test_number_that_is_missing_is_refused_by_name() -> None:
    assert Metrics(sse=3.5).number("sse") == 3.5
    with pytest.raises(ValueError, match="metric knn5: does not apply or was not measured"):
        Metrics(sse=3.5).number("knn5")


def test_model_of_the_zoo_is_found_by_name_or_path(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_ZOO", str(copied))
    assert zoo.names() == ["ae", "pca", "vae"]
    assert zoo.find("vae") == copied / "vae"
    assert zoo.find(copied / "ae") == copied / "ae"
    with pytest.raises(bundle.BundleError, match=r"gan-2: is neither .* the zoo has ae, pca, vae"):
        zoo.find("gan-2")
