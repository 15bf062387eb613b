"""What is printed of the lessons, as the server answers for it: `/handout` and `/answers`."""

import functools
from collections.abc import Mapping

from aemodels import lessons, paths
from aemodels.analysis import latent_space
from aemodels.bundles import MANIFEST, BundleError, bundle, manifest, zoo
from aemodels.data import DataError, load_test
from pages.teachers import code_map, handout, numbers
from pages.teachers.plans import SHORT

MODEL, TITLE = "vae-2", "the VAE with two latents"  # of the printed map


def handout_page(query: Mapping[str, str]) -> str:
    """The handout of the lessons that `lessons=holes,posterior` names, by default of 45 minutes."""
    found, notice = handout.chosen(query, SHORT.keys, lessons_found())
    return handout.handout(found, notice, _map(numerals=False))


def answers_page(query: Mapping[str, str]) -> str:
    """The answers to the same handout."""
    found, notice = handout.chosen(query, SHORT.keys, lessons_found())
    script = numbers.script(lesson for _, lesson in found)
    return handout.answers(found, notice, _map(numerals=True), script)


def lessons_found() -> list[lessons.Lesson]:
    """All that can be shown, in their order."""
    own = paths.own_lessons()
    built_in = paths.lessons() / "en"
    return lessons.scan(built_in, [own] if own else [], models=_latents()).lessons


def _latents() -> dict[str, int]:
    """The number of latents of each model of the zoo, without its files being read."""
    found = {}
    for name in zoo.names():
        try:
            content = (zoo.folder() / name / MANIFEST).read_bytes()
            found[name] = manifest.parse(content).config.network.latent_dim
        except (BundleError, OSError):
            continue
    return found


def _map(*, numerals: bool) -> code_map.Map | None:
    """The printed map; None where the model or the digits aren't there."""
    try:
        stamp = (zoo.folder() / MODEL / MANIFEST).stat().st_mtime_ns
        return _drawn(numerals, str(zoo.folder()), stamp)
    except (BundleError, DataError, OSError):
        return None


@functools.lru_cache(maxsize=4)
def _drawn(numerals: bool, folder: str, stamp: int) -> code_map.Map:
    """Drawn once, and again when the bundle changes."""
    found = bundle.read(f"{folder}/{MODEL}")
    mean, log_var = found.codes()
    space = latent_space.describe(mean, log_var, found.family)
    low, high = space.mean + space.plane_low, space.mean + space.plane_high
    if numerals:
        return code_map.Map(TITLE, code_map.numerals(mean, load_test().labels, low, high))
    return code_map.Map(TITLE, code_map.dots(mean, low, high))
