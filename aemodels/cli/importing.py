"""The command `import`: a model from elsewhere as a run or, with an output, as a bundle.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse
import shlex
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from aemodels import data, importing, runs
from aemodels.bundles import bundle
from aemodels.bundles.checks import shown
from aemodels.cli import progress
from aemodels.cli.interrupts import recorded_interrupts
from aemodels.cli.output import fail, summary
from aemodels.config import every_setting
from aemodels.importing import ForeignError, Imported
from aemodels.runs.monitor import StopRequested

# Settings that a file of weights doesn't hold.
SETTINGS = ("dataset", "binarisation", "reconstruction_loss", "beta")
# In this order; `aemodels.runs.imported.STEPS` come after PyTorch is loaded.
STEPS = ("mapping", "loading", "encoding", "error", "knn", "trustworthiness", "writing")


def run(arguments: argparse.Namespace) -> int:
    """Import a model, or list the known layouts."""
    if arguments.layouts:
        for layout in importing.LAYOUTS.values():
            print(f"{layout.name}: {layout.title}")
            print(f"    {layout.source}")
        return 0
    tell = partial(_tell, STEPS if arguments.steps else ())
    tell("mapping")
    found = _read(arguments)
    if arguments.steps and not data.source(found.config.data.dataset).class_names:
        # Without classes, there is no kNN accuracy.
        tell = partial(_tell, tuple(step for step in STEPS if step != "knn"))
    output = arguments.output
    if output is not None:
        if arguments.name:
            raise runs.RunError("--output creates no run; leave out --name, or --output")
        bundle.check_output(output, arguments.overwrite)
    elif arguments.overwrite:
        raise runs.RunError("--overwrite requires --output")
    tell("loading")
    dataset = data.load(found.config.data.dataset, arguments.data, progress.download)
    # It loads PyTorch, which takes seconds; all refusals are behind us.
    from aemodels.runs import imported

    source, command = _source(arguments), _command(arguments)
    with recorded_interrupts() as interrupts:

        def check() -> None:
            if interrupts:
                raise StopRequested

        print("measuring on the test images", file=sys.stderr)
        try:
            if output is not None:
                metrics = imported.into_bundle(
                    found,
                    dataset,
                    output,
                    source,
                    command,
                    overwrite=arguments.overwrite,
                    check=check,
                    on_step=tell,
                )
                print(f"{output}: {summary(metrics)}")
                return 0
            name = arguments.name or Path(source.split(" and ")[0]).stem
            made, metrics = imported.into_run(
                found,
                dataset,
                name,
                source,
                command,
                check,
                owner=arguments.owner,
                group=arguments.group,
                on_step=tell,
            )
        except StopRequested:
            return fail(arguments, "stopped; nothing was written", 130)
    print(f"{made.id}: {summary(metrics)}")
    return 0


def _tell(steps: Sequence[str], step: str) -> None:
    """Tell the app of a step, if it is one of `steps`."""
    if step in steps:
        progress.tell_step(step=step, number=steps.index(step) + 1, of=len(steps))


def _read(arguments: argparse.Namespace) -> Imported:
    settings = _settings(arguments)
    graphs = [each for each in (arguments.encoder, arguments.decoder) if each is not None]
    if graphs:
        others = (arguments.file, arguments.layout, arguments.description)
        if len(graphs) == 1 or any(each is not None for each in others):
            raise ForeignError("ONNX needs --encoder and --decoder, and nothing else to read")
        return importing.from_onnx(arguments.encoder, arguments.decoder, settings)
    if arguments.file is None:
        raise ForeignError(
            "no file is given; needed is a state dict as safetensors, or --encoder and --decoder"
        )
    if arguments.layout and arguments.description:
        raise ForeignError("--layout and --description exclude each other; leave out one")
    if arguments.description:
        return importing.from_description(arguments.file, arguments.description, settings)
    return importing.from_safetensors(arguments.file, arguments.layout, settings)


def _source(arguments: argparse.Namespace) -> str:
    """The names of the files, without their folders."""
    files = (arguments.file, arguments.encoder, arguments.decoder)
    return " and ".join(shown(each.name, 200) for each in files if each is not None)


def _settings(arguments: argparse.Namespace) -> dict[str, Any]:
    known = every_setting()
    given = {name: getattr(arguments, name) for name in SETTINGS}
    return {name: known[name].parse(text) for name, text in given.items() if text is not None}


def _command(arguments: argparse.Namespace) -> str:
    """The command that imports it again, without the folders, whose names are nobody's business."""
    words = ["python", "-m", "aemodels", "import"]
    words += [arguments.file.name] if arguments.file else []
    words += ["--layout", arguments.layout] if arguments.layout else []
    for option in ("description", "encoder", "decoder"):
        path = getattr(arguments, option)
        words += [] if path is None else [f"--{option}", path.name]
    known = every_setting()
    for name in SETTINGS:
        if getattr(arguments, name) is not None:
            words += [known[name].flag, getattr(arguments, name)]
    if arguments.output is not None:
        words += ["--output", arguments.output.name]
    return shown(shlex.join(words), 1000)
