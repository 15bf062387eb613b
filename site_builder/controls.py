"""The pickers at the top of a page, whose names and choices are those of an address."""

from collections.abc import Mapping
from html import escape

from ui.query_params import Choice, Parameter


def row(*controls: str) -> str:
    """Several side by side."""
    return f'<div class="pickers">{"".join(controls)}</div>'


def menu(
    parameter: Parameter[str],
    choices: Mapping[str, str],
    label: str = "",
    *,
    usual: str = "",
    optional: bool = False,
) -> str:
    """A list that opens; `choices` are labels by their value in the address, which doesn't say `usual`."""
    every = {"": "none", **choices} if optional else choices
    options = "".join(
        f'<option value="{escape(value)}">{escape(words)}</option>'
        for value, words in every.items()
    )
    words = label or getattr(parameter, "label", parameter.name)
    return (
        f'<select name="{parameter.name}" aria-label="{escape(words)}" autocomplete="off"'
        f"{_usual(usual)}>{options}</select>"
    )


def buttons(choice: Choice, choices: Mapping[str, str]) -> str:
    """All choices in view, of which the first is usual."""
    first = next(iter(choices))
    made = "".join(
        f'<label><input type="radio" name="{choice.name}" value="{escape(value)}" autocomplete="off"'
        f"{_usual(first)}{' checked' if value == first else ''}><span>{escape(words)}</span></label>"
        for value, words in choices.items()
    )
    return f'<div class="switch" role="radiogroup" aria-label="{escape(choice.label)}">{made}</div>'


def _usual(value: str) -> str:
    return f' data-usual="{escape(value)}"' if value else ""
