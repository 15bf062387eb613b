"""What the middleware before Streamlit answers, asked without a socket."""

import ast
import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
import streamlit as st
from starlette.types import ASGIApp

import app as product
import server
from tests.server.asking import ask, streamlit
from ui import parameters

ROOT = Path(__file__).parents[2]


@pytest.fixture
def base(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Sets `server.baseUrlPath`; gives the path before every address."""
    plain = st.get_option
    monkeypatch.setattr(
        st,
        "get_option",
        lambda name: request.param if name == "server.baseUrlPath" else plain(name),
    )
    trimmed = request.param.strip("/")
    return f"/{trimmed}" if trimmed else ""


BASES = pytest.mark.parametrize("base", ["", "lab", "/lab/", "a/b"], indirect=True)


class Tags(HTMLParser):
    """The tags of a page in order, with the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[int, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        place = len(self.found) - 1
        self.text[place] = self.text.get(place, "") + data

    def place(self, tag: str, **wanted: str) -> int:
        """Where the only such tag is."""
        places = [
            place
            for place, (name, attributes) in enumerate(self.found)
            if name == tag and wanted.items() <= attributes.items()
        ]
        assert len(places) == 1, (tag, wanted, places)
        return places[0]

    def meta(self, **wanted: str) -> str:
        return str(self.found[self.place("meta", **wanted)][1]["content"])


@BASES
@pytest.mark.parametrize("page", parameters.TABLES)
def test_every_page_has_our_head(front: ASGIApp, base: str, page: str) -> None:
    answer = ask(front, f"{base}/{page}?latents=2")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"  # a cookie comes with it
    assert answer.headers["x-content-type-options"] == "nosniff"
    tags = Tags(answer.body.decode())
    assert tags.found[tags.place("html")][1] == {"lang": "en"}
    assert tags.text[tags.place("title")].strip() == "Latent Lab"
    assert tags.meta(name="description") == tags.meta(property="og:description")
    assert tags.meta(property="og:title") == "Latent Lab"
    assert tags.meta(property="og:image") == f"http://lab.example{base}/lens/share.png"
    # The picture and the icon are there.
    icon = str(tags.found[tags.place("link", rel="icon")][1]["href"])
    for address in (f"{base}/lens/share.png", urljoin(f"{base}/{page}", icon)):
        assert ask(front, address).headers["content-type"] == "image/png"
    # Streamlit's script comes after ours and is where the page says.
    script = next(
        place
        for place, (tag, attributes) in enumerate(tags.found)
        if tag == "script" and "/static/js/" in (attributes.get("src") or "")
    )
    first = next(place for place, text in tags.text.items() if "BACKEND_BASE_URL" in text)
    assert first < script
    source = urljoin(f"{base}/{page}", str(tags.found[script][1]["src"]))
    assert source.startswith(f"{base}/static/js/")


@BASES
@pytest.mark.parametrize(
    "path", ["lens/nothing.mjs", "lens", "lens/", "lens/%2e%2e/routes.py", "zoo/vae-2/nothing",
             "zoo/.gitignore", "runs/x", "live/x", "static/js/nothing.js", "compare/nothing",
             "lens/..%5Cx", "_stcore/nothing", "mnist/%00"]
)  # fmt: skip
def test_what_is_not_there_is_404(front: ASGIApp, base: str, path: str) -> None:
    answer = ask(front, f"{base}/{path}")
    assert (answer.status, answer.body) == (404, b"Not Found")
    assert answer.headers["x-content-type-options"] == "nosniff"


@BASES
def test_an_unknown_page_is_404_and_says_so(front: ASGIApp, base: str) -> None:
    """Streamlit's frontend says in words that there is no such page."""
    answer = ask(front, f"{base}/nothing")
    assert answer.status == 404
    assert b"/static/js/" in answer.body


@BASES
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("lens/mount.mjs", "text/javascript; charset=utf-8"),
        ("zoo/vae-2/weights.safetensors", "application/octet-stream"),
        ("mnist/t10k-labels-idx1-ubyte.gz", "application/octet-stream"),
        ("lens/vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm", "application/wasm"),
    ],
)
def test_files_are_below_the_base_path(
    front: ASGIApp, base: str, path: str, media_type: str
) -> None:
    answer = ask(front, f"{base}/{path}")
    assert answer.status == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask(front, f"{base}/{path}", method="POST").status == 405


@pytest.mark.parametrize("base", ["lab"], indirect=True)
@pytest.mark.parametrize("path", ["lens/mount.mjs", "zoo/vae-2/bundle.json", "compare", "labour"])
def test_nothing_of_ours_is_outside_the_base_path(front: ASGIApp, base: str, path: str) -> None:
    passed_on = ask(streamlit, f"/{path}").body
    assert ask(front, f"/{path}").body == passed_on


@pytest.mark.parametrize(
    ("address", "root_path", "to"),
    [
        ("/lab", "", "/lab/"),
        ("/lab?z=1,2", "", "/lab/?z=1,2"),
        ("/lab/compare/", "", "/lab/compare"),
        ("/lab/compare/?digit=3", "", "/lab/compare?digit=3"),
        ("/proxy/lab", "/proxy", "/proxy/lab/"),
        ("/proxy/lab/train/", "/proxy", "/proxy/lab/train"),
    ],
)
@pytest.mark.parametrize("base", ["lab"], indirect=True)
def test_slashes_at_the_end_are_put_right(
    front: ASGIApp, base: str, address: str, root_path: str, to: str
) -> None:
    answer = ask(front, address, root_path=root_path)
    assert answer.status == 307
    # Relative: a proxy may have stripped a prefix from the address.
    location = answer.headers["location"]
    assert not location.startswith(("/", "http"))
    assert urljoin(f"https://x.example/y{address}", location) == f"https://x.example/y{to}"


@BASES
@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("query", ["", "?model=ae-2&z=1,2"])
def test_the_first_page_answers_to_its_name_too(
    front: ASGIApp, base: str, slash: str, query: str
) -> None:
    address = f"{base}/explore{slash}{query}"
    answer = ask(front, address)
    assert answer.status == 307
    location = answer.headers["location"]
    assert (
        urljoin(f"https://x.example/y{address}", location) == f"https://x.example/y{base}/{query}"
    )
    assert ask(front, f"{base}/explore/more").status == 404


@pytest.mark.parametrize("base", [""], indirect=True)
def test_the_picture_has_the_address_that_the_proxy_tells(front: ASGIApp, base: str) -> None:
    headers = {"Host": "x.example", "X-Forwarded-Prefix": '/y"/'}
    answer = ask(front, "/compare", headers=headers, scheme="https", root_path="")
    tags = Tags(answer.body.decode())
    assert tags.meta(property="og:image") == "https://x.example/y%22/lens/share.png"


@pytest.mark.parametrize("base", [""], indirect=True)
def test_other_requests_are_passed_on(front: ASGIApp, base: str) -> None:
    assert ask(front, "/_stcore/health").body == b"ok"


def test_facts_are_json_that_nobody_keeps(front: ASGIApp) -> None:
    answer = ask(
        server.Front(
            streamlit,
            routes={"live": server.facts({"a": {"epoch": 3}}.get)},
            pages=(),
            head=product.HEAD,
        ),
        "/live/a",
    )
    assert json.loads(answer.body) == {"epoch": 3}
    assert answer.headers["cache-control"] == "no-store"


def test_the_app_knows_the_pages_of_the_navigation() -> None:
    tree = ast.parse((ROOT / "pages" / "navigation.py").read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.Page":
            words = {word.arg: ast.literal_eval(word.value) for word in node.keywords}
            name = Path(ast.literal_eval(node.args[0])).stem
            found.add("" if words.get("default") else words.get("url_path", name))
    assert found == set(parameters.TABLES)
