"""Families: one section for each kind of autoencoder, with models that run in the browser."""

from pages.families import SECTIONS
from ui import address, page_header, zoo_cache
from ui.page_header import header
from ui.parameters import FAMILY, PICTURES


def main() -> None:
    zoo = zoo_cache.load()
    with header():
        name = FAMILY.of({name: section.title for name, section in SECTIONS.items()}).pick()
    section = SECTIONS[name]
    page_header.title(f"Families: {section.title}")
    # The digits stay the same ones; all else that a view sets belongs to its section.
    address.belong([each for each in section.parameters if each is not PICTURES], name)
    view = section.view(zoo)
    address.finish((FAMILY, *section.parameters))
    section.draw(zoo, view)


main()
