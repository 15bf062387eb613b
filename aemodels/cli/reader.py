"""The command `train-reader`: the classifier that reads decoded pictures.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse

from aemodels import data
from aemodels.cli import progress
from aemodels.reader import ReaderError, files

DIGITS = "mnist"


def train(arguments: argparse.Namespace) -> int:
    """Train, calibrate and measure a reader of a data set's classes, and write its files."""
    name, output = arguments.dataset, arguments.output
    source = data.source(name)
    if output is None:
        if not source.own:
            raise ReaderError(f"{source.title}: --output is needed, the folder to write")
        output = files.folder_of(name)
    files.check_output(output, arguments.overwrite)
    dataset = data.load(name, arguments.data, progress.download)
    from aemodels.reader import training

    kind = progress.ToldProgress if arguments.steps else progress.ProgressBar
    bar = kind(training.loop_for(source).epochs)
    try:
        manifest = training.train(
            dataset,
            output,
            command=_command(arguments),
            overwrite=arguments.overwrite,
            on_step=bar.step,
            on_record=lambda one: bar.epoch(one.epoch, one.train["loss"], one.test["loss"]),
        )
    finally:
        bar.close()
    print(
        f"{name if source.own else output}: reads {manifest.test.accuracy:.2%} of the "
        f"{manifest.test.images:,} test {source.plural} right"
    )
    return 0


def _command(arguments: argparse.Namespace) -> str:
    """The command that trains it again, without the folders, whose names are nobody's business."""
    words = ["python -m aemodels train-reader"]
    words += [] if arguments.dataset == DIGITS else [f"--dataset {arguments.dataset}"]
    words += [] if arguments.output is None else [f"--output {arguments.output.name}"]
    return " ".join(words)
