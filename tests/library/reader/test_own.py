"""Readers of one's own pictures: trained by one command, kept with the data set, shown by pages."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from sklearn.datasets import load_digits

from aemodels import bundles, data, pictures, reader, runs, views, widget
from aemodels.cli import main
from aemodels.data import own
from aemodels.reader import files, training
from aemodels.reader.calibration import few, fit_temperature
from aemodels.runs import archive, http

Capsys = pytest.CaptureFixture[str]
NAMES = ("zero", "one", "two")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("LATENT_LAB_READER", raising=False)


def add_three(name: str, folder: Path, first: int = 0) -> data.Source:
    """Scikit-learn's digits of three classes."""
    digits = load_digits()
    chosen = (digits.target >= first) & (digits.target < first + 3)
    images, labels = (digits.images[chosen] * 15).astype(np.uint8), digits.target[chosen] - first
    np.savez(folder / f"{name}-{first}.npz", images=images, labels=labels)
    return pictures.add(name, folder / f"{name}-{first}.npz", class_names=NAMES)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty steps."""
    monkeypatch.setattr(training, "OWN_STEPS", 30)
    monkeypatch.setattr(training, "OWN_PASSES", 1)


@pytest.mark.usefixtures("quick")
def test_one_command_trains_a_reader_that_pages_show(tmp_path: Path, capsys: Capsys) -> None:
    source = add_three("three", tmp_path)
    assert views.dataset("three")["reader"] is None
    assert main(["train-reader", "--dataset", "three"]) == 0
    folder = own.folder("three") / "reader"
    found = reader.load(folder)
    test = data.load_test("three")
    read = found.read(test.images)
    assert read.shape == (source.test_count, 3)
    accuracy = (read.argmax(1) == test.labels).mean()
    assert accuracy > 0.8
    assert found.manifest.test.accuracy == pytest.approx(accuracy)
    assert found.manifest.held_out == source.train_count // 6
    said = capsys.readouterr().out
    assert f"three: reads {accuracy:.2%} of the {source.test_count} test pictures right" in said

    session = onnxruntime.InferenceSession(folder / files.GRAPH)
    (probabilities,) = session.run(None, {"images": data.to_vectors(test.images)})
    assert np.abs(probabilities - read).max() <= 1e-4

    entry = views.dataset("three")["reader"]
    assert entry is not None
    assert entry["url"] == "/datasets/three/reader"
    assert entry["class_names"] == [*NAMES]
    assert entry["accuracy"] == pytest.approx(accuracy)

    assert main(["train-reader", "--dataset", "three"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert main(["train-reader", "--dataset", "three", "--overwrite"]) == 0


@pytest.mark.usefixtures("quick")
def test_it_tells_the_app_its_steps(tmp_path: Path, capsys: Capsys) -> None:
    add_three("three", tmp_path)
    assert main(["train-reader", "--dataset", "three", "--steps"]) == 0
    *steps, last = capsys.readouterr().out.splitlines()
    told = [json.loads(line) for line in steps]
    assert last.startswith("three: reads ")
    assert told[-1]["done"] == told[-1]["total"] == max(each["done"] for each in told)
    assert {each["total"] for each in told} == {told[0]["total"]}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("replaced", [False, True])
def test_pictures_that_are_gone_meanwhile_get_no_reader(tmp_path: Path, replaced: bool) -> None:
    """And no folder, which would be in the way of other pictures of that name."""
    add_three("three", tmp_path)

    def remove(record: object) -> None:
        if own.names():
            own.remove("three")

    def replace(record: object) -> None:
        remove(record)
        add_three("three", tmp_path, first=3)

    error = reader.ReaderError if replaced else data.DataError
    with pytest.raises(error, match="replaced meanwhile" if replaced else "three: must be mnist"):
        training.train(
            data.load("three"),
            reader.folder_of("three"),
            command="",
            on_record=replace if replaced else remove,
        )
    assert not reader.folder_of("three").exists()
    assert own.folder("three").exists() == replaced


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("replaced", [False, True])
@pytest.mark.parametrize("halfway", [False, True])
def test_pictures_that_go_while_it_is_written_get_no_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, halfway: bool, replaced: bool
) -> None:
    """After the last look before; `halfway`, the folder goes last, since the reader is in it."""
    add_three("three", tmp_path)
    write = files.write

    def go_and_write(*arguments: Any, **options: Any) -> None:
        if halfway and not replaced:
            for name in (own.MANIFEST, *own.FILES):
                (own.folder("three") / name).unlink()
        else:
            own.remove("three")
        if replaced and halfway:
            add_three("three", tmp_path, first=3)
        try:
            write(*arguments, **options)
        finally:
            if replaced and not halfway:
                add_three("three", tmp_path, first=3)

    monkeypatch.setattr(files, "write", go_and_write)
    error = reader.ReaderError if replaced else data.DataError
    with pytest.raises(error, match="replaced meanwhile" if replaced else "three: must be mnist"):
        training.train(data.load("three"), reader.folder_of("three"), command="")
    assert own.folder("three").exists() == replaced
    own_files = {own.MANIFEST, *own.FILES} if replaced else set()
    assert {path.name for path in own.folder("three").glob("*")} == own_files
    if not replaced:
        add_three("three", tmp_path)


@pytest.mark.usefixtures("quick")
def test_a_reader_goes_with_its_pictures(tmp_path: Path) -> None:
    add_three("three", tmp_path)
    assert main(["train-reader", "--dataset", "three"]) == 0
    kept = {file.name: file.read_bytes() for file in (own.folder("three") / "reader").iterdir()}
    assert main(["data", "remove", "three"]) == 0
    assert not own.folder("three").exists()
    # As if a copy of it had been left beside other pictures of the name.
    add_three("three", tmp_path, first=3)
    folder = own.folder("three") / "reader"
    folder.mkdir()
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    assert views.dataset("three")["reader"] is None


@pytest.mark.usefixtures("quick")
def test_a_notebook_finds_its_files(tmp_path: Path) -> None:
    from aemodels.widget import shown

    add_three("three", tmp_path)
    assert main(["train-reader", "--dataset", "three"]) == 0
    options = ["--family", "pca", "--latent-dim", "2"]
    assert main(["train", "--dataset", "three", *options, "--output", str(tmp_path / "pca")]) == 0
    made = shown.read_all([tmp_path / "pca"])
    entry = made.dataset["reader"]
    assert entry is not None
    for name in files.FILES:
        place = made.files[f"{entry['url']}/{name}"]
        assert isinstance(place, Path)
        assert place.is_file()
    assert widget.explore(tmp_path / "pca").digit == 0


def exported(folder: Path) -> bytes:
    """The zip of a model of the data set `three`, with its reader."""
    add_three("three", folder)
    assert main(["train-reader", "--dataset", "three"]) == 0
    options = ["--family", "pca", "--latent-dim", "2"]
    assert main(["train", "--dataset", "three", *options, "--run", "one"]) == 0
    path = runs.read("one").bundle_path
    assert path is not None
    return archive.pack(path)


@pytest.mark.usefixtures("quick")
def test_a_model_takes_its_reader_along(tmp_path: Path) -> None:
    content = exported(tmp_path)
    test = data.load_test("three")
    expected = reader.load(reader.folder_of("three")).read(test.images)
    # As if on another machine.
    own.remove("three")
    runs.delete(runs.read("one"))
    run = archive.unpack(content, "three.zip")
    assert run.bundle_path is not None
    item = bundles.read(run.bundle_path)
    shown = views.dataset("three", item)
    entry = shown["reader"]
    assert entry is not None
    assert not shown["here"]
    assert entry["url"] == f"/runs/{run.id}/reader"
    assert entry["class_names"] == [*NAMES]
    assert (reader.load(run.path / "reader").read(test.images) == expected).all()
    for name in (*files.FILES, files.MANIFEST):
        assert http.find(f"{run.id}/reader/{name}") == run.path / "reader" / name
    assert http.find(f"{run.id}/reader/other") is None
    # It is handed on from there.
    again = archive.unpack(archive.pack(run.bundle_path), "again.zip")
    assert (reader.load(again.path / "reader").read(test.images) == expected).all()


def changed(content: bytes, name: str, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as made:
        for entry in old.namelist():
            made.writestr(entry, new if entry.endswith(name) else old.read(entry))
    return stream.getvalue()


@pytest.mark.usefixtures("quick")
def test_a_reader_from_elsewhere_is_not_trusted(tmp_path: Path) -> None:
    content = exported(tmp_path)
    place = reader.folder_of("three")
    manifest = json.loads((place / files.MANIFEST).read_text("utf-8"))
    hostile = {
        "is damaged": ("reader/reader.json", b"[" * 5000),
        "is of other pictures": (
            "reader/reader.json",
            json.dumps({**manifest, "pictures_sha256": "0" * 64}).encode(),
        ),
        "is of another network": (
            "reader/reader.json",
            json.dumps({**manifest, "class_names": ["a", "b"]}).encode(),
        ),
        "aren't shares": (
            "reader/reader.json",
            json.dumps({**manifest, "test": {**manifest["test"], "accuracy": 7.5}}).encode(),
        ),
        "5 bytes where [0-9,]+ were written; save it again": (
            "reader/weights.safetensors",
            b"other",
        ),
    }
    for says, (name, new) in hostile.items():
        with pytest.raises(archive.ArchiveError, match=says):
            archive.unpack(changed(content, name, new), "three.zip")
    assert [run.id for run in runs.list_runs()] == ["one"]
    # A graph is never taken over.
    run = archive.unpack(changed(content, "reader/reader.onnx", b"hostile"), "three.zip")
    assert (run.path / "reader/reader.onnx").read_bytes() == (place / "reader.onnx").read_bytes()


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (None, "its pictures have no classes; a reader needs two or more"),
        (0, "all its pictures are of one class; a reader needs two or more"),
        (2, "80 training pictures; a reader needs at least 100"),
    ],
)
def test_what_can_have_no_reader_is_refused(
    tmp_path: Path, capsys: Capsys, labels: int | None, says: str
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (100, 28, 28), np.uint8)
    if labels is None:
        np.savez(tmp_path / "a.npz", images=images)
    else:
        np.savez(tmp_path / "a.npz", images=images, labels=np.arange(100) % max(1, labels))
    pictures.add("mine", tmp_path / "a.npz")
    assert main(["train-reader", "--dataset", "mine"]) == 2
    assert says in capsys.readouterr().err
    assert views.dataset("mine")["reader"] is None


def test_a_known_data_set_needs_a_folder_for_its_reader(capsys: Capsys) -> None:
    assert main(["train-reader"]) == 2
    assert "MNIST: --output is needed" in capsys.readouterr().err
    assert main(["train-reader", "--dataset", "nowhere"]) == 2
    assert "data set nowhere: must be mnist" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_a_damaged_reader_of_ones_own_is_off_and_says_how_to_train_it(tmp_path: Path) -> None:
    add_three("three", tmp_path)
    assert main(["train-reader", "--dataset", "three"]) == 0
    folder = reader.folder_of("three")
    (folder / files.MANIFEST).write_text("{}")
    assert views.dataset("three")["reader"] is None
    with pytest.raises(reader.ReaderError, match="train-reader --dataset three"):
        reader.load(folder)


def test_a_few_pictures_that_are_all_read_right_make_nobody_certain() -> None:
    """Without doubt, the likelihood grows with ever lower temperatures."""
    labels = np.arange(30) % 3
    logits = np.where(np.eye(3)[labels] > 0, 2.0, 0.0)
    assert fit_temperature(logits, labels) < 0.06
    # Each is read right by all 30: Platt's estimate of the share is 31 of 32.
    found = fit_temperature(logits, labels, few(30))
    sure = 1 / (1 + 2 * np.exp(-2.0 / found))
    assert sure == pytest.approx(31 / 32, abs=1e-3)


def test_few_pictures_are_seen_often_and_many_seldom(tmp_path: Path) -> None:
    source = add_three("three", tmp_path)
    passes = training.loop_for(source).epochs
    assert passes == training.MOST_PASSES
    assert training.loop_for(data.SOURCES["mnist"]) == training.LOOP
