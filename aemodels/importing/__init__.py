"""Models from elsewhere, as settings and weights of this library's own; loads no PyTorch.

    from aemodels import importing
    config, weights = importing.from_safetensors(Path("vae.safetensors"), "pytorch-vae")

Nothing in a file is trusted and no pickle is ever read. `aemodels.runs.imported` measures what was
imported and writes the bundle.
"""

from aemodels.importing.layers import ForeignError
from aemodels.importing.layouts import LAYOUTS, Layout
from aemodels.importing.mapping import Imported
from aemodels.importing.sources import (
    from_description,
    from_onnx,
    from_safetensors,
    parse_safetensors,
)

__all__ = [
    "LAYOUTS",
    "ForeignError",
    "Imported",
    "Layout",
    "from_description",
    "from_onnx",
    "from_safetensors",
    "parse_safetensors",
]
