"""The work on a run: train, record, take snapshots and checkpoints, obey requests, leave a bundle.

Called by the process that holds the run's lock; everybody else sees only the folder. After every
epoch the record, the snapshot and then the checkpoint are written, so the checkpoint never knows
of an epoch that the others miss; what they have beyond it is cut off when the run goes on.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import filelock
import numpy as np
import safetensors.numpy
import torch

from aemodels import data, runs
from aemodels.analysis import evaluation
from aemodels.analysis.latent_space import leading_plane, procrustes_align
from aemodels.bundles import atomic, bundle
from aemodels.config import SettingError
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import phases
from aemodels.training import checkpoint, fit, hardware, loop

STATUS_SECONDS = 0.25
REQUEST_SECONDS = 0.05
QUEUE_SECONDS = 0.2
SNAPSHOTS_KEPT = 200

# What ends a run with their own sentence.
KNOWN = (
    SettingError,
    data.DataError,
    bundle.BundleError,
    atomic.OutputError,
    checkpoint.CheckpointError,
    loop.DivergedError,
)
# What a resumed run still knows of itself before it is its turn.
CARRIED = ("epoch", "done", "device", "precision", "parameters", "partial")
StepWatcher = Callable[[int, int], Any]


class _StopAsked(Exception):  # noqa: N818
    """A stop was asked for while there was nothing to train."""


class Worker:
    """Brings one run, whose lock this process holds, to its end.

    `interrupts` is a list that signals are put on: any of them means stop. The callables
    `on_begin(done, epochs)`, `on_step(done, total)` and `on_record(record)` are told how far it is.
    Afterwards `failure` is what broke, and `interrupted` says if a signal stopped it.
    """

    def __init__(self, run: runs.Run, folder: Path | None, interrupts: list[int]) -> None:
        self.run = run
        self.folder = folder
        self.interrupts = interrupts
        self.on_begin: StepWatcher = lambda done, epochs: None
        self.on_step: StepWatcher = lambda done, total: None
        self.on_record: Callable[[loop.Record], Any] = lambda record: None
        self.failure: str | None = None
        self.interrupted = False
        self._going: loop.Training[Autoencoder] | None = None
        before = runs.read_status(run.path)
        self._status = {name: before[name] for name in CARRIED if name in before}
        self._status["epochs"] = sum(run.phases)
        self._written = self._asked = self._since = 0.0
        self._request = "run"
        self._seen = 0

    def work(self, epochs: int | None = None) -> runs.Run:
        """Train what is left of the run, and `epochs` more if given; returns how it ended."""
        try:
            self._say("waiting", "starting")
            self._tidy()
            try:
                self._work(epochs)
            except _StopAsked:
                done = self._status.get("epoch")
                whole = done and done == sum(self.run.phases) and self.run.bundle_path
                again = "went on" if done else "began"
                self._say("finished" if whole else "stopped", f"cancelled before it {again}")
        except Exception as error:
            sentence = _sentence(error, self.run)
            self._fail(sentence or f"it broke: {type(error).__name__}: {error}")
            if sentence is None:
                raise
        return runs.read(self.run.id) if self.run.path.is_dir() else self.run

    def _work(self, epochs: int | None) -> None:
        mnist = data.load(self.run.config.data.dataset, self.folder, self._downloading)
        if self.run.config.family.closed_form:
            self._status |= {"device": "cpu"}
            with self._turn("cpu"):
                self._say("running")
                fitted = fit.solve(self.run.config, mnist)
                self._finish(fitted, mnist)
            return
        device = hardware.device(self.run.config.machine.device).type
        self._status |= {"device": device}
        self._say("waiting", "starting")
        content = self._checkpoint()
        with self._turn(device):
            if epochs is not None:
                done = checkpoint.read_facts(content).epoch if content else 0
                self.run = phases.add(self.run, done, epochs)
            going = self._going = fit.begin(self.run.config, mnist, self.run.phases)
            if content:
                going.restore(content)
            self._status |= {
                "epoch": going.epoch,
                "epochs": going.epochs,
                "done": going.epoch / going.epochs,
                "precision": going.precision,
                "parameters": sum(parameter.numel() for parameter in going.model.parameters()),
            }
            self._trim(going.epoch)
            self._status.pop("partial", None)
            self._say("running")
            self._train(going, mnist)

    def _downloading(self, file: str, done: int, total: int) -> None:
        """Called at every piece, so that a stop that was asked for ends the download too."""
        share = f"{done / total:.0%}" if total else f"{done >> 20} MB"
        if perf_counter() - self._written > STATUS_SECONDS:
            self._say("waiting", f"downloading {file}, {share}")
        self._check()

    def _train(self, going: loop.Training[Autoencoder], mnist: data.Dataset) -> None:
        images = binarise(mnist.test_images[: runs.MAP_DIGITS], self.run.config.data.binarisation)
        if not going.epoch:
            self._snapshot(going.model, images, 0)
        self.on_begin(going.epoch, going.epochs)
        self._since, self._seen = perf_counter(), going.epoch * going.steps
        failure = None
        try:
            seconds = going.seconds
            for record in going.run(self._after_step):
                rate = going.steps * going.batch_size / (record.seconds - seconds)
                seconds = record.seconds
                self._record(record, rate)
                stride = -(-going.epochs // SNAPSHOTS_KEPT)
                if record.epoch % stride == 0 or record.epoch == going.epochs:
                    self._snapshot(going.model, images, record.epoch)
                self._keep(runs.CHECKPOINT, going.checkpoint())
                self._status |= {"epoch": record.epoch, "done": record.epoch / going.epochs}
                self.on_record(record)
        except loop.DivergedError as error:
            failure = f"{error}; try a smaller learning_rate"
        if failure and not going.epoch:
            self._fail(failure)
            return
        stopped = not failure and going.epoch < going.epochs
        if stopped:
            self._status["partial"] = going.epoch + 1
        self._say("saving", "its model is being saved")
        if stopped:
            # What the bundle will hold, until the run goes on from the last whole epoch.
            self._snapshot(going.model, images, going.epoch + 1)
        self._finish(fit.fitted(going, failure), mnist)

    def _after_step(self, done: int, total: int) -> bool:
        self.on_step(done, total)
        now = perf_counter()
        if now - self._asked > REQUEST_SECONDS:
            self._asked, self._request = now, self._read_request()
            if self._request == "pause" and not self.interrupts:
                self._progress(done, total)
                self._pause()
        if perf_counter() - self._written > STATUS_SECONDS:
            self._progress(done, total)
            self._say("running")
        return self._stopping()

    def _stopping(self) -> bool:
        return bool(self.interrupts) or self._request == "stop"

    def _pause(self) -> None:
        assert self._going is not None
        start = perf_counter()
        self._say("paused")
        while self._request == "pause" and not self.interrupts:
            sleep(REQUEST_SECONDS)
            self._request = self._read_request()
            # A run whose folder is gone has nobody left who could let it go on.
            if not self.run.path.is_dir():
                raise FileNotFoundError(errno.ENOENT, "deleted", str(self.run.path))
        pause = perf_counter() - start
        self._going.idle += pause
        self._since += pause
        self._say("running")

    def _progress(self, done: int, total: int) -> None:
        assert self._going is not None
        rate = (done - self._seen) / max(perf_counter() - self._since, 1e-6)
        self._status |= {
            "done": done / total,
            "seconds_left": (total - done) / rate if rate else None,
            "images_per_second": rate * self._going.batch_size,
        }

    def _read_request(self) -> str:
        try:
            return (self.run.path / runs.REQUEST).read_text("utf-8").strip()
        except (OSError, ValueError):
            return "run"

    def _finish(self, fitted: fit.Fitted, mnist: data.Dataset) -> None:
        """Leave a bundle, first with the quick numbers, then with all of them."""
        ending = "finished" if fitted.training.finished else "stopped"
        model = fitted.model.cpu()
        encoded = evaluation.encode(model, mnist)
        quick = evaluation.quick(model, mnist, encoded)
        output = self.run.path / runs.BUNDLE
        if not self.run.path.is_dir():
            raise FileNotFoundError(errno.ENOENT, "deleted", str(self.run.path))
        command = phases.command(self.run, fitted.training.epochs)
        fit.save(fitted, quick, mnist, output, True, command, encoded.codes)
        if fitted.failure:
            self._fail(f"{fitted.failure}; its model is that of epoch {fitted.training.epochs}")
            return
        self._status |= {"ending": ending, "seconds_left": 0}
        self._say("measuring", "its model is ready; its map is being measured")
        if ending == "stopped":
            # That stop is obeyed; only another one cuts the measuring short.
            self.interrupted = bool(self.interrupts)
            self.interrupts.clear()
            (self.run.path / runs.REQUEST).unlink(missing_ok=True)
        message = ""
        try:
            metrics = evaluation.evaluate(model, mnist, self._check, encoded)
            bundle.replace_metrics(output, metrics, self.run.path)
        except _StopAsked:
            message = "stopped before its map was measured"
        self._say(ending, message)

    def _check(self) -> None:
        self._request = self._read_request()
        if self._stopping():
            raise _StopAsked

    @contextmanager
    def _turn(self, device: str) -> Iterator[None]:
        """Wait until no other run uses the device and none that is older waits for it."""
        queue = self.run.path.parent / runs.QUEUE
        queue.mkdir(exist_ok=True)
        lock = filelock.FileLock(queue / f"{device}.lock", thread_local=False)
        while True:
            self._check()
            ahead = self._ahead(device)
            if not any(other.state == "waiting" for other in ahead):
                try:
                    lock.acquire(timeout=0)
                    break
                except filelock.Timeout:
                    pass
            name = ahead[0].name if ahead else "another program"
            self._say("waiting", f"waits for the {device}, behind {name}")
            sleep(QUEUE_SECONDS)
        try:
            yield
        finally:
            lock.release()

    def _ahead(self, device: str) -> list[runs.Run]:
        """The run that uses the device, then the older ones that wait for it."""
        place = (self.run.created, self.run.id)
        others = [
            other
            for other in runs.scan()
            if other.id != self.run.id
            and other.alive
            and other.status.get("device") == device
            and (other.state != "waiting" or (other.created, other.id) < place)
        ]
        return sorted(others, key=lambda run: (run.state == "waiting", run.created, run.id))

    def _checkpoint(self) -> bytes | None:
        try:
            return (self.run.path / runs.CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def _record(self, record: loop.Record, rate: float) -> None:
        line = {
            "epoch": record.epoch,
            "train": record.train,
            "test": record.test,
            "seconds": round(record.seconds, 3),
            "images_per_second": round(rate, 1),
        }
        with (self.run.path / runs.RECORDS).open("ab") as stream:
            stream.write(json.dumps(line).encode() + b"\n")
            stream.flush()
            # The checkpoint that follows must not know of an epoch that this file lost.
            os.fsync(stream.fileno())

    def _snapshot(self, model: Autoencoder, images: np.ndarray, epoch: int) -> None:
        training_mode = model.training
        model.eval()
        codes = model.encode(images)
        digits = model.decode(codes[list(runs.FIXED_DIGITS)])
        model.train(training_mode)
        points = codes @ leading_plane(codes).T
        before = [number for number in self.run.snapshot_epochs() if number < epoch]
        if before:
            # Without the one before, this map may lie turned; that is no reason to stop.
            with suppress(runs.RunError):
                points = procrustes_align(points, self.run.snapshot(before[-1])[0])
        tensors = {
            "map": np.ascontiguousarray(points, np.float32),
            "pictures": np.rint(digits.clip(0, 1) * 255).astype(np.uint8),
        }
        path = runs.snapshot_path(self.run.path, epoch)
        path.parent.mkdir(exist_ok=True)
        atomic.replace(path, safetensors.numpy.save(tensors), flush=False)

    def _keep(self, name: str, content: bytes) -> None:
        atomic.replace(self.run.path / name, content)

    def _trim(self, epoch: int) -> None:
        """Forget records and snapshots of epochs that the checkpoint doesn't know."""
        kept = runs.whole_records(self.run.path)[:epoch]
        lines = "".join(json.dumps(record) + "\n" for record in kept)
        self._keep(runs.RECORDS, lines.encode())
        for number in self.run.snapshot_epochs():
            if number > epoch:
                runs.snapshot_path(self.run.path, number).unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Put away what a killed process left half written."""
        output = self.run.path / runs.BUNDLE
        for old in sorted(self.run.path.glob(f".{runs.BUNDLE}.old-*")):
            if output.exists():
                shutil.rmtree(old)
            else:
                old.rename(output)
        for new in self.run.path.glob(f".{runs.BUNDLE}.new-*"):
            shutil.rmtree(new)
        # The others' may be in use.
        for name in (runs.CHECKPOINT, runs.RECORDS, runs.STATUS):
            (self.run.path / f".{name}.new").unlink(missing_ok=True)

    def _say(self, state: str, message: str = "") -> None:
        self._written = perf_counter()
        self._status |= {"state": state, "message": message}
        runs.write_status(self.run.path, self._status)

    def _fail(self, message: str) -> None:
        try:
            self._say("failed", message)
        except OSError:
            # Where even this can't be written, the log or the shell has it.
            self._status["message"] = message
        self.failure = message


def _sentence(error: Exception, run: runs.Run) -> str | None:
    """What went wrong, for people; None if nobody foresaw it."""
    if isinstance(error, KNOWN):
        return str(error)
    if isinstance(error, OSError):
        if not run.path.is_dir():
            return "its folder was deleted while it was being trained"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "the disk is full; make room, then resume it"
        return f"its folder can't be written: {error.strerror or error}"
    memory = "not enough memory" in str(error) or "can't allocate memory" in str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or memory:
        return f"there is not enough memory for batch_size={run.config.loop.batch_size}; try a smaller one"
    return None
