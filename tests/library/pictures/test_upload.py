"""Files that came through a browser make the same data set as the files on disk."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aemodels import data
from aemodels import pictures as own_pictures
from aemodels.data import own
from aemodels.pictures import PicturesError, Upload, add_uploaded, upload
from tests.library.pictures.files import labels, pictures, write_idx, write_mnist


def png(levels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(levels).save(stream, "PNG")
    return stream.getvalue()


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Upload:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return Upload("pictures.zip", stream.getvalue())


def of_classes(root: str = "") -> dict[str, bytes]:
    """30 pictures of two classes, in their folders."""
    found = pictures(30)
    return {f"{root}{'ab'[k % 2]}/{k:02}.png": png(found[k]) for k in range(30)}


def test_idx_files_are_those_of_the_folder(tmp_path: Path) -> None:
    write_mnist(tmp_path / "files")
    own_pictures.add("disk", tmp_path / "files")
    files = [Upload(path.name, path.read_bytes()) for path in (tmp_path / "files").iterdir()]
    found = add_uploaded("browser", files)
    assert found.pictures_sha256 == data.source("disk").pictures_sha256


def test_a_table(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.savez(stream, images=pictures(60), labels=labels(60))
    found = add_uploaded("mine", [Upload(r"C:\Users\me\my digits.npz", stream.getvalue())])
    assert (found.train_count, found.test_count, found.class_names) == (48, 12, ("0", "1", "2"))


@pytest.mark.parametrize("root", ["", "shapes/", "a/b/"])
@pytest.mark.parametrize("sign", ["/", "\\"])
def test_a_zip_of_folders(root: str, sign: str) -> None:
    clutter = {"__MACOSX/a/._00.png": b"", "Thumbs.db": b"", f"{root}.DS_Store": b"", "x.txt": b""}
    files = {name.replace("/", sign): content for name, content in of_classes(root).items()}
    add_uploaded("mine", [packed(files | clutter)], test_share=0.4)
    found = data.load("mine")
    assert data.source("mine").class_names == ("a", "b")
    kept = {image.tobytes() for image in (*found.train_images, *found.test_images)}
    assert kept == {image.tobytes() for image in pictures(30)}


def test_pictures_alone_have_no_classes() -> None:
    files = [Upload(f"{k}.png", png(image)) for k, image in enumerate(pictures(40))]
    found = add_uploaded("mine", files, test_share=0.4)
    assert (found.class_names, found.train_count, found.test_count) == ((), 24, 16)


@pytest.mark.parametrize("root", ["", "holiday/", "a/b/"])
def test_pictures_in_one_folder_have_no_classes_either(root: str) -> None:
    files = {f"{root}{k}.png": png(image) for k, image in enumerate(pictures(40))}
    found = add_uploaded("mine", [packed(files)], test_share=0.4)
    assert (found.class_names, found.train_count, found.test_count) == ((), 24, 16)


def test_one_folder_below_train_is_looked_into() -> None:
    add_uploaded("mine", [packed(of_classes("shapes/train/"))], test_share=0.4)
    assert data.source("mine").class_names == ("a", "b")


@pytest.mark.parametrize("way", ["zip", "files"])
def test_emnists_mapping_names_the_classes(tmp_path: Path, way: str) -> None:
    for split, count in (("train", 60), ("test", 30)):
        stem = tmp_path / f"emnist-letters-{split}"
        write_idx(Path(f"{stem}-images-idx3-ubyte.gz"), pictures(count, seed=count))
        write_idx(Path(f"{stem}-labels-idx1-ubyte.gz"), labels(count) + 1)
    (tmp_path / "emnist-letters-mapping.txt").write_text("1 65 97\n2 66 98\n3 67 99\n")
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    if way == "zip":
        files = [packed({f"gzip/{name}": content for name, content in contents.items()})]
    else:
        files = [Upload(name, content) for name, content in contents.items()]
    assert add_uploaded("letters", files).class_names == ("Aa", "Bb", "Cc")


@pytest.mark.parametrize(
    "name",
    ["../../out.png", "/etc/out.png", "a/../../../out.png", r"C:\out.png", r"a\..\..\out.png"],
)
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    place = tmp_path / "one" / "two"
    place.mkdir(parents=True)
    upload._unpack(packed({name: png(pictures(1)[0]), "good.png": b"x"}), place)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert place / "good.png" in written
    assert all(path.is_relative_to(place) for path in written)
    assert not Path("/etc/out.png").exists()


def test_long_names_of_any_script_fit_into_a_file_system() -> None:
    for name in (f"{'手' * 110}.png", f"{'a' * 300}.png"):
        safe = upload._safe(name)
        assert len(safe.encode()) <= 255
        assert safe.endswith(".png")


def test_what_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "LARGEST", 10_000)
    with pytest.raises(PicturesError, match=r"than 10,000 bytes; add fewer .* which takes 1 GiB"):
        upload._unpack(packed({"a.png": bytes(9000), "b.png": bytes(9000)}), tmp_path)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "no file; one .npz"),
        ([Upload("a.png", b""), Upload("a.png", b"")], "two files of this name"),
        ([Upload("model.pkl", b"\x80\x02}q\x00.")], "model.pkl: one .npz or .csv file"),
        ([Upload("a.npz", b""), Upload("b.npz", b"")], "a.npz: one .npz or .csv file"),
        ([Upload("a.zip", b"PK")], "a.zip: is not a zip file, or it is damaged"),
        (
            [packed({"a.png": png(pictures(1)[0])}, zipfile.ZIP_LZMA)],
            "pictures.zip: uses an unusual compression; pack",
        ),
        ([packed({f"{'a/' * 5}a.png": b""})], "lies in more than 4 folders"),
        ([packed({"a.png": b"", "a.png/b.png": b""})], "a file and a folder of it have one name"),
        ([packed({"a:1.png": b"", "a?1.png": b""})], "there are two files of this name"),
        ([packed({"x.txt": b"x"})], "holds no picture"),
        ([Upload("a.png", b"no picture")], "is no PNG or JPEG picture"),
    ],
)
def test_refusals(files: list[Upload], says: str) -> None:
    with pytest.raises(PicturesError, match=says):
        add_uploaded("mine", files)
    assert own.names() == ()
