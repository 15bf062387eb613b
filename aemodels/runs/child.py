"""A command of this project in a process of its own, which says on the way how far it is.

child = Child(["train-reader", "--dataset=mine", "--steps"], 3600, "the training")
child.run(lambda step: print(step["done"], "of", step["total"]))    # until it is done
child.stop()                                                        # from another thread
"""

import json
import logging
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import Any

from aemodels import paths
from aemodels.runs.duration import clock
from aemodels.runs.engines.command_line import here, here_environment, home
from aemodels.runs.folder import RunError

# So long a process that was asked to stop has to clean up.
STOPPING_SECONDS = 10.0

Step = dict[str, Any]

# The folders in which a file lies, which are the server's own business.
_NAME = r"[^\s/\\:;,'\"](?:[^/\\:;,'\"]*[^\s/\\:;,'\"])?"
_FOLDERS = re.compile(rf"(?<![\w.:/\\])(?:[A-Za-z]:)?[/\\](?:{_NAME}[/\\])*(?=[^\s/\\])")
_LOG = logging.getLogger(__name__)


class StoppedError(RunError):
    """Somebody stopped it."""


class Child:
    """A command that prints a JSON object for each step, and then what came of it."""

    def __init__(self, words: Sequence[str], seconds: float, what: str) -> None:
        """`words` follow `python -m aemodels`; after so many seconds it is ended. Sentences call it
        `what`.
        """
        self.words = list(words)
        self.seconds = seconds
        self.what = what
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._late = False
        self.stopping = False

    def run(self, on_step: Callable[[Step], object]) -> str:
        """Run it to its end; returns the last line that it printed.

        `on_step` is called with each step as it is printed. Raises StoppedError after `stop`;
        RunError if it takes too long or fails, with the process' own sentence, in which files have
        no folders; what else it says is logged. OSError if it can't be started.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            process = self._start(complaints)
            timer = threading.Timer(self.seconds, self._end, [process])
            timer.start()
            last = ""
            try:
                assert process.stdout is not None
                for line in map(str.strip, process.stdout):
                    last = line or last
                    if (step := _step(line)) is not None:
                        on_step(step)
                code = process.wait()
            finally:
                timer.cancel()
                process.kill()
                process.communicate()
            complaints.seek(0)
            said = complaints.read().strip()
        if self.stopping and code:
            raise StoppedError("stopped")
        if self._late:
            raise RunError(f"{self.what} took longer than {clock(self.seconds)}")
        if code:
            raise RunError(self._failure(said, code))
        return last

    def _failure(self, said: str, code: int) -> str:
        """Why it failed: the sentence that it ends with, if it has one."""
        own = f"aemodels {self.words[0]}: "
        last = said.rpartition("\n")[2]
        if last.startswith(own):
            return _FOLDERS.sub("", last.removeprefix(own))
        _LOG.error("%s failed: exit code %s\n%s", self.words[0], code, said)
        return f"{self.what} ended with an error, which is in the server's log"

    def stop(self) -> None:
        """Have it end soon, with nothing written; if it is too late for that, it goes on."""
        with self._lock:
            self.stopping = True
            process = self._process
        if process is not None:
            process.terminate()
            killer = threading.Timer(STOPPING_SECONDS, process.kill)
            killer.daemon = True
            killer.start()

    def _start(self, complaints: Any) -> "subprocess.Popen[str]":
        with self._lock:
            if self.stopping:
                raise StoppedError("stopped")
            self._process = subprocess.Popen(
                here(self.words),
                cwd=paths.AROUND,
                env=here_environment() | home(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                encoding="utf-8",
                errors="replace",
            )
            return self._process

    def _end(self, process: "subprocess.Popen[str]") -> None:
        self._late = True
        process.kill()


def _step(line: str) -> Step | None:
    """The step that a line tells; None for any other line."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
