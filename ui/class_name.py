"""The parameter that names a class, whose runs are kept apart from those of others."""

import re
import unicodedata
from dataclasses import dataclass

from ui.query_params import Parameter, UnusableError

LONGEST = 30
# As lens/web/classroom.js has it.
_BESIDE_LETTERS = " ._-"


@dataclass(frozen=True)
class ClassName(Parameter[str]):
    """A name such as 7b; capitals and spaces around it make no other class."""

    def parse(self, text: str) -> str:
        name = re.sub(r" +", " ", unicodedata.normalize("NFC", text).casefold()).strip()
        fits = all(
            unicodedata.category(letter)[0] in "LNM" or letter in _BESIDE_LETTERS for letter in name
        )
        if not fits or not name[:1].isalnum() or len(text) > LONGEST:
            raise UnusableError(
                f"must be 1 to {LONGEST} letters, digits, spaces, hyphens, underscores and dots, such as 7b"
            )
        return name
