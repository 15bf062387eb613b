"""Saved films and pictures come from the decoded numbers, and a failure is a sentence."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageSequence

from browser.lens import Lens, rgba
from tests.browser.conftest import Codes, Decode
from tests.browser.test_interpolate import FADE, WAYS, holds, saved, strip

# As browsers do that don't want to be recognised: whatever is read back from a canvas is noise.
NOISE = """
    const disturb = (image) => {
        for (let k = 0; k < image.data.length; k += 1) image.data[k] ^= 200 * Math.random();
        return image;
    };
    const read = CanvasRenderingContext2D.prototype.getImageData;
    CanvasRenderingContext2D.prototype.getImageData = function (...box) {
        return disturb(read.apply(this, box));
    };
    for (const name of ["toDataURL", "toBlob"]) {
        const write = HTMLCanvasElement.prototype[name];
        HTMLCanvasElement.prototype[name] = function (...words) {
            const copy = document.createElement("canvas");
            Object.assign(copy, { width: this.width, height: this.height });
            const context = copy.getContext("2d");
            context.drawImage(this, 0, 0);
            context.putImageData(context.getImageData(0, 0, copy.width, copy.height), 0, 0);
            return write.apply(copy, words);
        };
    }
"""
ADDRESS = "/interpolate?latents=2&a=5&b=17&t=0.5"


def test_noise_in_what_is_read_back_does_not_reach_a_file(
    new_lens: Callable[..., Lens], codes: Codes, decode: Decode, tmp_path: Path
) -> None:
    lens = new_lens()
    lens.page.add_init_script(NOISE)
    lens.open(ADDRESS)
    shown = rgba(lens.canvas(FADE))
    assert (shown != rgba(lens.canvas(FADE))).any(), "reading back isn't disturbed"
    film = Image.open(saved(lens, "Download GIF", tmp_path))
    frames = [np.asarray(frame.convert("L"), float) for frame in ImageSequence.Iterator(film)]
    sheet = np.asarray(Image.open(saved(lens, "Download PNG", tmp_path)).convert("L"), float)
    # 31 frames there, then back without both ends.
    assert len(frames) == 60
    for way, (family, between) in WAYS.items():
        a, b = (codes(f"{family}-2")[i] for i in (5, 17))
        for k in (0, 11, 30):
            assert holds(frames[k], decode(f"{family}-2", between(a, b, k / 30))), way
        for k in (0, 4, 10):
            assert holds(sheet, decode(f"{family}-2", between(a, b, k / 10))), way


def test_what_fails_is_a_sentence(new_lens: Callable[..., Lens], tmp_path: Path) -> None:
    lens = new_lens().open(ADDRESS)
    lens.page.wait_for_load_state("networkidle")
    a_film_that_fails_gives_the_button_back(lens, tmp_path)
    an_old_picture_is_never_without_a_sentence(lens)


def a_film_that_fails_gives_the_button_back(lens: Lens, tmp_path: Path) -> None:
    make_runs_fail(lens)
    for name in ("GIF", "PNG"):
        button = lens.page.get_by_role("button", name=f"Download {name}")
        button.press("Enter")
        words = lens.page.get_by_text(f"The {name} couldn't be made: out of memory.")
        words.and_(lens.page.locator(".save-trouble")).wait_for()
        assert button.get_attribute("aria-disabled") is None
        assert button.evaluate("(one) => one.getRootNode().activeElement === one")
    make_runs_work(lens)
    assert saved(lens, "Download GIF", tmp_path).getbuffer().nbytes > 1000
    assert lens.page.locator(".save-trouble").inner_text() == ""


def an_old_picture_is_never_without_a_sentence(lens: Lens) -> None:
    """The server answers after a release, with the same models: that alone changes no picture."""
    trouble = lens.page.locator(".trouble")
    before = strip(lens, "VAE, straight line")
    make_runs_fail(lens)
    url = lens.page.url
    lens.page.get_by_role("button", name="Swap").click()
    lens.eventually(lambda: lens.page.url != url)
    lens.page.wait_for_timeout(1000)
    assert (strip(lens, "VAE, straight line") == before).all()
    assert trouble.is_visible()
    make_runs_work(lens)
    url = lens.page.url
    lens.slider("t").press("ArrowRight")
    lens.eventually(lambda: lens.page.url != url)
    lens.eventually(lambda: not trouble.is_visible())
    lens.eventually(lambda: (strip(lens, "VAE, straight line")[0] == before[-1]).all())


def make_runs_fail(lens: Lens) -> None:
    lens.page.evaluate(
        """async () => {
            const { Graph } = await import("/lens/model/runtime.mjs");
            window.run ??= Graph.prototype.runAll;
            Graph.prototype.runAll = () => Promise.reject(new Error("out of memory"));
        }"""
    )


def make_runs_work(lens: Lens) -> None:
    lens.page.evaluate(
        """async () => {
            const { Graph } = await import("/lens/model/runtime.mjs");
            Graph.prototype.runAll = window.run;
        }"""
    )
