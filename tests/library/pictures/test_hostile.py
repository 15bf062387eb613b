"""Files that can't be used: refused in one sentence, with nothing written and nothing run."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aemodels import data, paths
from aemodels import pictures as own_pictures
from aemodels.data import own
from aemodels.pictures import image_folder, raw
from aemodels.pictures.budget import Budget
from tests.library.pictures.files import labels, pictures, write_idx, write_mnist


class Trap:
    """Leaves a file behind if it is ever unpickled."""

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return (os.system, ("touch sprung",))


def refused(path: Path, message: str, **options: object) -> None:
    with pytest.raises(data.DataError, match=message) as caught:
        own_pictures.add("mine", path, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert own.names() == ()
    assert not paths.own_data().exists()


@pytest.mark.parametrize("name", ["", "a/b", "../x", "A", "-a", "a" * 41, ".", "a.b", "ä", "con"])
def test_names(tmp_path: Path, name: str) -> None:
    write_mnist(tmp_path)
    with pytest.raises(data.DataError, match="a name has 1 to 40 small letters"):
        own_pictures.add(name, tmp_path)
    with pytest.raises(data.DataError):
        data.load(name)
    with pytest.raises(data.DataError):
        own.remove(name)


def test_a_known_name(tmp_path: Path) -> None:
    write_mnist(tmp_path)
    with pytest.raises(data.DataError, match="mnist: comes with this project"):
        own_pictures.add("mnist", tmp_path)


def test_pickled_objects_are_never_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", images=np.array([Trap()], object), labels=labels(1), allow_pickle=True)
    refused(tmp_path / "a.npz", "images of a.npz: holds pickled objects")
    assert not (tmp_path / "sprung").exists()


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "a.npz", images=np.zeros((200, 28, 28), np.uint8))
    assert (tmp_path / "a.npz").stat().st_size < 2000
    budget = Budget(most_bytes=100_000)
    refused(tmp_path / "a.npz", "a.npz: unpacks to more than 100,000 bytes", budget=budget)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_another_kind_is_not_unpacked(tmp_path: Path, method: int) -> None:
    """Python's zipfile unpacks these at once, whatever is asked for."""
    with zipfile.ZipFile(tmp_path / "a.npz", "w", method) as packed:
        packed.writestr("images.npy", bytes(10**6))
    refused(tmp_path / "a.npz", "a.npz: uses an unusual compression; an .npz file is a zip")


def test_a_gzip_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = write_idx(tmp_path / "a-images-idx3-ubyte.gz", np.zeros((200, 28, 28)))
    budget = Budget(most_bytes=100_000)
    refused(path, "unpacks to more than 100,000 bytes", budget=budget)


def test_a_header_that_claims_more_than_there_is(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "|u1", "fortran_order": False, "shape": (10**6, 10**6, 10**6)}
    )
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as packed:
        packed.writestr("images.npy", stream.getvalue() + b"x")
    refused(tmp_path / "a.npz", "which its bytes don't fill")
    header = struct.pack(">HBB3I", 0, 8, 3, 2**20 - 1, 2**31, 2**31)
    (tmp_path / "a-images-idx3-ubyte").write_bytes(header + b"x")
    refused(tmp_path / "a-images-idx3-ubyte", "a-images-idx3-ubyte: ")


def test_files_larger_than_the_limit_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw, "LARGEST_FILE", 1000)
    np.savez(tmp_path / "a.npz", images=pictures(20))
    refused(tmp_path / "a.npz", "bytes; the limit is 1,000")


def png_header(width: int, height: int) -> bytes:
    """A PNG of one chunk, which claims these dimensions."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xaeB`\x82"


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 1)])
def test_huge_pictures_are_not_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "a.png").write_bytes(png_header(*size))
    refused(tmp_path, "a.png: ")


def test_damaged_pictures(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.fromarray(pictures(1, 64, 64)[0]).save(stream, "JPEG")
    for content in (stream.getvalue()[:400], b"", b"GIF89a" + bytes(100), bytes(100)):
        (tmp_path / "a.jpg").write_bytes(content)
        refused(tmp_path, "a.jpg: is no PNG or JPEG picture, or it is cut short or damaged")


def test_a_blank_picture_has_no_ink_to_find(tmp_path: Path) -> None:
    Image.new("L", (30, 30), 255).save(tmp_path / "a.png")
    refused(tmp_path, "a.png: a blank picture", resize="mnist")


@pytest.mark.parametrize(
    ("columns", "text", "message"),
    [
        (783, "", "has 783 columns; a label and the pixels of a square are needed"),
        (786, "", "has 786 columns"),
        (785, "x", "isn't a table of numbers with 785 columns"),
        (785, "nan", "has grey levels that are no numbers"),
        (785, "256", "grey levels from 0 to 256; 0 to 255"),
        (785, "-1", "grey levels from -1 to 1"),
        (785, "1,1", "isn't a table of numbers with 785 columns"),
    ],
)
def test_csv_tables(tmp_path: Path, columns: int, text: str, message: str) -> None:
    rows = [["0", *(["1"] * (columns - 1))] for _ in range(40)]
    rows[1][2] = "0"
    if text:
        rows[20][5] = text
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)))
    refused(tmp_path / "a.csv", message)


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("nan", "picture 21 has the label nothing; labels are whole numbers from 0"),
        ("-1", "picture 21 has the label -1"),
        ("1.5", "picture 21 has the label 1.5"),
        ("inf", "picture 21 has the label inf"),
    ],
)
def test_csv_labels(tmp_path: Path, label: str, message: str) -> None:
    rows = [[str(k % 2), *(["1"] * 784)] for k in range(40)]
    rows[20][0] = label
    (tmp_path / "a.csv").write_text("\n".join(map(",".join, rows)))
    refused(tmp_path / "a.csv", message)


def npz(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path / "a.npz", **arrays)  # type: ignore[arg-type]
    return path / "a.npz"


def test_labels(tmp_path: Path) -> None:
    every = pictures(2000, 2, 2)
    for found, message in (
        (np.arange(2000) % 1000, "1,000 classes; at most 62 can be shown"),
        (labels(1999), "2,000 pictures and 1,999 labels"),
        (np.full(2000, -3), "picture 1 has the label -3"),
        (np.full((2000, 10), 1), "labels of shape"),
        (np.array(["a"] * 2000), "labels of shape"),
        (np.r_[np.zeros(1999), 1], "class 2 of 2 has one picture; two are needed"),
    ):
        refused(npz(tmp_path, images=every, labels=found), message)
    train = {"x_train": pictures(60), "y_train": labels(60), "x_test": pictures(30)}
    refused(npz(tmp_path, **train), "labels for training or test pictures alone")
    lacking = train | {"y_test": labels(30, 2)}
    refused(npz(tmp_path, **lacking), "class 3 of 3 has no test picture")
    refused(npz(tmp_path, images=pictures(13)), "training pictures; at least 12 are needed")


def test_arrays(tmp_path: Path) -> None:
    for images, message in (
        (pictures(60).astype(np.float32) - 300, "grey levels from -300 to"),
        (np.full((60, 28, 28), np.nan), "grey levels from nan to nan"),
        (np.full((60, 28, 28), "x"), "pictures of type <U1"),
        (np.zeros((60, 28, 28, 5)), "pictures of shape"),
        (np.zeros((60, 1, 5000)), "60 pictures of 1 x 5000 pixels"),
        (np.zeros((0, 28, 28)), "0 pictures"),
        (np.zeros((60, 783)), "rows of 783 numbers, which make no square"),
        (np.zeros(5), "pictures of shape"),
        (np.zeros((60, 28, 28), complex), "pictures of type complex128"),
    ):
        refused(npz(tmp_path, images=images), message)
    refused(npz(tmp_path, weights=np.zeros(3)), "holds weights; x_train, y_train")


def test_links(tmp_path: Path) -> None:
    write_mnist(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    refused(tmp_path / "link", "link: is a symbolic link")
    (tmp_path / "mine").mkdir()
    Image.fromarray(pictures(1)[0]).save(tmp_path / "secret.png")
    (tmp_path / "mine" / "a.png").symlink_to(tmp_path / "secret.png")
    refused(tmp_path / "mine", "mine: a.png is a symbolic link; copy what it points to")
    images = tmp_path / "real" / "train-images-idx3-ubyte.gz"
    images.rename(tmp_path / "elsewhere.gz")
    images.symlink_to(tmp_path / "elsewhere.gz")
    refused(tmp_path / "real", "train-images-idx3-ubyte.gz: is a symbolic link")


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(tmp_path / "nowhere", "nowhere: there is no such file")
    refused(tmp_path, "holds no picture that ends in .png or .jpg or .jpeg")
    for k in range(30):
        (tmp_path / "a" / f"b{k % 3}").mkdir(parents=True, exist_ok=True)
        Image.fromarray(pictures(1)[0]).save(tmp_path / "a" / f"b{k % 3}" / f"{k}.png")
    refused(tmp_path, "a holds the folder b0; one level of folders")
    Image.fromarray(pictures(1)[0]).save(tmp_path / "a" / "x.png")
    refused(tmp_path / "a", "a: holds pictures and folders")
    monkeypatch.setattr(image_folder, "MOST_ENTRIES", 20)
    (tmp_path / "a" / "x.png").unlink()
    refused(tmp_path / "a", "more than 20 files")


def test_files_of_other_kinds(tmp_path: Path) -> None:
    for name in ("model.pt", "a.txt", "a.zip"):
        (tmp_path / name).write_bytes(b"\x80\x02hello")
        refused(tmp_path / name, "IDX files, .npz, .csv or a folder")
    refused(tmp_path / "a.zip", "is needed; unpack the zip, and give what it holds")
    for name in ("a.npz", "b.npz"):
        (tmp_path / name).write_bytes(b"PK\3\4" + bytes(100))
        refused(tmp_path / name, "is not a zip file, or it is damaged; an .npz file is a zip")


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    """Bytes of each format are overwritten at random: a data set or a DataError, nothing else."""
    generator = np.random.default_rng(0)
    np.savez(tmp_path / "good.npz", images=pictures(40), labels=labels(40))
    write_idx(tmp_path / "good-images-idx3-ubyte", pictures(40))
    write_idx(tmp_path / "good-images-idx3-ubyte.gz", pictures(40))
    np.savetxt(tmp_path / "good.csv", pictures(40, 5, 5).reshape(40, 25), "%d", ",")
    (tmp_path / "folder").mkdir()
    for k in range(25):
        Image.fromarray(pictures(1)[0]).save(tmp_path / "folder" / f"{k}.png")
    for name in [*sorted(entry.name for entry in tmp_path.glob("good*")), "folder/3.png"]:
        good = (tmp_path / name).read_bytes()
        target = tmp_path / "folder" / "3.png" if "/" in name else tmp_path / f"bad-{name}"
        for _ in range(15):
            bad = np.frombuffer(good, np.uint8).copy()
            bad[generator.integers(0, min(len(bad), 400), 4)] = generator.integers(0, 256, 4)
            target.write_bytes(bad.tobytes()[: generator.integers(1, len(bad) + 1)])
            try:
                own_pictures.add("mine", target.parent if "/" in name else target)
            except data.DataError:
                pass
            else:
                data.load("mine")
                own.remove("mine")


def test_a_stored_data_set_that_was_altered(tmp_path: Path, home: Path) -> None:
    write_mnist(tmp_path)
    own_pictures.add("mine", tmp_path)
    folder = home / "datasets" / "mine"
    write_idx(folder / "t10k-images-idx3-ubyte.gz", pictures(30, seed=9))
    with pytest.raises(data.DataError, match="gz of mine: cut short or altered"):
        data.load("mine")
    text = (folder / "dataset.json").read_text("utf-8")
    for wrong in (
        "",
        "{}",
        "[" * 100_000,
        text.replace("30", '"30"'),
        text.replace('"0"', '"\\n"'),
    ):
        (folder / "dataset.json").write_text(wrong, "utf-8")
        with pytest.raises(data.DataError, match=r"data set mine: dataset\.json is damaged"):
            data.source("mine")
    (folder / "dataset.json").write_text(text.replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(data.DataError, match="its format isn't 1; update Latent Lab"):
        data.source("mine")


def test_a_csv_whose_header_is_wider_than_its_lines(tmp_path: Path) -> None:
    header = ",".join(["label", *(f"pixel{k}" for k in range(784))])
    lines = [",".join(["1"] * 784)] * 40
    (tmp_path / "a.csv").write_text("\n".join([header, *lines]))
    refused(tmp_path / "a.csv", "its first line has 785 columns, the next 784")


def test_a_picture_may_have_idx_in_its_name(tmp_path: Path) -> None:
    for k, one in enumerate(pictures(80)):
        Image.fromarray(one).save(tmp_path / f"img_idx_{k:03}.png")
    made = own_pictures.add("mine", tmp_path)
    assert made.train_count + made.test_count == 80
