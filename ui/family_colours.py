"""The colour of each model in a chart of several: a family has the same one whoever stands beside it."""

from collections.abc import Sequence

from ui import charts

_USUAL = {"pca": charts.GREY, "ae": charts.TEAL, "vae": charts.BLUE}
_OTHERS = (charts.ORANGE, charts.TEAL, charts.GREY, charts.BLUE)


def of(families: Sequence[str]) -> list[str]:
    """A colour for each of up to four models, no two the same.

    The first model of a family gets the family's colour; further ones, and those of families
    without a colour, get those that are left.
    """
    found: dict[int, str] = {}
    for family, colour in _USUAL.items():
        if family in families:
            found[families.index(family)] = colour
    free = (colour for colour in _OTHERS if colour not in found.values())
    return [found[place] if place in found else next(free) for place in range(len(families))]
