"""The command `recipes`: all of them, or one with what it gives and the zoo's models beside it."""

import argparse
import textwrap

from aemodels import recipes
from aemodels.bundles import bundle, zoo
from aemodels.cli.output import number, summary
from aemodels.config import Config, DataSettings
from aemodels.recipes import Recipe, trained
from aemodels.runs.duration import clock
from aemodels.setting import flag

WIDTH, INDENT = 100, " " * 12


def run(arguments: argparse.Namespace) -> int:
    """Print the list, or the details of one recipe."""
    if arguments.name is None:
        _print_all()
    else:
        _print_details(recipes.find(arguments.name))
    return 0


def comparison(recipe: Recipe) -> list[str]:
    """A line for each model of the zoo that a published recipe is compared with."""
    return [line for name in recipe.ours if (line := _ours(name, recipe.config))]


def _print_all() -> None:
    print("From articles:")
    for recipe in recipes.PUBLISHED:
        print(f"{recipe.name}: {recipe.title}")
        print(f"    {_source(recipe)}")
        print(f"    {recipe.command}")
    print("\nOf the models in the zoo, trained by python -m aemodels train --recipe NAME:")
    for recipe in recipes.every_recipe().values():
        if not recipe.source:
            print(f"{recipe.name}: {recipe.title}")


def _print_details(recipe: Recipe) -> None:
    print(f"{recipe.name}: {recipe.title}")
    _print_part("source", _source(recipe))
    _print_part("as written", recipe.as_written)
    _print_part("different", recipe.differs)
    _print_part("train", recipe.command)
    # A setting and its value are kept on one line.
    pairs = (
        f"{flag(name)}\N{NO-BREAK SPACE}{text}" for name, text in recipe.config.texts().items()
    )
    _print_part("settings", " ".join(pairs))
    found = trained.read(recipe.name)
    if found:
        facts = found.training
        how = f"{clock(max(1, facts.seconds))} on {facts.device} in {facts.precision}"
        _print_part("it gave", f"{summary(found.metrics)}; {how}")
    for line in comparison(recipe):
        _print_part("ours", line)
    if not recipe.source:
        _print_part("in the zoo", _ours(recipe.name, recipe.config))
    if recipe.row:
        _print_part("see also", f"python -m reproduction {recipe.row}")


def _source(recipe: Recipe) -> str:
    return ", ".join(part for part in (recipe.source, recipe.address) if part)


def _ours(name: str, config: Config) -> str:
    """A model of the zoo with its test numbers, those that can be compared; empty without it."""
    try:
        found = bundle.read(zoo.folder() / name)
    except bundle.BundleError:
        return ""
    latents, pixels = found.config.network.latent_dim, found.config.data.binarisation
    model = f"{name}, {latents} latents"
    if pixels == config.data.binarisation:
        return f"{model}: {summary(found.metrics)}"
    title = DataSettings.table()["binarisation"].choice_title(pixels).lower()
    return f"{model}, trained on {title}: knn5 {number(found.metrics.number('knn5'))}"


def _print_part(title: str, text: str) -> None:
    if text:
        filled = textwrap.fill(
            text, WIDTH - len(INDENT), break_long_words=False, break_on_hyphens=False
        )
        lines = textwrap.indent(filled, INDENT).lstrip().replace("\N{NO-BREAK SPACE}", " ")
        print(f"{title:<{len(INDENT)}}{lines}")
