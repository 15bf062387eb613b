"""Parameters of an address: read, refused with a reason, kept, written without defaults."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui import parameters


def script() -> None:
    import streamlit as st

    from ui import address
    from ui.query_numbers import Frame, Index, Indices, Number, Several, Vector
    from ui.query_params import Choice, Option

    size = Choice("size", "Size", {"2": "two", "16": "sixteen"})
    digit, t, z = Index("digit", 10), Number("t", 0, 1, default=0.5), Vector("z")
    layer = Option("layer", ("points", "manifold"), default="points")
    classes, frame = Indices("classes", 10, 3), Frame("frame")
    pins = Several("pins", z, 3)
    if "leave" in st.session_state:
        page = st.session_state.pop("leave")
        address.begin(page)
        address.finish([])
        return
    address.begin("page")
    address.belong([z], st.session_state.get("model", "vae"))
    found = {
        "size": size.pick(),
        "digit": digit.read(),
        "t": t.read(),
        "z": z.within([-1, 0], [1, 4]).read(),
        "layer": layer.read(),
        "classes": classes.read(),
        "frame": frame.read(),
        "pins": pins.of(z.within([-1, 0], [1, 4])).read(),
    }
    found["visit"] = address.visit()
    address.finish([size, digit, t, z, layer, classes, frame, pins])
    address.keep([t, z, classes, frame], st.session_state.get("report"))
    st.session_state.found = found


DEFAULTS = {
    "size": "2",
    "digit": None,
    "t": None,
    "z": None,
    "layer": None,
    "classes": None,
    "frame": None,
    "pins": None,
}


def read(**address: str) -> AppTest:
    found = AppTest.from_function(script)
    for name, value in address.items():
        found.query_params[name] = value
    found.run()
    assert not found.exception
    return found


def address(found: AppTest) -> dict[str, Any]:
    """The parameters in the address."""
    return dict(found.query_params)


def values(found: AppTest) -> dict[str, Any]:
    """What the script has read, but for the visit."""
    return {name: value for name, value in found.session_state.found.items() if name != "visit"}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", "16", "16"),
        ("digit", "0", 0),
        ("digit", "9", 9),
        ("t", "0.25", 0.25),
        ("z", "0.5,4", [0.5, 4.0]),
        # As much again on each side of the ranges -1 to 1 and 0 to 4.
        ("z", "-3,8", [-3.0, 8.0]),
        ("layer", "manifold", "manifold"),
        ("classes", "3,8", [3, 8]),
        ("frame", "-1,2,0.5,1.25", [-1.0, 2.0, 0.5, 1.25]),
        ("pins", "0.5,4;;-1,0", [[0.5, 4.0], [], [-1.0, 0.0]]),
    ],
)
def test_a_good_value_is_read_and_stays(name: str, text: str, value: object) -> None:
    found = read(**{name: text})
    assert values(found) == {**DEFAULTS, name: value}
    assert address(found) == {name: text}
    assert not found.warning


@pytest.mark.parametrize(
    ("name", "text"), [("size", "2"), ("t", "0.5"), ("t", "5e-1"), ("layer", "points")]
)
def test_a_default_is_not_in_the_address(name: str, text: str) -> None:
    found = read(**{name: text})
    assert values(found) == DEFAULTS
    assert address(found) == address(read()) == {}
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
        ("layer", "clouds", "isn't available (choose points or manifold)"),
        ("classes", "1,2,3,4", "must be up to 3 whole numbers from 0 to 9"),
        ("classes", "", "must be up to 3 whole numbers from 0 to 9"),
        ("frame", "0,1,2", "must be two ranges, each from a low to a high number"),
        ("frame", "0,1,2,inf", "must be two ranges, each from a low to a high number"),
        ("frame", "1,0,2,3", "must be two ranges, each from a low to a high number"),
        ("pins", "0,0;1", "must be 2 numbers in or near the sliders' ranges"),
        ("pins", "0,0;;0,0;0,0", "must be up to 3, separated by semicolons"),
    ],
)
def test_a_bad_value_is_named_and_taken_out(name: str, text: str, why: str) -> None:
    found = read(**{name: text})
    (notice,) = found.warning
    assert notice.value == f"`{name}={text[:40]}` {why}. Showing the default."
    assert values(found) == DEFAULTS
    assert address(found) == {}


def test_unknown_parameters_are_named_once() -> None:
    found = read(a="1", b="2", size="16")
    (notice,) = found.warning
    assert notice.value == "Ignored unknown parameter `a`.  \nIgnored unknown parameter `b`."
    assert address(found) == {"size": "16"}
    assert not found.run().warning


def test_a_choice_is_written_and_its_default_removed() -> None:
    found = read()
    for choice, written in (("16", {"size": "16"}), ("2", {})):
        found.session_state["pick_size_page"] = choice
        found.run()
        assert values(found)["size"] == choice
        assert address(found) == written


def test_what_a_view_reports_is_written_and_handed_back_to_it() -> None:
    found = read(size="16", t="0.25")
    visit = found.session_state.found["visit"]
    report = {"t": 0.12345, "z": [0.0004, 1.5], "classes": None, "frame": [-0.12504, 0.5, 0, 1]}
    found.session_state["report"] = {"visit": visit, **report}
    found.run()
    assert address(found) == {
        "size": "16",
        "t": "0.1235",
        "z": "0,1.5",
        "frame": "-0.125,0.5,0,1",
    }
    found.run()
    assert values(found)["z"] == [0.0, 1.5]
    assert found.session_state.found["visit"] == visit
    # A code belongs to a model. Another one starts from its default, which the view takes over as
    # the state of another visit; the report of before is about the model of before.
    found.session_state["model"] = "ae"
    found.run()
    assert values(found) == {**DEFAULTS, "size": "16", "t": 0.1235, "frame": [-0.125, 0.5, 0, 1]}
    assert found.session_state.found["visit"] > visit
    assert "z" not in address(found)


def test_a_page_is_found_as_it_was_left_but_an_address_is_the_truth() -> None:
    found = read(size="16", t="0.25", digit="3")
    # By the navigation, whose addresses have no parameters.
    found.session_state["leave"] = "elsewhere"
    found.query_params.clear()
    found.run()
    assert address(found) == {}
    found.run()
    assert address(found) == {"size": "16", "t": "0.25", "digit": "3"}
    # By a link, which says all there is to say.
    found.session_state["leave"] = "elsewhere"
    found.run()
    found.query_params.clear()
    found.query_params["t"] = "0.75"
    found.run()
    assert values(found) == {**DEFAULTS, "t": 0.75}
    assert address(found) == {"t": "0.75"}


def test_a_name_belongs_to_one_kind_of_parameter() -> None:
    """What is dragged on one page can't be a choice on another: the browser knows names alone."""
    kinds: dict[str, bool] = {}
    for table in (parameters.CLASSROOM, *parameters.TABLES.values()):
        for parameter in table:
            assert kinds.setdefault(parameter.name, parameter.replaces) == parameter.replaces
    assert parameters.replacing() == sorted(name for name, replaces in kinds.items() if replaces)
    assert {"z", "t", "frame", "level", "threshold", "digit"} <= set(parameters.replacing())
    assert not {"model", "latents", "family", "layer", "classes"} & set(parameters.replacing())
