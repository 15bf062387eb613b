"""Families: one section for each kind of autoencoder, with models that run in the browser."""

from pages.families import SECTIONS
from ui import address, page_header, zoo_cache
from ui.page_header import header
from ui.parameters import FAMILY, PICTURES, RECONSTRUCT_VIEW


def main() -> None:
    zoo = zoo_cache.load()
    with header():
        name = FAMILY.of({name: section.title for name, section in SECTIONS.items()}).pick()
    section = SECTIONS[name]
    page_header.title(f"Families: {section.title}")
    view = RECONSTRUCT_VIEW[section.controls]
    # The digits stay the same ones; what is done to them belongs to a section.
    address.belong([each for each in view if each is not PICTURES], name)
    state = section.state()
    address.finish((FAMILY, *view))
    section.draw(zoo, state)


main()
