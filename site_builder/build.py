"""Writes a static site, or one file that holds it all."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aemodels import paths
from aemodels.bundles import atomic
from site_builder import content, document, learning, pages
from site_builder.prose import Page
from site_builder.selection import Selection
from ui import terms


@dataclass(frozen=True)
class Sizes:
    """Bytes of what was written, by group, and their sum."""

    groups: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.groups.values())


def site(out: Path, selection: Selection) -> Sizes:
    """Write the pages and their files into a folder, which is made if it isn't there.

    Raises OutputError if the folder holds something else.
    """
    _check(out)
    contents, files = _contents(selection)
    versions = {file.address: file.version for file in files}
    names = [*contents]
    written: dict[str, bytes] = {
        document.file_name(name): document.page_of_site(name, html, names, versions).encode()
        for name, html in contents.items()
    }
    addresses = {file.address: document.stored_at(file.address) for file in files}
    written |= {addresses[file.address]: file.packed for file in files}
    written[document.ICON] = document.icon()
    cached = [
        document.ICON,
        *(document.file_name(name) for name in names),
        *(f"{addresses[file.address]}?v={file.version}" for file in files),
    ]
    written["worker.js"] = _worker(cached, written).encode()
    # What GitHub Pages would leave out, such as names that start with "_", it then keeps.
    written[".nojekyll"] = b""
    for name, found in written.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.replace(path, found, flush=False)
    _remove_others(out, written)
    rest = sum(len(found) for name, found in written.items() if not name.startswith("files/"))
    return Sizes({"pages": rest, **content.sizes(files)})


def one_file(out: Path, selection: Selection) -> Sizes:
    """Write all of it as one HTML file. Raises OutputError if `out` is a folder."""
    if out.is_dir():
        raise atomic.OutputError(f"{out} is a folder; name a file, such as {out / 'lab.html'}")
    contents, files = _contents(selection)
    html = document.single_file(contents, files).encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    atomic.replace(out, html, flush=False)
    # As text, three bytes become four letters.
    groups = {name: 4 * size // 3 for name, size in content.sizes(files).items()}
    return Sizes({"pages": len(html) - sum(groups.values()), **groups})


def _contents(selection: Selection) -> tuple[dict[str, str], list[content.File]]:
    """The HTML of each page by its name, and the files that they read."""
    names = pages.names(selection)
    lessons = learning.find(selection)
    known = terms.all_terms()
    contents = {name: pages.html(name, selection, lessons, Page(known)) for name in names}
    return contents, content.files(selection, lessons.shown, names)


def _worker(cached: Sequence[str], written: Mapping[str, bytes]) -> str:
    """The service worker, whose cache has a name that changes with any file."""
    digest = hashlib.sha256()
    for name in sorted(written):
        digest.update(name.encode() + hashlib.sha256(written[name]).digest())
    text = (paths.web() / "site" / "worker.js").read_text(encoding="utf-8")
    return f"const VERSION = {json.dumps(digest.hexdigest()[:16])};\nconst FILES = {json.dumps(cached)};\n{text}"


def _check(out: Path) -> None:
    """Refuse a folder that holds anything but an earlier site."""
    if out.exists() and not out.is_dir():
        raise atomic.OutputError(f"{out} is a file; name a folder for the site")
    if out.is_dir() and any(out.iterdir()) and not _is_site(out):
        raise atomic.OutputError(f"{out} isn't empty and holds no site; name another folder")


def _is_site(out: Path) -> bool:
    """Whether a folder's service worker is one of ours."""
    try:
        start = (out / "worker.js").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return start.startswith("const VERSION = ") and "latent-lab " in start


def _remove_others(out: Path, written: Collection[str]) -> None:
    """Remove the pages and files of an earlier site that this one doesn't have."""
    for path in (*out.glob("*.html"), *(out / "files").rglob("*")):
        if path.is_file() and path.relative_to(out).as_posix() not in written:
            path.unlink()
