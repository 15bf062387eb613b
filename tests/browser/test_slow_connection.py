"""What a person sees while a slow connection brings the model."""

import re

from playwright.sync_api import Page, Route, expect

from browser.lens import Lens


def hold(page: Page, file: str) -> list[Route]:
    """Hold back the answers to requests for a file; they are let go of one by one."""
    held: list[Route] = []
    page.route(re.compile(rf"/zoo/vae-2/{re.escape(file)}"), lambda route: held.append(route))
    return held


def test_a_wait_says_what_has_come_and_ends_with_the_view(lens: Lens) -> None:
    held = hold(lens.page, "weights.safetensors")
    lens.page.goto(lens.url)
    waiting = lens.page.locator(".lens > .slow-loading")
    expect(waiting).to_be_visible(timeout=30_000)
    # The digits are 1.6 MB, and come while the weights are waited for.
    expect(waiting).to_have_text(
        re.compile(r"^Loading models and images: [1-9]\d*\.\d MB so far$"), timeout=30_000
    )
    expect(lens.page.locator(".lens > .announcement")).to_have_text("Loading models and images.")
    for route in held:
        route.continue_()
    lens.ready()
    expect(waiting).to_be_hidden()


def test_a_wait_that_fails_ends_in_the_reason_alone(lens: Lens) -> None:
    held = hold(lens.page, "weights.safetensors")
    lens.page.goto(lens.url)
    waiting = lens.page.locator(".lens > .slow-loading")
    expect(waiting).to_be_visible(timeout=30_000)
    for route in held:
        route.fulfill(status=204)
    expect(lens.page.locator(".lens > .trouble")).to_be_visible(timeout=30_000)
    expect(waiting).to_be_hidden()
