"""Try candidates and keep their histories: `python -m reproduction.choices [NAME …]`.

    python -m reproduction.choices --list
    python -m reproduction.choices plain-64 sparse-kl --jobs 2
    python -m reproduction.choices --quick plain-64     # to see whether it runs; writes nothing

Trials that the history has are not repeated. Each process trains on one thread. Exit codes: 0 all
tried; 1 something failed; 2 refused; 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from aemodels.setting import SettingError
from reproduction import command
from reproduction.choices import history, queue, rule
from reproduction.choices.candidates import CHOICES
from reproduction.choices.choice import Choice
from reproduction.choices.history import HistoryError, Trial

PROGRAM = "reproduction.choices"
MOST_JOBS = 64


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    unknown = [name for name in arguments.names if name not in CHOICES]
    if unknown:
        return command.refuse(PROGRAM, f"name={unknown[0]}: must be {', '.join(CHOICES)}")
    if not 1 <= arguments.jobs <= MOST_JOBS:
        return command.refuse(PROGRAM, f"jobs={arguments.jobs}: must be 1 to {MOST_JOBS}")
    if not arguments.names and not arguments.list:
        return command.refuse(PROGRAM, "name what to try, or --list what there is")
    choices = [CHOICES[name] for name in arguments.names or CHOICES]
    folder: Path = arguments.histories

    def work() -> int:
        if arguments.list:
            _list(choices, folder)
            return 0
        failed = queue.run(choices, folder, arguments.jobs, arguments.quick)
        if not arguments.quick:
            _list(choices, folder)
        return 1 if failed else 0

    refused = (HistoryError, SettingError)
    return command.run(PROGRAM, work, refused, "finished trials are kept")


def _parser() -> command.Parser:
    parser = command.Parser(
        prog="python -m reproduction.choices",
        description="Try settings on training digits that are held out, and keep the history.",
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to choose settings for")
    parser.add_argument("--list", action="store_true", help="list candidates and their figures")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    parser.add_argument(
        "--quick", action="store_true", help="few images and one epoch; write nothing"
    )
    parser.add_argument(
        "--histories",
        type=Path,
        metavar="FOLDER",
        default=history.FOLDER,
        help="where the histories are (default: in this package)",
    )
    return parser


def _list(choices: Sequence[Choice], folder: Path) -> None:
    for choice in choices:
        print("\n".join(listed(choice, history.read(choice.name, folder))))


def listed(choice: Choice, trials: Sequence[Trial]) -> list[str]:
    """The candidates in lines, each with its mean criterion and what is said of it."""
    lines = [f"{choice.name}: {choice.criterion}, {choice.better} is better"]
    lacking = rule.missing(choice, trials)
    chosen = None if lacking else rule.chosen(choice, trials)
    means = [None] * len(choice.candidates) if lacking else rule.means(choice, trials)
    pairs = zip(choice.candidates, means, strict=True)
    for place, (candidate, mean) in enumerate(pairs):
        words = [queue.words(candidate), "not all tried" if mean is None else f"{mean:.6g}"]
        settings = choice.settings(candidate)
        words += ["chosen"] if settings == chosen else []
        words += ["in use"] if settings == choice.in_use else []
        words += [f"excluded: {choice.excluded[place]}"] if place in choice.excluded else []
        lines.append(f"  {', '.join(words)}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
