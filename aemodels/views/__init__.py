"""What a shell needs to mount the views of `lens/web`: their HTML and CSS, and their data as JSON.

A shell is whatever shows the views: the app's pages, a notebook, a plain web page. It picks models
and data sets, hands a view what `model` and `dataset` describe, and says where their files are;
docs/shells.md has the whole list. `contract` and `lesson_contract` have the types of the JSON.
"""

from aemodels.views import contract, lesson_contract
from aemodels.views.describe import class_names, dataset, labelled, model, network, source, title
from aemodels.views.markup import TAUGHT, css, html, script
from aemodels.views.theme import theme

__all__ = [
    "TAUGHT",
    "class_names",
    "contract",
    "css",
    "dataset",
    "html",
    "labelled",
    "lesson_contract",
    "model",
    "network",
    "script",
    "source",
    "theme",
    "title",
]
