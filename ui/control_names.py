"""The parameter that names controls of the views."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ui import markdown
from ui.query_params import Parameter, UnusableError


@dataclass(frozen=True)
class Controls(Parameter[list[str]]):
    """Names of controls, separated by commas, in any order."""

    known: Collection[str]

    def parse(self, text: str) -> list[str]:
        names = text.split(",")
        strange = [markdown.code(name[:40]) for name in names if name not in self.known]
        if strange:
            raise UnusableError(f"includes unknown controls: {', '.join(strange)}")
        return names

    def usable(self, text: str) -> list[str]:
        """Those of a text that are controls."""
        return [name for name in text.split(",") if name in self.known]

    def write(self, value: Sequence[str]) -> str:
        return ",".join(value)
