"""The queue for a device: the oldest of the waiting runs comes next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep

import filelock

from aemodels.runs.folder import QUEUE
from aemodels.runs.run import Run, list_runs
from aemodels.runs.status import RunState

QUEUE_SECONDS = 0.2
DEVICES = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}


@contextmanager
def device_turn(run: Run, device: str, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the device: wait until no other run uses it and none that is older waits for it.

    `on_wait(message)` is called at each check of the queue, with a sentence about what it is
    waiting for, empty at first; an exception from it ends the wait.
    """
    folder = run.path.parent / QUEUE
    folder.mkdir(exist_ok=True)
    lock = filelock.FileLock(folder / f"{device}.lock", thread_local=False)
    message = ""
    while True:
        on_wait(message)
        ahead = _queue_ahead(run, device)
        if not any(other.state is RunState.WAITING for other in ahead):
            try:
                lock.acquire(timeout=0)
                break
            except filelock.Timeout:
                pass
        name = f"“{ahead[0].name}”" if ahead else "another program"
        message = f"Waiting for the {DEVICES[device]} (after {name})."
        on_wait(message)
        sleep(QUEUE_SECONDS)
    try:
        yield
    finally:
        lock.release()


def _queue_ahead(run: Run, device: str) -> list[Run]:
    """The run that is using the device, then the older ones that are waiting for it."""
    place = (run.created, run.id)
    others = [
        other
        for other in list_runs()
        if other.id != run.id
        and other.alive
        and other.status.device == device
        and (other.state is not RunState.WAITING or (other.created, other.id) < place)
    ]
    return sorted(others, key=lambda run: (run.state is RunState.WAITING, run.created, run.id))
