"""The engine of one computer: each job is a process of it, started at once."""

import subprocess
import threading
from collections.abc import Sequence

from aemodels import paths
from aemodels.runs.engines import command_line
from aemodels.runs.engines.engine import EngineError, JobHint, JobState
from aemodels.runs.engines.needs import Needs
from aemodels.runs.folder import LOG
from aemodels.runs.jobs import LOCAL
from aemodels.runs.lock import is_locked
from aemodels.runs.run import Run


class Local:
    """Processes that outlive this one and write to log.txt in the run's folder."""

    address = LOCAL
    queues = False

    def __init__(self) -> None:
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, run: Run, words: Sequence[str], needs: Needs) -> str:
        """Start the process; its handle is its id."""
        try:
            with (run.path / LOG).open("ab") as log:
                process = subprocess.Popen(
                    command_line.here(words),
                    cwd=paths.AROUND,
                    env=command_line.here_environment() | command_line.home(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            raise EngineError(f"{run.id} can't be started: {error.strerror or error}") from None
        handle = str(process.pid)
        self._started[handle] = process
        # Whoever starts a process must wait for it, or it stays in the process table as a zombie.
        threading.Thread(target=self._await, args=(handle, process), daemon=True).start()
        return handle

    def state(self, run_id: str, handle: str) -> JobHint:
        """Whether the process works on the run; of those of other programs, the lock tells."""
        process = self._started.get(handle)
        alive = is_locked(paths.runs() / run_id) if process is None else process.poll() is None
        return JobHint(JobState.BEGUN if alive else JobState.GONE)

    def cancel(self, run_id: str, handle: str) -> None:
        """End the process as Ctrl-C does, if it was started here."""
        process = self._started.get(handle)
        if process is not None:
            process.terminate()

    def _await(self, handle: str, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._started.pop(handle, None)
