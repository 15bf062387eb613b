"""The registry of families: one file each, and one line here.

A new one takes a file with a subclass of `Family`, its line below, and a test of its formula.
"""

from aemodels.families.ae import AE
from aemodels.families.base import Family
from aemodels.families.contractive import Contractive
from aemodels.families.denoising import Denoising
from aemodels.families.linear import Linear
from aemodels.families.pca import PCA
from aemodels.families.recurrent import Recurrent
from aemodels.families.sparse import Sparse
from aemodels.families.stacked import Stacked
from aemodels.families.vae import VAE

FAMILIES: dict[str, type[Family]] = {
    family.name: family
    for family in (
        VAE,
        AE,
        Linear,
        Sparse,
        Denoising,
        Stacked,
        Contractive,
        Recurrent,
        PCA,
    )
}
# Those that a training loop trains.
TRAINED = tuple(name for name, family in FAMILIES.items() if not family.closed_form)
