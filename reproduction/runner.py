"""Measures rows one after another and writes their results; one that fails doesn't stop others."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter

from aemodels import data
from aemodels.training import hardware
from reproduction import result
from reproduction.choices import how
from reproduction.context import DivergedError, ReproductionContext
from reproduction.result import DIVERGED, DONE, MISSING, Result
from reproduction.row import Measured, Row


def measure(row: Row, context: ReproductionContext) -> Result:
    """Measure one row. If a model diverges or data are missing, the result has the reason."""
    context.used.clear()
    start, spent = perf_counter(), context.trainer.seconds
    status, reason, found = DONE, "", Measured([])
    try:
        found = row.measure(context)
    except DivergedError as error:
        status, reason = DIVERGED, str(error)
    except data.DataError as error:
        status, reason = MISSING, str(error)
    seconds = perf_counter() - start - (context.trainer.seconds - spent)
    return Result(
        id=row.id,
        title=row.title,
        source=row.source,
        recipe=row.recipe,
        difference=row.difference,
        chosen=how.of_row(row),
        status=status,
        reason=reason,
        machine=context.trainer.machine,
        date=date.today().isoformat(),
        seconds=round(seconds, 1),
        families=row.families,
        seeds=found.seeds if status == DONE else (),
        models=tuple(context.used.values()),
        figures=tuple(found.figures),
        versions=hardware.library_versions(),
        details=found.details,
    )


def run(
    rows: Sequence[Row], context: ReproductionContext, folder: Path, again: bool = False
) -> tuple[list[Result], list[str]]:
    """The results of the rows, in their order, and one line for each that failed.

    A row that was measured is read from `folder`, unless `again`; others are measured and, unless
    the context is quick, saved there. Missing data never replace a measured result.
    """
    results, problems = [], []
    for row in rows:
        path = folder / f"{row.id}.json"
        try:
            before = None if context.quick else _before(path, again)
            if before is not None and not again and before.status != MISSING:
                context.say(f"{row.id}: measured on {before.date}; use --again to repeat it")
                results.append(before)
                continue
            context.say(f"{row.id}: {row.title}")
            found = measure(row, context)
            kept = before is not None and before.status == DONE and found.status == MISSING
            if not context.quick and not kept:
                found.save(folder)
            context.say(f"{row.id}: {summary(found, judged=not context.quick)}")
            results.append(found)
        except Exception as error:
            # Whatever the error, the rows after it can have hours of training to save.
            problems.append(f"{row.id}: {type(error).__name__}: {error}")
            context.say(problems[-1])
    return results, problems


def reword(row: Row, folder: Path) -> None:
    """Give the row's result the words that the row has now, and leave its numbers.

    Does nothing if it hasn't been measured. Raises ResultError, HistoryError and OSError.
    """
    for found in result.read_all([row.id], folder).values():
        replace(
            found,
            title=row.title,
            source=row.source,
            recipe=row.recipe,
            difference=row.difference,
            chosen=how.of_row(row),
            families=row.families,
        ).save(folder)


def _before(path: Path, again: bool) -> Result | None:
    """The result so far. Raises ResultError if it is damaged, unless it is to be measured again."""
    try:
        return result.read(path) if path.exists() else None
    except result.ResultError:
        if again:
            return None
        raise


def summary(found: Result, judged: bool = True) -> str:
    """A result in one line, with the targets that it misses if it is to be judged."""
    if found.status != DONE:
        return f"{found.status}: {found.reason}"
    numbers = "; ".join(
        f"{figure.name} {result.number(figure.value)} {figure.unit}".strip()
        for figure in found.figures
    )
    missed = ", ".join(figure.name for figure in found.missed)
    return f"{numbers}; missed: {missed}" if judged and missed else numbers
