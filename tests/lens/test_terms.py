"""Links of the lens to the glossary lead to terms that are there."""

import re

import pytest

import lens
from ui import terms

KEYS = {term.key for term in terms.all_terms()}
LINK = re.compile(r'href="glossary#([a-z0-9-]+)"|\[[^\]\n`]+\]\(([a-z][a-z0-9-]*)\)')
FILES = sorted(
    path
    for folder in ("views", "explore", "widgets", "compare", "beta", "map", "model")
    for path in (lens.WEB / folder).iterdir()
    # That one writes Python, in which brackets are calls.
    if path.suffix in (".html", ".mjs") and path.name != "pytorch.mjs"
)


def keys() -> dict[str, set[str]]:
    """The terms that each file links."""
    found = {}
    for path in FILES:
        lines = path.read_text(encoding="utf-8").splitlines()
        text = "\n".join(line for line in lines if not re.match(r"\s*(//|\*|/\*\*)", line))
        found[path.name] = {one or other for one, other in LINK.findall(text)}
    return found


@pytest.mark.parametrize(("file", "linked"), keys().items())
def test_every_link_leads_to_a_term(file: str, linked: set[str]) -> None:
    assert linked <= KEYS
