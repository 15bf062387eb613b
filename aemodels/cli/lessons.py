"""The commands `lessons check`, of files, and `lessons words`, which lists what they may name."""

import argparse
from pathlib import Path

from aemodels import lessons, paths
from aemodels.bundles import bundle, zoo
from aemodels.lessons import vocabulary
from aemodels.lessons.words import describe

LANGUAGE = "en"


def run(arguments: argparse.Namespace) -> int:
    """Do what the arguments name."""
    return ACTIONS[arguments.action](arguments)


def words(arguments: argparse.Namespace) -> int:
    """Print what a lesson may name."""
    print(describe(vocabulary.load()), end="")
    return 0


def check(arguments: argparse.Namespace) -> int:
    """Print each file with OK, or with every line that is wrong; 2 if there is one."""
    built_in, own = paths.lessons() / LANGUAGE, paths.own_lessons()
    folder: Path | None = arguments.folder
    models = {item.name: item.latent_dim for item in bundle.scan(zoo.folder()).bundles}
    if folder is None:
        found = lessons.scan(built_in, [own] if own else [], models=models)
    elif _same(folder, built_in):
        found = lessons.scan(folder, models=models)
    else:
        found = lessons.scan(built_in, [folder], models=models).own
    for lesson in found.lessons:
        count = len(lesson.steps)
        print(f"{lesson.path}: OK, {count} step{'s' * (count > 1)}")
    for path, problem in sorted(found.problems):
        print(f"{path}:{problem.line}: {problem.reason}")
    return 2 if found.problems else 0


def _same(folder: Path, other: Path) -> bool:
    return folder.exists() and other.exists() and folder.samefile(other)


ACTIONS = {"check": check, "words": words}
