"""The command `train-reader`: the classifier that reads decoded pictures.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse

from aemodels import data
from aemodels.cli import progress
from aemodels.reader import files


def train(arguments: argparse.Namespace) -> int:
    """Train, calibrate and measure a reader of MNIST's digits, and write its files."""
    files.check_output(arguments.output, arguments.overwrite)
    dataset = data.load("mnist", arguments.data, progress.download)
    from aemodels.reader import training

    bar = progress.ProgressBar(training.LOOP.epochs)
    try:
        manifest = training.train(
            dataset,
            arguments.output,
            command=f"python -m aemodels train-reader --output {arguments.output.name}",
            overwrite=arguments.overwrite,
            on_step=bar.step,
            on_record=lambda one: bar.epoch(one.epoch, one.train["loss"], one.test["loss"]),
        )
    finally:
        bar.close()
    print(f"{arguments.output}: reads {manifest.test.accuracy:.2%} of the test digits right")
    return 0
