"""Measuring a model that was loaded from a file: until then its numbers are what the file claims.

process.measure(run)                # in a separate process, which calls `measure`
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle, contents
from aemodels.bundles.codes import Codes
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import host
from aemodels.runs.folder import RunError
from aemodels.runs.monitor import StopRequested
from aemodels.runs.recovery import recover
from aemodels.runs.run import Run, read
from aemodels.runs.status import RunState, RunStatus, read_status, write_status

# Sums of float32 differ a little between machines, and a tie may turn a neighbour.
RELATIVE, ABSOLUTE = 0.01, 0.01
CHECKED = {
    "sse": "squared error",
    "bce": "cross-entropy",
    "negative_elbo_sample": "negative ELBO",
    "knn5": "kNN-5 accuracy",
    "trustworthiness": "trustworthiness",
    "explained_variance": "explained variance",
}


def measure(run: Run, data_folder: Path | None, check: Callable[[], None]) -> Run:
    """Compute the codes and all test metrics anew, and put them in the place of those claimed.

    For the process that holds the run's lock. `check` is called every second or so; StopRequested
    from it leaves everything as it is. A model whose codes aren't finite makes the run fail.
    """
    before = read_status(run.path) or RunStatus(RunState.LOADED)
    status = replace(
        before,
        ending=RunState.LOADED,
        starting=False,
        host=host.name(),
        measured=False,
        message="",
    )
    try:
        message = "Its codes and test metrics are being measured here."
        write_status(run.path, replace(status, state=RunState.MEASURING, message=message))
        recover(run.path)
        message = _measure(run, data_folder, check)
        status = replace(status, state=RunState.LOADED, measured=True, message=message)
    except StopRequested:
        message = "Stopped before it was measured here."
        status = replace(status, state=RunState.LOADED, message=message)
    except (RunError, bundle.BundleError) as error:
        status = replace(status, state=RunState.FAILED, message=f"{error}.")
    except (data.DataError, OSError) as error:
        message = f"It couldn't be measured here: {error}."
        status = replace(status, state=RunState.LOADED, message=message)
    write_status(run.path, status)
    return read(run.id)


def _measure(run: Run, data_folder: Path | None, check: Callable[[], None]) -> str:
    assert run.bundle_path is not None
    claimed = bundle.read(run.bundle_path)
    dataset = data.load(claimed.config.data.dataset, data_folder)
    claimed.check_data(dataset)
    encoded, metrics = measured(load(claimed), dataset, check)
    ours, theirs = (_numbers(codes) for codes in (encoded.codes, claimed.codes()))
    bundle.write(
        claimed.path,
        claimed.config,
        contents.pack(claimed.config, claimed.weights(), encoded.codes),
        metrics=metrics,
        training=claimed.training,
        versions=claimed.versions,
        command=claimed.command,
        overwrite=True,
        source=claimed.source,
    )
    try:
        bundle.read(run.bundle_path)
    except bundle.BundleError as error:
        raise RunError(f"Measured here, it can't be shown: {error}") from None
    same = np.allclose(ours, theirs, RELATIVE, RELATIVE * float(np.abs(ours).mean()))
    return differences(claimed.metrics, metrics, same)


def measured(
    model: Autoencoder,
    dataset: data.Dataset,
    check: Callable[[], None],
    on_step: Callable[[str], object] = lambda step: None,
) -> tuple[evaluation.Encoded, Metrics]:
    """The encoded test split and all test metrics of a model whose weights came from elsewhere.

    `on_step` is called with "encoding" and then as `evaluation.evaluate` does.
    Raises RunError if its codes or its pixels aren't finite numbers.
    """
    on_step("encoding")
    encoded = evaluation.encode(model, dataset)
    if not np.isfinite(_numbers(encoded.codes)).all():
        raise RunError("Its codes aren't finite numbers, so it can't be shown")
    try:
        # Weights from elsewhere can be as large as float32 allows.
        with np.errstate(all="ignore"):
            metrics = evaluation.evaluate(model, dataset, check, encoded, on_step)
    except ValueError:
        raise RunError("Its codes aren't finite numbers, so it can't be shown") from None
    numbers = [value for value in metrics.to_json().values() if isinstance(value, float)]
    if not np.isfinite(numbers).all():
        raise RunError("Its pixels aren't finite numbers, so it can't be shown")
    return encoded, metrics


def _numbers(codes: Codes) -> np.ndarray:
    """μ and log σ² in one row."""
    return np.concatenate([part.ravel() for part in codes if part is not None])


def differences(claimed: Metrics, measured: Metrics, same_codes: bool) -> str:
    """A sentence on what the file claimed otherwise, empty if nothing."""
    ours, theirs = asdict(measured), asdict(claimed)
    parts = [] if same_codes else ["other codes"]
    for name, words in CHECKED.items():
        if theirs[name] is None:
            continue
        if ours[name] is None:
            parts.append(f"a {words} of {theirs[name]:.4g}, which it doesn't have")
        elif not np.isclose(theirs[name], ours[name], RELATIVE, ABSOLUTE * (ours[name] <= 1)):
            parts.append(f"a {words} of {theirs[name]:.4g} instead of {ours[name]:.4g}")
    return f"Measured here. Its file claimed {', '.join(parts)}." if parts else ""
