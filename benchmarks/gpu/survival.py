"""What a training on a GPU survives: an end in between, and memory that runs out."""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from aemodels import data, runs
from aemodels.bundles.load import load
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.runs import folder, process
from aemodels.runs.monitor import Monitor
from aemodels.runs.worker import Worker
from aemodels.training import checkpoint, fit, graphs
from aemodels.training.loop import Record, Training
from benchmarks.train import markdown

RESUMED = {
    "VAE": Config.of(hidden=(400,), latent_dim=20),
    "VAE whose KL warms up": Config.of(hidden=(400,), latent_dim=20, kl_warmup=0.5),
    "convolutional VAE": Config.of(network="conv"),
    "stacked": Config.of("stacked"),
    "recurrent": Config.of("recurrent"),
    "contractive, two layers": Config.of("contractive", network="mlp", latent_dim=8),
}
RUN = Config.of(hidden=(64,), latent_dim=2, epochs=4, batch_size=200, train_images=5000)
HUGE = Config.of(hidden=(4096, 4096), batch_size=60_000, epochs=2)
BYTES = 1 << 30


def main() -> int:
    """Print the tables; returns 1 if something didn't survive."""
    dataset = data.load()
    few = replace(dataset, test_images=dataset.test_images[:1000])
    rows = [resumed(name, config, few) for name, config in RESUMED.items()]
    print(markdown(("resumed", "again with its seed", "resumed after each epoch"), rows))
    checks = [recording_without_memory, huge_batch, memory_runs_out_in_a_run]
    with tempfile.TemporaryDirectory() as home:
        os.environ["LATENT_LAB_HOME"] = home
        found = [_checked(check, dataset) for check in checks]
    torch.cuda.set_per_process_memory_fraction(1.0)
    print("\n" + markdown(("memory that runs out", "what happens", "right"), found))
    failed = [row for row in rows if "differ" in "".join(map(str, row))]
    return int(bool(failed) or any(row[-1] != "yes" for row in found))


def resumed(name: str, config: Config, few: data.Dataset) -> tuple[str, str, str]:
    """Whether a second training, and one continued from each checkpoint, give the same bits."""
    config = config.with_(epochs=3, train_images=5000, batch_size=200, device="cuda")
    whole = fit.begin(config, few)
    contents = [whole.checkpoint() for _ in whole.run()]
    again = fit.begin(config, few)
    list(again.run())
    worst = 0.0
    for content in contents[:-1]:
        other = fit.begin(config, few)
        other.restore(content)
        list(other.run())
        worst = max(worst, _apart(whole, other))
    return name, _words(_apart(whole, again)), _words(worst)


def _apart(a: Training[Autoencoder], b: Training[Autoencoder]) -> float:
    """The largest difference of a weight."""
    others: dict[str, Tensor] = dict(b.model.state_dict())
    found = [(v - others[name]).abs().max().item() for name, v in a.model.state_dict().items()]
    return max(found)


def _words(apart: float) -> str:
    return "the same bits" if apart == 0 else f"weights differ by at most {apart:.1e}"


Check = Callable[[data.Dataset], tuple[str, bool]]


def _checked(check: Check, dataset: data.Dataset) -> tuple[str, str, str]:
    torch.cuda.empty_cache()
    name = check.__name__.replace("_", " ")
    try:
        says, right = check(dataset)
    except Exception as error:
        says, right = f"{type(error).__name__}: {error}".replace("\n", " ")[:300], False
    torch.cuda.set_per_process_memory_fraction(1.0)
    return name, says, "yes" if right else "NO"


def recording_without_memory(dataset: data.Dataset) -> tuple[str, bool]:
    """Memory that runs out while a graph is recorded ends as usual, and training goes on after."""
    noise = torch.Generator("cuda").manual_seed(0)
    total = torch.cuda.get_device_properties(0).total_memory
    says = "nothing"
    try:
        graphs.record(lambda: torch.empty(2 * total, dtype=torch.uint8, device="cuda"), noise)
    except torch.OutOfMemoryError as error:
        says = "OutOfMemoryError" if "out of memory" in str(error) else str(error)
    torch.randn(3, device="cuda", generator=noise)
    list(fit.begin(RUN.with_(epochs=1), dataset).run())
    return says, says == "OutOfMemoryError"


def huge_batch(dataset: data.Dataset) -> tuple[str, bool]:
    """A batch that doesn't fit ends in a sentence."""
    _limit(BYTES)
    run = _work(runs.create(HUGE), dataset)
    expected = "Not enough memory for batch_size=60000 on the GPU"
    return f"{run.state}: {run.message}", run.state == "failed" and expected in run.message


def memory_runs_out_in_a_run(dataset: data.Dataset) -> tuple[str, bool]:
    """The last good checkpoint is kept, and resumed the run ends with the same bits."""
    expected = fit.begin(RUN, dataset)
    list(expected.run())
    run = _work(runs.create(RUN), dataset, Exhausted())
    kept = checkpoint.read_facts((run.path / folder.CHECKPOINT).read_bytes()).epoch
    says = f"{run.state} in epoch {len(run.records()) + 1}: {run.message} Kept: epoch {kept}."
    right = run.state == "failed" and kept == 2 and "Not enough memory on the GPU" in run.message
    torch.cuda.set_per_process_memory_fraction(1.0)
    run = _work(run, dataset)
    assert run.bundle_path is not None
    weights = load(run.bundle_path).state_dict()
    apart = max(
        (value.cpu() - weights[name]).abs().max().item()
        for name, value in expected.model.state_dict().items()
    )
    return f"{says} Resumed: {run.state}, {_words(apart)}.", right and run.state == "finished"


class Exhausted(Monitor):
    """Takes the card's memory away after the second epoch."""

    def recorded(self, training: Training[Autoencoder], record: Record) -> None:
        if record.epoch == 2:
            torch.cuda.empty_cache()
            _limit(1 << 20)


def _limit(size: int) -> None:
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(size / total)


def _work(run: runs.Run, dataset: data.Dataset, watcher: Monitor | None = None) -> runs.Run:
    with process.claim(run) as claimed:
        return Worker(claimed, None, [], watcher, dataset).work()


if __name__ == "__main__":
    sys.exit(main())
