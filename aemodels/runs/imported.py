"""Models from elsewhere, measured on the test split and written: a bundle, or a run that has one.

from aemodels import data, importing
found = importing.from_safetensors(Path("vae.safetensors"))
metrics = into_bundle(found, data.load(), Path("zoo/my-vae"), "vae.safetensors", command)
"""

from collections.abc import Callable
from pathlib import Path

from aemodels import data
from aemodels.analysis.evaluation import MEASURED
from aemodels.bundles import bundle, codes, contents
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.load import restore
from aemodels.bundles.metrics import Metrics
from aemodels.importing import Imported
from aemodels.runs import hidden, measurement
from aemodels.runs.folder import BUNDLE, LONGEST_NAME, RunError
from aemodels.runs.run import Run, import_bundle
from aemodels.training import hardware

STEPS = ("encoding", *MEASURED, "writing")


def into_bundle(
    found: Imported,
    dataset: data.Dataset,
    output: Path,
    source: str,
    command: str,
    *,
    overwrite: bool = False,
    check: Callable[[], None] = lambda: None,
    on_step: Callable[[str], object] = lambda step: None,
) -> Metrics:
    """Measure a model and write it as a bundle; returns its test metrics.

    Parameters
    ----------
    found : Imported
        Its settings and weights.
    dataset : Dataset
        The data set that the settings name.
    output : Path
        The bundle's folder, which must be new unless `overwrite`.
    source : str
        The names of the files that it came from.
    command : str
        The shell command that imports it again.
    check : callable
        Called every second or so while it is measured; an exception from it ends the work.
    on_step : callable
        Called with each of `STEPS` that begins.

    Raises
    ------
    RunError
        If its codes or its pixels aren't numbers that a page can show.
    atomic.OutputError, OSError
        As `bundle.write` does.
    """
    bundle.check_output(output, overwrite)
    model = restore(found.config, found.weights)
    encoded, metrics = measurement.measured(model, dataset, check, on_step)
    try:
        codes.unpack(codes.pack(encoded.codes), found.config, len(encoded.images))
    except bundle.BundleError as error:
        raise RunError(f"{source} can't be shown: {error}") from None
    on_step("writing")
    bundle.write(
        output,
        found.config,
        contents.pack(found.config, found.weights, encoded.codes),
        metrics=metrics,
        training=TrainingFacts(0, True, 0.0, "elsewhere", source=source),
        versions=hardware.library_versions(),
        command=command,
        overwrite=overwrite,
        source=dataset.source,
    )
    return metrics


def into_run(
    found: Imported,
    dataset: data.Dataset,
    name: str,
    source: str,
    command: str,
    check: Callable[[], None] = lambda: None,
    *,
    owner: str = "",
    group: str = "",
    on_step: Callable[[str], object] = lambda step: None,
) -> tuple[Run, Metrics]:
    """Measure a model and make a run of it, in the state `loaded`, with that name.

    `owner` and `group` are as in `Run`. The other parameters and the errors are those of
    `into_bundle`; RunError also if no run can be created.
    """
    with hidden.scratch() as scratch:
        metrics = into_bundle(
            found,
            dataset,
            scratch.path / BUNDLE,
            source,
            command,
            check=check,
            on_step=on_step,
        )
        made = bundle.read(scratch.path / BUNDLE)
        named = name[:LONGEST_NAME].strip() or "imported"
        return import_bundle(made, named, True, owner=owner, group=group), metrics
