"""The parameters of a page's address: each declared once, checked when read, written back.

    Z, USE = Vector("z"), Choice("use", "Use", {"anomalies": "Anomalies", "features": "Features"})
    use = USE.pick()                    # draws the picker
    query_params.finish([Z, USE])       # notices about unknown and invalid ones

A value that can't be used is named in one notice on the page, and the default is shown.
"""

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

NARROW = 18  # letters that a narrow menu shows
MOST_NAMED = 12  # choices that a notice lists


@dataclass(frozen=True)
class Parameter:
    """One parameter of the address."""

    name: str

    @property
    def text(self) -> str | None:
        """Its value in the address, if there is one."""
        value: str | None = st.query_params.get(self.name)
        return value

    def put(self, value: str) -> None:
        """Write it into the address, unless it is there already."""
        if self.text != value:
            st.query_params[self.name] = value

    def remove(self) -> None:
        """Take it out of the address."""
        st.query_params.pop(self.name, None)

    def refuse(self, value: str, why: str) -> None:
        """Take it out of the address, with a notice that gives the reason."""
        _note(f"`{self.name}={value[:40]}` {why}. Showing the default.")
        self.remove()


@dataclass(frozen=True)
class Choice(Parameter):
    """A picker. `choices` maps values in the address to labels; the first is the default.

    They are given here, or to `of` if they depend on the models that exist. Streamlit's own
    `bind="query-params"` would write the words of the label into the address.
    """

    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    control: Literal["menu", "buttons", "pills"] = "buttons"

    def of(self, choices: Mapping[str, str], most_buttons: int | None = None) -> "Choice":
        """The same with these choices; more than `most_buttons` become a menu."""
        control = self.control
        if most_buttons is not None and len(choices) > most_buttons:
            control = "menu"
        return dataclasses.replace(self, choices=choices, control=control)

    def pick(self) -> str:
        """Draw the picker; returns the choice, which the address then carries."""
        # Streamlit forgets a widget's value when another page is shown, but not before that page
        # has run once, and then hands out None; so each page has its own widget and the choice
        # is kept separately.
        widget, chosen = f"pick_{self.name}_{st.session_state.page}", f"chosen_{self.name}"
        value = self.text
        if value is not None and value != st.session_state.get(chosen):
            if value in self.choices:
                st.session_state[chosen] = st.session_state[widget] = value
            else:
                self.refuse(value, self._why_not())
        if st.session_state.get(chosen) not in self.choices:
            st.session_state[chosen] = next(iter(self.choices))
        if st.session_state.get(widget) not in self.choices:
            st.session_state[widget] = st.session_state[chosen]
        picked = self._draw(widget)
        assert picked is not None  # one is always chosen
        st.session_state[chosen] = picked
        self.put(picked)
        return picked

    def _why_not(self) -> str:
        """Why another value than its choices can't be used; a long list stands in the menu already."""
        if len(self.choices) > MOST_NAMED:
            return "isn't available"
        return f"isn't available (choose {' or '.join(self.choices)})"

    def _draw(self, widget: str) -> str | None:
        words: Callable[[str], str] = self.choices.__getitem__
        names = list(self.choices)
        if self.control == "menu":
            return st.selectbox(
                self.label,
                names,
                format_func=words,
                key=widget,
                label_visibility="collapsed",
                width=160 if max(map(len, self.choices.values())) <= NARROW else 260,
            )
        buttons = st.pills if self.control == "pills" else st.segmented_control
        return buttons(
            self.label,
            names,
            format_func=words,
            key=widget,
            required=True,
            label_visibility="collapsed",
        )


@dataclass(frozen=True)
class Number(Parameter):
    """A finite number from `low` to `high`."""

    low: float
    high: float

    def read(self) -> float | None:
        """The number, None where there is none."""
        value = self.text
        if value is None:
            return None
        try:
            parsed = float(value)
        except ValueError:
            parsed = math.nan
        if not self.low <= parsed <= self.high:
            self.refuse(value, f"must be a number from {self.low:g} to {self.high:g}")
            return None
        return parsed


@dataclass(frozen=True)
class Index(Parameter):
    """A whole number from 0 to `count - 1`."""

    count: int

    def read(self) -> int | None:
        """The number, None where there is none."""
        value = self.text
        if value is None:
            return None
        digits = value.isascii() and value.isdigit() and len(value) < 10
        if not (digits and int(value) < self.count):
            self.refuse(value, f"must be a whole number from 0 to {self.count - 1}")
            return None
        return int(value)


@dataclass(frozen=True)
class Vector(Parameter):
    """Numbers separated by commas."""

    def read(self, low: Sequence[float], high: Sequence[float]) -> list[float] | None:
        """One number for each range `low[i]` to `high[i]`; None where there is none.

        Zooming out leads beyond the ranges, so values up to one range further out are accepted too.
        """
        value = self.text
        if value is None:
            return None
        try:
            parsed = [float(part) for part in value.split(",")]
        except ValueError:
            parsed = []
        if len(parsed) != len(low) or not all(
            2 * a - b <= x <= 2 * b - a for a, x, b in zip(low, parsed, high, strict=True)
        ):
            self.refuse(value, f"must be {len(low)} numbers in or near the sliders' ranges")
            return None
        return parsed


def finish(parameters: Iterable[Parameter]) -> None:
    """Take parameters that the page doesn't have out of the address, and show all notices so far."""
    known = {parameter.name for parameter in parameters}
    for name in sorted(set(st.query_params) - known):
        _note(f"Ignored unknown parameter `{name[:40]}`.")
        del st.query_params[name]
    show_notices()


def show_notices() -> None:
    """Show the notices about the parameters read so far, in one box."""
    notices = st.session_state.pop("notices", [])
    if notices:
        st.warning("  \n".join(notices), icon=":material/link_off:")


def _note(notice: str) -> None:
    st.session_state.setdefault("notices", []).append(notice)
