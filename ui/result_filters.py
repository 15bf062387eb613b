"""Which rows of the reproduction table Results shows: by their verdict and by a family."""

from collections.abc import Mapping, Sequence

from aemodels.families import FAMILIES
from reproduction.result import DONE, Result
from ui.parameters import SHOW

ANY = "any"


def families(results: Sequence[Result]) -> Mapping[str, str]:
    """The choices of a family by name: any, and those of these rows."""
    found = dict.fromkeys(family for each in results for family in each.families)
    titles = {name: getattr(FAMILIES.get(name), "title", name) for name in found}
    return {ANY: "Any family", **titles}


def shows(found: Result) -> list[str]:
    """The choices of `SHOW` that show the row; one without numbers counts as missed."""
    missed = bool(found.missed) or found.status != DONE
    answers = {"all": True, "missed": missed, "met": found.verdict == "met"}
    return [choice for choice in SHOW.choices if answers[choice]]


def fits(found: Result, wanted: str, family: str) -> bool:
    """Whether the row passes both filters."""
    return family in (ANY, *found.families) and wanted in shows(found)
