"""Write the API pages of the library into docs/api: python -m docs.build_api"""

import warnings
from pathlib import Path
from pkgutil import iter_modules

import pdoc

import aemodels
from aemodels import reader

if __name__ == "__main__":
    warnings.simplefilter("error")
    # Names that only type checkers import; pdoc shows such an annotation as it is written.
    warnings.filterwarnings("ignore", "Error parsing type annotation")
    # A TypedDict doesn't know which of its parents a key is from.
    warnings.filterwarnings("ignore", r"Cannot determine where aemodels\.views\.")
    # pdoc reads what a module holds, and not what it would load when asked.
    for module in (aemodels, reader):
        for name in module.__all__:
            setattr(module, name, getattr(module, name))
    rooms = [module.name for module in iter_modules(aemodels.__path__)]
    shown = [f"aemodels.{room}" for room in rooms if room not in ("__main__", "cli")]
    pdoc.render.configure(docformat="numpy")
    pdoc.pdoc("aemodels", *shown, output_directory=Path(__file__).parent / "api")
