"""A page, drawn headless by Streamlit's own test driver."""

import re

from streamlit.testing.v1 import AppTest

from browser.server import ROOT
from ui import telling

PAGES = ROOT / "pages"


def run(page: str, **parameters: str) -> AppTest:
    """Draw the page of this address with these parameters; of a folder of pages, its page.py."""
    script = PAGES / f"{page}.py"
    found = AppTest.from_file(
        str(script if script.exists() else PAGES / page / "page.py"), default_timeout=30
    )
    # Set by navigation.py, which runs every page.
    found.session_state["page"] = page
    for name, value in parameters.items():
        found.query_params[name] = value
    return found.run()


def unfolded(found: AppTest) -> AppTest:
    """The page with every fold open."""
    for each in found.expander:
        found.session_state[telling.fold_key(each.label)] = True
    return found.run()


def words(found: AppTest) -> str:
    """All Markdown and captions of the page, without its links to terms."""
    assert not found.exception
    return without_terms("\n".join(each.value for each in (*found.markdown, *found.caption)))


def without_terms(text: str) -> str:
    """Markdown without its links to the glossary."""
    return re.sub(r"\[([^\]]+)\]\(glossary#[a-z0-9-]+\)", r"\1", text)


def unescaped(markdown: str) -> str:
    """What a reader sees of Markdown whose special characters are escaped."""
    return markdown.replace("\\", "")
