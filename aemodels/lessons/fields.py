"""YAML as fields with line numbers; values stay the text that was written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import yaml

from aemodels.lessons.errors import Collected, LessonError, Problem, wrong

SPECIAL = "`: `, or beginning with one of `{[*&!#`,"


@dataclass(frozen=True)
class Field:
    """The value of a key, and the line that it is on."""

    name: str
    node: yaml.Node
    first: int  # line of the text's first line

    @property
    def line(self) -> int:
        """Its line in the file."""
        return self.first + int(self.node.start_mark.line)

    def text(self) -> str:
        """A single value."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value:
            raise wrong(self.line, f"`{self.name}` must be one value")
        return str(self.node.value)

    def texts(self) -> list[str]:
        """One or several values."""
        if not isinstance(self.node, yaml.SequenceNode):
            return [self.text()]
        return [Field(self.name, each, self.first).text() for each in self.node.value]

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        text = self.text()
        if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
            raise wrong(self.line, f"`{self.name}` must be a whole number from {low} to {high}")
        return int(text)

    def fields(self) -> "dict[str, Field]":
        """A value for each of several names."""
        return _of_mapping(self.node, self.first, f"`{self.name}`")


def read(
    text: str, first: int, known: Collection[str], what: str, collected: Collected
) -> dict[str, Field]:
    """The fields of a YAML text whose first line is line `first` of the file.

    Raises LessonError for anything but a mapping; unknown names are collected. `what` says what the
    text is.
    """
    try:
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = first + (mark.line if mark else 0)
        reason = (
            f"{what} isn't YAML: {error.problem or error.context}; text with {SPECIAL} needs quotes"
        )
        raise wrong(where, reason) from None
    except (yaml.YAMLError, ValueError) as error:
        raise wrong(first, f"{what} isn't YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise wrong(first, f"{what} isn't YAML: nested too deeply") from None
    if node is None:
        return {}
    found = _of_mapping(node, first, what)
    for name, field in found.items():
        if name not in known:
            reason = f"unknown name `{name[:40]}`; {what} takes {', '.join(known)}"
            collected.problems.append(Problem(field.line, reason))
    return {name: field for name, field in found.items() if name in known}


def need(fields: Mapping[str, Field], name: str, line: int, what: str) -> Field:
    """The field of this name; raises LessonError where there is none."""
    if name not in fields:
        raise wrong(line, f"{what} has no `{name}`")
    return fields[name]


def _of_mapping(node: yaml.Node, first: int, what: str) -> dict[str, Field]:
    line = first + int(node.start_mark.line)
    if not isinstance(node, yaml.MappingNode):
        raise wrong(line, f"{what} must be lines of `name: value`")
    found: dict[str, Field] = {}
    for key, value in node.value:
        line = first + int(key.start_mark.line)
        if not isinstance(key, yaml.ScalarNode):
            raise wrong(line, f"{what} must be lines of `name: value`")
        name = str(key.value)
        if name in found:
            raise wrong(line, f"{what} has `{name[:40]}` twice")
        found[name] = Field(name, value, first)
    return found


__all__ = ["Field", "LessonError", "need", "read"]
