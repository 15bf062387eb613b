"""Families: what each kind of autoencoder is for, live where it can be."""

from pages import regularised, undercomplete
from ui import model_picker, query_params

SECTIONS = {
    "linear": undercomplete.LINEAR,
    "deep": undercomplete.DEEP,
    "loss": undercomplete.LOSSES,
    "bottleneck": undercomplete.BOTTLENECK,
    "sparse": regularised.SPARSE,
    "denoising": regularised.DENOISING,
    "stacked": regularised.STACKED,
    "contractive": regularised.CONTRACTIVE,
    "vae": regularised.VAE,
    "beta": regularised.BETA,
    "recurrent": undercomplete.RECURRENT,
}


def main() -> None:
    found = model_picker.shelf()
    titles = {name: section.title for name, section in SECTIONS.items()}
    section = SECTIONS[query_params.choice("family", "Family", titles, pills=True)]
    query_params.check_names(["family"])
    query_params.show_notices()
    section.draw({model.name: model for model in found.bundles})


main()
