"""The values of a view's parameters, checked without the app; tests compare with what pages take.

The kinds of pages.json: a list of words; words that need models; whole numbers or a number in a
range; and the words of `NAMED`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from aemodels.lessons.errors import wrong

FEWEST, MOST = 2, 4  # models side by side
TRIO = ("pca", "ae", "vae")  # of one size
PINS = 6
RANGES = {"whole", "number"}  # keys of a kind that is a range
Models = Mapping[str, int]  # the number of latents by name


def check(name: str, value: str, kind: Any, latents: int, line: int, models: Models) -> None:
    """Raise LessonError unless the parameter of this kind takes the value.

    `latents` is the length of the model's codes where one model is shown.
    """
    if isinstance(kind, list):
        if value not in kind:
            raise wrong(line, f"`{name}` must be {' or '.join(kind)}")
    elif isinstance(kind, str):
        NAMED[kind](name, value, latents, line, models)
    elif "whole" in kind:
        low, high = kind["whole"]
        most = kind.get("most", 1)
        parts = value.split(",")
        if len(parts) > most or not all(_is_whole(part, low, high) for part in parts):
            many = f"up to {most} whole numbers" if most > 1 else "a whole number"
            raise wrong(line, f"`{name}` must be {many} from {low} to {high}")
    elif "number" in kind:
        low, high = kind["number"]
        found = _numbers(value)
        if len(found) != 1 or not low <= found[0] <= high:
            raise wrong(line, f"`{name}` must be a number from {low} to {high}")
    else:
        if value not in kind:
            raise wrong(line, f"`{name}` must be {' or '.join(kind)}")
        for model in kind[value]:
            check_model(model, line, models)


def check_model(name: str, line: int, models: Models) -> None:
    """Raise LessonError if there is no model of this name."""
    if name not in models:
        raise wrong(line, f"there is no model `{name[:40]}` in the zoo")


def _model(name: str, value: str, latents: int, line: int, models: Models) -> None:
    check_model(value, line, models)


def _models(name: str, value: str, latents: int, line: int, models: Models) -> None:
    names = value.split(",")
    for each in names:
        check_model(each, line, models)
    if not FEWEST <= len(set(names)) == len(names) <= MOST:
        raise wrong(line, f"`{name}` must be {FEWEST} to {MOST} different models")


def _size(name: str, value: str, latents: int, line: int, models: Models) -> None:
    sizes = sorted(set(models.values()))
    found = [str(size) for size in sizes if sum(f"{one}-{size}" in models for one in TRIO) > 1]
    if value not in found:
        raise wrong(line, f"`{name}` must be {' or '.join(found)}")


def _code(name: str, value: str, latents: int, line: int, models: Models) -> None:
    if len(_numbers(value)) != latents:
        raise wrong(line, f"`{name}` must be {latents} numbers, one for each latent")


def _codes(name: str, value: str, latents: int, line: int, models: Models) -> None:
    parts = value.split(";")
    if len(parts) > PINS or any(part and len(_numbers(part)) != latents for part in parts):
        reason = f"up to {PINS} codes of {latents} numbers, separated by semicolons"
        raise wrong(line, f"`{name}` must be {reason}")


def _frame(name: str, value: str, latents: int, line: int, models: Models) -> None:
    found = _numbers(value)
    if len(found) != 4 or not (found[0] < found[1] and found[2] < found[3]):
        raise wrong(line, f"`{name}` must be two ranges, each from a low to a high number")


def _frames(name: str, value: str, latents: int, line: int, models: Models) -> None:
    parts = value.split(";")
    if len(parts) > MOST:
        raise wrong(line, f"`{name}` must be up to {MOST}, separated by semicolons")
    for part in parts:
        if part:
            _frame(name, part, latents, line, models)


def _beta(name: str, value: str, latents: int, line: int, models: Models) -> None:
    check_model(f"beta-2d-{value}", line, models)


def _image(name: str, value: str, latents: int, line: int, models: Models) -> None:
    kind, _, number = value.partition("-")
    if kind not in ("normal", "anomalous") or not _is_whole(number, 0, 9999):
        raise wrong(line, f"`{name}` must be an image, such as normal-3801")


NAMED: Mapping[str, Callable[[str, str, int, int, Models], None]] = {
    "model": _model,
    "models": _models,
    "size": _size,
    "code": _code,
    "codes": _codes,
    "frame": _frame,
    "frames": _frames,
    "beta": _beta,
    "image": _image,
}


def _is_whole(text: str, low: int, high: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high


def _numbers(text: str) -> list[float]:
    """Finite numbers separated by commas; none if that isn't what it is."""
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []
