"""What goes over the wire: compressed once, kept by the browser, and seen when it changes."""

import gzip
import hashlib
import json
import os
import re
from pathlib import Path

import pytest
from starlette.types import ASGIApp

import app as product
import lens
import server
from aemodels import views
from tests.server.asking import ask, streamlit

WASM = "/lens/vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm"
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def imports(front: ASGIApp) -> dict[str, str]:
    """The import map of the first page."""
    page = ask(front, "/").body.decode()
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    return {key: str(value) for key, value in json.loads(found[1])["imports"].items()}


def test_the_wasm_is_at_most_4_mb_on_the_wire(front: ASGIApp) -> None:
    answer = ask(front, WASM, headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/wasm"
    assert int(answer.headers["content-length"]) == len(answer.body) <= 4_000_000
    file = lens.WEB.joinpath(*WASM.split("/")[2:])
    assert gzip.decompress(answer.body) == file.read_bytes()
    plain = ask(front, WASM)
    assert "content-encoding" not in plain.headers
    assert plain.body == file.read_bytes()
    # A cache between must not mix them up.
    assert plain.headers["vary"] == answer.headers["vary"] == "Accept-Encoding"
    assert plain.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize(
    ("offered", "compressed"),
    [
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("GZIP", True),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.0", False),
        ("x-gzip2", False),
        ("", False),
    ],
)
def test_what_a_browser_takes(front: ASGIApp, offered: str, compressed: bool) -> None:
    for address in ("/", "/lens/mount.mjs"):
        answer = ask(front, address, headers={"Accept-Encoding": offered})
        assert (answer.headers.get("content-encoding") == "gzip") == compressed
        assert answer.headers["vary"] == "Accept-Encoding"


def test_no_file_is_compressed_twice(front: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(front, "/lens/dom.mjs", headers=GZIP)
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("again"))
    assert ask(front, "/lens/dom.mjs", headers=GZIP).headers["content-encoding"] == "gzip"


def test_every_module_has_an_address_of_its_version(front: ASGIApp) -> None:
    found = imports(front)
    modules = [path for path in lens.WEB.rglob("*") if path.suffix in (".mjs", ".js", ".wasm")]
    assert {f"./lens/{path.relative_to(lens.WEB).as_posix()}" for path in modules} == set(found)
    for plain, versioned in found.items():
        file = lens.WEB / plain.removeprefix("./lens/")
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert versioned == f"{plain}?v={digest[:12]}"


def test_an_address_with_the_right_version_lasts(front: ASGIApp) -> None:
    versioned = imports(front)["./lens/mount.mjs"].removeprefix(".")
    lasting = ask(front, versioned).headers["cache-control"]
    assert lasting == "public, max-age=31536000, immutable"
    # An open page may still ask for the version before.
    for other in ("", "?v=", "?v=0", "?v=000000000000", "?v=" + versioned.partition("=")[2][:4]):
        assert ask(front, "/lens/mount.mjs" + other).headers["cache-control"] == "no-cache"


def test_models_and_digits_last_by_what_python_says_of_them(front: ASGIApp) -> None:
    from aemodels.bundles import bundle, zoo

    model = views.model(bundle.read(zoo.folder() / "vae-2"))
    digits = views.dataset("mnist")
    files = {
        model["url"]: (model["digests"], ["codes.npy", "decoder.onnx", "weights.safetensors"]),
        digits["url"]: (digits["digests"], ["t10k-images-idx3-ubyte.gz"]),
    }
    for url, (digests, names) in files.items():
        for name in names:
            answer = ask(front, f"{url}/{name}?v={digests[name]}", headers=GZIP)
            assert answer.headers["cache-control"].endswith("immutable")
            assert hashlib.sha256(answer.body).hexdigest().startswith(digests[name])


def test_what_has_not_changed_is_not_sent_again(front: ASGIApp) -> None:
    for headers in ({}, GZIP):
        first = ask(front, "/lens/mount.mjs", headers=headers)
        tag = first.headers["etag"]
        again = ask(front, "/lens/mount.mjs", headers={**headers, "If-None-Match": f"W/{tag}"})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        other = ask(front, "/lens/mount.mjs", headers={**headers, "If-None-Match": '"other"'})
        assert (other.status, other.body) == (200, first.body)


def test_a_changed_file_is_seen_at_once(tmp_path: Path) -> None:
    file = tmp_path / "one.mjs"
    file.write_text("export const one = 1;\n", encoding="utf-8")
    front = server.Front(
        streamlit,
        routes={"lens": server.folder(tmp_path)},
        pages=("",),
        head=server.Head(
            title="",
            description="",
            icon="",
            picture="",
            picture_alt="",
            modules={"lens": tmp_path},
        ),
    )
    before = imports(front)["./lens/one.mjs"].removeprefix(".")
    first = ask(front, before, headers=GZIP)
    file.write_text("export const one = 2;\n", encoding="utf-8")
    # Whatever the file system's clock is worth.
    os.utime(file, ns=(1, 1))
    after = imports(front)["./lens/one.mjs"].removeprefix(".")
    assert after != before
    changed = ask(front, after, headers=GZIP)
    assert gzip.decompress(changed.body) == file.read_bytes()
    assert changed.headers["cache-control"].endswith("immutable")
    # The old address gives the new content, and nobody keeps it.
    stale = ask(front, before, headers={**GZIP, "If-None-Match": first.headers["etag"]})
    assert (stale.status, stale.headers["cache-control"]) == (200, "no-cache")
    assert stale.body == changed.body


def test_streamlits_own_files_are_compressed_too(front: ASGIApp) -> None:
    page = ask(front, "/").body.decode()
    found = re.search(r'src="\.(/static/js/[^"]+)"', page)
    assert found
    answer = ask(front, found[1], headers=GZIP)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"].endswith("immutable")
    assert len(answer.body) < 0.5 * len(ask(front, found[1]).body)


def test_the_app_has_an_icon_and_a_share_card(front: ASGIApp) -> None:
    for address in (product.HEAD.icon, product.HEAD.picture):
        answer = ask(front, f"/{address}", headers=GZIP)
        # PNG is compressed already.
        assert answer.headers["content-type"] == "image/png"
        assert "content-encoding" not in answer.headers


def test_streamlits_pictures_last(front: ASGIApp) -> None:
    """Their names are hashes of their content."""
    there, gone = ask(front, "/media/abc.png"), ask(front, "/media/abd.png")
    assert (there.status, there.body) == (200, b"picture")
    assert there.headers["cache-control"].endswith("immutable")
    assert (gone.status, gone.headers.get("cache-control")) == (404, None)
