"""Families: what each kind of autoencoder is for, live where it can be."""

from pages import address, regularised, shelf, undercomplete

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
    found = shelf.shelf()
    titles = {name: section.title for name, section in SECTIONS.items()}
    section = SECTIONS[address.choice("family", "Family", titles, pills=True)]
    address.check_names(["family"])
    address.show_notices()
    section.draw({model.name: model for model in found.bundles})


main()
