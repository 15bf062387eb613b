"""A command of this project in a process of its own, which says on the way how far it is.

child = Child(["train-reader", "--dataset=mine", "--steps"], 3600)
child.run(lambda step: print(step["done"], "of", step["total"]))    # until it is done
child.stop()                                                        # from another thread
"""

import json
import subprocess
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import Any

from aemodels import paths
from aemodels.runs.engines.command_line import here, here_environment, home
from aemodels.runs.folder import RunError

# So long a process that was asked to stop has to clean up.
STOPPING_SECONDS = 10.0

Step = dict[str, Any]


class StoppedError(RunError):
    """Somebody stopped it."""


class Child:
    """A command that prints a JSON object for each step, and then what came of it."""

    def __init__(self, words: Sequence[str], seconds: float) -> None:
        """`words` follow `python -m aemodels`; after so many seconds it is ended."""
        self.words = list(words)
        self.seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._late = False
        self.stopping = False

    def run(self, on_step: Callable[[Step], object]) -> str:
        """Run it to its end; returns the last line that it printed.

        `on_step` is called with each step as it is printed. Raises StoppedError after `stop`;
        RunError with the process' own words if it fails, or if it takes too long; OSError if it
        can't be started.
        """
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
            process = self._start(complaints)
            clock = threading.Timer(self.seconds, self._end, [process])
            clock.start()
            last = ""
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    last = line.strip() or last
                    if last.startswith("{"):
                        on_step(json.loads(last))
                code = process.wait()
            finally:
                clock.cancel()
                process.kill()
                process.communicate()
            complaints.seek(0)
            said = complaints.read().strip().splitlines()
        if self.stopping and code:
            raise StoppedError("stopped")
        if self._late:
            raise RunError(f"{self.words[0]} took longer than {self.seconds:g} seconds")
        if code:
            gone = [f"the command {self.words[0]} gave no answer"]
            raise RunError((said or gone)[-1].removeprefix(f"aemodels {self.words[0]}: "))
        return last

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
