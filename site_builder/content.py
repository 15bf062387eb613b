"""The files that a site's pages read in the browser, by their addresses, and how they are packed."""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from aemodels import paths, reader, views
from aemodels.lessons import Lesson
from aemodels.views import dataset, packing
from pages.uses import anomalies
from site_builder import family_pages, learning, prose
from site_builder.selection import DATASET, Selection, files_of, test_files
from ui import glossary_terms, terms

# The modules of the pages themselves.
ENTRY = "site/shell.mjs"
MODULES = "/modules.json"
GZIP = b"\x1f\x8b"


class File(NamedTuple):
    """A file as it is stored: packed by gzip."""

    address: str  # that the modules ask for, such as "/zoo/vae-2/codes.npy"
    packed: bytes
    group: str  # its line in the table of sizes

    @property
    def version(self) -> str:
        """Changes with the content."""
        return hashlib.sha256(self.packed).hexdigest()[:12]


def files(selection: Selection, lessons: Sequence[Lesson], pages: Sequence[str]) -> list[File]:
    """Everything: modules, the runtime, data of pages, digits, the reader, models."""
    found = [
        _json(MODULES, packing.modules(ENTRY), "views"),
        *(
            _file(address, content, "ONNX Runtime" if "onnx" in address else "views")
            for address, content in packing.own_files().items()
        ),
        _json("/terms.json", prose.facts(terms.all_terms()), "words"),
        _json("/pages/models.json", selection.data(), "words"),
        _json("/pages/families.json", family_pages.data(selection), "words"),
        _json("/pages/learn.json", learning.data(selection, lessons, pages), "words"),
        _json("/pages/glossary.json", glossary(selection, lessons), "words"),
    ]
    for name in selection.datasets:
        group = f"test {dataset(name)['plural']}"
        found.extend(
            _file(f"/{name}/{path.name}", path.read_bytes(), group) for path in test_files(name)
        )
    found.extend(
        _file(f"/reader/{name}", (paths.reader() / name).read_bytes(), "reader")
        for name in reader.read_manifest().files
    )
    for name, item in selection.models.items():
        found.extend(
            _file(f"/zoo/{name}/{path.name}", path.read_bytes(), name) for path in files_of(item)
        )
    return found


def glossary(selection: Selection, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """What the view of the glossary takes: without pictures and numbers of models elsewhere."""
    elsewhere = {*selection.zoo, *anomalies.detectors()} - {*selection.models}
    shown = glossary_terms.entries(terms.all_terms(), lessons)
    for one in shown:
        if glossary_terms.words_of([one]) & elsewhere:
            one["more"], one["picture"] = "", None
    named = glossary_terms.words_of(shown)
    return {
        "terms": shown,
        "models": {
            name: views.model(item) for name, item in selection.models.items() if name in named
        },
        "detectors": {},
        "dataset": dataset(DATASET),
    }


def _json(address: str, value: Any, group: str) -> File:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _file(address, text.encode(), group)


def _file(address: str, content: bytes, group: str) -> File:
    # Without a time, so that the same content is the same file.
    packed = content if content.startswith(GZIP) else gzip.compress(content, 9, mtime=0)
    return File(address, packed, group)


def sizes(found: Sequence[File]) -> Mapping[str, int]:
    """Bytes by group, in their order."""
    total: dict[str, int] = {}
    for file in found:
        total[file.group] = total.get(file.group, 0) + len(file.packed)
    return total
