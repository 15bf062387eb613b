"""A data set that must be downloaded: from a real server on this machine, whole or not at all."""

import gzip
import hashlib
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from aemodels import data, paths

LABELS = "train-labels-idx1-ubyte.gz"
IMAGES = "train-images-idx3-ubyte.gz"


@dataclass
class Shop:
    """The files of a server, how it misbehaves, and in `asked` the requests that it got."""

    address: str
    files: dict[str, bytes]
    cut: int | None = None
    says_length: bool = True
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Shop]:
    """A server with a training split of 3 images, which `data` takes for that of Fashion-MNIST.

    The data folder is a new one, with the true test split in it.
    """
    clothes = data.SOURCES["fashion-mnist"]
    pictures, numbers = np.arange(3 * 784, dtype=np.uint8), np.array([9, 0, 4], np.uint8)
    files = {
        IMAGES: gzip.compress(b"\0\0\x08\3" + b"".join(map(size, (3, 28, 28))) + bytes(pictures)),
        LABELS: gzip.compress(b"\0\0\x08\1" + size(3) + bytes(numbers)),
    }
    root = tmp_path / "data"
    (root / "fashion-mnist").mkdir(parents=True)
    for file in clothes.sha256.keys() - files.keys():
        (root / "fashion-mnist" / file).symlink_to(paths.data() / "fashion-mnist" / file)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/")
            stock.asked.append(name)
            if name not in stock.files:
                self.send_error(404)
                return
            self.send_response(200)
            if stock.says_length:
                self.send_header("Content-Length", str(len(stock.files[name])))
            self.end_headers()
            self.wfile.write(stock.files[name][: stock.cut])

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stock = Shop(f"http://127.0.0.1:{server.server_port}/", files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    digests = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    source = replace(clothes, address=stock.address, sha256=clothes.sha256 | digests)
    monkeypatch.setitem(data.SOURCES, "fashion-mnist", source)
    monkeypatch.setenv("LATENT_LAB_DATA", str(root))
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield stock
    server.shutdown()
    server.server_close()
    thread.join()


def size(number: int) -> bytes:
    return number.to_bytes(4, "big")


def there(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("train", "tmp")))


def test_downloaded_once_and_reported(shop: Shop) -> None:
    reported: list[tuple[str, int, int]] = []
    clothes = data.load("fashion-mnist", watch=lambda *news: reported.append(news))
    assert clothes.train_images.shape == (3, 28, 28)
    assert clothes.train_labels.tolist() == [9, 0, 4]
    assert len(clothes.test_images) == 10_000
    lengths = {file: len(content) for file, content in shop.files.items()}
    assert reported == [(file, lengths[file], lengths[file]) for file in (IMAGES, LABELS)]
    assert shop.asked == there(paths.data() / "fashion-mnist") == [IMAGES, LABELS]
    for file, content in shop.files.items():
        path = paths.data() / "fashion-mnist" / file
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o644
    data.load("fashion-mnist")
    assert len(shop.asked) == 2


def test_goes_elsewhere_where_the_repository_cannot_be_written(shop: Shop, tmp_path: Path) -> None:
    for file in (paths.data() / "fashion-mnist").iterdir():
        file.rename(tmp_path / file.name)
    # A file in place of a folder is one that not even root can write into.
    (paths.data() / "fashion-mnist").rmdir()
    (paths.data() / "fashion-mnist").write_bytes(b"")
    with pytest.raises(data.DataError, match="t10k-images"):
        data.load("fashion-mnist")
    assert there(tmp_path / "home" / "data" / "fashion-mnist") == [IMAGES, LABELS]


def altered(shop: Shop) -> None:
    shop.files[LABELS] = gzip.compress(b"something else")


def cut(shop: Shop) -> None:
    shop.cut = 20


def cut_in_silence(shop: Shop) -> None:
    shop.cut, shop.says_length = 20, False


def gone(shop: Shop) -> None:
    del shop.files[LABELS]


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (altered, "the wrong file arrived: its SHA-256 differs"),
        (cut, "the transfer was interrupted"),
        (cut_in_silence, "the wrong file arrived: its SHA-256 differs"),
        (gone, "the server answered 404"),
    ],
)
def test_what_is_not_the_file_leaves_nothing_behind(
    harm: Callable[[Shop], None], reason: str, shop: Shop
) -> None:
    data.load("fashion-mnist")
    (paths.data() / "fashion-mnist" / LABELS).unlink()
    harm(shop)
    with pytest.raises(data.DataError) as caught:
        data.load("fashion-mnist")
    assert str(caught.value) == (
        f"{LABELS} of Fashion-MNIST: could not be downloaded from {shop.address} ({reason}); "
        "try again, or name a folder with its four files, or copy them into data/fashion-mnist"
    )
    assert there(paths.data() / "fashion-mnist") == [IMAGES]


def test_without_internet(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that no machine has, in every network: RFC 6761.
    source = replace(data.SOURCES["fashion-mnist"], address="http://clothes.invalid/")
    monkeypatch.setitem(data.SOURCES, "fashion-mnist", source)
    with pytest.raises(data.DataError, match=re.escape("clothes.invalid/ (no connection); try")):
        data.load("fashion-mnist")
    assert there(paths.data() / "fashion-mnist") == []


def test_a_folder_that_is_named_is_all_that_is_read(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for file in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (folder / file).write_bytes((paths.data() / "fashion-mnist" / file).read_bytes())
    with pytest.raises(data.DataError) as caught:
        data.load("fashion-mnist", folder)
    assert str(caught.value) == (
        f"{IMAGES}: missing from mine; download it again from {shop.address}{IMAGES}"
    )
    assert shop.asked == []
    for file, content in shop.files.items():
        (folder / file).write_bytes(content)
    assert data.load("fashion-mnist", folder).train_labels.tolist() == [9, 0, 4]
