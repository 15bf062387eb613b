"""The work on a run: train, record, take snapshots and checkpoints, obey requests, save a bundle.

Called by the process that holds the run's lock; other programs see only the folder. After every
epoch, the record, the snapshot and then the checkpoint are written, so the checkpoint never has an
epoch that the others lack; anything they have beyond it is cut off when the run is resumed.
"""

import errno
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from aemodels import data
from aemodels.bundles import atomic, fence
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import (
    errors,
    file_clock,
    folder,
    jobs,
    phases,
    records,
    request,
    snapshots,
    trainer,
)
from aemodels.runs.lock import Lost
from aemodels.runs.monitor import Monitor, StopRequested
from aemodels.runs.queue import device_turn
from aemodels.runs.recovery import recover
from aemodels.runs.run import Run, read
from aemodels.runs.snapshots import Moment
from aemodels.runs.status import (
    MEASURED_ON_RESUME,
    RunState,
    cancelled,
    carried,
    read_status,
    write_status,
)
from aemodels.runs.transitions import Action
from aemodels.training import checkpoint, fit, hardware, loop, memory

STATUS_SECONDS = 0.25
REQUEST_SECONDS = 0.05


class Worker(Monitor):
    """Trains one run, whose lock this process holds, to its end.

    `interrupts` is a list that signals are appended to: any of them means stop. `watcher` gets the
    progress. `dataset` is the run's data set, if that is loaded already. Afterwards, `failure` is
    the error, if any, and `interrupted` whether a signal stopped training.
    """

    def __init__(
        self,
        run: Run,
        data_folder: Path | None,
        interrupts: list[int],
        watcher: Monitor | None = None,
        dataset: data.Dataset | None = None,
    ) -> None:
        self.run = run
        self.data_folder = data_folder
        self.interrupts = interrupts
        self.watcher = watcher or Monitor()
        self.dataset = dataset
        self.failure: str | None = None
        self.interrupted = False
        self._status = carried(read_status(run.path), sum(run.phases))
        self._request: Action | None = None
        self._written = self._asked = 0.0
        self._step = 0  # Of the epoch that is being trained.

    def work(self, epochs: int | None = None) -> Run:
        """Train the rest of the run, and `epochs` more if given; returns the run as it ended.

        Raises Lost, having written nothing more, once another process has taken the run over.
        """
        try:
            self._write_status(RunState.WAITING, "Starting.")
            recover(self.run.path)
            try:
                self._train(epochs)
            except StopRequested:
                self._cancelled()
        except Lost:
            raise
        except Exception as error:
            message = errors.sentence(error, self.run.config, self.run.path)
            self._fail(message or f"Unexpected error: {type(error).__name__}: {error}.")
            if message is None:
                raise
        return read(self.run.id) if self.run.path.is_dir() else self.run

    def _train(self, epochs: int | None) -> None:
        config = self.run.config
        dataset = self.dataset or data.load(
            config.data.dataset, self.data_folder, self._downloading
        )
        closed = config.family.closed_form
        device = "cpu" if closed else hardware.device(config.machine.device).type
        self._write_status(RunState.WAITING, "Starting.", device=device)
        content = None if closed else _checkpoint(self.run.path)
        # An engine that lets jobs wait has given this one its part of the machine.
        given = jobs.given(self.run.path)
        with nullcontext() if given else device_turn(self.run, device, self._waiting):
            if device == "cpu" and not closed:
                # Not before: the run that had the device has given its memory back now.
                memory.check(config, checkpoints=True)
            self._status = replace(self._status, begun=file_clock.server_time(self.run.path.parent))
            if closed:
                self._write_status(RunState.RUNNING)
            elif epochs is not None:
                done = checkpoint.read_facts(content).epoch if content else 0
                self.run = phases.add(self.run, done, epochs)
            self._images = data.binarise(
                dataset.test_images[: snapshots.MAP_IMAGES], config.data.binarisation
            )
            trained = trainer.train(
                config,
                dataset,
                self.run.path / folder.BUNDLE,
                self,
                phases=self.run.phases,
                checkpoint=content,
                command=lambda epochs: phases.command(self.run, epochs),
                overwrite=True,
            )
            self._ended(trained)

    def _ended(self, trained: trainer.Trained) -> None:
        failure = trained.fitted.failure
        if failure:
            epochs = trained.fitted.training.epochs
            kept = f" The saved model is from epoch {epochs}." if trained.saved else ""
            self._fail(errors.diverged(failure) + kept)
            return
        ending = _ending(trained.fitted)
        if trained.measured:
            self._write_status(ending, measured=True)
            return
        message = "Stopped before all test metrics were measured."
        if ending is RunState.FINISHED:
            message += f" {MEASURED_ON_RESUME}"
        self._write_status(RunState.STOPPED, message)

    def started(self, training: loop.Training[Autoencoder]) -> None:
        self._training = training
        records.truncate_records(self.run.path, training.epoch)
        snapshots.truncate_snapshots(self.run.path, training.epoch)
        self._write_status(
            RunState.RUNNING,
            epoch=training.epoch,
            epochs=training.epochs,
            done=training.epoch / training.epochs,
            precision=training.precision,
            parameters=sum(parameter.numel() for parameter in training.model.parameters()),
        )
        if not training.epoch:
            self._take_snapshot(Moment(0))
        self.watcher.started(training)
        self._pace = _Pace(training.epoch * training.steps)
        self._seconds = training.seconds

    def recorded(self, training: loop.Training[Autoencoder], record: loop.Record) -> None:
        rate = training.steps * training.batch_size / (record.seconds - self._seconds)
        self._seconds = record.seconds
        records.append_record(
            self.run.path,
            records.Record(
                record.epoch,
                record.train,
                record.test,
                round(record.seconds, 3),
                round(rate, 1),
            ),
        )
        if snapshots.is_due(record.epoch, training.epochs):
            self._take_snapshot(Moment(record.epoch))
        atomic.replace(self.run.path / folder.CHECKPOINT, training.checkpoint())
        self._status = replace(
            self._status, epoch=record.epoch, done=record.epoch / training.epochs
        )
        self.watcher.recorded(training, record)

    def stepped(self, done: int, total: int) -> bool:
        self.watcher.stepped(done, total)
        now = perf_counter()
        if done < self._training.steps and snapshots.step_is_due(done):
            self._take_snapshot(Moment(0, done))
            self._idle(perf_counter() - now)
        self._step = done - self._training.epoch * self._training.steps
        if now - self._asked > REQUEST_SECONDS:
            self._asked, self._request = now, request.received(self.run.path)
            if self._request is Action.PAUSE and not self.interrupts:
                self._pause(done, total)
        if perf_counter() - self._written > STATUS_SECONDS:
            self._write_status(RunState.RUNNING, **self._progress(done, total))
        return self._stopping()

    def saving(self, fitted: fit.Fitted) -> bool:
        stopped = not fitted.failure and not fitted.training.finished
        self._write_status(RunState.SAVING, "Saving the model.", measured=False)
        if stopped and self._step:
            # The state of the bundle, until the run continues from the last completed epoch.
            self._take_snapshot(Moment(fitted.training.epochs, self._step))
        if not self.run.path.is_dir():
            raise FileNotFoundError(errno.ENOENT, "deleted", str(self.run.path))
        return True

    def measuring(self, fitted: fit.Fitted) -> None:
        ending = _ending(fitted)
        message = "The model is ready; its test metrics are being measured."
        if ending is RunState.STOPPED:
            # That stop has been obeyed; only another one cuts measuring short, which may come as
            # soon as measuring is seen to have begun.
            self.interrupted = bool(self.interrupts)
            self.interrupts.clear()
            request.forget(self.run.path)
        self._write_status(RunState.MEASURING, message, ending=ending, seconds_left=0)

    def check(self) -> None:
        fence.check()
        self._request = request.received(self.run.path)
        if self._stopping():
            raise StopRequested

    def _stopping(self) -> bool:
        return bool(self.interrupts) or self._request is Action.STOP

    def _pause(self, done: int, total: int) -> None:
        start = perf_counter()
        self._write_status(RunState.PAUSED, **self._progress(done, total))
        while self._request is Action.PAUSE and not self.interrupts:
            sleep(REQUEST_SECONDS)
            self._request = request.received(self.run.path)
            # A run whose folder is gone, or that another process has, can't be continued.
            fence.check()
        self._idle(perf_counter() - start)
        self._write_status(RunState.RUNNING)

    def _idle(self, seconds: float) -> None:
        """Seconds that count neither as training nor for the time left."""
        self._training.idle += seconds
        self._pace.idle += seconds

    def _progress(self, done: int, total: int) -> dict[str, Any]:
        rate = self._pace.rate(done)
        return {
            "done": done / total,
            "seconds_left": (total - done) / rate if rate else None,
            "images_per_second": rate * self._training.batch_size,
        }

    def _waiting(self, message: str) -> None:
        self.check()
        if message:
            self._write_status(RunState.WAITING, message)

    def _downloading(self, file: str, done: int, total: int) -> None:
        """Called for every chunk, so that a stop request ends the download too."""
        share = f"{done / total:.0%}" if total else f"{done >> 20} MB"
        if perf_counter() - self._written > STATUS_SECONDS:
            self._write_status(RunState.WAITING, f"Downloading {file}: {share}.")
        self.check()

    def _cancelled(self) -> None:
        ended = cancelled(self.run.path, self._status, sum(self.run.phases))
        self._write_status(ended.state, ended.message)

    def _take_snapshot(self, moment: Moment) -> None:
        path = self.run.path
        snapshot = snapshots.take_snapshot(self._training.model, self._images, path, moment)
        snapshots.write_snapshot(path, moment, snapshot)

    def _write_status(self, state: RunState, message: str = "", **facts: Any) -> None:
        self._written = perf_counter()
        self._status = replace(self._status, state=state, message=message, **facts)
        write_status(self.run.path, self._status)

    def _fail(self, message: str) -> None:
        self.failure = message
        try:
            self._write_status(RunState.FAILED, message)
        except OSError:
            # If even this can't be written, the log or the shell has it.
            self._status = replace(self._status, message=message)


class _Pace:
    """Steps per second since training started, without pauses."""

    def __init__(self, skipped: int) -> None:
        self.start = perf_counter()
        self.skipped = skipped
        self.idle = 0.0

    def rate(self, done: int) -> float:
        return (done - self.skipped) / max(perf_counter() - self.start - self.idle, 1e-6)


def _ending(fitted: fit.Fitted) -> RunState:
    return RunState.FINISHED if fitted.training.finished else RunState.STOPPED


def _checkpoint(path: Path) -> bytes | None:
    try:
        return (path / folder.CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None
