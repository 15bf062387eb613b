"""Train the recipes of articles as written, and keep the bundle.json of each.

    python -m benchmarks.recipes            # those that lack one in aemodels/recipes/trained/
    python -m benchmarks.recipes sda-1000   # again

`python -m aemodels recipes NAME` prints their numbers.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from aemodels.bundles import bundle
from aemodels.cli import main
from aemodels.recipes import PUBLISHED, trained


def keep(folder: Path, name: str) -> None:
    """Copy the bundle.json of a model that the recipe of that name trained."""
    trained.FOLDER.mkdir(exist_ok=True)
    shutil.copy(folder / bundle.MANIFEST, trained.path(name))


if __name__ == "__main__":
    missing = [recipe.name for recipe in PUBLISHED if trained.read(recipe.name) is None]
    for each in sys.argv[1:] or missing:
        with tempfile.TemporaryDirectory() as temporary:
            output = Path(temporary) / each
            if main(["train", "--recipe", each, "--output", str(output)]):
                sys.exit(1)
            keep(output, each)
