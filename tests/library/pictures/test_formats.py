"""Every format that pictures come in: what is loaded is what was written, pixel by pixel."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from aemodels import data, paths
from aemodels import pictures as own_pictures
from aemodels.data import own
from tests.library.pictures.files import labels, pictures, write_idx, write_mnist


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_idx_files_of_mnists_names_keep_their_splits(tmp_path: Path, ending: str) -> None:
    write_mnist(tmp_path / "mine", ending=ending)
    made = own_pictures.add("mine", tmp_path / "mine")
    found = data.load("mine")
    assert np.array_equal(found.train_images, pictures(60, seed=1))
    assert np.array_equal(found.test_images, pictures(30, seed=2))
    assert np.array_equal(found.train_labels, labels(60))
    assert np.array_equal(found.test_labels, labels(30))
    assert found.source == made
    assert (made.class_names, made.noun, made.plural) == (("0", "1", "2"), "picture", "pictures")
    assert (made.train_count, made.test_count) == (60, 30)
    assert "kept as they are" in made.about
    assert [found.test_labels[i] for i in made.example_digits[:3]] == [0, 1, 2]


@pytest.mark.slow
def test_packed_and_unpacked_files_may_be_mixed(tmp_path: Path) -> None:
    write_mnist(tmp_path / "files")
    for split, kind in (("t10k", "images-idx3"), ("train", "labels-idx1")):
        packed = tmp_path / "files" / f"{split}-{kind}-ubyte.gz"
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    own_pictures.add("mixed", tmp_path / "files")
    found = data.load("mixed")
    assert np.array_equal(found.test_images, pictures(30, seed=2))
    assert np.array_equal(found.train_labels, labels(60))


def test_mnist_itself_is_the_same_by_another_name() -> None:
    made = own_pictures.add("again", paths.data() / "mnist")
    found, known = data.load("again"), data.load("mnist")
    for field in ("train_images", "train_labels", "test_images", "test_labels"):
        assert np.array_equal(getattr(found, field), getattr(known, field))
    assert made.class_names == tuple("0123456789")


def test_published_files_of_fashion_mnist_bring_their_class_names(tmp_path: Path) -> None:
    known = paths.data() / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz"
    for split in ("train", "t10k"):
        write_idx(tmp_path / f"{split}-images-idx3-ubyte.gz", np.zeros((10_000, 28, 28)))
        (tmp_path / f"{split}-labels-idx1-ubyte.gz").write_bytes(known.read_bytes())
    made = own_pictures.add("clothes", tmp_path)
    assert made.class_names == data.SOURCES["fashion-mnist"].class_names
    clothes = data.load_test("fashion-mnist")
    assert np.array_equal(data.load_test("clothes").labels, clothes.labels)
    assert data.load_test("clothes").class_names[9] == "Ankle boot"


def test_emnists_letters_stand_upright(tmp_path: Path) -> None:
    upright = pictures(52)
    for split in ("train", "test"):
        stem = tmp_path / f"emnist-letters-{split}"
        # Published column by column, with labels from 1.
        write_idx(Path(f"{stem}-images-idx3-ubyte.gz"), upright.swapaxes(1, 2))
        write_idx(Path(f"{stem}-labels-idx1-ubyte.gz"), labels(52, 26) + 1)
    mapping = "".join(f"{k + 1} {65 + k} {97 + k}\n" for k in range(26))
    (tmp_path / "emnist-letters-mapping.txt").write_text(mapping)
    write_idx(tmp_path / "emnist-digits-train-images-idx3-ubyte.gz", upright)
    with pytest.raises(own_pictures.PicturesError, match="several data sets"):
        own_pictures.add("letters", tmp_path)
    made = own_pictures.add("letters", tmp_path / "emnist-letters-train-images-idx3-ubyte.gz")
    assert made.class_names[:3] == ("Aa", "Bb", "Cc")
    assert len(made.class_names) == 26
    assert "transposed" in made.about
    found = data.load("letters")
    order = found.test_labels.argsort(kind="stable")
    expected = upright[labels(52, 26).argsort(kind="stable")]
    assert np.array_equal(found.test_images[order], expected)


def test_keras_npz(tmp_path: Path) -> None:
    np.savez_compressed(
        tmp_path / "mnist.npz",
        x_train=pictures(60, seed=1),
        y_train=labels(60),
        x_test=pictures(30, seed=2),
        y_test=labels(30),
    )
    own_pictures.add("keras", tmp_path / "mnist.npz")
    found = data.load("keras")
    assert np.array_equal(found.train_images, pictures(60, seed=1))
    assert np.array_equal(found.test_labels, labels(30))


def test_kuzushijis_four_npz_files(tmp_path: Path) -> None:
    for split, count in (("train", 60), ("test", 30)):
        np.savez(tmp_path / f"kmnist-{split}-imgs.npz", pictures(count, seed=count))
        np.savez(tmp_path / f"kmnist-{split}-labels.npz", labels(count))
    own_pictures.add("kuzushiji", tmp_path / "kmnist-train-imgs.npz")
    found = data.load("kuzushiji")
    assert np.array_equal(found.train_images, pictures(60, seed=60))
    assert np.array_equal(found.test_images, pictures(30, seed=30))
    assert np.array_equal(found.test_labels, labels(30))


@pytest.mark.parametrize(
    ("kind", "scale"), [(np.float32, 1 / 255), (np.float64, 1), (np.int64, 1), (np.uint16, 1)]
)
def test_numbers_of_any_type_are_grey_levels(tmp_path: Path, kind: type, scale: float) -> None:
    every = pictures(60)
    np.savez(tmp_path / "a.npz", images=(every * scale).astype(kind), labels=labels(60)[:, None])
    own_pictures.add("mine", tmp_path / "a.npz")
    found = data.load("mine")
    both = np.concatenate([found.train_images, found.test_images])
    assert {image.tobytes() for image in both} == {image.tobytes() for image in every}


@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_csv(tmp_path: Path, header: bool, packed: bool) -> None:
    every, path = pictures(60), tmp_path / "mnist_train.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        if header:
            writer.writerow(["label", *(f"pixel{k}" for k in range(784))])
        for label, image in zip(labels(60), every, strict=True):
            writer.writerow([label, *image.ravel()])
    if packed:
        path = tmp_path / "mnist_train.csv.gz"
        path.write_bytes(gzip.compress((tmp_path / "mnist_train.csv").read_bytes()))
    own_pictures.add("table", path, test=path)
    found = data.load("table")
    assert np.array_equal(found.train_images, every)
    assert np.array_equal(found.test_images, every)
    assert np.array_equal(found.train_labels, labels(60))


def test_csv_without_labels_has_no_classes(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    np.savetxt(path, pictures(40).reshape(40, 784), "%d", ",")
    made = own_pictures.add("plain", path, test_share=0.4)
    assert made.class_names == ()
    assert not data.load("plain").test_labels.any()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
def test_a_folder_a_class(tmp_path: Path, mode: str) -> None:
    every = pictures(60)
    for k, image in enumerate(every):
        folder = tmp_path / "shapes" / ("circle", "square", "star")[k % 3]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).convert(mode).save(folder / f"{k:03}.png")
    (tmp_path / "shapes" / ".DS_Store").write_bytes(b"x")
    made = own_pictures.add("shapes", tmp_path / "shapes", test_share=0.25, seed=7)
    assert made.class_names == ("circle", "square", "star")
    found = data.load("shapes")
    place = {image.tobytes(): k for k, image in enumerate(every)}
    for images, classes in (
        (found.train_images, found.train_labels),
        (found.test_images, found.test_labels),
    ):
        known = [place[image.tobytes()] for image in images]
        assert [k % 3 for k in known] == classes.tolist()
    assert np.bincount(found.test_labels).tolist() == [5, 5, 5]
    assert np.bincount(found.train_labels).tolist() == [15, 15, 15]
    assert "15 of 60, drawn with seed 7" in made.about


def test_jpeg_and_16_bits_are_as_pillow_has_them(tmp_path: Path) -> None:
    deep = np.random.default_rng(0).integers(0, 65536, (28, 28), np.uint16)
    every = pictures(30)
    for k, image in enumerate(every):
        Image.fromarray(image).save(tmp_path / f"{k:02}.jpg", quality=95)
    Image.fromarray(deep).save(tmp_path / "99.png")
    own_pictures.add("mixed", tmp_path, test_share=0.4)
    found = data.load("mixed")
    both = np.concatenate([found.train_images, found.test_images])
    have = {image.tobytes() for image in both}
    for k in range(30):
        with Image.open(tmp_path / f"{k:02}.jpg") as jpeg:
            assert np.asarray(jpeg).tobytes() in have
    assert np.rint(deep / 257).astype(np.uint8).tobytes() in have


def test_train_and_test_folders(tmp_path: Path) -> None:
    for split, count in (("train", 40), ("test", 20)):
        for k, image in enumerate(pictures(count, seed=count)):
            folder = tmp_path / split / "ab"[k % 2]
            folder.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(folder / f"{k:02}.png")
    made = own_pictures.add("both", tmp_path)
    assert (made.train_count, made.test_count) == (40, 20)
    have = {image.tobytes() for image in data.load("both").test_images}
    assert have == {image.tobytes() for image in pictures(20, seed=20)}


def test_scikit_learns_digits_are_resized_as_pillow_does() -> None:
    made = own_pictures.add("small-digits", "scikit-learn-digits")
    assert made.train_count + made.test_count == 1797
    assert made.class_names == tuple("0123456789")
    assert "8 x 8 pixels were resized to 28 x 28" in made.about
    found = data.load("small-digits")
    both = np.concatenate([found.train_images, found.test_images])
    levels = np.rint(load_digits().images * 255 / 16).astype(np.uint8)
    for image in levels[:50]:
        large = Image.fromarray(image).resize((28, 28), Image.Resampling.BILINEAR)
        assert (both == np.asarray(large)).all((1, 2)).any()


def test_mnists_preparation_is_that_of_drawn_digits(tmp_path: Path) -> None:
    every = np.full((30, 40, 60), 255, np.uint8)
    for k, image in enumerate(every):
        image[5 : 30 - k % 7, 10 : 20 + k % 5] = 0
        Image.fromarray(image).save(tmp_path / f"{k:02}.png")
    made = own_pictures.add("drawn", tmp_path, resize="mnist", test_share=0.4)
    assert "40 x 60 pixels were brought to 28 x 28 as MNIST's digits were made" in made.about
    found = data.load("drawn")
    both = np.concatenate([found.train_images, found.test_images])
    for image in every:
        prepared = np.rint(data.prepare(image) * 255).astype(np.uint8)
        assert (both == prepared).all((1, 2)).any()


def test_dark_and_light_are_exchanged(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=pictures(60), labels=labels(60))
    made = own_pictures.add("dark", tmp_path / "a.npz", invert=True)
    have = {image.tobytes() for image in data.load("dark").train_images}
    assert have < {(255 - image).tobytes() for image in pictures(60)}
    assert "dark and light exchanged" in made.about
    (tmp_path / "ink").mkdir()
    for k, image in enumerate(pictures(60)):
        Image.fromarray(image).save(tmp_path / "ink" / f"{k}.png")
    own_pictures.add("ink", tmp_path / "ink", invert=True)
    have = {image.tobytes() for image in data.load("ink").train_images}
    assert have < {(255 - image).tobytes() for image in pictures(60)}


def test_the_same_pictures_have_the_same_hash(tmp_path: Path) -> None:
    write_mnist(tmp_path / "a")
    write_mnist(tmp_path / "b", ending="")
    one, two = (own_pictures.add(name, tmp_path / name) for name in "ab")
    assert one.pictures_sha256 == two.pictures_sha256
    write_mnist(tmp_path / "c", test=31)
    assert own_pictures.add("c", tmp_path / "c").pictures_sha256 != one.pictures_sha256


def test_listed_found_and_removed(tmp_path: Path, home: Path) -> None:
    write_mnist(tmp_path / "a")
    own_pictures.add("mine", tmp_path / "a")
    assert own.names() == ("mine",)
    with pytest.raises(data.DataError, match="mine: exists already"):
        own_pictures.add("mine", tmp_path / "a")
    own.remove("mine")
    assert own.names() == ()
    assert list((home / "datasets").iterdir()) == []
    with pytest.raises(data.DataError, match="mine: must be mnist or fashion-mnist"):
        data.load("mine")


def test_more_than_fit_are_drawn_by_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aemodels.pictures.splits.MOST_TRAIN", 30)
    np.savez(tmp_path / "a.npz", images=pictures(200), labels=labels(200, 2))
    made = own_pictures.add("many", tmp_path / "a.npz")
    assert made.train_count == 30
    assert "Kept are 30 of 160 training pictures, drawn with seed 0" in made.about
    assert np.bincount(data.load("many").train_labels).tolist() == [15, 15]


def test_sorted_pictures_are_shuffled(tmp_path: Path) -> None:
    np.savez(
        tmp_path / "a.npz",
        x_train=pictures(60),
        y_train=np.sort(labels(60)),
        x_test=pictures(30),
        y_test=np.sort(labels(30)),
    )
    own_pictures.add("mine", tmp_path / "a.npz")
    found = data.load("mine")
    assert len(set(found.train_labels[:20].tolist())) == 3
    place = {image.tobytes(): k for k, image in enumerate(pictures(60))}
    known = [place[image.tobytes()] for image in found.train_images]
    assert [k // 20 for k in known] == found.train_labels.tolist()
