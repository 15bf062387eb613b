"""The name of a class: the same rules as in the browser, and one name however it is written."""

import pytest

from ui.class_name import LONGEST, ClassName
from ui.query_params import UnusableError

CLASS = ClassName("class")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("7b", "7b"),
        (" 7B ", "7b"),
        ("Klasse  7.b", "klasse 7.b"),
        ("7-b_", "7-b_"),
        ("Straße", "strasse"),
        ("Grün", "grün"),
        ("९ब", "९ब"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_a_name(text: str, name: str) -> None:
    assert CLASS.parse(text) == name


@pytest.mark.parametrize("text", ["", " ", "-7b", "<b>", "7/b", "../7b", "a\nb", "x" * 31, "7\0b"])
def test_no_name(text: str) -> None:
    with pytest.raises(
        UnusableError,
        match="must be 1 to 30 letters, digits, spaces, hyphens, underscores and dots,",
    ):
        CLASS.parse(text)
