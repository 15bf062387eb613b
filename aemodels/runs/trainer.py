"""The one trainer: from settings to a bundle on disk. Runs and `train --output` both call it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.runs.monitor import Monitor, StopRequested
from aemodels.training import fit


@dataclass(frozen=True)
class Trained:
    """A model, whether it was saved, and its test metrics: all of them if `measured`."""

    fitted: fit.Fitted
    saved: bool
    metrics: Metrics
    measured: bool


def train(
    config: Config,
    dataset: data.Dataset,
    output: Path,
    monitor: Monitor,
    *,
    phases: Sequence[int] | None = None,
    checkpoint: bytes | None = None,
    command: Callable[[int], str] | None = None,
    overwrite: bool = False,
) -> Trained:
    """Train, save the model with its quick metrics, then measure it in full.

    A training that diverges in its first epoch leaves nothing to save; one that diverges later is
    saved as it was after the last good epoch, and not measured further.

    Parameters
    ----------
    phases, checkpoint
        As `fit.begin` and `Training.restore` take them.
    command
        From the completed epochs to the shell command that makes the model again.
    overwrite
        Whether a bundle in `output` may be replaced.

    Raises
    ------
    SettingError
        The device isn't there.
    CheckpointError
        The checkpoint is damaged or of another model.
    OutputError, OSError
        The bundle can't be written.
    """
    if config.family.closed_form:
        fitted = fit.solve(config, dataset)
    else:
        training = fit.begin(config, dataset, phases)
        if checkpoint:
            training.restore(checkpoint)
        monitor.started(training)
        fitted = fit.run(
            training, monitor.stepped, lambda record: monitor.recorded(training, record)
        )
    epochs = fitted.training.epochs
    if (fitted.failure and not epochs) or not monitor.saving(fitted):
        return Trained(fitted, saved=False, metrics=Metrics(), measured=False)
    model = fitted.model.cpu()
    encoded = evaluation.encode(model, dataset)
    metrics = evaluation.quick(model, dataset, encoded)
    words = command(epochs) if command else None
    fit.save(fitted, metrics, dataset, output, overwrite, words, encoded.codes)
    if fitted.failure:
        return Trained(fitted, saved=True, metrics=metrics, measured=False)
    monitor.measuring(fitted)
    try:
        metrics = evaluation.evaluate(model, dataset, monitor.check, encoded)
    except StopRequested:
        return Trained(fitted, saved=True, metrics=metrics, measured=False)
    bundle.replace_metrics(output, metrics, output.parent)
    return Trained(fitted, saved=True, metrics=metrics, measured=True)
