"""What the published recipes gave here: the bundle.json of each model that one trained.

`python -m benchmarks.recipes` writes them.
"""

from pathlib import Path

from aemodels.bundles import manifest
from aemodels.bundles.manifest import Manifest

FOLDER = Path(__file__).parent / "trained"


def path(name: str) -> Path:
    """The file of that recipe, which a zoo's recipe has no need of."""
    return FOLDER / f"{name}.json"


def read(name: str) -> Manifest | None:
    """Settings, test metrics and training facts of that recipe's model; None if it has no file."""
    file = path(name)
    return manifest.parse(file.read_bytes()) if file.is_file() else None
