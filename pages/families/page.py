"""Families: one section for each kind of autoencoder, with models that run in the browser."""

from pages.families import SECTIONS
from ui import query_params, zoo_cache
from ui.query_params import Choice

FAMILY = Choice(
    "family",
    "Family",
    {name: section.title for name, section in SECTIONS.items()},
    control="pills",
)


def main() -> None:
    zoo = zoo_cache.load()
    section = SECTIONS[FAMILY.pick()]
    query_params.finish([FAMILY])
    section.draw(zoo)


main()
