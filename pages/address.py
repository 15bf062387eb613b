"""Values in the page's address: read with a check, and a plain notice where one can't be used."""

import math
from collections.abc import Sequence

import streamlit as st


def _refuse(name: str, value: str, wanted: str) -> None:
    st.warning(
        f"The address says `{name}={value[:40]}`; {wanted}. The default is shown.",
        icon=":material/link_off:",
    )
    if name in st.query_params:
        del st.query_params[name]


def check_choice(name: str, choices: Sequence[str]) -> None:
    """Give a notice where parameter `name` is none of `choices`; the widget bound to it falls back."""
    value = st.query_params.get(name)
    if value is not None and value not in choices:
        st.warning(
            f"The address says `{name}={value[:40]}`; it can be {' or '.join(choices)}. "
            "The default is shown.",
            icon=":material/link_off:",
        )


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
        _refuse(name, value, f"it must be a number from {low:g} to {high:g}")
        return None
    return parsed


def index(name: str, count: int) -> int | None:
    """Parameter `name` as a whole number from 0 to `count - 1`, else None."""
    value = st.query_params.get(name)
    if value is None:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) < count):
        _refuse(name, value, f"it must be a whole number from 0 to {count - 1}")
        return None
    return int(value)


def vector(name: str, low: Sequence[float], high: Sequence[float]) -> list[float] | None:
    """Parameter `name` as comma-separated numbers, one for each range `low[i]` to `high[i]`, else None."""
    value = st.query_params.get(name)
    if value is None:
        return None
    try:
        parsed = [float(part) for part in value.split(",")]
    except ValueError:
        parsed = []
    fits = len(parsed) == len(low)
    if not fits or not all(a <= x <= b for a, x, b in zip(low, parsed, high, strict=True)):
        _refuse(name, value, f"it must be {len(low)} numbers within the sliders' ranges")
        return None
    return parsed


def check_names(known: Sequence[str]) -> None:
    """Give a notice for parameters that this page does not know."""
    for name in sorted(set(st.query_params) - set(known)):
        st.warning(f"The address has `{name[:40]}`, which this page does not know.")
        del st.query_params[name]
