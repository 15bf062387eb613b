"""What a view shows, made of the values of its parameters: the same for its page and for lessons."""

from typing import cast

from aemodels import views
from aemodels.data import Source
from aemodels.views import contract
from ui.given import Values
from ui.parameters import (
    CLASSES,
    COMPUTATION,
    DIGIT,
    FRAME,
    FRAMES,
    LAYER,
    MAP_PICTURES,
    MAPS_LAYER,
    PICTURE,
    PINS,
    PRIOR,
    SAMPLES,
    TRAIL,
    WORST,
    A,
    B,
    T,
    Z,
)

# The number of latents of the models side by side at first, by the page.
LATENTS = {"compare": 2, "interpolate": 16}
# The test images that an interpolation starts with: a 3 and an 8, of which the ways differ clearly.
START = {"mnist": (51, 110)}


def explore(
    values: Values, model: contract.Model, source: Source | None = None
) -> contract.ExploreState:
    """The state of Explore with this model, which was trained on this data set or one like MNIST."""
    images, classes = _counts(source)
    code = Z.within(model["space"]["low"], model["space"]["high"])
    return contract.ExploreState(
        digit=values.of(DIGIT.within(images)),
        z=values.of(code),
        layer=cast(contract.Layer | None, values.of(LAYER)),
        pictures="off" if values.of(MAP_PICTURES) == "off" else None,
        trail="on" if values.of(TRAIL) == "on" else None,
        classes=values.of(CLASSES.within(classes)),
        frame=values.of(FRAME),
        pins=values.of(PINS.of(code)),
        computation="open" if values.of(COMPUTATION) else None,
        samples=values.of(SAMPLES),
        prior="circles" if values.of(PRIOR) else None,
        visit=values.visit,
    )


def compare(values: Values, source: Source | None = None) -> contract.CompareState:
    """The state of Compare with models of this data set."""
    images, classes = _counts(source)
    return contract.CompareState(
        digit=values.of(DIGIT.within(images)),
        picture="difference" if values.of(PICTURE) == "difference" else None,
        worst=values.of(WORST.within(classes)),
        layer="holes" if values.of(MAPS_LAYER) == "holes" else None,
        classes=values.of(CLASSES.within(classes)),
        frames=values.of(FRAMES),
        visit=values.visit,
    )


def ends(dataset: str, source: Source | None = None) -> tuple[int, int]:
    """The test images of a data set that an interpolation starts with."""
    examples = (source or views.source(dataset)).example_digits
    return START.get(dataset, (examples[0], examples[1]))


def interpolate(
    values: Values, starts: tuple[int, int], source: Source | None = None
) -> contract.InterpolateState:
    """The state of Interpolate, which starts with these two test images of a data set."""
    images, classes = _counts(source)
    return contract.InterpolateState(
        a=values.of(A.within(images).usually(starts[0])),
        b=values.of(B.within(images).usually(starts[1])),
        drawn=None,
        t=values.of(T),
        classes=values.of(CLASSES.within(classes)),
        frames=values.of(FRAMES),
        visit=values.visit,
    )


def _counts(source: Source | None) -> tuple[int, int]:
    """How many test images and classes a data set has; without classes one, so that none is left out."""
    if source is None:
        return DIGIT.count, CLASSES.count
    here = source.sha256 or not source.own
    return source.test_count, max(1, len(source.class_names) if here else 0)
