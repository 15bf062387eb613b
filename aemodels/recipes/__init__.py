"""Recipes by name: those of widely read articles, and those of the zoo's models.

from aemodels import recipes
recipes.find("tf-cvae").config
"""

from collections.abc import Mapping
from functools import cache

from aemodels.bundles.recipes import RECIPES
from aemodels.config import Config, table
from aemodels.recipes.published import PUBLISHED
from aemodels.recipes.recipe import Recipe
from aemodels.setting import SettingError

__all__ = ["PUBLISHED", "Recipe", "every_recipe", "find"]


@cache
def every_recipe() -> Mapping[str, Recipe]:
    """All recipes by name: the published ones, then the zoo's."""
    zoo = [Recipe(name, _title(config), config) for name, config in RECIPES.items()]
    return {recipe.name: recipe for recipe in (*PUBLISHED, *zoo)}


def find(name: str) -> Recipe:
    """The recipe of that name. Raises SettingError, with the names that there are."""
    known = every_recipe()
    if name not in known:
        problem = "there is no such recipe"
        raise SettingError("recipe", name[:80], problem, f"choose from {', '.join(known)}")
    return known[name]


def _title(config: Config) -> str:
    """VAE, 2 latents, fully connected; and what else sets it apart: β 4."""
    network = config.network
    parts = [
        config.family.title,
        f"{network.latent_dim} latent{'s' * (network.latent_dim > 1)}",
        _within(network.title),
    ]
    usual = Config.of(config.family.name, network=network.kind).texts()
    known, texts = table(config.family.name, network.kind), config.texts()
    for name in (*config.family.table(), "reconstruction_loss", "binarisation"):
        if name in known and texts[name] != usual[name]:
            label = known[name].label
            parts.append(f"{_within(label)} {texts[name]}")
    return ", ".join(parts)


def _within(title: str) -> str:
    """A title in the middle of a line: without its capital, unless it begins with a short form."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]
