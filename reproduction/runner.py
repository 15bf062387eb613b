"""Measures rows one after another and writes what they gave; one that fails doesn't stop others."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from aemodels import data
from reproduction import context, result
from reproduction.result import DIVERGED, DONE, MISSING, Figure, Result
from reproduction.row import Measured, Row


def measure(row: Row, using: context.Bench) -> Result:
    """One row. A model that diverges or data that isn't there gives a result that says so."""
    using.used.clear()
    start, spent = perf_counter(), using.spent
    status, reason, found = DONE, "", Measured([])
    try:
        found = row.measure(using)
    except context.DivergedError as error:
        status, reason = DIVERGED, str(error)
    except data.DataError as error:
        status, reason = MISSING, str(error)
    seconds = perf_counter() - start - (using.spent - spent)
    return Result(
        id=row.id,
        title=row.title,
        source=row.source,
        recipe=row.recipe,
        difference=row.difference,
        status=status,
        reason=reason,
        machine=context.machine(),
        date=date.today().isoformat(),
        seconds=round(seconds, 1),
        seeds=found.seeds if status == DONE else (),
        models=tuple(using.used.values()),
        figures=tuple(found.figures),
        versions=context.versions(),
        details=found.details,
    )


def run(
    rows: Sequence[Row], using: context.Bench, folder: Path, again: bool = False
) -> tuple[list[Result], list[str]]:
    """The results of the rows, in their order, and one line for each that broke.

    A row that was done is read from `folder`, unless `again`; others are measured and, unless the
    bench is quick, saved there. Data that went missing don't undo a row that was done with them.
    """
    results, problems = [], []
    for row in rows:
        path = folder / f"{row.id}.json"
        try:
            before = None if using.quick else _before(path, again)
            if before is not None and not again and before.status != MISSING:
                using.say(f"{row.id}: measured on {before.date}; --again measures it again")
                results.append(before)
                continue
            using.say(f"{row.id}: {row.title}")
            found = measure(row, using)
            kept = before is not None and before.status == DONE and found.status == MISSING
            if not using.quick and not kept:
                found.save(folder)
            using.say(f"{row.id}: {summary(found, judged=not using.quick)}")
            results.append(found)
        except Exception as error:
            # Whatever it is, the rows after it may have hours of training to show.
            problems.append(f"{row.id}: {type(error).__name__}: {error}")
            using.say(problems[-1])
    return results, problems


def _before(path: Path, again: bool) -> Result | None:
    """What is there. Raises ResultError if it is damaged, unless it is to be measured again."""
    try:
        return result.read(path) if path.exists() else None
    except result.ResultError:
        if again:
            return None
        raise


def summary(found: Result, judged: bool = True) -> str:
    """A result in one line, with what falls short if it is to be judged."""
    if found.status != DONE:
        return f"{found.status}: {found.reason}"
    short = (
        f"; falls short: {', '.join(f.name for f in found.short)}" if judged and found.short else ""
    )
    numbers = "; ".join(f"{figure.name} {_value(figure)}" for figure in found.figures)
    return numbers + short


def _value(figure: Figure) -> str:
    return f"{figure.value:.4g} {figure.unit}".strip()
