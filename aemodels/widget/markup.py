"""The HTML of a view for a cell, which is narrower than the window that its styles ask about."""

import re
from typing import get_args

from aemodels import views
from aemodels.views.theme import Scheme

# The share of the window's width that a view has in the app.
SHARE = 0.92
_WIDTH = re.compile(r"\((min|max)-width: (\d+)px\)")


def markup(view: str) -> str:
    """The HTML of a view with its styles, in both colour schemes."""
    schemes = "".join(
        f':host([data-scheme="{scheme}"]) {{ color-scheme: {scheme}; {views.theme(scheme)} }}\n'
        for scheme in get_args(Scheme)
    )
    host = ":host { container: cell / inline-size; --header-height: 0px; }\n"
    return f"<style>{schemes}{host}{by_container(views.css(view))}</style>{views.html(view)}"


def by_container(css: str) -> str:
    """Styles that ask for the width of the container `cell` where they asked for the window's."""
    made, at = "", 0
    for found in re.finditer(r"@media ([^{]+)\{", css):
        if found.start() < at or not _WIDTH.search(found[1]):
            continue
        end = _end(css, found.end())
        body = by_container(css[found.end() : end - 1])
        rules = (_rule(query.strip(), body) for query in found[1].split(","))
        made += css[at : found.start()] + "\n".join(rules)
        at = end
    return made + css[at:]


def _rule(query: str, body: str) -> str:
    """What stands in a query, within its conditions: widths are the container's."""
    conditions = query.split(" and ")
    widths = [one for one in conditions if _WIDTH.fullmatch(one)]
    others = [one for one in conditions if one not in widths]
    if widths:
        body = f"@container cell {' and '.join(map(_in_cell, widths))} {{{body}}}"
    return f"@media {' and '.join(others)} {{{body}}}" if others else body


def _in_cell(width: str) -> str:
    found = _WIDTH.fullmatch(width)
    assert found
    return f"({found[1]}-width: {round(SHARE * int(found[2]))}px)"


def _end(css: str, start: int) -> int:
    """Behind the brace that closes the one before `start`."""
    depth = 1
    for found in re.finditer("[{}]", css[start:]):
        depth += 1 if found[0] == "{" else -1
        if not depth:
            return start + found.end()
    raise ValueError("styles with an open brace")
