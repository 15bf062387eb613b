"""A page, drawn headless by Streamlit's own test driver."""

from streamlit.testing.v1 import AppTest

from browser.server import ROOT

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


def words(found: AppTest) -> str:
    """All Markdown and captions of the page."""
    assert not found.exception
    return "\n".join(each.value for each in (*found.markdown, *found.caption))


def unescaped(markdown: str) -> str:
    """What a reader sees of Markdown whose special characters are escaped."""
    return markdown.replace("\\", "")
