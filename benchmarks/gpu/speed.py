"""How fast training is: time to the plain recipe's loss, epochs, memory, and what a step takes.

The plain recipe is that of benchmarks/train.py, on the same card.
"""

from collections.abc import Callable
from itertools import pairwise
from statistics import median
from time import perf_counter

import torch
from torch import nn

from aemodels import data
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit
from aemodels.training.loop import Training
from aemodels.training.steps import EagerSteps, RecordedSteps, Steps
from benchmarks.gpu.recipe import RECIPE
from benchmarks.train import CONVOLUTIONAL, markdown, ours, plain, test_loss, timed
from reproduction.rows.likelihood import EXAMPLE, FAST

SEEDS = (0, 1, 2)
NAME = "784-400-20 VAE"
MODELS = {
    NAME: RECIPE,
    f"{NAME}, fp32": RECIPE.with_(precision="fp32"),
    "default VAE": Config(),
    "convolutional VAE": CONVOLUTIONAL,
    "recurrent": Config.of("recurrent"),
    "contractive, two layers": Config.of("contractive", network="mlp", latent_dim=16),
    "deep autoencoder": Config.of("ae", hidden=(1000, 500, 250), latent_dim=30),
}
# Matrices as large as let a card show its rate.
SIDE = 8192


def main() -> None:
    """Print the tables."""
    dataset = data.load()
    seconds, _ = timed(ours, RECIPE.with_(epochs=1), dataset)
    print(f"The first training of a process, of one epoch, with CUDA's own start: {seconds:.2f} s.")
    for table in (quality, epochs, steps):
        print(f"\n{table(dataset)}", flush=True)


def quality(dataset: data.Dataset) -> str:
    """Wall time to the plain recipe's test loss, in a process that has used the card before.

    It counts making the model, moving the images, recording, training and measuring each epoch.
    """
    ways: dict[str, tuple[Callable[[Config, data.Dataset], Autoencoder], Config]] = {
        "plain loop, fp32": (plain, EXAMPLE),
        "ours, settings for a CPU": (ours, FAST),
        "ours, settings for a GPU": (ours, RECIPE),
    }
    rows, medians = [], []
    for name, (trainer, config) in ways.items():
        trainer(config.with_(epochs=1), dataset)
        found = [timed(trainer, config.with_(seed=seed), dataset) for seed in SEEDS]
        losses = [test_loss(model, dataset) for _, model in found]
        took = [seconds for seconds, _ in found]
        medians.append(median(took))
        loop = config.loop
        rows.append(
            (
                name,
                loop.epochs,
                loop.batch_size,
                loop.learning_rate,
                f"{medians[-1]:.3f}",
                f"{min(took):.3f} to {max(took):.3f}",
                f"{median(losses):.2f}",
                f"{max(losses):.2f}",
            )
        )
    head = (NAME, "epochs", "batch", "rate", "seconds", "range", "test loss, nats", "worst")
    return markdown(head, rows) + (
        f"\n\nMedians of {len(SEEDS)} seeds. Ours is {medians[0] / medians[-1]:.1f} times as fast."
    )


def epochs(dataset: data.Dataset) -> str:
    """Seconds of an epoch after the first, images a second, and the card's memory in use."""
    rows = []
    for name, config in MODELS.items():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        training = fit.begin(config.with_(epochs=4), dataset)
        ends = [record.seconds for record in training.run()]
        later = [end - start for start, end in pairwise(ends)]
        rows.append(
            (
                f"{name}, batch {training.batch_size}",
                training.precision,
                f"{ends[0]:.3f}",
                f"{median(later):.3f}",
                f"{training.steps * training.batch_size / median(later):,.0f}",
                f"{torch.cuda.max_memory_allocated() / 2**20:.0f}",
                f"{torch.cuda.max_memory_reserved() / 2**20:.0f}",
                "no: " + training.unrecorded if training.unrecorded else "yes",
            )
        )
    head = (
        "model",
        "type",
        "first epoch, s",
        "later, s",
        "images a second",
        "peak MiB",
        "reserved",
    )
    return markdown((*head, "recorded"), rows)


def steps(dataset: data.Dataset) -> str:
    """What a step takes, of the card and of Python, and its share of the card's matrix rate."""
    limit = product_rate()
    rows = []
    for name, config in list(MODELS.items())[:3]:
        training = fit.begin(config.with_(epochs=1), dataset)
        linear = [layer for layer in training.model.modules() if isinstance(layer, nn.Linear)]
        # Forward, and for the gradients of weights and of inputs; images need no gradient.
        products = 3 * sum(layer.weight.numel() for layer in linear) - linear[0].weight.numel()
        for recorded in (False, True):
            taken = training._steps(0)
            assert isinstance(taken, RecordedSteps)
            run = taken if recorded else EagerSteps(taken._compute)
            _step(training, run, 10)
            python, whole = zip(*(_step(training, run, 80) for _ in SEEDS), strict=True)
            rate = 2 * products * training.batch_size / median(whole)
            rows.append(
                (
                    f"{name}, batch {training.batch_size}",
                    "recorded" if recorded else "eager",
                    _kernels(training, EagerSteps(taken._compute)),
                    f"{median(whole) * 1e6:.0f}",
                    f"{median(python) * 1e6:.0f}",
                    f"{rate / 1e12:.1f}",
                    f"{rate / limit:.2%}",
                )
            )
    head = ("a step of", "how", "kernels", "µs", "µs of Python", "TFLOP/s", "share of the rate")
    return markdown(head, rows) + (
        f"\n\nThe rate is that of bf16 products of {SIDE} x {SIDE}: {limit / 1e12:.0f} TFLOP/s."
    )


def product_rate() -> float:
    """Floating-point operations a second of a large bf16 product."""
    a, b = (torch.randn(SIDE, SIDE, device="cuda").to(torch.bfloat16) for _ in range(2))
    seconds = [timed(torch.matmul, a, b)[0] for _ in range(12)]
    return 2 * SIDE**3 / median(seconds[2:])


def _step(training: Training[Autoencoder], steps: Steps, count: int) -> tuple[float, float]:
    """Seconds of a step until Python has started it, and until the card has ended it."""
    update = training._optimizer.of(dict(training.model.named_parameters()))
    steps.start(training._draw_batches(), [0.0] * training.steps)
    torch.cuda.synchronize()
    start = perf_counter()
    for step in range(count):
        update(steps.take(step), 1e-3, 0.9)
    issued = perf_counter()
    torch.cuda.synchronize()
    return (issued - start) / count, (perf_counter() - start) / count


def _kernels(training: Training[Autoencoder], steps: Steps) -> str:
    """How many a step has, and the microseconds in which the card runs them one by one."""
    try:
        from torch.profiler import ProfilerActivity, profile

        with profile(activities=[ProfilerActivity.CUDA]) as profiler:
            _step(training, steps, 1)
        events = [event for event in profiler.key_averages() if event.self_device_time_total]
        count = sum(event.count for event in events)
        return f"{count} in {sum(event.self_device_time_total for event in events):.0f} µs"
    except Exception as error:
        return f"unknown ({type(error).__name__})"


if __name__ == "__main__":
    main()
