"""Answers what a view asks for: files of its models and images, and the modules of the views.

A view asks by an address, such as "/models/1f0c…/codes.npy"; each one that may be asked for is
named beforehand, so that no other file of this machine can be read.
"""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aemodels import paths
from aemodels.lessons import glossary
from aemodels.views import packing

SCRIPT, IMPORT = "anywidget.mjs", 'import { unpack } from "./unpack.mjs";\n'
MODULES, TERMS = "/lens/modules.json", "/terms.json"

# Gives a file's content, or None if there is none of this address.
Find = Callable[[str], bytes | None]


def of_files(files: Mapping[str, Path | bytes]) -> Find:
    """Finds these files, by their addresses alone."""

    def find(address: str) -> bytes | None:
        found = files.get(address)
        return found.read_bytes() if isinstance(found, Path) else found

    return find


def answer(find: Find, asked: Any) -> tuple[dict[str, Any], list[bytes]] | None:
    """What a message is answered by, with the buffers; None if it is no request.

    A request has an `id` and the `address` of a file; the answer has the same id, `found`, and
    whether the one buffer is a gzip file of the wanted one.
    """
    if not isinstance(asked, dict) or not {"id", "address"} <= asked.keys():
        return None
    address = str(asked["address"])
    content = {"id": str(asked["id"]), "found": False, "packed": False}
    try:
        packed = _of_the_lens(address)
        found = packed if packed is not None else find(address)
    except OSError as error:
        return {**content, "trouble": f"{address}: {error.strerror}"}, []
    if found is None:
        return content, []
    return {**content, "found": True, "packed": packed is not None}, [found]


def _of_the_lens(address: str) -> bytes | None:
    """A file that all views have in common, as a gzip file; None if it is none of them."""
    return _packed(address) if address in (MODULES, TERMS, *packing.own_files()) else None


@cache
def _packed(address: str) -> bytes:
    if address == MODULES:
        content = json.dumps(packing.modules()).encode()
    elif address == TERMS:
        content = json.dumps(_terms()).encode()
    else:
        content = packing.own_files()[address]
    return gzip.compress(content, 6, mtime=0)


def _terms() -> dict[str, dict[str, str]]:
    """Title and meaning of each term of the glossary by its key."""
    terms = glossary.read(paths.lessons() / "en" / glossary.FILE)
    return {one.key: {"title": one.title, "sentence": one.sentence} for one in terms}


def script() -> str:
    """The module that anywidget calls, with the one that it imports."""
    text = (paths.web() / SCRIPT).read_text(encoding="utf-8")
    unpacker = packing.unpacker()
    return text.replace(IMPORT, unpacker)


@cache
def version() -> str:
    """Changes with the views' modules."""
    return hashlib.sha256(_packed(MODULES)).hexdigest()[:12]
