"""What pages say, in Markdown: the same in the app and on a static site. Knows no Streamlit."""

import re

from aemodels.data import Source
from aemodels.families import FAMILIES

# The sentence on top of each page.
SENTENCES = {
    "explore": "**Drag anywhere on the map.** The model decodes the code at the cross-hair, live.",
    "compare": "**Hover or tap any map.** The same test image lights up on every map.",
    "interpolate": "**Drag the slider.** Image A turns into image B, one way in each row.",
    "learn": "**Guess, try, see.**",
    "results": "**Published numbers, and ours.** Nothing here is typed by hand.",
    "glossary": "**Every term in one sentence.** Pictures and numbers come from the models here.",
}

# With the nouns of a data set.
_FAMILIES = {
    "vae": r"""
A **variational autoencoder** has learned two networks. The encoder turns an image $x$ into a small cloud of codes,
$q(z\mid x)=\mathcal N(\mu,\sigma^2)$; the decoder turns a code $z$ back into an image. Every point on the map is the
$\mu$ of one real test %(noun)s, coloured by its class (the network never saw the classes).

It is trained to reconstruct each %(noun)s and to keep the clouds close to one shared bell curve, so the space between the
%(plural)s decodes to something sensible too:
$\;\mathrm{ELBO}=\mathbb E_{q}[\log p(x\mid z)]-\mathrm{KL}\big(q(z\mid x)\,\|\,\mathcal N(0,I)\big)$.
""",
    "ae": r"""
An **autoencoder** squeezes each image into a few numbers $z$ and reconstructs it from them:
$\;\min\ \lVert x-\mathrm{dec}(\mathrm{enc}(x))\rVert^2$. Every point on the map is the code of one real test %(noun)s,
coloured by its class (the network never saw the classes).

Nothing controls where the codes lie, so they form arms and gaps. Drag into a gap: the result may not look like a %(noun)s.
Compare this with the VAE.
""",
    "pca": r"""
**PCA** is the linear baseline: $z=W(x-\bar x)$ and back, $\hat x=\bar x+W^{\top}z$, with the directions of largest
variance in the rows of $W$. Every point on the map is one real test %(noun)s, coloured by its class.

Moving along one latent always adds the same pattern, wherever you are. Blurry %(plural)s and negative ink (shown as black)
are the price of a linear model.
""",
}

COMPARE = (
    "**Squared error**: how far the reconstruction is from the original; smaller is better. PCA is "
    "the best linear reconstruction there is, so a network has to beat it to be worth training. "
    "**kNN-5**: how often the five nearest training codes predict the right class; the models never "
    "saw the classes. **Trustworthiness**: whether images with neighbouring codes, in all latents, are "
    "also neighbours as images (1 is best; Venna and Kaski 2001). The codes of a VAE are its means μ."
)

INTERPOLATE = r"""
Each row moves from the code of A to the code of B and decodes every step. **Straight**: $z=(1-t)\,z_A+t\,z_B$.
**Spherical**: the direction turns at constant speed while the length changes linearly, so the path stays about as far
from the centre as A and B are. **Cross-fade** mixes the pixels themselves: the baseline that
every model has to beat. A VAE's endpoints are its means μ, so the animation is the same each time.

The reconstructed A and B differ from the real ones: the difference is what encoding lost.
"""

# Measured on the models here, which know MNIST.
INTERPOLATE_DIGITS = r"""
Halfway along the straight line between two classes, the VAE with 16 latents is usually closer to the centre than nine
out of ten of its codes.

Which path passes through digits? With 16 latents, frames between two classes are on average most like real test digits
along the VAE's two paths, and least in the cross-fade (by the squared error to the most similar one). With 2 latents,
those on the autoencoder's line are a little less like real digits than those on the VAE's. The numbers beside the rows are
of this one pair, which may differ.
"""

RESULTS = (
    "Unless stated otherwise, numbers are for the 10,000 test digits; errors and nats are summed "
    "over the 784 pixels and averaged over images, and published numbers per pixel are multiplied "
    "by 784. Ours is the mean over seeds ± the standard deviation over seeds."
)

NO_RESULT = "No experiment matches both filters."

OPEN_IN_EXPLORE = "Open in Explore"


def of_family(family: str, source: Source) -> str:
    """The idea of a family in a few sentences, for models of this data set."""
    words = _FAMILIES.get(family)
    if words is None:
        meaning = FAMILIES[family].meaning
        words = (
            f"{meaning[0].upper()}{meaning[1:].replace('%', '%%')}. Every point on the map is the code of one real "
            "test %(noun)s, coloured by its class (the network never saw the classes)."
        )
    return _uncoloured(words % {"noun": source.noun, "plural": source.plural}, source)


def is_explained(family: str) -> bool:
    """Whether `of_family` says all there is to say; other families have a section of their own."""
    return family in _FAMILIES


def of_interpolation(dataset: str) -> str:
    """The ways of Interpolate; for digits, also which of them passes through digits."""
    return INTERPOLATE + INTERPOLATE_DIGITS if dataset == "mnist" else INTERPOLATE


def of_numbers(source: Source) -> str:
    """What the numbers of Compare are measured on."""
    return (
        f"Means over the {source.test_count:,} test {source.plural}; errors are summed over the 784 pixels, which are "
        "grey unless the table says otherwise. The ELBO is for sampled z. kNN is fitted on the codes of "
        f"the {source.train_count:,} training images; trustworthiness is measured on "
        f"{min(5000, source.test_count):,} test images. A dash means not measured or not defined."
    )


def of_lessons(minutes: set[float]) -> str:
    """What to do in a lesson, and how long it takes, if that is the same for all."""
    time = f" Each lesson takes about {next(iter(minutes)):g} minutes." if len(minutes) == 1 else ""
    return f"{SENTENCES['learn']}{time}"


def to_lesson(title: str) -> str:
    """A link to a lesson."""
    return f"Lesson: {title}"


def _uncoloured(words: str, source: Source) -> str:
    """The words without those about colours, where there are no classes."""
    if source.class_names:
        return words
    return re.sub(r",\s+coloured by its class( \(the network never saw the classes\))?", "", words)
