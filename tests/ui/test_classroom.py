"""What a link asks of every page: read from the address, named where it is wrong, and kept."""

import pytest
from streamlit.testing.v1 import AppTest

from ui.parameters import CLASSROOM, TABLES


def script() -> None:
    import streamlit as st

    from ui import address, classroom
    from ui.query_numbers import Index

    digit = Index("digit", 10, default=0)
    classroom.begin()
    address.begin(st.session_state.get("page_wanted", "page"))
    st.session_state.found = digit.read()
    address.finish([digit])


def read(**texts: str) -> AppTest:
    found = AppTest.from_function(script)
    for name, text in texts.items():
        found.query_params[name] = text
    return found.run()


def address(page: AppTest) -> dict[str, str]:
    """What the page has in its address; AppTest has lists before it is written and texts after."""
    return {
        name: text if isinstance(text, str) else text[0] for name, text in page.query_params.items()
    }


def test_what_is_asked_stays_in_the_address() -> None:
    asked = {"digit": "3", "hide": "cost,pins", "locked": "1", "present": "1"}
    page = read(**asked)
    assert not page.exception
    assert not page.warning
    assert address(page) == asked


@pytest.mark.parametrize(
    ("texts", "words", "left"),
    [
        ({"present": "yes"}, "present=yes", {}),
        ({"locked": ""}, "locked=", {}),
        ({"hide": "cost,nonsense"}, "nonsense", {"hide": "cost"}),
        ({"hide": "</style>"}, "</style>", {}),
    ],
)
def test_what_is_wrong_is_named_and_left_out(
    texts: dict[str, str], words: str, left: dict[str, str]
) -> None:
    page = read(**texts, digit="3")
    (notice,) = page.warning
    assert words in notice.value
    assert address(page) == {"digit": "3", **left}


def test_what_was_set_on_a_page_is_found_again_with_what_is_asked() -> None:
    """The navigation leads to an address that has nothing but what is asked."""
    page = read(digit="3", present="1")
    for name in ("another", "page"):
        page.session_state.page_wanted = name
        page.query_params.clear()
        page.query_params["present"] = "1"
        page.run()
    assert page.session_state.found == 3
    assert not page.warning


def test_no_page_has_a_parameter_of_these_names() -> None:
    names = {parameter.name for parameter in CLASSROOM}
    for table in TABLES.values():
        assert names.isdisjoint(parameter.name for parameter in table)
