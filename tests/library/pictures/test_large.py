"""Large pictures and files that unpack to much: what they take, and that what is made is right."""

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFile

from aemodels import data
from aemodels import pictures as own_pictures
from aemodels.data import own, preparation
from aemodels.pictures import (
    PicturesError,
    Upload,
    add_uploaded,
    csv_file,
    decoding,
    image_folder,
    upload,
)
from aemodels.pictures.budget import Budget
from aemodels.pictures.decoding import decode
from aemodels.pictures.idx_files import unpacked
from aemodels.pictures.sizes import MNIST, PLAIN, Bringer

MB = 1_000_000
COMMAND = "python -m aemodels data add PATH --name NAME"


def peak(action: Callable[[], object]) -> int:
    """The most bytes that Python and NumPy held during an action, above those before it."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def stroke() -> Image.Image:
    """Dark ink on light paper, (440, 400)."""
    image = Image.new("RGB", (400, 440), (240, 230, 220))
    ImageDraw.Draw(image).line([(80, 100), (240, 120), (160, 340)], (30, 20, 60), 36)
    return image


def of_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    return image.quantize(8, dither=Image.Dither.NONE) if mode == "P" else image.convert(mode)


KINDS = [
    *((mode, "png") for mode in ("RGB", "RGBA", "L", "P", "I;16")),
    ("RGB", "jpg"),
    ("L", "jpg"),
]


@pytest.mark.parametrize("way", [PLAIN, MNIST])
@pytest.mark.parametrize(("mode", "ending"), KINDS)
def test_a_large_picture_becomes_what_a_small_one_of_it_does(
    tmp_path: Path, way: str, mode: str, ending: str
) -> None:
    found = []
    for scale in (1, 8):
        width, height = 400 * scale, 440 * scale
        picture = stroke().resize((width, height), Image.Resampling.NEAREST)
        of_mode(picture, mode).save(tmp_path / f"{scale}.{ending}", quality=95)
        levels, size = decode(tmp_path / f"{scale}.{ending}", Budget())
        assert size == (height, width)
        assert max(levels.shape[:2]) <= decoding.LONGEST
        found.append(Bringer(way).one(levels).astype(int))
    assert found[0].max() - found[0].min() > 150
    assert np.abs(found[0] - found[1]).max() <= (8 if ending == "jpg" else 2)


def test_a_transparent_pixel_has_no_colour(tmp_path: Path) -> None:
    """Half of each square of pixels is clear black, half opaque white: all of it shows white."""
    picture = np.zeros((2240, 2240, 4), np.uint8)
    picture[::2] = 255
    Image.fromarray(picture).save(tmp_path / "a.png")
    levels, _ = decode(tmp_path / "a.png", Budget())
    assert levels.shape == (1120, 1120, 4)
    assert np.abs(preparation.to_grey(levels) - 1).max() < 0.01


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_phone_held_upright(tmp_path: Path, ending: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # stored turned to the left
    upright = stroke().resize((2000, 2200), Image.Resampling.NEAREST)
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    levels, size = decode(tmp_path / f"a.{ending}", Budget())
    assert size == (2200, 2000)
    small = upright.resize((levels.shape[1], levels.shape[0]), Image.Resampling.BOX)
    assert np.abs(levels - np.asarray(small).astype(int)).mean() < 2


def test_grey_levels_by_tables_are_those_of_the_formula() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (50, 40, 4), np.uint8)
    levels = picture / 255
    grey = levels[..., :3] @ [0.299, 0.587, 0.114]
    assert np.allclose(preparation.to_grey(picture[..., :3]), grey, atol=1e-15)
    expected = grey * levels[..., 3] + 1 - levels[..., 3]
    assert np.allclose(preparation.to_grey(picture), expected, atol=1e-15)
    one = picture[..., 0]
    assert np.array_equal(
        preparation.to_grey(one), preparation.to_grey(np.stack([one, one, one], 2))
    )


@pytest.mark.parametrize("way", [PLAIN, MNIST])
def test_the_memory_that_a_large_picture_takes(tmp_path: Path, way: str) -> None:
    picture = np.zeros((4096, 4096, 4), np.uint8)
    picture[1000:3000, 2000:2200, 3] = 255
    Image.fromarray(picture).save(tmp_path / "a.png")
    found = peak(lambda: Bringer(way).one(decode(tmp_path / "a.png", Budget())[0]))
    assert found < 100 * MB
    assert peak(lambda: Bringer(way).one(picture)) < 200 * MB


def test_the_memory_that_fractions_take() -> None:
    stream = io.BytesIO()
    np.savez_compressed(stream, images=np.zeros((40_000, 784), np.float32))
    assert len(stream.getvalue()) < 200_000
    files = [Upload("a.npz", stream.getvalue())]
    # 125 MB of fractions, twice while they are unpacked.
    assert peak(lambda: add_uploaded("mine", files)) < 300 * MB


def test_the_memory_that_one_line_of_a_table_takes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"1," * 3_999_999 + b"1")

    def read() -> None:
        with pytest.raises(PicturesError, match="where at most 2,500,000 numbers are read; fewer"):
            own_pictures.add("mine", tmp_path / "a.csv", budget=Budget(most_bytes=10 * MB))

    assert peak(read) < 20 * MB


def test_a_table_of_too_many_pictures_is_sent_to_no_command_that_takes_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "MOST_PICTURES", 20)
    line = b",".join([b"0"] * 4) + b"\n"
    with pytest.raises(PicturesError) as caught:
        add_uploaded("mine", [Upload("a.csv", line * 30)])
    assert str(caught.value) == (
        "a.csv: 30 lines, where at most 20 pictures are read; leave some out"
    )
    monkeypatch.setattr(upload, "LARGEST", 300)
    with pytest.raises(PicturesError, match=f"at most 75 numbers are read; .*{COMMAND}"):
        add_uploaded("mine", [Upload("a.csv", line * 20)])


def packed(name: str, content: bytes, count: int = 1) -> Upload:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for k in range(count):
            archive.writestr(f"{k:03}-{name}", content)
    return Upload("a.zip", stream.getvalue())


def test_an_upload_has_so_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    Image.new("L", (1000, 500)).save(stream, "PNG")
    monkeypatch.setattr(upload, "MOST_PIXELS", 10 * MB)
    with pytest.raises(PicturesError) as caught:
        add_uploaded("mine", [packed("a.png", stream.getvalue(), 30)])
    assert str(caught.value) == (
        "30 pictures with 15,000,000 pixels in all, each counted as at least 64 x 64, where at "
        "most 10,000,000 are read; add fewer or smaller pictures, or use "
        "python -m aemodels data add PATH --name NAME, which takes 1 GiB and any number of pixels"
    )
    stream = io.BytesIO()
    np.savez_compressed(stream, images=np.zeros((30, 1000, 500), np.uint8))
    with pytest.raises(PicturesError, match="with these 30 pictures of 1,000 x 500 pixels, all"):
        add_uploaded("mine", [Upload("a.npz", stream.getvalue())])
    # Small ones count as 64 x 64, since each takes its time; those of 28 x 28 are kept as they are.
    for side, enough in ((2, False), (28, True)):
        stream = io.BytesIO()
        np.savez_compressed(stream, images=np.zeros((2500, side, side), np.uint8))
        files = [Upload("a.npz", stream.getvalue())]
        if enough:
            add_uploaded("mine", files)
        else:
            with pytest.raises(PicturesError, match="all have more than 10,000,000"):
                add_uploaded("mine", files)
    assert own.names() == ("mine",)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[ImageFile.ImageFile]:
    """The pictures that Pillow decodes from now on."""
    found: list[ImageFile.ImageFile] = []
    load = ImageFile.ImageFile.load

    def noted(picture: ImageFile.ImageFile) -> object:
        found.append(picture)
        return load(picture)

    monkeypatch.setattr(ImageFile.ImageFile, "load", noted)
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("split", ["", "train/a/"])
def test_headers_that_say_too_much_are_refused_before_a_picture_is_decoded(
    kind: str,
    split: str,
    decoded: list[ImageFile.ImageFile],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where the test pictures alone are too many."""
    streams = {}
    for name, size in (("small", (64, 64)), ("large", (1000, 500))):
        streams[name] = io.BytesIO()
        Image.new("L", size, 9).save(streams[name], kind)
    ending = "jpg" if kind == "JPEG" else "png"
    files = {f"{split}{k}.{ending}": streams["small"].getvalue() for k in range(20)}
    other = split.replace("train", "test")
    files |= {f"{other}x{k}.{ending}": streams["large"].getvalue() for k in range(20)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    monkeypatch.setattr(upload, "MOST_PIXELS", 10 * MB)
    with pytest.raises(PicturesError, match="40 pictures with 10,081,920 pixels in all"):
        add_uploaded("mine", [Upload("a.zip", packed.getvalue())])
    assert not decoded
    monkeypatch.setattr(upload, "MOST_PIXELS", 11 * MB)
    add_uploaded("mine", [Upload("a.zip", packed.getvalue())], test_share=0.4)
    assert len(decoded) >= 40


def test_headers_that_say_too_little_are_found_out(
    decoded: list[ImageFile.ImageFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the first look at a file says, what is decoded counts."""
    stream = io.BytesIO()
    Image.new("L", (1000, 500)).save(stream, "PNG")
    monkeypatch.setattr(upload, "MOST_PIXELS", 10 * MB)
    monkeypatch.setattr(image_folder, "size_in_header", lambda path: (1, 1))
    with pytest.raises(PicturesError, match=r"020-a\.png: with this picture of 500 x 1,000 pixels"):
        add_uploaded("mine", [packed("a.png", stream.getvalue(), 30)])
    assert {each.size for each in decoded} == {(1000, 500)}
    assert own.names() == ()


def test_arrays_are_counted_before_one_is_resized(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    images = np.zeros((1500, 2, 2), np.uint8)
    np.savez_compressed(stream, x_train=images, x_test=images)
    resized = []
    monkeypatch.setattr(Bringer, "one", lambda self, picture: resized.append(picture))
    monkeypatch.setattr(upload, "MOST_PIXELS", 10 * MB)
    with pytest.raises(PicturesError, match="with these 1,500 pictures of 2 x 2 pixels, all have"):
        add_uploaded("mine", [Upload("a.npz", stream.getvalue())])
    assert not resized


@pytest.mark.parametrize("kind", ["npz", "csv", "csv.gz", "idx", "zip"])
def test_an_upload_unpacks_to_so_many_bytes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "LARGEST", 100_000)
    stream = io.BytesIO()
    np.savez_compressed(stream, images=np.zeros((200, 28, 28), np.uint8))
    table = b"\n".join([b",".join([b"0"] * 784)] * 100)
    idx = b"\0\0\x08\3\0\0\0\xc8\0\0\0\x1c\0\0\0\x1c" + bytes(200 * 784)
    file = {
        "npz": Upload("a.npz", stream.getvalue()),
        "csv": Upload("a.csv", table),
        "csv.gz": Upload("a.csv.gz", gzip.compress(table)),
        "idx": Upload("a-images-idx3-ubyte.gz", gzip.compress(idx)),
        "zip": packed("images-idx3-ubyte", idx),
    }[kind]
    with pytest.raises(PicturesError, match=f"unpacks to more than 100,000 bytes.*{COMMAND}"):
        add_uploaded("mine", [file])
    assert own.names() == ()


def test_all_files_of_an_upload_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "LARGEST", 100_000)
    idx = b"\0\0\x08\3\0\0\0\x4e\0\0\0\x1c\0\0\0\x1c" + bytes(78 * 784)
    files = [
        Upload(f"{split}-images-idx3-ubyte.gz", gzip.compress(idx)) for split in ("train", "t10k")
    ]
    with pytest.raises(data.DataError, match=r"t10k-images-idx3-ubyte\.gz: unpacks to more than"):
        add_uploaded("mine", files)


def test_a_file_is_unpacked_once_into_its_own_room(tmp_path: Path) -> None:
    """EMNIST's largest has half a gigabyte."""
    path = tmp_path / "a-images-idx3-ubyte.gz"
    content = np.random.default_rng(0).integers(0, 4, 60 * MB, np.uint8).tobytes()
    path.write_bytes(gzip.compress(content, 1))
    found = []
    assert peak(lambda: found.append(unpacked(path, Budget()))) < 100 * MB
    assert found == [content]
    path.write_bytes(gzip.compress(content, 1)[:-100])
    with pytest.raises(PicturesError, match="is cut short; copy it again"):
        unpacked(path, Budget())


@pytest.mark.parametrize("size", [(1200, 1), (1, 1200), (4000, 2)])
def test_a_thin_jpeg_is_a_picture(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "thin.jpg"
    Image.new("L", size, 200).save(path)
    levels, shape = decode(path, Budget())
    assert shape == size[::-1]
    assert max(levels.shape[:2]) <= decoding.LONGEST
    assert abs(int(levels.max()) - 200) <= 2
