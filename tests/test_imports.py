"""Imports point one way: a file imports only from rooms to its right, and no two import each other.

Imports inside functions and under `TYPE_CHECKING` count too.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From left to right; rooms in one tuple don't know each other.
ORDER: tuple[tuple[str, ...], ...] = (
    ("launch", "browser"),
    ("app", "site_builder"),
    ("pages", "server"),
    ("ui",),
    ("lens", "reproduction"),
    ("aemodels.__main__", "aemodels.__init__"),
    ("aemodels.cli", "aemodels.widget"),
    ("aemodels.runs", "aemodels.pictures", "aemodels.views"),
    ("aemodels.analysis",),
    ("aemodels.reader",),
    ("aemodels.training",),
    ("aemodels.recipes",),
    ("aemodels.importing",),
    ("aemodels.bundles",),
    ("aemodels.models",),
    ("aemodels.config",),
    ("aemodels.families",),
    ("aemodels.architecture",),
    ("aemodels.objectives", "aemodels.setting", "aemodels.data", "aemodels.lessons"),
    ("aemodels.paths", "aemodels.version"),
)
PLACES = {room: place for place, rooms in enumerate(ORDER) for room in rooms}
# What pages and their parts may know of the reproduction.
SEEN_BY_PAGES = {"reproduction.result"}
# The lens draws whatever it is handed.
STRANGERS = {("lens", "reproduction"), ("reproduction", "lens")}
SEEN_BY_LENS = {"paths", "views"}


@cache
def modules() -> dict[str, Path]:
    """Every file of the product by its dotted name; a package's is `name.__init__`."""
    found = {"app": ROOT / "app.py", "launch": ROOT / "launch.py"}
    for top in (
        "aemodels",
        "reproduction",
        "pages",
        "server",
        "ui",
        "lens",
        "browser",
        "site_builder",
    ):
        for path in sorted((ROOT / top).rglob("*.py")):
            found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = path
    return found


def imported(name: str) -> Iterator[str]:
    """The files that a file imports, as `modules` names them."""
    tree = ast.parse(modules()[name].read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            candidates = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            base = node.module or ""
            candidates = [
                f"{base}.{alias.name}" if _file(f"{base}.{alias.name}") else base
                for alias in node.names
            ]
        else:
            continue
        yield from (found for found in map(_file, candidates) if found)


def _file(dotted: str) -> str | None:
    return next((n for n in (dotted, f"{dotted}.__init__") if n in modules()), None)


def room(name: str) -> str:
    """`aemodels.runs.worker` -> `aemodels.runs`; `aemodels.config` -> itself."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "aemodels" else parts[0]


def test_every_file_has_a_room() -> None:
    assert {room(name) for name in modules()} == PLACES.keys()


@pytest.mark.parametrize("name", modules())
def test_a_file_imports_only_to_its_right(name: str) -> None:
    here = room(name)
    for other in imported(name):
        there = room(other)
        if here == there:
            continue
        assert PLACES[here] < PLACES[there], f"{name} imports {other}"
        pair = (here.split(".")[0], there.split(".")[0])
        assert pair not in STRANGERS, f"{name} imports {other}"
        if here == "lens" and there.startswith("aemodels"):
            assert other.split(".")[1] in SEEN_BY_LENS, f"{name} imports {other}"
        if here in ("app", "pages", "ui") and there == "reproduction":
            assert other in SEEN_BY_PAGES, f"{name} imports {other}"


def test_no_file_imports_itself_by_way_of_others() -> None:
    graph = {name: set(imported(name)) - {name} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_the_library_lies_in_few_rooms_of_small_files() -> None:
    flat = [path for path in (ROOT / "aemodels").iterdir() if path.suffix == ".py"]
    assert len(flat) <= 8
    sources = [*modules().values(), *(ROOT / "lens" / "web").rglob("*.mjs")]
    for path in sources:
        if "vendor" not in path.parts:
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 340, f"{path.relative_to(ROOT)} has {lines} lines"


def test_a_page_needs_no_pytorch() -> None:
    """All that pages import, in a process of its own."""
    names = [n.removesuffix(".__init__") for n in modules() if n.split(".")[0] in ("lens", "ui")]
    code = f"import {', '.join(names)}, sys; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "False", done.stderr
