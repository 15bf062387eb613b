"""A damaged bundle, or a browser that lacks something, gets a sentence; the rest works."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from aemodels.bundles import zoo
from browser import server


def rewrite(folder: Path, name: str, content: bytes) -> None:
    """Change a file of a bundle and what bundle.json says of it."""
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "bundle.json").read_text())
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"sha256": digest, "bytes": len(content)}
    (folder / "bundle.json").write_text(json.dumps(manifest))


def bad_json(folder: Path) -> None:
    (folder / "bundle.json").write_text('{"format": 1,')


def wrong_hash(folder: Path) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def missing_file(folder: Path) -> None:
    (folder / "decoder.onnx").unlink()


def wrong_shape(folder: Path) -> None:
    codes = np.load(folder / "codes.npy")
    stream = io.BytesIO()
    np.save(stream, codes[..., :-1].copy())
    rewrite(folder, "codes.npy", stream.getvalue())


def nan_weights(folder: Path) -> None:
    weights = safetensors.numpy.load_file(folder / "weights.safetensors")
    weights["decoder.bias"][:] = np.nan
    rewrite(folder, "weights.safetensors", safetensors.numpy.save(weights))


def newer_format(folder: Path) -> None:
    manifest = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**manifest, "format": 99}))


DAMAGE = (bad_json, wrong_hash, missing_file, wrong_shape, nan_weights, newer_format)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app whose zoo lacks a good vae-2 and has one bundle of every kind of damage."""
    folder = tmp_path_factory.mktemp("zoo")
    for name in ("ae-2", "pca-2", "vae-2"):
        shutil.copytree(zoo.folder() / name, folder / name)
    missing_file(folder / "vae-2")
    for damage in DAMAGE:
        shutil.copytree(zoo.folder() / "pca-2", folder / damage.__name__)
        damage(folder / damage.__name__)
    log = tmp_path_factory.mktemp("damaged") / "app.log"
    with server.app(log, {"LATENT_LAB_ZOO": str(folder)}) as url:
        yield url


def test_damaged_bundles_are_left_out(damaged, new_lens):
    lens = new_lens(damaged).open("/")
    alerts = lens.page.get_by_role("alert")
    for name in ["vae-2", *(damage.__name__ for damage in DAMAGE)]:
        alerts.filter(has_text=f"{name} was skipped").wait_for()
    lens.eventually(lambda: lens.picture().max() > 127)
    before = lens.picture()
    lens.drag(lens.map(), (0.5, 0.5), (0.7, 0.3))
    lens.eventually(lambda: (lens.picture() != before).any())
    lens.release()


@pytest.mark.parametrize("page", ["compare", "interpolate"])
def test_a_page_that_lacks_a_model_shows_the_others(damaged, new_lens, page):
    lens = new_lens(damaged).open(f"/{page}")
    lens.page.get_by_role("alert").filter(has_text="vae-2 was skipped").wait_for()
    for title in ("PCA", "Autoencoder"):
        assert lens.map(title).is_visible()
    assert lens.page.locator(".map").count() == 2


@pytest.mark.parametrize(
    ("address", "lacks"),
    [
        ("/", "delete globalThis.WebAssembly"),
        ("/compare", "delete globalThis.DecompressionStream"),
        # Without vector instructions, no module that has them is valid.
        ("/interpolate", "WebAssembly.validate = () => false"),
    ],
)
def test_a_browser_that_lacks_something_gets_a_sentence(lens, address, lacks):
    lens.page.add_init_script(lacks)
    lens.page.goto(lens.url + address)
    lens.page.get_by_text("Firefox 113").first.wait_for()
    assert lens.page.locator(".stage").filter(visible=True).count() == 0


def test_a_model_that_cannot_be_fetched_gets_a_sentence(
    new_lens: Callable, complaints: list[str]
) -> None:
    lens = new_lens()
    lens.page.route("**/decoder.onnx*", lambda route: route.fulfill(status=500, body=""))
    lens.page.goto(lens.url)
    lens.page.get_by_role("alert").filter(has_text="can't be shown").wait_for()
    assert all("decoder.onnx" in complaint for complaint in complaints)
    complaints.clear()
