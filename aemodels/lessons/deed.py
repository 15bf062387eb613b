"""What counts as done: `done`, `times`, `distinct` and `where` of a step."""

import math
import re
from collections.abc import Mapping
from typing import cast

from aemodels.lessons.errors import wrong
from aemodels.lessons.fields import Field
from aemodels.lessons.lesson import Condition, Deed, Test
from aemodels.lessons.vocabulary import FactType, View

MOST_TIMES = 100
TERMS = ("times", "distinct", "where")  # of a deed, beside its event
TESTED = re.compile(r"(!=|<=|>=|=|<|>)\s*(.*)")


def parse(fields: Mapping[str, Field], view: View, name: str) -> Deed | None:
    """The deed of a step that shows the view of this name; None where nothing has to be done."""
    done = fields.get("done")
    if done is None:
        for term in TERMS:
            if term in fields:
                raise wrong(fields[term].line, f"`{term}` needs `done`, the event that it counts")
        return None
    event = done.text()
    if event not in view.events:
        known = ", ".join(view.events)
        raise wrong(done.line, f"`{name}` tells no event `{event[:40]}` (choose {known})")
    facts = view.events[event]
    distinct = None
    if "distinct" in fields:
        distinct = fields["distinct"].text()
        _check_fact(distinct, fields["distinct"].line, event, facts)
    times = fields["times"].whole(1, MOST_TIMES) if "times" in fields else 1
    where = []
    if "where" in fields:
        for fact, field in fields["where"].fields().items():
            _check_fact(fact, field.line, event, facts)
            where.append(_condition(fact, field, facts[fact]))
    return Deed(event, times, distinct, tuple(where))


def _check_fact(fact: str, line: int, event: str, facts: Mapping[str, FactType]) -> None:
    if fact not in facts:
        known = f" (choose {', '.join(facts)})" if facts else ""
        raise wrong(line, f"`{event}` says no `{fact[:40]}`{known}")


def _condition(fact: str, field: Field, kind: FactType) -> Condition:
    text = field.text()
    found = TESTED.fullmatch(text)
    test, value = (found[1], found[2]) if found else ("=", text)
    if kind == "number":
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise wrong(field.line, f"`{fact}` is a number, such as `>= 2`")
        return Condition(fact, cast(Test, test), number)
    if test not in ("=", "!="):
        raise wrong(field.line, f"`{fact}` can only be tested with `=` and `!=`")
    if kind == "boolean":
        truths = {"true": True, "yes": True, "false": False, "no": False}
        if value not in truths:
            raise wrong(field.line, f"`{fact}` is true or false")
        return Condition(fact, cast(Test, test), truths[value])
    return Condition(fact, cast(Test, test), value)
