"""Recipes: the numbers of the articles, and that each trains."""

from dataclasses import replace
from itertools import pairwise
from math import prod
from pathlib import Path

import pytest
import torch

import aemodels
from aemodels import data, recipes
from aemodels.bundles import bundle, zoo
from aemodels.bundles.recipes import RECIPES
from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.recipes import PUBLISHED, Recipe, trained
from aemodels.setting import SettingError
from aemodels.training import fit

BY_NAME = {recipe.name: recipe for recipe in PUBLISHED}
each_published = pytest.mark.parametrize("recipe", PUBLISHED, ids=lambda recipe: recipe.name)


@pytest.fixture(scope="module")
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, train_images=mnist.train_images[:200], test_images=mnist.test_images[:50])


@each_published
def test_it_learns_from_200_images(recipe: Recipe, few: data.Dataset) -> None:
    # After one step at its own rate, the deep one is far worse than a grey image.
    few_steps = {"train_images": "200", "epochs": "1", "learning_rate": "1e-4"}
    config = recipe.with_({**few_steps, "precision": "fp32"})
    training = fit.begin(config, few)
    before = [parameter.clone() for parameter in training.model.parameters()]
    records = list(training.run())
    assert len(records) == len(config.phases)
    after = training.model.parameters()
    assert all(not torch.equal(old, new) for old, new in zip(before, after, strict=True))


def weights(config: Config) -> list[tuple[int, ...]]:
    shapes = config.network.tensor_shapes(config.family.variational)
    return [shape for name, shape in shapes.items() if name.endswith("weight")]


def test_tensorflows_vae_has_as_many_numbers_as_keras_counts() -> None:
    config = BY_NAME["tf-cvae"].config
    # `count_params` of the tutorial's encoder and decoder in Keras 3.15, added up.
    assert sum(parameter.numel() for parameter in Autoencoder(config).parameters()) == 69_989
    values = config.to_dict()
    assert values["binarisation"] == "threshold"
    assert (values["latent_dim"], values["activation"], values["beta"]) == (2, "relu", 1)
    assert (values["learning_rate"], values["schedule"]) == (1e-4, "constant")
    assert (values["batch_size"], values["epochs"], values["weight_decay"]) == (100, 10, 0)


def test_deep_autoencoder_has_a_relu_after_every_layer() -> None:
    config = BY_NAME["deep-ae-relu"].config
    sizes = (784, 392, 196, 392, 784)
    assert weights(config) == [(out, into) for into, out in pairwise(sizes)]
    model, images = Autoencoder(config), torch.rand(20, 784)
    layers = list(model.encoder.children()) + list(model.decoder.children())
    assert [type(layer).__name__ for layer in layers] == [
        *("Linear", "ReLU") * 3,
        "Linear",
    ]
    assert model.reconstruct(images.numpy()).min() == 0
    values = config.to_dict()
    assert (values["reconstruction_loss"], values["learning_rate"]) == ("mse", 0.01)
    assert (values["epochs"], values["batch_size"], values["schedule"]) == (5, 150, "constant")


def test_stacked_autoencoder_has_three_layers_of_1000() -> None:
    config = BY_NAME["sda-1000"].config
    sizes = (784, 1000, 1000, 1000)
    encoder = [(out, into) for into, out in pairwise(sizes)]
    assert weights(config) == [*encoder, *(shape[::-1] for shape in encoder[::-1])]
    # Tied: the decoder adds biases alone.
    biases = 2 * sum(sizes[1:-1]) + sizes[-1] + sizes[0]
    numbers = sum(parameter.numel() for parameter in Autoencoder(config).parameters())
    assert numbers == sum(map(prod, encoder)) + biases
    values = config.to_dict()
    assert (values["activation"], values["code_activation"]) == ("sigmoid", "sigmoid")
    assert (values["corruption"], values["layer_corruption"]) == ("masking", [0.1, 0.2, 0.3])
    assert values["learning_rate"] == 1e-3
    assert config.phases == (15,) * 4


def test_all_are_found_by_name() -> None:
    found = recipes.every_recipe()
    assert list(found) == [*BY_NAME, *RECIPES]
    for name, config in RECIPES.items():
        assert recipes.find(name).config == config
        assert not recipes.find(name).source
    assert aemodels.recipe("tf-cvae") == BY_NAME["tf-cvae"].config
    assert aemodels.recipe("vae-2") == RECIPES["vae-2"]
    with pytest.raises(SettingError, match="recipe=vae: there is no such recipe; choose from tf-c"):
        aemodels.recipe("vae")


def test_titles_tell_what_sets_a_model_apart() -> None:
    found = {name: recipe.title for name, recipe in recipes.every_recipe().items()}
    apart = "KL warm-up 1, β at the start 2"
    assert found["vae-2"] == f"VAE, 2 latents, fully connected, {apart}"
    assert found["beta-2d-4"] == "VAE, 2 latents, fully connected, β 4"
    assert found["binary-vae-2"] == "VAE, 2 latents, convolutional, pixels threshold"


@each_published
def test_others_are_models_of_the_zoo_and_a_row(recipe: Recipe) -> None:
    from reproduction.rows import ROWS

    assert recipe.ours
    assert {*recipe.ours} <= RECIPES.keys()
    assert recipe.row in ROWS
    assert recipe.as_written
    assert recipe.differs


def test_the_flaw_that_is_reproduced_is_the_recipes() -> None:
    from reproduction.rows import flaw

    assert BY_NAME["deep-ae-relu"].config == flaw.EXAMPLE


@each_published
def test_what_it_gave_was_trained_by_its_command(recipe: Recipe) -> None:
    found = trained.read(recipe.name)
    assert found is not None
    assert found.config == recipe.config
    assert found.training.finished
    assert found.training.epochs == sum(recipe.config.phases)
    for name in ("sse", "knn5", "trustworthiness"):
        assert found.metrics.number(name) > 0


@each_published
def test_ours_are_better(recipe: Recipe) -> None:
    """In neighbours everywhere; in what is minimised where pixels and codes can be compared."""
    found = trained.read(recipe.name)
    assert found is not None
    loss = "negative_elbo_sample" if found.config.family.variational else "sse"
    for name in recipe.ours:
        ours = bundle.read(zoo.folder() / name)
        assert ours.metrics.number("knn5") > found.metrics.number("knn5"), name
        # With 1,000 latents a digit is redrawn better than with 30; neighbours are not.
        comparable = found.config.network.latent_dim < 30 * ours.latent_dim
        if comparable and ours.config.data.binarisation == found.config.data.binarisation:
            assert ours.metrics.number(loss) < found.metrics.number(loss), name


def test_a_recipe_of_the_zoo_has_no_file() -> None:
    assert trained.read("vae-2") is None
    assert {file.stem for file in trained.FOLDER.glob("*.json")} == BY_NAME.keys()


@each_published
def test_docs_name_it(recipe: Recipe) -> None:
    text = (Path(__file__).parents[3] / "docs" / "recipes.md").read_text("utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith(f"| `{recipe.name}` |"))
    assert f"| {recipe.title} |" in row
    assert recipe.source.split(",")[0] in row
    assert recipe.address in row
