"""The sections of the Families page, in order: a file each, with its words and its chart."""

from pages.families.beta import BETA_VAE
from pages.families.bottleneck import BOTTLENECK
from pages.families.contractive import CONTRACTIVE
from pages.families.deep import DEEP
from pages.families.denoising import DENOISING
from pages.families.linear import LINEAR
from pages.families.loss import LOSS
from pages.families.recurrent import RECURRENT
from pages.families.sparse import SPARSE
from pages.families.stacked import STACKED
from pages.families.vae import VAE
from ui.family_section import Section

# By their names in the address.
SECTIONS: dict[str, Section] = {
    "linear": LINEAR,
    "deep": DEEP,
    "loss": LOSS,
    "bottleneck": BOTTLENECK,
    "sparse": SPARSE,
    "denoising": DENOISING,
    "stacked": STACKED,
    "contractive": CONTRACTIVE,
    "vae": VAE,
    "beta": BETA_VAE,
    "recurrent": RECURRENT,
}
