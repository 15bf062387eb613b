"""Where the values of parameters come from: the address of the page on show, or a lesson's file."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from ui import address, markdown
from ui.address import note
from ui.query_params import Parameter, UnusableError

T = TypeVar("T")


class Values(Protocol):
    """The values of parameters, None where one is at its default."""

    @property
    def visit(self) -> int:
        """As `address.visit`."""

    def of(self, parameter: Parameter[T]) -> T | None:
        """This parameter's value; one that can't be used is named in a notice and left out."""


class Address:
    """What the address of the page on show says, and what was set since."""

    @property
    def visit(self) -> int:
        return address.visit()

    def of(self, parameter: Parameter[T]) -> T | None:
        return parameter.read()


class Given:
    """Texts by the names of parameters, such as a step of a lesson gives."""

    def __init__(self, texts: Mapping[str, str], visit: int) -> None:
        self.texts = texts
        self.visit = visit

    def of(self, parameter: Parameter[T]) -> T | None:
        text = self.texts.get(parameter.name)
        if text is None:
            return None
        try:
            value = parameter.parse(text)
        except UnusableError as error:
            named = markdown.code(f"{parameter.name}={text[:40]}")
            note(f"{named} {error}. Showing the default.")
            return None
        usual = parameter.default
        if usual is not None and parameter.write(value) == parameter.write(usual):
            return None
        return value
