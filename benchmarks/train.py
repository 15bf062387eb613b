"""Speed of training, as Markdown tables: medians of several runs.

    python -m benchmarks.train                   # everything, about 8 minutes on 2 cores
    python -m benchmarks.train --only quality --runs 5

Let nothing else run meanwhile. We compare with plain loops: the same network, trained as in
PyTorch's own examples, in float32 with a DataLoader.
"""

import argparse
import os
import platform
import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from time import perf_counter, sleep
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from aemodels import data, runs
from aemodels.analysis import evaluation
from aemodels.config import Config
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import process, request
from aemodels.runs.lock import is_locked
from aemodels.runs.transitions import Action
from aemodels.training import fit, hardware, loop
from aemodels.training.steps import Steps
from reproduction.rows.likelihood import EXAMPLE, FAST

Result = TypeVar("Result")

CONVOLUTIONAL = Config.of(network="conv", epochs=1, batch_size=512)


def main() -> None:
    """Print the chosen tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="runs of each measurement (default 3)")
    text = f"one of {', '.join(TABLES)} (default all)"
    parser.add_argument("--only", choices=TABLES, metavar="TABLE", help=text)
    arguments = parser.parse_args()
    print(machine())
    dataset = data.load()
    for name, table in TABLES.items():
        if arguments.only in (None, name):
            print(f"\n{table(dataset, arguments.runs)}", flush=True)


def machine() -> str:
    """The machine and the versions, in one line."""
    device, precision = _device()
    return (
        f"{hardware.describe_machine()}; {device.type} in {precision}; Python "
        f"{platform.python_version()}, PyTorch {torch.__version__}; load average at start "
        f"{os.getloadavg()[0]:.1f}"
    )


def quality(dataset: data.Dataset, count: int) -> str:
    """Wall time to the test loss of the recipe, ours and the recipe's in turn."""
    seconds: dict[str, list[float]] = {"plain loop, fp32": [], "ours": []}
    losses: dict[str, list[float]] = {"plain loop, fp32": [], "ours": []}
    configs = {"plain loop, fp32": EXAMPLE, "ours": FAST}
    for number in range(count):
        for name, trainer in (("plain loop, fp32", plain), ("ours", ours)):
            took, model = timed(trainer, configs[name].with_(seed=number), dataset)
            seconds[name].append(took)
            losses[name].append(test_loss(model, dataset))
    ratios = [a / b for a, b in zip(*seconds.values(), strict=True)]
    rows = [
        (
            name,
            config.loop.epochs,
            config.loop.batch_size,
            config.loop.learning_rate,
            f"{median(seconds[name]):.1f}",
            f"{median(losses[name]):.2f}",
        )
        for name, config in configs.items()
    ]
    head = ("784-400-20 VAE", "epochs", "batch", "learning rate", "seconds", "test loss, nats")
    return markdown(head, rows) + f"\n\nOurs is {median(ratios):.1f} times as fast."


def convolutional(dataset: data.Dataset, count: int) -> str:
    """Seconds of the second epoch of the convolutional VAE, so without any warm-up."""
    plain_seconds, our_seconds = [], []
    for _ in range(count):
        plain_seconds.append(timed(plain, CONVOLUTIONAL, dataset)[0])
        training = fit.begin(CONVOLUTIONAL.with_(epochs=2), dataset)
        seconds = [record.seconds for record in training.run()]
        our_seconds.append(seconds[1] - seconds[0])
    return markdown(
        ("convolutional VAE, 32 and 64 filters, batch 512", "seconds an epoch"),
        [
            ("plain loop, fp32", f"{median(plain_seconds):.1f}"),
            ("ours", f"{median(our_seconds):.1f}"),
        ],
    )


def share(dataset: data.Dataset, count: int) -> str:
    """The rate of matrix products in a training step, relative to that of products alone."""
    rows = []
    for name, config in {"784-400-20 VAE": FAST, "default VAE": Config()}.items():
        training = fit.begin(config.with_(epochs=1), dataset)
        steps = training._steps(0)
        _steps(training, steps, 10)
        seconds = median(timed(_steps, training, steps, 40)[0] for _ in range(count)) / 40
        linear = [layer for layer in training.model.modules() if isinstance(layer, nn.Linear)]
        # Forward, and for the gradients of weights and of inputs; images need no gradient.
        products = 3 * sum(layer.weight.numel() for layer in linear) - linear[0].weight.numel()
        rate = 2 * products * training.batch_size / seconds
        limit = max(_product_rate(training.precision, n) for n in (512, 1024, 2048))
        measured = (f"{seconds * 1e3:.2f}", f"{rate / 1e9:.0f}", f"{limit / 1e9:.0f}")
        name = f"{name}, batch {training.batch_size}"
        rows.append((name, training.precision, *measured, f"{rate / limit:.0%}"))
    return markdown(
        ("a training step", "type", "ms a step", "GFLOP/s", "matrix products alone", "share"), rows
    )


def latency(dataset: data.Dataset, count: int) -> str:
    """Waiting times with the default model, and its memory."""
    first, paused, stopped = [], [], []
    for _ in range(count):
        with tempfile.TemporaryDirectory() as home:
            os.environ["LATENT_LAB_HOME"] = home
            run = runs.create(Config())
            start = perf_counter()
            process.start(run)
            _until(_begun, run)
            first.append(perf_counter() - start)
            sleep(1)
            start = perf_counter()
            request.send(run, Action.PAUSE)
            _until(_paused, run)
            paused.append(perf_counter() - start)
            request.send(run, Action.CONTINUE)
            sleep(1)
            start = perf_counter()
            request.send(run, Action.STOP)
            _until(_loadable, run)
            stopped.append(perf_counter() - start)
            _until(_ended, run)
            _until(_counted, run)
    # Of the largest child; in kilobytes on Linux, in bytes on a Mac.
    scale = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * scale
    return markdown(
        ("default model", "median"),
        [
            ("start to first curve point", f"{median(first):.1f} s"),
            ("pause takes effect", f"{median(paused):.2f} s"),
            ("stop to a loadable bundle", f"{median(stopped):.2f} s"),
            ("peak memory of the training process", f"{memory / 1e9:.2f} GB"),
        ],
    )


TABLES: dict[str, Callable[[data.Dataset, int], str]] = {
    "quality": quality,
    "convolutional": convolutional,
    "share": share,
    "latency": latency,
}


def plain(config: Config, dataset: data.Dataset) -> Autoencoder:
    """The usual loop: Adam 1e-3, float32, a DataLoader, the loss read after each step."""
    model = Autoencoder(config).to(_device()[0])
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    images = TensorDataset(torch.from_numpy(data.to_vectors(dataset.train_images)))
    batches: Iterable[list[Tensor]] = DataLoader(images, config.loop.batch_size, shuffle=True)
    generator = torch.Generator(model.device).manual_seed(0)
    total = 0.0
    for _ in range(config.loop.epochs):
        for (batch,) in batches:
            optimizer.zero_grad()
            seen = Batch(batch.to(model.device))
            loss = config.family.objective(model, seen, generator)["loss"]
            loss.backward()
            optimizer.step()
            total += loss.item()
    return model.eval()


def ours(config: Config, dataset: data.Dataset) -> Autoencoder:
    """Our loop, which also measures the test images after every epoch."""
    return fit.fit(config, dataset).model


def _steps(training: loop.Training[Autoencoder], steps: Steps, count: int) -> None:
    update = training._optimizer.of(dict(training.model.named_parameters()))
    steps.start(training._draw_batches(), [0.0] * training.steps)
    for step in range(count):
        update(steps.take(step), 1e-3, 0.9)


def _begun(run: runs.Run) -> bool:
    return bool(run.records())


def _paused(run: runs.Run) -> bool:
    return runs.read(run.id).state == "paused"


def _loadable(run: runs.Run) -> bool:
    return run.bundle_path is not None


def _ended(run: runs.Run) -> bool:
    return not runs.read(run.id).alive and not is_locked(run.path)


def test_loss(model: Autoencoder, dataset: data.Dataset) -> float:
    """The negative ELBO of the test images in nats, with ten samples of z each."""
    found = evaluation.elbo(model.cpu(), data.to_vectors(dataset.test_images))
    return found.number("negative_elbo_sample")


def _product_rate(precision: str, size: int) -> float:
    device = _device()[0]
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    a, b = (torch.randn(size, size, device=device).to(kind) for _ in range(2))
    seconds = [timed(torch.matmul, a, b)[0] for _ in range(20)]
    return 2 * size**3 / float(np.quantile(seconds, 0.25))


def _counted(run: runs.Run) -> bool:
    """Whether the system has added the ended process to what children used."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0


def timed(work: Callable[..., Result], *arguments: object) -> tuple[float, Result]:
    """The seconds that it took, a GPU's work included, and its result."""
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.synchronize()
    start = perf_counter()
    result = work(*arguments)
    if cuda:
        torch.cuda.synchronize()
    return perf_counter() - start, result


def _device() -> tuple[torch.device, str]:
    device = hardware.device("auto")
    return device, hardware.precision("auto", device)


def _until(condition: Callable[[runs.Run], bool], run: runs.Run) -> None:
    end = perf_counter() + 120
    while not condition(run):
        if perf_counter() > end:
            raise TimeoutError("the run did not respond within 2 minutes")
        sleep(0.005)


def markdown(head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    """A table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


if __name__ == "__main__":
    main()
