"""The names of the classes, and the class of each picture."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from aemodels.data import own
from aemodels.pictures.raw import Part, PicturesError, Raw, shown


def aligned(raw: Raw, first: Raw) -> Part:
    """The training pictures with the labels that the first source has for these classes.

    Raises PicturesError if the first source lacks one of them.
    """
    part = raw.train
    if raw.names == first.names or part.labels is None:
        return part
    by_name = {name: label for label, name in first.names.items()}
    strange = set(raw.names.values()) - set(by_name)
    if strange:
        raise PicturesError(
            f"the test pictures have the class {shown(min(strange))}, which isn't among those to "
            "train on"
        )
    return replace(part, labels=[by_name[raw.names[label]] for label in part.labels])


def of(
    parts: Sequence[Part], known: Mapping[int, str], given: Sequence[str] | None
) -> tuple[tuple[str, ...], list[np.ndarray]]:
    """The names of the classes, none without labels; and a class for each picture of each part.

    `known` are names by label, `given` those that take their place, in the order of the labels. The
    classes of a part are (N,) uint8, all 0 without labels. Raises PicturesError.
    """
    if not _has_labels(parts):
        if given:
            raise PicturesError("names of classes, but no labels; leave the names out")
        return (), [np.zeros(len(part.images), np.uint8) for part in parts]
    values = sorted({label for part in parts for label in part.labels or ()})
    if len(values) > own.MOST_CLASSES:
        raise PicturesError(f"{len(values):,} classes; at most {own.MOST_CLASSES} can be shown")
    names = tuple(given) if given else tuple(known.get(each, str(each)) for each in values)
    _check(names, len(values))
    place = {value: k for k, value in enumerate(values)}
    return names, [
        np.array([place[label] for label in part.labels or ()], np.uint8) for part in parts
    ]


def _has_labels(parts: Sequence[Part]) -> bool:
    """Whether all parts have labels, one a picture, or none has any. Raises PicturesError."""
    for part in parts:
        if part.labels is not None and len(part.labels) != len(part.images):
            raise PicturesError(
                f"{len(part.images):,} pictures and {len(part.labels):,} labels; one a picture is "
                "needed"
            )
    without = [part.labels is None for part in parts]
    if any(without) != all(without):
        raise PicturesError("labels for training or test pictures alone; both need them, or none")
    return not any(without)


def _check(names: Sequence[str], count: int) -> None:
    """Raise PicturesError unless these can be the names of so many classes."""
    if len(names) != count:
        raise PicturesError(f"{len(names)} names for {count} classes; one each is needed")
    for name in names:
        if not 1 <= len(name) <= own.LONGEST_WORD or not name.isprintable():
            raise PicturesError(
                f"the class {shown(name)!r}: a name of 1 to {own.LONGEST_WORD} letters on one line "
                "is needed"
            )
    if len(set(names)) != len(names):
        raise PicturesError("two classes of one name; each needs its own")
