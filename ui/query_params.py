"""The kinds of parameters of an address: how each is read, checked, kept and written.

    DIGIT, USE = Index("digit", 10_000), Choice("use", "Use", {"anomalies": "Anomalies", ...})
    use = USE.pick()                    # draws the picker
    digit = DIGIT.read()                # None: not in the address, so the default
    address.finish([DIGIT, USE])        # notices about unknown and invalid ones; writes the address

A value that can't be used is named in one notice on the page, and the default is shown. Those that
are numbers are in `ui.query_numbers`.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, Self, TypeVar

import streamlit as st

from ui import markdown
from ui.address import note, pending

NARROW = 18  # letters that a narrow menu shows
MOST_NAMED = 12  # choices that a notice lists

T = TypeVar("T")


class UnusableError(ValueError):
    """Why a value of the address can't be used; the message completes "`t=2` ..."."""


@dataclass(frozen=True)
class Parameter(Generic[T]):
    """One parameter of the address.

    A change of one that `replaces` belongs to the history entry on show, as a drag does; any other
    is a choice that Back undoes. A value that is the `default` isn't written; without one, only the
    view or page knows it.
    """

    name: str
    replaces: bool = field(default=False, kw_only=True)
    default: T | None = field(default=None, kw_only=True)

    def parse(self, text: str) -> T:
        """The value that a text of the address stands for; raises UnusableError."""
        raise NotImplementedError

    def write(self, value: T) -> str:
        """A value as the address has it."""
        return str(value)

    @property
    def key(self) -> str:
        """Where its text is kept while another page is shown."""
        return f"kept_{st.session_state.page}_{self.name}"

    def take(self) -> bool:
        """Let the address say what it is, if it does so in this run and hasn't been asked yet."""
        state = st.session_state
        taken = state.setdefault("taken", set())
        if not state.setdefault("told", True) or self.name in taken:
            return False
        taken.add(self.name)
        text = st.query_params.get(self.name)
        if text is None:
            state.pop(self.key, None)
        else:
            state[self.key] = text
        return True

    @property
    def text(self) -> str | None:
        """Its text as it is now, None at its default."""
        self.take()
        text: str | None = st.session_state.get(self.key)
        return text

    def read(self) -> T | None:
        """Its value, None at its default."""
        text = self.text
        if text is None:
            return None
        try:
            value = self.parse(text)
        except UnusableError as error:
            self.refuse(text, str(error))
            return None
        self.put(value)
        return None if pending()[self.name] is None else value

    def put(self, value: T | None) -> None:
        """Set it, None for its default; `finish` or `keep` writes it into the address."""
        text = None if value is None else self.write(value)
        if text is None or (self.default is not None and text == self.write(self.default)):
            self.remove()
            return
        self.take()
        st.session_state[self.key] = pending()[self.name] = text

    def usually(self, default: T) -> Self:
        """The same with another default."""
        return dataclasses.replace(self, default=default)

    def remove(self) -> None:
        """Set it to its default."""
        self.take()
        st.session_state.pop(self.key, None)
        pending()[self.name] = None

    def refuse(self, text: str, why: str) -> None:
        """Set it to its default, with a notice that gives the reason."""
        note(f"{markdown.code(f'{self.name}={text[:40]}')} {why}. Showing the default.")
        self.remove()


@dataclass(frozen=True)
class Name(Parameter[str]):
    """The name of something that may exist no more; `among` says what exists."""

    known: Collection[str] | None = None

    def among(self, known: Collection[str]) -> "Name":
        """The same where only these exist."""
        return dataclasses.replace(self, known=known)

    def parse(self, text: str) -> str:
        if self.known is not None and text not in self.known:
            raise UnusableError("doesn't exist")
        return text


@dataclass(frozen=True)
class Choice(Parameter[str]):
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
        state, widget = st.session_state, f"pick_{self.name}_{st.session_state.page}"
        self.take()
        value, default = state.get(self.key), next(iter(self.choices))
        told = state.told and widget not in state.taken
        state.taken.add(widget)
        if told and value is not None and value not in self.choices:
            self.refuse(value, self._why_not())
        if told or state.get(widget) not in self.choices:
            state[widget] = value if value in self.choices else default
        picked = self._draw(widget)
        assert picked is not None  # one is always chosen
        state[self.key] = picked
        pending()[self.name] = None if picked == default else picked
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
class Option(Parameter[str]):
    """One of a few words, chosen in a view."""

    values: Sequence[str]

    def parse(self, text: str) -> str:
        if text not in self.values:
            raise UnusableError(f"isn't available (choose {' or '.join(self.values)})")
        return text
