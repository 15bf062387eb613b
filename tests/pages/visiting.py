"""Whoever visits a shared server, their runs, and what a page offers them."""

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from aemodels import runs
from tests.pages import own
from tests.pages.running import PAGES, words
from ui import persons

ADA, BOB = "a" * 43, "b" * 43
CODE = "sesame 7"
CHANGING = {"Pause", "Stop", "Resume", "Continue", "Save", "Delete for good", "Measure"}
LOOKING = {"Open in Explore", "Compare with …", "Morph with it"}

Coming = Callable[..., None]


def of(key: str) -> str:
    """The owner that runs of this browser have."""
    return persons._digest("browser", key)


def make(name: str, key: str, group: str = "") -> runs.Run:
    return own.run(name, name, owner=of(key), group=group)


def of_class(group: str, page: str = "train", **parameters: str) -> AppTest:
    """A page as navigation.py draws it for a link with `class=`."""
    found = AppTest.from_file(str(PAGES / f"{page}.py"), default_timeout=30)
    found.session_state["page"] = page
    found.session_state["carried"] = {"class": group}
    for name, value in parameters.items():
        found.query_params[name] = value
    return found.run()


def buttons(found: AppTest) -> set[str]:
    assert not found.exception
    return {each.label for each in found.button}


def text(found: AppTest) -> str:
    return words(found)


def press(found: AppTest, label: str) -> AppTest:
    """Press a button; the page that is drawn then has raised nothing."""
    (button,) = (each for each in found.button if each.label == label)
    button.click().run()
    assert not found.exception
    return found


def enter(found: AppTest, code: str) -> AppTest:
    """Give the teacher's code."""
    (field,) = (each for each in found.text_input if each.label == "Code")
    field.set_value(code)
    return press(found, "Enter")
