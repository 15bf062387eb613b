"""Every family with each of its networks, two epochs on the GPU and one on the CPU.

The noise of the two devices differs, so what draws some must come as near to the losses of several
draws on the CPU as others do to one.
"""

import sys
from dataclasses import dataclass, replace
from math import isfinite
from time import perf_counter
from typing import ClassVar

import torch

from aemodels import data
from aemodels.config import Config, Loop, Machine
from aemodels.families import FAMILIES, TRAINED
from aemodels.families.ae import AE
from aemodels.families.base import Batch, Model, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import classifier, fit
from benchmarks.train import markdown

TRAIN, TEST = 4000, 2000
# Of the test loss after an epoch: without and with noise.
EXACT, NOISY = 2e-3, 2e-2
DRAW = ("vae", "denoising", "stacked")
NOISE = ("augmented_share", "dropout")
# Of noise on the CPU, of which the nearest counts.
DRAWS = 4

WEIGHTED = {"importance_samples": 3, "gradient": "dreg"}


@dataclass(frozen=True)
class Reading(AE):
    """A family whose objective reads a number, which no graph can hold."""

    name: ClassVar[str] = "reading"

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        terms = super().objective(model, batch, generator)
        return {name: value * (1 if float(value) < 1e9 else 0) for name, value in terms.items()}


def main() -> int:
    """Print a table; returns 1 if a family fails."""
    dataset = data.load()
    few = replace(
        dataset,
        train_images=dataset.train_images[:TRAIN],
        train_labels=dataset.train_labels[:TRAIN],
        test_images=dataset.test_images[:TEST],
        test_labels=dataset.test_labels[:TEST],
    )
    FAMILIES["reading"] = Reading
    # More threads wait for each other longer than such small networks take.
    torch.set_num_threads(min(4, torch.get_num_threads()))
    rows: list[tuple[object, ...]] = []
    for config in configs():
        row = compared(config, few)
        print(*row, flush=True)
        rows.append(row)
    rows.append(classified(few))
    head = ("family, network", "type", "test loss, 1 epoch", "2 epochs", "CPU, 1 epoch")
    print(f"\n{markdown((*head, 'apart by', 'recorded', 's', 'right'), rows)}")
    return int(any(row[-1] != "yes" for row in rows))


def configs() -> list[Config]:
    """Each family with each network in fp32, and bf16 with the first, and other settings."""
    common = {"train_images": TRAIN, "batch_size": 100, "epochs": 2, "latent_dim": 8}
    found = []
    for name in TRAINED:
        for network in FAMILIES[name].networks:
            given = {**common, "network": network, "precision": "fp32"}
            if name == "stacked":
                # Sigmoids learn nothing in the few steps of the others.
                given["batch_size"] = 20
            found.append(Config.of(name, **given))
        found.append(found[-len(FAMILIES[name].networks)].with_(precision="bf16"))
    found.append(Config.of("reading", **common, precision="fp32"))
    found.append(Config.of("vae", **common, precision="fp32", kl_warmup=0.5, free_bits=0.1))
    found.append(Config.of("vae", **common, precision="fp32", binarisation="stochastic"))
    found.append(Config.of("vae", **common, precision="fp32", **WEIGHTED))
    found.append(Config.of("ae", **common, precision="fp32", augmented_share=0.5, dropout=0.1))
    return found


def compared(config: Config, few: data.Dataset) -> tuple[object, ...]:
    """A row of the table; of several stages it shows the last."""
    name, precision = f"{config.family.name}, {config.network.kind}", config.machine.precision
    name += ", KL warm-up" * bool(config.to_dict().get("kl_warmup"))
    name += ", importance-weighted" * (config.to_dict().get("importance_samples", 1) > 1)
    name += ", augmented, dropout" * config.augmentation.active
    name += f", {config.data.binarisation}" * (config.data.binarisation != "grey")
    phases = (*(1,) * (len(config.phases) - 1), 2)
    try:
        start = perf_counter()
        training = fit.begin(config.with_(device="cuda"), few, phases)
        first, second = [record.test["loss"] for record in training.run()][-2:]
        seconds = perf_counter() - start
        noise = config.family.name in DRAW or any(config.to_dict().get(name) for name in NOISE)
        noise = noise or config.data.binarisation == "stochastic"
        references = [_on_a_cpu(config, few, phases, seed) for seed in range(DRAWS if noise else 1)]
    except Exception as error:
        problem = f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
        return (name, precision, "", "", "", "", problem, "", "NO")
    reference = min(references, key=lambda loss: abs(first - loss))
    apart = abs(first - reference) / reference
    right = (
        isfinite(first)
        and second < first
        and apart <= (NOISY if noise or precision == "bf16" else EXACT)
        and (training.unrecorded is not None) == (config.family.name == "reading")
    )
    return (
        name,
        precision,
        f"{first:.2f}",
        f"{second:.2f}",
        f"{reference:.2f}",
        f"{apart:.2%}",
        training.unrecorded or "yes",
        f"{seconds:.1f}",
        "yes" if right else "NO",
    )


def _on_a_cpu(config: Config, few: data.Dataset, phases: tuple[int, ...], seed: int) -> float:
    """The test loss after the last stage's first epoch, with noise of this seed."""
    training = fit.begin(config.with_(device="cpu"), few, phases)
    training._noise.manual_seed(seed)
    records = training.run()
    return [next(records).test["loss"] for _ in phases][-1]


def classified(few: data.Dataset) -> tuple[object, ...]:
    """The row of a classifier on an encoder, which needs labels."""
    losses = {}
    for device in ("cuda", "cpu"):
        network = classifier.Classifier(Autoencoder(Config.of("ae", latent_dim=16)), 10)
        loop = Loop(epochs=2, batch_size=100, learning_rate=3e-3)
        machine = Machine(device=device, precision="fp32")
        training = classifier.begin(network, few, loop, machine)
        losses[device] = [record.test["loss"] for record in training.run()]
    (first, second), (reference, _) = losses.values()
    apart = abs(first - reference) / reference
    word = "yes" if second < first and apart < NOISY else "NO"
    found = (f"{loss:.3f}" for loss in (first, second, reference))
    return ("classifier", "fp32", *found, f"{apart:.2%}", "", "", word)


if __name__ == "__main__":
    sys.exit(main())
