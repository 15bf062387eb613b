"""The queue for a device of this host: runs take turns, in fair order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep

import filelock

from aemodels.runs import host, jobs
from aemodels.runs.fairness import in_turn
from aemodels.runs.folder import QUEUE
from aemodels.runs.run import Run, list_runs
from aemodels.runs.status import RunState

QUEUE_SECONDS = 0.2
DEVICES = {"cpu": "CPU", "cuda": "GPU", "mps": "GPU"}


@contextmanager
def device_turn(run: Run, device: str, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the device: wait until no other run of this host uses it and none comes before.

    `on_wait(message)` is called at each check of the queue, with a sentence about what it is
    waiting for, empty at first; an exception from it ends the wait.
    """
    folder = run.path.parent / QUEUE
    folder.mkdir(exist_ok=True)
    # One of the kernel, which frees it at once; no other host wants it.
    lock = filelock.FileLock(folder / f"{device}-{host.slug()}.lock", thread_local=False)
    message = ""
    while True:
        on_wait(message)
        found = list_runs()
        before = ahead(run, device, found)
        if not any(other.state is RunState.WAITING for other in before):
            try:
                lock.acquire(timeout=0)
                break
            except filelock.Timeout:
                pass
        message = words(device, before, found)
        on_wait(message)
        sleep(QUEUE_SECONDS)
    try:
        yield
    finally:
        lock.release()


def ahead(run: Run, device: str, found: list[Run]) -> list[Run]:
    """Of the runs that were found, the one that is using the device of this host, then those that
    wait for it and come before the run. Those of a cluster, which may use the same machine, aren't.
    """
    there = [
        other
        for other in found
        if other.id != run.id
        and other.status.device == device
        and other.status.host == host.name()
        and not (other.alive and jobs.is_of_engine(other.path))
    ]
    waiting = [other for other in there if other.state is RunState.WAITING]
    others = [other for other in there if other.state is not RunState.WAITING]
    order = in_turn([*waiting, run], others)
    return [*(other for other in others if other.alive), *order[: order.index(run)]]


def words(device: str, before: list[Run], found: list[Run]) -> str:
    """The sentence of a run that waits for a device: for which, and after which run."""
    name = f"“{before[0].name}”" if before else "another program"
    hosts = {other.status.host for other in found if other.alive} | {host.name()}
    where = f" of {host.name()}" if len(hosts - {""}) > 1 else ""
    return f"Waiting for the {DEVICES[device]}{where} (after {name})."
