"""Any scheduler with a command line as an engine: LATENT_LAB_ENGINE=command:/path/engine.toml

The file says what to run: `sbatch`, `sky`, `kubectl` (`template.py`). No shell reads these words.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic

from aemodels.runs.engines import command_line, template
from aemodels.runs.engines.engine import EngineError, JobHint, JobState, UnreachableError
from aemodels.runs.engines.needs import Needs
from aemodels.runs.folder import LOG
from aemodels.runs.run import Run

PREFIX = "command:"
TIMEOUT_SECONDS, FRESH_SECONDS = 30, 2.0


class Command:
    """The commands of one file, which is read once."""

    queues = True

    def __init__(self, address: str) -> None:
        """Raises EngineError if the file can't be used."""
        named = Path(address.removeprefix(PREFIX)).expanduser().absolute()
        path = Path(os.path.normpath(named))
        self.address = f"{PREFIX}{path}"
        self.template = template.read(path)
        self._known: dict[str, tuple[float, JobHint]] = {}

    def start(self, run: Run, words: Sequence[str], needs: Needs) -> str:
        """Run `start`; the handle is what `handle` finds in its output."""
        values = template.values(
            run=run.id,
            owner=run.owner,
            token=words[-1],
            log=str(run.path / LOG),
            command=command_line.portable(words, needs),
            needs=needs,
        )
        start = self.template.on_gpu if needs.gpus else self.template.start
        if not start:
            raise EngineError(
                f"this run wants a GPU, and {self.address.removeprefix(PREFIX)} has no "
                "start_on_gpu that asks for one; train it with device=cpu"
            )
        found = self._run(start, values)
        if found.returncode:
            raise _refused(found)
        match = self.template.handle.search(found.stdout + found.stderr)
        handle = match[match.re.groups and 1] if match else None
        if not handle or handle.startswith("-"):
            said = _last_line(found) or "nothing"
            raise EngineError(f"{found.args[0]} gave no handle; it said: {said}")
        return handle.strip()

    def state(self, run_id: str, handle: str) -> JobHint:
        """Run `state` and look for `queued` and `begun` in its output; else the job is gone.

        A command that fails tells nothing of the job, unless `gone` is in its output.
        """
        when, hint = self._known.get(handle, (-FRESH_SECONDS, JobHint(JobState.QUEUED)))
        if monotonic() - when < FRESH_SECONDS:
            return hint
        found = self._run(self.template.state, {"run": run_id, "handle": handle})
        said = found.stdout + found.stderr
        if found.returncode and not (self.template.gone and self.template.gone.search(said)):
            raise _refused(found)
        if not found.returncode and self.template.queued.search(said):
            hint = JobHint(JobState.QUEUED)
        elif not found.returncode and self.template.begun.search(said):
            hint = JobHint(JobState.BEGUN)
        else:
            hint = JobHint(JobState.GONE, _last_line(found))
        self._known = {handle: (monotonic(), hint)} | {
            other: known
            for other, known in self._known.items()
            if other != handle and monotonic() - known[0] < FRESH_SECONDS
        }
        return hint

    def cancel(self, run_id: str, handle: str) -> None:
        """Run `cancel`; that it knows no such job is no failure."""
        self._run(self.template.cancel, {"run": run_id, "handle": handle})

    def _run(
        self, words: Sequence[str], values: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        filled = [word.format_map(values) for word in words]
        try:
            return subprocess.run(
                filled,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise UnreachableError(
                f"{filled[0]} gave no answer in {TIMEOUT_SECONDS} seconds"
            ) from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UnreachableError(
                f"{filled[0]} can't be run: {reason}; see {self.address}"
            ) from None


def _refused(found: "subprocess.CompletedProcess[str]") -> EngineError:
    said = _last_line(found) or f"exit code {found.returncode}"
    return EngineError(f"{found.args[0]} failed: {said}")


def _last_line(found: "subprocess.CompletedProcess[str]") -> str:
    lines = (found.stdout + found.stderr).strip().splitlines()
    return lines[-1][-300:].rstrip(".") if lines else ""
