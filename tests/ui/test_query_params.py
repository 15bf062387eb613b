"""Parameters of an address: read, refused with a reason, and written back."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from ui import query_params
    from ui.query_params import Choice, Index, Number, Vector

    st.session_state.page = "page"
    size = Choice("size", "Size", {"2": "two", "16": "sixteen"})
    digit, t, z = Index("digit", 10), Number("t", 0, 1), Vector("z")
    found = {
        "size": size.pick(),
        "digit": digit.read(),
        "t": t.read(),
        "z": z.read([-1, 0], [1, 4]),
    }
    query_params.finish([size, digit, t, z])
    st.session_state.found = found


def read(**address: str) -> AppTest:
    found = AppTest.from_function(script)
    for name, value in address.items():
        found.query_params[name] = value
    found.run()
    assert not found.exception
    return found


def address(found: AppTest) -> dict[str, Any]:
    """The parameters in the address."""
    return {name: found.query_params[name] for name in found.query_params}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", "16", "16"),
        ("digit", "0", 0),
        ("digit", "9", 9),
        ("t", "0.25", 0.25),
        ("t", "1e-1", 0.1),
        ("z", "0.5,4", [0.5, 4.0]),
        # As much again on each side of the ranges -1 to 1 and 0 to 4.
        ("z", "-3,8", [-3.0, 8.0]),
    ],
)
def test_a_good_value_is_read_and_stays(name: str, text: str, value: object) -> None:
    found = read(**{name: text})
    assert found.session_state.found[name] == value
    assert found.query_params[name] == text
    assert not found.warning


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("size", "7", "isn't available (choose 2 or 16)"),
        ("digit", "10", "must be a whole number from 0 to 9"),
        ("digit", "-1", "must be a whole number from 0 to 9"),
        ("digit", "1.5", "must be a whole number from 0 to 9"),
        ("digit", "٣", "must be a whole number from 0 to 9"),
        ("digit", "9" * 5000, "must be a whole number from 0 to 9"),
        ("t", "nan", "must be a number from 0 to 1"),
        ("t", "-0.1", "must be a number from 0 to 1"),
        ("t", "half", "must be a number from 0 to 1"),
        ("z", "1", "must be 2 numbers in or near the sliders' ranges"),
        ("z", "0,nan", "must be 2 numbers in or near the sliders' ranges"),
        ("z", "0,8.1", "must be 2 numbers in or near the sliders' ranges"),
        ("z", "inf,0", "must be 2 numbers in or near the sliders' ranges"),
    ],
)
def test_a_bad_value_is_named_and_taken_out(name: str, text: str, why: str) -> None:
    found = read(**{name: text})
    (notice,) = found.warning
    assert notice.value == f"`{name}={text[:40]}` {why}. Showing the default."
    assert found.session_state.found == {"size": "2", "digit": None, "t": None, "z": None}
    assert address(found) == address(read())


def test_unknown_parameters_are_named_once() -> None:
    found = read(a="1", b="2", size="16")
    (notice,) = found.warning
    assert notice.value == "Ignored unknown parameter `a`.  \nIgnored unknown parameter `b`."
    assert found.session_state.found["size"] == "16"
    assert not found.run().warning


def test_a_choice_is_written_and_kept() -> None:
    found = read()
    assert found.query_params["size"] == "2"
    del found.query_params["size"]
    found.session_state["pick_size_page"] = "16"
    found.run()
    assert found.query_params["size"] == "16"
    assert found.session_state.found["size"] == "16"
