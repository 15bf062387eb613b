"""Try candidates and keep their histories: `python -m reproduction.choices [NAME …]`.

    python -m reproduction.choices --list
    python -m reproduction.choices plain-64 sparse-kl --jobs 2
    python -m reproduction.choices --quick plain-64     # to see whether it runs; writes nothing

Trials that the history has are not repeated. Each process trains on one thread. Exit codes: 0 all
tried; 1 something failed; 2 refused; 130 stopped by Ctrl-C.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from aemodels.setting import SettingError
from reproduction.choices import history, queue, rule
from reproduction.choices.candidates import CHOICES
from reproduction.choices.choice import Choice
from reproduction.choices.history import HistoryError, Trial

MOST_JOBS = 64


class _Parser(argparse.ArgumentParser):
    """argparse, except that errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    unknown = [name for name in arguments.names if name not in CHOICES]
    if unknown:
        return _fail(f"name={unknown[0]}: must be {', '.join(CHOICES)}", 2)
    if not 1 <= arguments.jobs <= MOST_JOBS:
        return _fail(f"jobs={arguments.jobs}: must be 1 to {MOST_JOBS}", 2)
    if not arguments.names and not arguments.list:
        return _fail("name what to try, or --list what there is", 2)
    choices = [CHOICES[name] for name in arguments.names or CHOICES]
    folder: Path = arguments.histories
    try:
        if arguments.list:
            _list(choices, folder)
            return 0
        failed = queue.run(choices, folder, arguments.jobs, arguments.quick)
        if not arguments.quick:
            _list(choices, folder)
        return 1 if failed else 0
    except (HistoryError, SettingError) as error:
        return _fail(str(error), 2)
    except BrokenPipeError:
        # The reader has closed the pipe; Python would complain again when closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(f"{error.filename or 'writing'}: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail("stopped; finished trials are kept", 130)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
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


def _fail(message: str, code: int) -> int:
    print(f"reproduction.choices: {message}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
