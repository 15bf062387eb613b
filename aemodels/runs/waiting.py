"""The wait of a run that isn't next: without PyTorch and the data set, so thirty of them fit.

A process that has loaded both takes ten times the memory of one that hasn't. The next in the queue
loads them while it waits, so nobody waits for that.
"""

from contextlib import suppress
from dataclasses import replace
from time import monotonic, sleep

from aemodels.bundles import fence
from aemodels.runs import host, jobs, queue, request
from aemodels.runs.run import Run, list_runs
from aemodels.runs.status import carried, read_status, write_status
from aemodels.runs.transitions import Action

# The run that is being trained, and the next one.
NEAR = 2
# Each look reads the status of all runs, and many processes look.
LOOK_SECONDS, ASK_SECONDS = 2.0, 0.2
# Older runs that have no device yet may be about to join the queue, but not for ever.
UNKNOWN_SECONDS = 60.0


def wait_far_back(run: Run, interrupts: list[int]) -> None:
    """Wait while two or more other runs come first; for the process that holds the run's lock.

    Returns early if it is to stop, which is told by a request or by `interrupts`, a list that
    signals are appended to, or if its folder can't be written, of which the worker will tell.
    Raises Lost if another process has taken over.
    """
    with suppress(OSError):
        _wait(run, interrupts)


def _wait(run: Run, interrupts: list[int]) -> None:
    status = replace(carried(read_status(run.path), sum(run.phases)), message="Starting.")
    write_status(run.path, status)
    run = replace(run, status=status)
    start = monotonic()
    while True:
        found = list_runs()
        device = _device(run, found)
        before = queue.ahead(run, device, found) if device else []
        if monotonic() - start < UNKNOWN_SECONDS:
            before += [
                other for other in _older(run, found) if not (device and other.status.device)
            ]
        if len(before) < NEAR:
            return
        if device:
            message = queue.words(device, before, found)
            status = replace(status, device=device, message=message)
        write_status(run.path, status)
        end = monotonic() + LOOK_SECONDS
        while monotonic() < end:
            fence.check()
            if interrupts or request.received(run.path) is Action.STOP:
                return
            sleep(ASK_SECONDS)


def _device(run: Run, found: list[Run]) -> str:
    """The kind of device that the run will take; empty if only PyTorch could tell."""
    if run.config.family.closed_form:
        return "cpu"
    name = run.config.machine.device
    if name != "auto":
        return name
    # Others have asked.
    return next((other.status.device for other in _alike(run, found) if other.status.device), "")


def _older(run: Run, found: list[Run]) -> list[Run]:
    """The runs that may want the same device and were made before."""
    place = run.created, run.id
    return [other for other in _alike(run, found) if (other.created, other.id) < place]


def _alike(run: Run, found: list[Run]) -> list[Run]:
    """The other live runs that leave the choice of a device to this host, and wait for it here."""
    return [
        other
        for other in found
        if other.alive
        and other.id != run.id
        and other.config.machine.device == "auto"
        and not other.config.family.closed_form
        # Empty while its process starts.
        and other.status.host in ("", host.name())
        and not jobs.is_of_engine(other.path)
    ]
