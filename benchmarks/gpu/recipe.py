"""The recipe for a GPU: settings of the 784-400-20 VAE that reach the plain recipe's loss soonest.

    python -m benchmarks.gpu --only recipe

tries batch sizes, epochs and peak rates on the first 50,000 training digits and measures them on
the last 10,000. The test digits have no part in it.
"""

from dataclasses import replace
from statistics import mean

from aemodels import data
from aemodels.config import Config
from aemodels.training import fit
from benchmarks.train import markdown, plain, test_loss, timed
from reproduction.rows.likelihood import EXAMPLE

HELD_OUT = 10_000
RECIPE = EXAMPLE.with_(
    epochs=6, batch_size=512, learning_rate=1.6e-2, schedule="one-cycle", precision="auto"
)
BATCHES = (256, 512, 1024, 2048)
RATES = (0.8e-2, 1.2e-2, 1.6e-2, 2.4e-2)
# Steps of a whole training, in which the loss can be reached at all.
STEPS = (500, 800, 1100)
SEEDS = (0, 1)


def validation(dataset: data.Dataset) -> data.Dataset:
    """The same with the last training digits in place of the test digits."""
    images, labels = dataset.train_images, dataset.train_labels
    return replace(
        dataset,
        train_images=images[:-HELD_OUT],
        train_labels=labels[:-HELD_OUT],
        test_images=images[-HELD_OUT:],
        test_labels=labels[-HELD_OUT:],
    )


def main() -> None:
    """Print what was tried."""
    dataset = validation(data.load())
    config = RECIPE.with_(train_images=50_000)
    last_loss(config.with_(epochs=1), dataset)
    for seed in SEEDS:
        seconds, model = timed(plain, EXAMPLE.with_(seed=seed), dataset)
        print(f"plain recipe, seed {seed}: {test_loss(model, dataset):.2f} nats, {seconds:.1f} s")
    rows: list[tuple[object, ...]] = []
    for batch in BATCHES:
        for epochs in sorted({max(2, round(steps / (50_000 // batch))) for steps in STEPS}):
            for rate in RATES:
                tried = config.with_(batch_size=batch, epochs=epochs, learning_rate=rate)
                found = [timed(last_loss, tried.with_(seed=seed), dataset) for seed in SEEDS]
                loss = mean(loss for _, loss in found)
                took = min(seconds for seconds, _ in found)
                rows.append((batch, epochs, rate, f"{loss:.2f}", f"{took:.3f}"))
                print(*rows[-1], flush=True)
    rows.sort(key=lambda row: float(str(row[3])))
    head = ("batch", "epochs", "peak rate", "nats on the held-out digits", "seconds")
    print(f"\n{markdown(head, rows)}")


def last_loss(config: Config, dataset: data.Dataset) -> float:
    """The loss on the held-out digits after the last epoch; infinite if training diverges."""
    losses: list[float] = []
    fitted = fit.fit(config, dataset, on_record=lambda record: losses.append(record.test["loss"]))
    return float("inf") if fitted.failure else losses[-1]


if __name__ == "__main__":
    main()
