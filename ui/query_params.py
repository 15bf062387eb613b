"""Values in the page's address: read with a check, and a plain notice where one can't be used."""

import math
from collections.abc import Sequence

import streamlit as st

NARROW = 18  # letters that a narrow list shows


def refuse(name: str, value: str, wanted: str) -> None:
    """Give a notice that parameter `name` can't be used, and take it out of the address."""
    _tell(f"The address says `{name}={value[:40]}`; {wanted}. The default is shown.")
    del st.query_params[name]


def _tell(notice: str) -> None:
    st.session_state.setdefault("notices", []).append(notice)


def show_notices() -> None:
    """Show what was wrong with the parameters read so far, in one box."""
    notices = st.session_state.pop("notices", [])
    if notices:
        st.warning("  \n".join(notices), icon=":material/link_off:")


def choice(
    name: str, label: str, choices: dict[str, str], many: bool = False, pills: bool = False
) -> str:
    """A picker whose value the address carries as parameter `name`.

    `choices` maps what the address says to what a person reads; the first is the default. With
    `many` it is a list to open, else a row of buttons, apart from one another as `pills`. Streamlit's own `bind="query-params"` would
    write the words of the label into the address.
    """
    # Streamlit forgets a widget's value when another page is shown, but not before that page has run
    # once, and then hands out None; so each page has a widget of its own and the choice is kept apart.
    widget, chosen = f"pick_{name}_{st.session_state.page}", f"chosen_{name}"
    value = st.query_params.get(name)
    if value is not None and value != st.session_state.get(chosen):
        if value in choices:
            st.session_state[chosen] = st.session_state[widget] = value
        else:
            refuse(name, value, f"it can be {' or '.join(choices)}")
    if st.session_state.get(chosen) not in choices:
        st.session_state[chosen] = next(iter(choices))
    if st.session_state.get(widget) not in choices:
        st.session_state[widget] = st.session_state[chosen]
    picked: str | None
    if many:
        picked = st.selectbox(
            label,
            list(choices),
            format_func=choices.__getitem__,
            key=widget,
            label_visibility="collapsed",
            width=160 if max(map(len, choices.values())) <= NARROW else 260,
        )
    else:
        buttons = st.pills if pills else st.segmented_control
        picked = buttons(
            label,
            list(choices),
            format_func=choices.__getitem__,
            key=widget,
            required=True,
            label_visibility="collapsed",
        )
    assert picked is not None  # one is always chosen
    st.session_state[chosen] = picked
    put(name, picked)
    return picked


def put(name: str, value: str) -> None:
    """Write parameter `name` into the address, if it does not say `value` already."""
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def number(name: str, low: float, high: float) -> float | None:
    """Parameter `name` as a finite number from `low` to `high`, else None."""
    value = st.query_params.get(name)
    if value is None:
        return None
    try:
        parsed = float(value)
    except ValueError:
        parsed = math.nan
    if not low <= parsed <= high:
        refuse(name, value, f"it must be a number from {low:g} to {high:g}")
        return None
    return parsed


def index(name: str, count: int) -> int | None:
    """Parameter `name` as a whole number from 0 to `count - 1`, else None."""
    value = st.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) < count):
        refuse(name, value, f"it must be a whole number from 0 to {count - 1}")
        return None
    return int(value)


def vector(name: str, low: Sequence[float], high: Sequence[float]) -> list[float] | None:
    """Parameter `name` as comma-separated numbers, one for each range `low[i]` to `high[i]`, else None.

    A person who zooms out gets beyond the ranges, so as much again on each side is taken too.
    """
    value = st.query_params.get(name)
    if value is None:
        return None
    try:
        parsed = [float(part) for part in value.split(",")]
    except ValueError:
        parsed = []
    fits = len(parsed) == len(low)
    if not fits or not all(
        2 * a - b <= x <= 2 * b - a for a, x, b in zip(low, parsed, high, strict=True)
    ):
        refuse(name, value, f"it must be {len(low)} numbers in or near the sliders' ranges")
        return None
    return parsed


def check_names(known: Sequence[str]) -> None:
    """Give a notice for parameters that this page does not know."""
    for name in sorted(set(st.query_params) - set(known)):
        _tell(f"The address has `{name[:40]}`, which this page does not know.")
        del st.query_params[name]
