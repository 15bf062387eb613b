"""What a step of a lesson shows, in the form that the lens takes: as the page of its address would."""

from collections.abc import Callable, Mapping, Sequence

from aemodels import views
from aemodels.lessons import Lesson, Place, Step
from aemodels.views import contract, lesson_contract
from ui import (
    address,
    markdown,
    model_catalogue,
    model_picker,
    random_codes,
    view_states,
)
from ui.given import Given
from ui.model_catalogue import Candidate, PickedModel
from ui.parameters import LATENTS, MODEL, MODELS
from ui.zoo_cache import Zoo

Page = (
    contract.Explore
    | contract.Compare
    | contract.Interpolate
    | contract.Reconstruct
    | contract.Anomalies
    | contract.Draws
    | contract.Beta
)
# None where the zoo lacks what the view needs.
Build = Callable[[Zoo, Given], Page | None]


def explore(zoo: Zoo, given: Given) -> Page:
    """Explore with a model of the zoo."""
    found = model_catalogue.of_zoo(zoo)
    one = found[given.texts.get(MODEL.name, model_picker.usual(found))]
    picked = model_catalogue.read(one, model_catalogue.titles([one])[0])
    return contract.Explore(
        view="explore",
        base="",
        model=picked.model,
        dataset=views.dataset(one.dataset),
        state=view_states.explore(given, picked.model),
    )


def compare(zoo: Zoo, given: Given) -> Page | None:
    """Two to four models of the zoo side by side."""
    models = _several(zoo, given, view_states.LATENTS["compare"])
    if not models:
        return None
    return contract.Compare(
        view="compare",
        base="",
        models=[each.model for each in models],
        dataset=_dataset(models),
        state=view_states.compare(given),
    )


def interpolate(zoo: Zoo, given: Given) -> Page | None:
    """The ways of two to four models of the zoo."""
    models = _several(zoo, given, view_states.LATENTS["interpolate"])
    if not models:
        return None
    dataset = _dataset(models)
    a, b = starts = view_states.ends(dataset["name"])
    return contract.Interpolate(
        view="interpolate",
        base="",
        # From the last to the first, as on the page.
        models=[each.model for each in models[::-1]],
        dataset=dataset,
        a=a,
        b=b,
        state=view_states.interpolate(given, starts),
    )


def draws(zoo: Zoo, given: Given) -> Page:
    """Random codes, decoded by models of the zoo."""
    names = given.texts.get(MODELS.name, ",".join(random_codes.WITH_AND_WITHOUT_PRIOR)).split(",")
    found = model_catalogue.of_zoo(zoo)
    models = random_codes.of_zoo(zoo, {name: _label(found[name]) for name in names})
    plural = zoo[names[0]].source.plural
    return contract.Draws(view="draws", base="", models=models, plural=plural)


BUILDS: Mapping[str, Build] = {
    "explore": explore,
    "compare": compare,
    "interpolate": interpolate,
    "draws": draws,
}


def _several(zoo: Zoo, given: Given, size: int) -> Sequence[PickedModel]:
    """Those that are named, or PCA, autoencoder and VAE of one size; none if the zoo lacks them."""
    found = model_catalogue.of_zoo(zoo)
    text = given.texts.get(MODELS.name)
    latents = given.texts.get(LATENTS.name, str(size))
    trios = {str(each): names for each, names in model_picker.trios(zoo).items()}
    keys = text.split(",") if text else trios.get(latents, [])
    if model_picker.unusable(found, keys):
        return []
    chosen = [found[key] for key in keys]
    titles = model_catalogue.titles(chosen)
    return [model_catalogue.read(one, title) for one, title in zip(chosen, titles, strict=True)]


def _label(one: Candidate) -> str:
    return f"{model_catalogue.titles([one])[0]}, {model_catalogue.latents_text(one.latents)}"


def _dataset(models: Sequence[PickedModel]) -> contract.Dataset:
    return views.dataset(models[0].bundle.config.data.dataset)


def address_of(place: Place) -> str | None:
    """The address that shows the same without the lesson, if there is one."""
    return None if place.page == "draws" else place.address


def steps(zoo: Zoo, lesson: Lesson, builds: Mapping[str, Build]) -> list[lesson_contract.Step]:
    """The steps of a lesson, whose views `builds` make, by the name of their page.

    Each has another visit, so that a view takes over the state of every step.
    """
    return [_step(zoo, step, visit, builds) for visit, step in enumerate(lesson.steps)]


def _step(zoo: Zoo, step: Step, visit: int, builds: Mapping[str, Build]) -> lesson_contract.Step:
    place, deed = step.place, step.deed
    page = builds[place.page](zoo, Given(place.parameters, visit)) if place else None
    if place and page is None:
        shown = markdown.code(place.address)
        address.note(f"{shown} can't be shown: its models or its results are missing.")
    return {
        "title": step.title,
        "html": step.html,
        "answers": [{"html": each.html, "right": each.right} for each in step.answers],
        "sketch": step.sketch,
        "page": page,
        "address": address_of(place) if place else None,
        "light": step.light,
        "deed": None
        if deed is None
        else {
            "event": deed.event,
            "times": deed.times,
            "distinct": deed.distinct,
            "where": [
                {"fact": each.fact, "test": each.test, "value": each.value} for each in deed.where
            ],
        },
        "reveal": step.reveal,
    }
