"""The views in a cell of a real JupyterLab: dragged, read from Python and set from Python."""

import ast
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest
from playwright.sync_api import Browser

from browser import jupyterlab, server
from browser.jupyterlab import Notebook
from browser.lens import Lens, near, pixels
from tests.browser.conftest import SIZE, Complaints, Decode

NAME = "drag_a_model.ipynb"
SHOW, READ, SET, LAST = 2, 3, 4, 5
MAP, DECODED = "[aria-label^='latent map']", "[role=img][aria-label^='decoded digit']"


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Notebook]:
    """The notebook, run until it shows the model that it has trained."""
    if find_spec("jupyterlab") is None:
        pytest.skip("jupyterlab isn't installed")
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(server.ROOT / "notebooks" / NAME, folder)
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    complaints = Complaints()
    with jupyterlab.serve(folder) as url:
        complaints.watch(page, url)
        found = Notebook(page, url, folder / NAME)
        for k in range(SHOW + 1):
            found.run(k)
        Lens(page, "").ready()
        yield found
    context.close()
    # The views ask for nothing and complain of nothing; JupyterLab's own complaints aren't ours.
    assert not [one for one in complaints if "latent-lab" in one or one.startswith("request")]


@pytest.fixture
def lens(notebook: Notebook) -> Lens:
    """The view of the model that was trained."""
    return Lens(notebook.page, "")


def test_a_model_trained_in_one_cell_is_dragged_in_the_next(notebook: Notebook, lens: Lens) -> None:
    before, start = lens.picture(), lens.z()
    lens.drag(lens.map(), (0.4, 0.4), (0.6, 0.55))
    lens.eventually(lambda: (lens.picture() != before).any())
    lens.release()
    z = lens.z()
    assert (z != start).all()

    def python_knows() -> bool:
        output = notebook.run(READ).inner_text().partition(":")[2]
        code, digit, classes = ast.literal_eval(output.strip())
        return np.allclose(code, z, atol=0.0006) and (digit, classes) == (7, None)

    lens.eventually(python_knows, 20)


def test_what_python_sets_is_on_show(notebook: Notebook, lens: Lens) -> None:
    notebook.run(SET)
    lens.eventually(lambda: np.allclose(lens.z(), [0.5, -1.0]))
    notebook.run(LAST)
    lens.page.get_by_text("0 · test digit 3", exact=True).wait_for()


def test_it_follows_the_pointer_while_the_kernel_is_busy(notebook: Notebook, lens: Lens) -> None:
    # The kernel is busy until the file is there.
    wait = "import pathlib, time\nwhile not pathlib.Path('go').exists(): time.sleep(0.05)"
    notebook.write(LAST, wait)
    busy = notebook.start(LAST)
    busy.wait_for()
    before = lens.picture()
    lens.drag(lens.map(), (0.6, 0.4), (0.45, 0.6))
    lens.eventually(lambda: (lens.picture() != before).any())
    assert busy.is_visible()
    lens.release()
    # What has not come yet, the kernel sends later, and that is said.
    lens.page.get_by_role("button", name="Model (ONNX)").click()
    waits = lens.page.get_by_text("Waiting for the kernel, which sends what is missing here")
    waits.wait_for()
    with lens.page.expect_download() as saving:
        (notebook.folder / "go").touch()
        busy.wait_for(state="hidden")
    assert saving.value.suggested_filename.endswith(".zip")
    waits.wait_for(state="detached")


def test_the_keys_of_jupyterlab_leave_the_view_alone(notebook: Notebook, lens: Lens) -> None:
    count = notebook.cells.count()
    lens.map().focus()
    for key in "dd":
        lens.page.keyboard.press(key)
    z = lens.z()
    lens.page.keyboard.press("ArrowRight")
    lens.eventually(lambda: lens.z()[0] > z[0])
    assert notebook.cells.count() == count


def test_a_view_that_was_given_no_state_tells_python_what_a_person_sets(
    notebook: Notebook, lens: Lens
) -> None:
    notebook.write(LAST, "both = widget.compare(['pca-2', 'vae-2'])\nboth")
    output = notebook.run(LAST)
    output.locator("[data-ready=true]").wait_for()
    output.get_by_role("button", name="Next digit").click()
    notebook.write(READ, "print(both.digit)")
    lens.eventually(lambda: notebook.run(READ).inner_text().strip() == "1", 20)


def test_two_views_of_one_widget_stay_in_step_until_it_is_closed(
    notebook: Notebook, lens: Lens
) -> None:
    notebook.write(LAST, "view")
    second = notebook.run(LAST)
    second.locator("[data-ready=true]").wait_for()
    lens.drag(second.locator(MAP).first, (0.5, 0.3), (0.3, 0.6))
    lens.release()
    first = notebook.cells.nth(SHOW)
    pictures = [place.locator(DECODED).first for place in (first, second)]
    lens.eventually(lambda: near(*(pixels(one).astype(float) for one in pictures)))
    notebook.write(READ, "view.close()")
    notebook.run(READ)
    lens.page.locator(".lens").first.wait_for(state="detached")
    assert lens.page.locator(".lens").count() == 0


def test_a_view_has_the_notebooks_theme_and_decodes_as_pytorch_does(
    notebook: Notebook, lens: Lens, decode: Decode
) -> None:
    notebook.write(LAST, "widget.explore('vae-2', z=[0.5, -1.0])")
    # The view of the other cell may be on the page, too.
    output = notebook.run(LAST)
    output.locator("[data-ready=true]").wait_for()
    picture, shown = output.locator(DECODED), output.locator(MAP)
    wanted = decode("vae-2", np.array([0.5, -1.0]))
    lens.eventually(lambda: near(pixels(picture), wanted))
    ground = shown.evaluate("map => getComputedStyle(map).backgroundColor")
    notebook.choose("Settings", "Theme", "JupyterLab Dark")
    lens.page.wait_for_function(
        """([map, ground]) => getComputedStyle(map).backgroundColor !== ground""",
        arg=[shown.element_handle(), ground],
    )
    assert ground == "rgb(244, 245, 248)"
    assert shown.evaluate("map => getComputedStyle(map).backgroundColor") == "rgb(28, 31, 42)"
