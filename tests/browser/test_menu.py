"""The menu of a narrow window: it has a name, closes once a page is chosen, and can be left."""

from collections.abc import Callable

from browser.layout import settled
from browser.lens import Lens


def test_the_menu_closes_once_a_page_is_chosen(new_lens: Callable[..., Lens]) -> None:
    lens = new_lens(viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True)
    page = lens.page
    page.goto(lens.url + "/results")
    settled(page, lens=False)
    menu = page.get_by_role("button", name="Menu", exact=True)
    drawer = page.get_by_test_id("stSidebarNav")
    for name, address in (("Uses", "/uses"), ("Interpolate", "/interpolate")):
        menu.tap()
        drawer.wait_for()
        drawer.get_by_role("link", name=name).tap()
        page.wait_for_url(f"**{address}*")
        lens.eventually(lambda: out_of_view(lens), seconds=10)
    menu.tap()
    drawer.wait_for()
    page.keyboard.press("Tab")
    drawer.get_by_role("link", name="Uses").focus()
    page.keyboard.press("Escape")
    lens.eventually(lambda: out_of_view(lens))


def out_of_view(lens: Lens) -> bool:
    """Whether nothing of the drawer covers the page."""
    box = lens.page.get_by_test_id("stSidebar").bounding_box()
    return box is None or box["x"] + box["width"] <= 0
