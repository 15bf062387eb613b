"""The views in a cell of a real JupyterLab: dragged, read from Python and set from Python."""

import ast
import shutil
from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest
from playwright.sync_api import Browser

from browser import server
from browser.lens import Lens
from tests.browser import jupyterlab
from tests.browser.conftest import SIZE
from tests.browser.jupyterlab import Notebook

NAME = "drag_a_model.ipynb"
TRAIN, SHOW, READ, SET, CHECK = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Notebook]:
    if find_spec("jupyterlab") is None:
        pytest.skip("jupyterlab isn't installed")
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(server.ROOT / "notebooks" / NAME, folder)
    context = browser.new_context(viewport=SIZE)
    with jupyterlab.serve(folder) as url:
        yield Notebook(context.new_page(), url, NAME)
    context.close()


def test_a_model_trained_in_one_cell_is_dragged_in_the_next(notebook: Notebook) -> None:
    for k in range(SHOW + 1):
        notebook.run(k)
    page = notebook.page
    lens = Lens(page, "")
    lens.ready()
    before, z = lens.picture(), lens.z()
    lens.drag(lens.map(), (0.4, 0.4), (0.6, 0.55))
    lens.eventually(lambda: (lens.picture() != before).any())
    lens.release()
    lens.eventually(lambda: (lens.z() != z).any())
    shown = lens.z()

    def said() -> bool:
        code, digit, classes = ast.literal_eval(
            notebook.run(READ).inner_text().split("]:")[-1].strip()
        )
        return np.allclose(code, shown, atol=0.0006) and (digit, classes) == (7, None)

    lens.eventually(said, 20)
    notebook.run(SET)
    lens.eventually(lambda: np.allclose(lens.z(), [0.5, -1.0]))
