"""What the commands of this package share: errors of one line, and exit codes."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """argparse, except that errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def refuse(program: str, message: str) -> int:
    """Say why nothing was begun; returns the exit code."""
    return _fail(program, message, 2)


def run(
    program: str, work: Callable[[], int], refused: tuple[type[Exception], ...], kept: str
) -> int:
    """The exit code of `work`; 2 if it raises one of `refused`, 1 if a file can't be written, 130
    if stopped by Ctrl-C, when `kept` says what was done.
    """
    try:
        return work()
    except refused as error:
        return _fail(program, str(error), 2)
    except BrokenPipeError:
        # The reader has closed the pipe; Python would complain again when closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _fail(program, f"{error.filename or 'writing'}: {error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail(program, f"stopped; {kept}", 130)


def _fail(program: str, message: str, code: int) -> int:
    print(f"{program}: {message}", file=sys.stderr)
    return code
