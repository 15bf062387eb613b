"""Measure rows and write the report: `python -m reproduction [ROW …]`.

    python -m reproduction --list
    python -m reproduction pca-30 vae-20
    python -m reproduction --quick pca-30      # to see whether it runs; writes nothing
    python -m reproduction --words             # the rows' texts anew, their numbers as they are

Without a row, all missing ones are measured, which takes hours. Exit codes: 0 all measured;
1 something failed; 2 refused; 130 stopped by Ctrl-C.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from aemodels import paths
from reproduction import command, report, result, rows
from reproduction.choices.history import HistoryError

PROGRAM = "reproduction"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    unknown = [name for name in arguments.rows if name not in rows.ROWS]
    if unknown:
        return command.refuse(PROGRAM, f"row={unknown[0]}: must be {', '.join(rows.ROWS)}")
    names = arguments.rows or list(rows.ROWS)

    def work() -> int:
        if arguments.list:
            return _list(names)
        return _reword(names) if arguments.words else _measure(names, arguments)

    refused = (result.ResultError, HistoryError)
    return command.run(PROGRAM, work, refused, "rows already measured are kept")


def _parser() -> command.Parser:
    parser = command.Parser(
        prog="python -m reproduction",
        description="Measure the numbers of REPRODUCTION.md and write it.",
        allow_abbrev=False,
    )
    parser.add_argument("rows", nargs="*", metavar="ROW", help="rows (default: all missing)")
    parser.add_argument("--list", action="store_true", help="list the rows and their verdicts")
    parser.add_argument("--again", action="store_true", help="repeat existing measurements")
    parser.add_argument(
        "--words", action="store_true", help="renew the texts of what is measured, not its numbers"
    )
    parser.add_argument(
        "--quick", action="store_true", help="few images and one epoch; write nothing"
    )
    parser.add_argument(
        "--fashion-mnist",
        type=Path,
        metavar="FOLDER",
        help="folder with Fashion-MNIST's four files",
    )
    return parser


def _list(names: Sequence[str]) -> int:
    before = result.read_all(names, result.folder())
    for name in names:
        state = before[name].verdict if name in before else "not measured"
        print(f"{name}: {state}; {rows.ROWS[name].title}")
    return 0


def _reword(names: Sequence[str]) -> int:
    from reproduction import runner

    folder = result.folder()
    for name in names:
        runner.reword(rows.ROWS[name], folder)
    return _report(folder)


def _report(folder: Path) -> int:
    """Write the report; returns how many results can't be used."""
    problems = report.write(folder)
    for line in problems:
        print(f"left out of the report: {line}", file=sys.stderr)
    return len(problems)


def _measure(names: Sequence[str], arguments: argparse.Namespace) -> int:
    # After the refusals, which shouldn't wait until PyTorch is loaded.
    from reproduction import runner
    from reproduction.context import ReproductionContext

    folders = {"fashion-mnist": arguments.fashion_mnist} if arguments.fashion_mnist else {}
    folder = result.folder()
    context = ReproductionContext(paths.zoo(), folder / "models", arguments.quick, folders=folders)
    results: list[result.Result] = []
    problems: list[str] = []
    unusable = 0
    try:
        results, problems = runner.run(
            [rows.ROWS[name] for name in names], context, folder, arguments.again
        )
    finally:
        if not arguments.quick:
            unusable = _report(folder)
    for found in results:
        print(f"{found.id}: {runner.summary(found, judged=not arguments.quick)}")
    return 1 if unusable or problems or any(found.status != result.DONE for found in results) else 0


if __name__ == "__main__":
    sys.exit(main())
