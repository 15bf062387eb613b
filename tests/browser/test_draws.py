"""Roll 48: random codes, decoded in the browser as PyTorch decodes them."""

import numpy as np
from playwright.sync_api import Page, expect
from sklearn.neighbors import KDTree

from browser.lens import Lens, rgba
from tests.browser.conftest import Codes, Decode

# Draws of the first roll, made by the page's own generator, checked by tests/js/draws.test.mjs.
CODES = """async ([lens, dim, seed]) => {
  const { drawCode } = await import(`${lens}/maths/draws.mjs`);
  const { generator } = await import(`${lens}/maths/noise.mjs`);
  const random = generator(seed);
  return Array.from({ length: 48 }, () => drawCode(dim, null, random));
}"""


def grid(page: Page, which: int) -> np.ndarray:
    """The images (48, 28, 28) of a grid."""
    shown = rgba(page.locator(".draws figure canvas").nth(which))[..., 0]
    assert shown.shape == (178, 238)
    cells = [shown[30 * r : 30 * r + 28, 30 * c : 30 * c + 28] for r in range(6) for c in range(8)]
    return np.array(cells)


def test_compare_rolls_the_same_codes_for_both_models(lens: Lens, decode: Decode) -> None:
    page = lens.open("/compare").page
    page.locator(".draws").scroll_into_view_if_needed()
    page.locator(".draws[data-ready=true]").wait_for()
    codes = np.array(page.evaluate(CODES, [f"{lens.url}/lens", 16, 1]))
    for which, name in enumerate(("ae-16", "vae-16")):
        wanted = np.array([decode(name, z) for z in codes])
        assert np.abs(grid(page, which) - wanted).max() <= 1
    first = grid(page, 1)
    page.get_by_role("button", name="Roll 48").click()
    rolled = lens.eventually(lambda: [grid(page, 1)] if (grid(page, 1) != first).any() else None)
    page.get_by_role("button", name="Gaussian fitted to the codes").click()
    lens.eventually(lambda: (grid(page, 1) != rolled[0]).any())
    expect(page.locator(".draws .hint")).to_contain_text("mean and covariance")
    expect(page.locator(".draws canvas").first).to_have_attribute(
        "aria-label",
        "48 digits decoded by Autoencoder, 16 latents "
        "from draws of the Gaussian fitted to the codes",
    )


def test_compare_rolls_its_own_models_where_they_have_more_than_two_latents(lens: Lens) -> None:
    page = lens.open("/compare?models=pca-16,vae-16,bottleneck-32").page
    captions = page.locator(".draws figcaption")
    expect(captions).to_have_text(
        ["PCA · 16 latents", "VAE · 16 latents", "Autoencoder · 32 latents"]
    )
    page.locator(".draws").scroll_into_view_if_needed()
    page.locator(".draws[data-ready=true]").wait_for()
    assert all((grid(page, which) > 0).any() for which in range(3))
    lens.open("/compare")
    expect(captions).to_have_text(["Autoencoder, 16 latents", "VAE, 16 latents"])
    expect(page.get_by_text("whichever models are compared above")).to_be_visible()


def test_explore_says_how_far_real_digits_are_and_opens_the_grid_by_one_click(
    lens: Lens, codes: Codes
) -> None:
    # The widest gap in a grid over the autoencoder's codes.
    known = KDTree(codes("ae-2"))
    low, high = np.quantile(codes("ae-2"), (0.01, 0.99), axis=0)
    places = np.stack(np.meshgrid(*np.linspace(low, high, 40).T), -1).reshape(-1, 2)
    gaps = known.query(places)[0][:, 0]
    gap, z = gaps.max(), places[gaps.argmax()]
    some = np.linspace(0, len(codes("ae-2")) - 1, 500).astype(int)
    usual = np.median(known.query(codes("ae-2")[some], 2)[0][:, 1])
    page = lens.open(f"/?model=ae&latents=2&z={z[0]:.3f},{z[1]:.3f}").page
    near = page.locator(".near > span")
    expect(near).to_contain_text(
        f"No real digit near: the nearest code is {gap:.1f} away (usually {usual:.2g}"
    )
    page.get_by_role("button", name="Next digit").click()
    expect(near).to_contain_text("Nearest test digits: the first is right here.")
    page.get_by_text("Roll 48 random codes").click()
    page.locator(".draws[data-ready=true]").wait_for()
    expect(page.locator(".draws figcaption")).to_have_text(
        ["Autoencoder, 2 latents", "Autoencoder, 16 latents", "VAE, 16 latents"]
    )
