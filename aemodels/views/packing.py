"""The modules of `lens/web` as texts, for shells that have no server: a notebook, a single file.

`unpack.mjs` makes modules of them in a page, and `model/files.mjs` has every other file come from
where the shell says; docs/shells.md shows how.
"""

import re
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import PurePosixPath
from typing import NamedTuple

from aemodels import paths

ENTRY = "mount.mjs"
RUNTIME = "vendor/onnxruntime-web/ort-wasm-simd-threaded"
# What the modules ask for below "/lens/" while they run.
OWN_FILES = (f"{RUNTIME}.mjs", f"{RUNTIME}.wasm", "paper.css")
# A relative import, static or dynamic. Comments come first: JSDoc names types by `import()`.
_IMPORT = re.compile(
    r"""(?P<comment> /\*\*.*?\*/ | ^\s*//[^\n]* )
      | (?P<before> ^import\s+ | \bfrom\s+ | \bimport\( )
        "(?P<path> \.\.?/[^"]+ )" """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)


class Module(NamedTuple):
    """A module's path below `lens/web`, and its text; it imports another one as "packed:PATH"."""

    path: str
    text: str


@cache
def modules(entry: str = ENTRY) -> tuple[Module, ...]:
    """A module and all that it imports, at once or later, each after those that it imports.

    Raises graphlib.CycleError if they import each other in a circle.
    """
    found: dict[str, str] = {}
    needs: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        text = (paths.web() / path).read_text(encoding="utf-8")
        found[path], needs[path] = _packed(path, text)
        waiting += needs[path]
    return tuple(Module(path, found[path]) for path in TopologicalSorter(needs).static_order())


def unpacker() -> str:
    """For a script: `unpack`, which makes modules of these, `gunzip` and `gunzipAnswer`."""
    text = (paths.web() / "unpack.mjs").read_text(encoding="utf-8")
    return re.sub("^export ", "", text, flags=re.MULTILINE)


def own_files() -> Mapping[str, bytes]:
    """What the modules ask for while they run, by its address, such as "/lens/paper.css"."""
    return {f"/lens/{name}": (paths.web() / name).read_bytes() for name in OWN_FILES}


def _packed(path: str, text: str) -> tuple[str, list[str]]:
    """A module whose imports name paths below `lens/web`, and these paths."""
    needs: list[str] = []

    def name(found: re.Match[str]) -> str:
        if found["comment"]:
            return found[0]
        needed = _joined(PurePosixPath(path).parent, found["path"])
        needs.append(needed)
        return f'{found["before"]}"packed:{needed}"'

    return _IMPORT.sub(name, text), needs


def _joined(folder: PurePosixPath, relative: str) -> str:
    parts = list(folder.parts)
    for part in relative.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
