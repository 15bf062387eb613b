"""What a view does no more than it must, what it frees, and what it says when a drawing fails."""

import functools
from collections.abc import Callable

import numpy as np
import pytest

from aemodels import views
from aemodels.bundles import bundle, zoo
from aemodels.views import html
from browser.lens import Lens

# Counts rectangles (the points of a map) and images put on a canvas (decoded digits).
COUNT = """() => {
    window.drawn = { rectangles: 0, images: 0 };
    const context = CanvasRenderingContext2D.prototype;
    for (const [name, what] of [["fillRect", "rectangles"], ["putImageData", "images"]]) {
        const plain = context[name];
        context[name] = function (...words) {
            drawn[what] += 1;
            return plain.apply(this, words);
        };
    }
}"""
# Counts what the runtime opened, ran and released; `broken` makes every run fail.
RUNTIME = """async () => {
    const address = "/lens/vendor/onnxruntime-web/ort.wasm.min.mjs";
    const { InferenceSession } = await import(address);
    window.runtime = { opened: 0, runs: 0, released: 0, broken: false };
    const sessions = new WeakSet();
    const create = InferenceSession.create.bind(InferenceSession);
    const watch = session => {
        if (sessions.has(session)) return session;
        sessions.add(session);
        runtime.opened += 1;
        const [run, release] = [session.run.bind(session), session.release.bind(session)];
        session.run = (...words) => {
            runtime.runs += 1;
            return runtime.broken ? Promise.reject(new Error("out of memory")) : run(...words);
        };
        session.release = () => {
            runtime.released += 1;
            return release();
        };
        return session;
    };
    InferenceSession.create = async (...words) => watch(await create(...words));
}"""


def runtime(lens: Lens) -> dict[str, int]:
    found: dict[str, int] = lens.page.evaluate("() => window.runtime")
    return found


@pytest.fixture
def watched(new_lens: Callable[..., Lens]) -> Lens:
    """Explore, opened once the runtime is watched."""
    lens = new_lens()
    lens.page.goto(f"{lens.url}/lens/views/explore.html")
    lens.page.evaluate(RUNTIME)
    return lens


@pytest.mark.parametrize("latents", [2, 16])
def test_an_address_that_follows_the_code_draws_nothing_again(lens: Lens, latents: int) -> None:
    """After a release the page runs again for the address alone: points and digit stay."""
    lens.open(f"/?latents={latents}")
    # The page reads the address before it writes it: only the second release sends other data back.
    for place in ((0.6, 0.55), (0.3, 0.6)):
        lens.drag(lens.map(), (0.4, 0.4), place)
        lens.next_frame()
        lens.page.evaluate(COUNT)
        was = lens.page.url
        lens.release()
        lens.page.wait_for_function("was => location.href !== was", arg=was)
        # The rerun's answer may come a little after the new address.
        lens.page.wait_for_timeout(1000)
        assert lens.page.evaluate("() => drawn") == {"rectangles": 0, "images": 0}
    # It counts indeed.
    lens.page.get_by_role("button", name="zoom in").click()
    lens.eventually(lambda: lens.page.evaluate("() => drawn.rectangles") > 5000)
    lens.page.get_by_role("button", name="Random").click()
    lens.eventually(lambda: lens.page.evaluate("() => drawn.images") > 0)


def test_a_drag_draws_the_points_not_once(lens: Lens) -> None:
    lens.open("/")
    lens.drag(lens.map(), (0.4, 0.4), (0.5, 0.5))
    lens.page.evaluate(COUNT)
    for share in (0.45, 0.55, 0.6, 0.65):
        before = lens.picture()
        lens.move(lens.map(), (share, share))
        lens.eventually(functools.partial(_differs, lens, before))
    assert lens.page.evaluate("() => drawn.rectangles") == 0
    lens.release()


def test_a_drawing_that_fails_is_said_on_the_page(new_lens: Callable[..., Lens]) -> None:
    lens = new_lens().open("/")
    # The next runs of the decoder that is already open fail.
    lens.page.evaluate(
        """async () => {
            const { Graph } = await import("/lens/model/runtime.mjs");
            window.run = Graph.prototype.runAll;
            Graph.prototype.runAll = () => Promise.reject(new Error("out of memory"));
        }"""
    )
    before = lens.picture()
    lens.drag(lens.map(), (0.4, 0.4), (0.6, 0.6))
    alert = lens.page.locator(".lens .trouble")
    lens.eventually(lambda: alert.is_visible())
    assert "can't be shown: out of memory" in alert.inner_text()
    assert (lens.picture() == before).all()
    # It goes away with the next drawing that succeeds; `complaints` has no unhandled rejection.
    lens.page.evaluate(
        """async () => {
            const { Graph } = await import("/lens/model/runtime.mjs");
            Graph.prototype.runAll = window.run;
        }"""
    )
    lens.move(lens.map(), (0.7, 0.4))
    lens.eventually(lambda: not alert.is_visible())
    assert (lens.picture() != before).any()
    lens.release()


def test_the_last_four_models_that_nobody_shows_stay_open(watched: Lens) -> None:
    names = ["pca-2", "ae-2", "vae-2", "pca-16", "ae-16", "vae-16", "linear-2"]
    models = [lens_model(name) for name in names]
    found = watched.page.evaluate(
        """async models => {
            const { leaseModel } = await import("/lens/model/model.mjs");
            const settled = () => new Promise(done => setTimeout(done, 50));
            const leases = models.map(model => leaseModel("", model));
            const opened = await Promise.all(leases.map(lease => lease.model));
            const counts = [{ ...runtime }];
            // All but the first are no longer on show: the last four of them stay.
            leases.slice(1).forEach(lease => lease.end());
            await settled();
            counts.push({ ...runtime });
            // One of these is still there, one is opened anew, and the first still decodes.
            await leaseModel("", models[6]).model;
            counts.push({ ...runtime });
            await leaseModel("", models[1]).model;
            counts.push({ ...runtime });
            const levels = await opened[0].decode(new Float32Array(models[0].latent_dim));
            return { counts, levels: levels.length };
        }""",
        models,
    )
    opened, released = (
        [count[name] for count in found["counts"]] for name in ("opened", "released")
    )
    assert opened == [7, 7, 7, 8]
    assert released == [0, 2, 2, 2]
    assert found["levels"] == 784


def _differs(lens: Lens, before: np.ndarray) -> bool:
    return bool((lens.picture() != before).any())


def lens_model(name: str) -> dict[str, object]:
    """What Python says of a model, without the space, which is not read here."""
    item = bundle.read(zoo.folder() / name)
    objective = {"loss": item.config.network.reconstruction_loss, "beta": None, "note": ""}
    return {
        "name": name,
        "family": item.family,
        "variational": item.config.family.variational,
        "title": name,
        "latent_dim": item.latent_dim,
        "url": f"/zoo/{name}",
        "stamp": "",
        "digests": {},
        "objective": objective,
    }


def test_no_more_models_stay_open_however_many_are_looked_at(new_lens: Callable[..., Lens]) -> None:
    """Of the models looked at in Explore, five are kept: one shown, four idle. The reader stays."""
    lens = new_lens()
    lens.page.goto(lens.url + "/lens/views/explore.html")
    lens.page.evaluate(RUNTIME)
    lens.page.evaluate("html => { document.body.innerHTML = html; }", html("explore"))
    for name in ["pca-2", "ae-2", "vae-2", "pca-16", "ae-16", "vae-16", "linear-2"]:
        item = bundle.read(zoo.folder() / name)
        data = {"view": "explore", "base": "", "z": None, "dataset": views.dataset("mnist")}
        model = {key: value for key, value in views.model(item).items() if key != "metrics"}
        lens.page.evaluate(
            """async data => {
                const { mount } = await import("/lens/mount.mjs");
                await mount({ data, setStateValue() {} }, document.querySelector(".lens"));
            }""",
            {**data, "model": model},
        )
        lens.ready()
    lens.eventually(lambda: runtime(lens)["opened"] - runtime(lens)["released"] == 5 + 1)
    assert runtime(lens)["opened"] == 7 + 1
