"""What a view shows, made of the values of its parameters: the same for its page and for lessons."""

from typing import cast

from aemodels.data import SOURCES
from lens import contract
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


def explore(values: Values, model: contract.Model) -> contract.ExploreState:
    """The state of Explore with this model."""
    code = Z.within(model["space"]["low"], model["space"]["high"])
    return contract.ExploreState(
        digit=values.of(DIGIT),
        z=values.of(code),
        layer=cast(contract.Layer | None, values.of(LAYER)),
        pictures="off" if values.of(MAP_PICTURES) == "off" else None,
        trail="on" if values.of(TRAIL) == "on" else None,
        classes=values.of(CLASSES),
        frame=values.of(FRAME),
        pins=values.of(PINS.of(code)),
        computation="open" if values.of(COMPUTATION) else None,
        samples=values.of(SAMPLES),
        prior="circles" if values.of(PRIOR) else None,
        visit=values.visit,
    )


def compare(values: Values) -> contract.CompareState:
    """The state of Compare."""
    return contract.CompareState(
        digit=values.of(DIGIT),
        picture="difference" if values.of(PICTURE) == "difference" else None,
        worst=values.of(WORST),
        layer="holes" if values.of(MAPS_LAYER) == "holes" else None,
        classes=values.of(CLASSES),
        frames=values.of(FRAMES),
        visit=values.visit,
    )


def ends(dataset: str) -> tuple[int, int]:
    """The test images of a data set that an interpolation starts with."""
    examples = SOURCES[dataset].example_digits
    return START.get(dataset, (examples[0], examples[1]))


def interpolate(values: Values, starts: tuple[int, int]) -> contract.InterpolateState:
    """The state of Interpolate, which starts with these two test images."""
    return contract.InterpolateState(
        a=values.of(A.usually(starts[0])),
        b=values.of(B.usually(starts[1])),
        drawn=None,
        t=values.of(T),
        classes=values.of(CLASSES),
        frames=values.of(FRAMES),
        visit=values.visit,
    )
