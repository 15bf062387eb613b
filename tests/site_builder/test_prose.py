"""Markdown of pages as HTML: MathML, terms, tables, and nothing else than what was written."""

import re
import unicodedata
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from aemodels import views
from pages.families import SECTIONS
from site_builder import prose
from ui import page_words, terms

SPACE = re.compile(r"\s+")


def formulas() -> Iterator[str]:
    """Every formula of the pages' words."""
    source = views.source("mnist")
    words = [section.formula for section in SECTIONS.values()]
    words += [page_words.of_family(family, source) for family in ("vae", "ae", "pca")]
    for text in (*words, page_words.of_interpolation("mnist")):
        yield from re.findall(r"\$([^$]+)\$", text)


@pytest.mark.parametrize("formula", sorted(set(formulas())))
def test_every_formula_becomes_mathml(formula: str) -> None:
    """Each letter and number of it is there, and no command is left as text."""
    tree = ElementTree.fromstring(prose.mathml(formula))
    assert tree.tag == "math"
    shown = SPACE.sub("", "".join(tree.itertext()))
    assert "\\" not in shown
    assert "undefined" not in shown
    plain = re.sub(r"\\[A-Za-z]+|\\.", "", formula)
    shown = unicodedata.normalize("NFKC", shown)
    for letter in re.findall(r"[A-Za-z0-9]", plain):
        assert letter in shown


def test_a_page_links_a_term_once_and_no_formula() -> None:
    page = prose.Page(terms.all_terms())
    html = page.html("A **VAE** has a latent space, and $q(z\\mid x)$. A VAE again.")
    assert html.count('<a href="glossary#vae">') == 1
    assert html.count("<math") == 1
    assert '<a href="glossary#vae">' not in page.line("One more VAE.")


def test_text_is_escaped_and_tables_are_tables() -> None:
    page = prose.Page(())
    assert "<script>" not in page.line("a <script> b")
    html = page.html("| a | b |\n| --- | --: |\n| 1 | 2 |")
    assert '<td style="text-align:right">2</td>' in html
