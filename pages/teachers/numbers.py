"""What the browser computes the numbers on the answers from."""

import json
from collections.abc import Iterable

from aemodels.bundles import BundleError, bundle, zoo
from aemodels.lessons import Lesson

DATASET = "mnist"


def script(lessons: Iterable[Lesson]) -> str:
    """HTML that fills in the numbers of these lessons: models and digits by their addresses, and the
    lens's module that computes with them.
    """
    # Streamlit complains of what it caches before its server runs.
    from aemodels import views
    from pages.uses import anomalies

    measures = [measure for lesson in lessons for measure in lesson.measures]
    if not measures:
        return ""
    models = {}
    for name in sorted({name for measure in measures for name in measure.models}):
        try:
            models[name] = views.model(bundle.read(zoo.folder() / name))
        except BundleError:
            continue  # the browser says that there is no such model
    arguments = {each for measure in measures for each in measure.arguments}
    given = {
        "models": models,
        "detectors": {k: v for k, v in anomalies.detectors().items() if k in arguments},
        "dataset": views.dataset(DATASET),
    }
    # Within a script, only this could end it.
    text = json.dumps(given).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="measured">{text}</script>\n'
        '<script type="module" src="lens/answers.js"></script>'
    )
