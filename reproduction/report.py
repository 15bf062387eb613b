"""REPRODUCTION.md: a summary of one line per row, then each row's numbers and how they were made.

It is made from the rows' JSON files alone.
"""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from aemodels.bundles import atomic
from reproduction import result
from reproduction.choices import how
from reproduction.result import DONE, Cells, Figure, Result, ResultError, Used, duration
from reproduction.rows import ROWS

NAME = "REPRODUCTION.md"
ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# Published numbers and ours

`python -m reproduction` writes this file from the results in `reproduction/results/`; no number is
typed by hand. Unless stated otherwise, numbers are for the 10,000 test digits of MNIST; errors
and nats are **summed over the 784 pixels** (or over latents) and **averaged over images**, and
published numbers per pixel are multiplied by 784. *Ours* is the mean over seeds ± their standard
deviation. The *target* is the published number, or a threshold of our own where the row gives a
reason.

{chosen}

The summary shows one figure per experiment: the first that misses its target, else the first with
a target. The verdict covers all of them.
"""
CHOSEN = """\
Where a row names histories, settings were chosen on the last 10,000 training digits, after training
on the other 50,000; with them, models were then trained on all 60,000, unless the row says
otherwise. A history has every trial.\
"""
SUMMARY = ("experiment", "figure", "published", "target", "ours", "verdict", "time")
ALIGNED = "|---|---|--:|--:|--:|---|--:|"


def place(folder: Path) -> Path:
    """The path of the report on the results in `folder`."""
    inside = folder == result.committed()
    return (ROOT if inside else folder) / NAME


def write(folder: Path, to: Path | None = None) -> list[str]:
    """Write the report on the results in `folder`. Returns one line for each result that can't be
    used and is skipped. Raises OSError.
    """
    results: list[Result] = []
    problems: list[str] = []
    for name in ROWS:
        try:
            results += result.read_all([name], folder).values()
        except ResultError as error:
            problems.append(str(error))
    atomic.replace(to or place(folder), markdown(results).encode())
    return problems


def markdown(results: Sequence[Result]) -> str:
    """The report; rows without a result are named too."""
    measured = {found.id for found in results}
    missing = [f"`{name}` ({row.title})" for name, row in ROWS.items() if name not in measured]
    parts = [
        HEAD.format(chosen=_chosen(results)),
        f"{result.overview(results)}\n",
        summary(results),
    ]
    if missing:
        parts.append(f"Not measured yet: {'; '.join(missing)}.\n")
    parts += [_section(found) for found in results]
    return "\n".join(parts)


def _chosen(results: Sequence[Result]) -> str:
    """How settings were chosen, and the rows where it was otherwise."""
    late = [f"[{found.title}](#{found.id})" for found in results if how.AFTER_TEST in found.chosen]
    if not late:
        return CHOSEN
    text = (
        f"{CHOSEN} In {len(late)} of the {len(results)} experiments, some or all settings were "
        f"still chosen {how.AFTER_TEST} of a few trials, which makes ours look slightly better "
        f"than they are: {'; '.join(late)}."
    )
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)


def summary(results: Sequence[Result]) -> str:
    """The table with one line per row: one of its figures, and the verdict on all of them."""
    lines = [_line(SUMMARY), ALIGNED]
    for found in results:
        cells = _leading(found.figures).cells() if found.figures else Cells("–", "–", "–", "–", "–")
        seconds = duration(found.training_seconds + found.seconds)
        verdict = found.verdict if found.verdict in ("met", "no target") else f"**{found.verdict}**"
        lines.append(_line((f"[{found.title}](#{found.id})", *cells[:4], verdict, seconds)))
    return "\n".join(lines) + "\n"


def _leading(figures: Sequence[Figure]) -> Figure:
    """The first that misses its target, else the first with a target, else the first."""
    judged = [figure for figure in figures if figure.met is not None]
    return next((figure for figure in judged if not figure.met), (*judged, *figures)[0])


def figures(found: Result) -> str:
    """The table of one row's figures."""
    lines = [_line(("figure", "published", "target", "ours", "verdict")), "|---|--:|--:|--:|---|"]
    for figure in found.figures:
        cells = figure.cells()
        verdict = "**missed**" if cells.verdict == "missed" else cells.verdict
        lines.append(_line((*cells[:4], verdict)))
    return "\n".join(lines) + "\n"


def _section(found: Result) -> str:
    lines = [f"## {found.id}", "", f"**{found.title}**", ""]
    if found.status == DONE:
        lines += [figures(found)]
    else:
        lines += [f"**{found.status.capitalize()}:** {found.reason}", ""]
    lines += [
        f"* Source: {found.source}",
        f"* Recipe: {found.recipe}",
        f"* Differences: {found.difference}",
        f"* Settings: {how.linked(found.chosen, ROOT)}",
    ]
    lines += [f"* {figure.name}: {figure.note}" for figure in found.figures if figure.note]
    seeds = f", seeds {', '.join(map(str, found.seeds))}" if len(found.seeds) > 1 else ""
    trained = f" after {duration(found.training_seconds)} of training" if found.models else ""
    versions = ", ".join(f"{name} {text}" for name, text in found.versions.items())
    lines.append(
        f"* Measured on {found.date} in {duration(found.seconds)}{trained}{seeds}: "
        f"{found.machine}; {versions}"
    )
    lines += [f"* {_made(model)}" for model in found.models]
    return "\n".join(lines) + "\n"


def _made(model: Used) -> str:
    where = f"{duration(model.seconds)} on {model.device} in {model.precision or 'fp32'}"
    machine = f", {model.machine}" if model.machine else ""
    how = f"`{model.command}`" if model.command else f"within this row, `{model.settings}`"
    return f"`{model.name}`, {where}{machine}: {how}"


def _line(cells: Sequence[str]) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
