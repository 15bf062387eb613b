"""Styles in a cell: they ask for the cell's width where they asked for the window's."""

import re

import pytest

from aemodels import views
from aemodels.widget.markup import by_container


def test_widths_are_the_containers_and_other_conditions_stay() -> None:
    css = (
        "@media (min-width: 500px) and (max-height: 600px), (min-width: 800px) { a { b: c } } d {}"
    )
    assert re.sub(r"\s+", " ", by_container(css)) == (
        "@media (max-height: 600px) {@container cell (min-width: 460px) { a { b: c } }} "
        "@container cell (min-width: 736px) { a { b: c } } d {}"
    )
    kept = "@media (hover: none) { a { b: c } }"
    assert by_container(kept) == kept


@pytest.mark.parametrize("view", ["explore", "compare", "interpolate", "train"])
def test_no_view_asks_for_the_windows_width(view: str) -> None:
    css, made = views.css(view), by_container(views.css(view))
    assert re.search(r"@media [^{]*width", css)
    assert not re.search(r"@media [^{]*width", made)
    assert made.count("{") == made.count("}")
    # Nothing but conditions has changed.
    rules = {line.strip() for line in css.splitlines() if "@media" not in line and "{" in line}
    assert all(rule in made for rule in rules)
