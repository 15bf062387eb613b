"""The packed modules: each after those that it imports, and all of them can be imported."""

import json
import re
from pathlib import Path

from aemodels import paths
from aemodels.views import packing
from tests.lens import javascript


def test_each_module_comes_after_those_that_it_imports() -> None:
    seen: set[str] = set()
    for path, text in packing.modules():
        assert set(re.findall(r'"packed:([\w./-]+)"', text)) <= seen
        seen.add(path)
    assert packing.ENTRY in seen
    views = {f"views/{path.name}" for path in (paths.web() / "views").glob("*.mjs")}
    assert views <= seen


def test_node_imports_them_from_one_flat_folder(tmp_path: Path) -> None:
    """Node resolves imports by itself: a path that was missed would not be found there."""
    names = {path: f"{k}.mjs" for k, (path, _) in enumerate(packing.modules())}
    for path, text in packing.modules():
        flat = re.sub(r'"packed:([\w./-]+)"', lambda found: f'"./{names[found[1]]}"', text)
        (tmp_path / names[path]).write_text(flat, encoding="utf-8")
    script = f"""
        for (const name of {json.dumps(list(names.values()))}) await import("{tmp_path}/" + name);
        const {{ taught }} = await import("{tmp_path}/{names["taught.mjs"]}");
        const views = await Promise.all(Object.values(taught).map((load) => load()));
        console.log(JSON.stringify(views.map((view) => typeof view.default)));
    """
    assert javascript.run(script) == ["function"] * 7


def test_they_ask_for_no_other_files_of_the_lens() -> None:
    asked = set()
    for path, text in packing.modules():
        if not path.startswith("vendor/"):
            asked |= set(re.findall(r'fetchOwn\("([^"]+)"\)', text))
            assert "import.meta" not in text or path == "model/files.mjs"
            asks = re.search(r"(await|= |return|window\.) ?fetch\(", text)
            assert not asks or path == "model/files.mjs"
    assert asked == {"paper.css"}
    assert packing.own_files().keys() == {f"/lens/{name}" for name in packing.OWN_FILES}
