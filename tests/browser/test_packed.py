"""The packed modules in a file of their own: no server, and no request at all."""

import base64
import json
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from aemodels import paths, views
from aemodels.bundles import bundle, zoo
from aemodels.views import packing
from browser.lens import Lens, near
from tests.browser.conftest import Complaints, Decode

# Everything is in the page, and files come from there.
SCRIPT = """
%(unpacker)s
const {modules, files, page} = JSON.parse(document.querySelector("#packed").textContent);
const load = unpack(modules);
const {provideFiles} = await load("model/files.mjs");
const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
provideFiles(async (path) => path in files ? bytes(files[path]) : null);
const {mount} = await load("mount.mjs");
await mount({data: page, setStateValue: () => {}}, document.querySelector(".lens"));
"""


def file_of_explore(name: str) -> str:
    """An HTML page of one model."""
    files = dict(packing.own_files())
    folders = (
        (f"/zoo/{name}", zoo.folder() / name),
        ("/mnist", paths.data() / "mnist"),
        ("/reader", paths.reader()),
    )
    for url, folder in folders:
        for path in folder.iterdir():
            if not path.name.startswith("train"):
                files[f"{url}/{path.name}"] = path.read_bytes()
    page = {
        "view": "explore",
        "base": "",
        "model": views.model(bundle.read(zoo.folder() / name)),
        "dataset": views.dataset("mnist"),
        "state": None,
    }
    encoded = {path: base64.b64encode(content).decode() for path, content in files.items()}
    packed = {"modules": packing.modules(), "files": encoded, "page": page}
    words = json.dumps(packed).replace("</", "<\\/")
    script = SCRIPT % {"unpacker": packing.unpacker()}
    return f"""<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,">
        <style>{views.css("explore")}</style>{views.html("explore")}
        <script type="application/json" id="packed">{words}</script>
        <script type="module">{script}</script>"""


def test_a_file_without_a_server_decodes_while_the_map_is_dragged(
    tmp_path: Path, browser: Browser, complaints: Complaints, decode: Decode
) -> None:
    file = tmp_path / "explore.html"
    file.write_text(file_of_explore("vae-2"), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    complaints.watch(page, file.as_uri())
    lens = Lens(page, file.as_uri()).open("")
    before = lens.z()
    lens.drag(lens.map(), (0.4, 0.4), (0.6, 0.5))
    lens.eventually(lambda: (lens.z() != before).any())
    lens.eventually(lambda: near(lens.picture(), decode("vae-2", lens.z())))
    assert np.ptp(lens.picture()) > 100
    lens.release()
    context.close()
