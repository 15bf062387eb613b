"""axe-core in a page: what it finds, rule by rule.

It is fetched once from the npm registry that this machine's npm is set up for, checked by its hash
and kept in the cache folder.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

VERSION = "4.14.1"
# Of the package, as npm gives it.
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
FILE = "package/axe.min.js"

# Every rule but those of level AAA and the retired ones, with the experimental ones too.
_RUN = """async (coloursOnly) => {
    const left = (tags) => tags.includes("deprecated") || tags.some((tag) => tag === "wcag2aaa");
    const rules = axe.getRules(coloursOnly ? ["cat.color"] : []).filter(({tags}) => !left(tags))
        .map(({ruleId}) => ruleId);
    const options = {runOnly: {type: "rule", values: rules}, resultTypes: ["violations"],
        preload: !coloursOnly};
    const {violations} = await axe.run(document, options);
    return violations.flatMap(({id, nodes}) => nodes.map((node) => ({
        rule: id,
        place: node.target.flat().join(" > "),
        html: node.html.slice(0, 300),
        words: node.failureSummary.replace(/\\s+/g, " "),
    })));
}"""


class AxeError(Exception):
    """axe-core couldn't be had; the message says why."""


@dataclass(frozen=True)
class Violation:
    """One element that breaks one rule."""

    rule: str
    place: str
    html: str
    words: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.place}\n  {self.html}\n  {self.words}"


def check(page: Page, colours_only: bool = False) -> Sequence[Violation]:
    """What axe-core finds on the page as it is now, shadow roots included.

    With `colours_only`, by the rules on colours alone: all that another colour scheme can change.
    """
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(script())
    return [Violation(**found) for found in page.evaluate(_RUN, colours_only)]


@cache
def script() -> str:
    """The text of axe-core. Raises AxeError if it can't be fetched or isn't what it should be."""
    package = _cache() / f"axe-core-{VERSION}.tgz"
    if not package.exists():
        _fetch(package)
    content = package.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        package.unlink()
        raise AxeError(f"axe-core {VERSION} has another hash than it should have")
    with tarfile.open(package) as archive:
        member = archive.extractfile(FILE)
        assert member is not None
        return member.read().decode("utf-8")


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "latent-lab"


def _fetch(package: Path) -> None:
    """Let npm fetch the package to this path: whole or not at all."""
    npm = shutil.which("npm")
    if npm is None:
        raise AxeError("npm isn't installed: sudo apt-get install npm")
    package.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=package.parent) as scratch:
        command = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", scratch]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            raise AxeError(f"npm can't fetch axe-core {VERSION}: {done.stderr.strip()}")
        (Path(scratch) / package.name).replace(package)
