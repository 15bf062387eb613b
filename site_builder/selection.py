"""Which models a site shows, and what their views take."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from aemodels import bundles, paths, views
from aemodels.bundles import Bundle, BundleError, zoo
from aemodels.data import Source
from aemodels.views import contract
from ui import model_catalogue, model_picker, random_codes, view_states
from ui.model_catalogue import Candidate

DATASET = "mnist"
USUAL = ("pca-2", "linear-2", "ae-2", "vae-2", "pca-16", "linear-16", "ae-16", "vae-16")
# Pages with several models side by side.
SEVERAL = ("compare", "interpolate")


@dataclass(frozen=True)
class Selection:
    """The chosen models by name, in their order, among all of the zoo; and the data sets."""

    models: Mapping[str, Bundle]
    zoo: Mapping[str, Bundle]
    datasets: Sequence[str] = (DATASET,)

    def lacks(self, names: Iterable[str]) -> list[str]:
        """Those of these models and data sets that aren't among the chosen ones."""
        return [name for name in names if name not in (*self.models, *self.datasets)]

    def adding(self, names: Iterable[str]) -> "Selection":
        """The same with these models and data sets."""
        lacking = self.lacks(dict.fromkeys(names))
        models = {name: self.zoo[name] for name in lacking if name in self.zoo}
        datasets = [name for name in lacking if name not in self.zoo]
        return replace(self, models={**self.models, **models}, datasets=(*self.datasets, *datasets))

    @property
    def source(self) -> Source:
        """What is known of the data set."""
        return views.source(DATASET)

    @cached_property
    def candidates(self) -> Sequence[Candidate]:
        """The chosen ones, in the order of a list."""
        return list(model_catalogue.of_zoo(self.models).values())

    def usual(self, page: str) -> Sequence[str]:
        """The models that a page with several shows at first."""
        trios = model_picker.trios(self.models)
        size = view_states.LATENTS[page]
        every = [one.key for one in self.candidates]
        return trios.get(size) or next(iter(trios.values()), every[: model_picker.MOST])

    def data(self) -> dict[str, Any]:
        """The models, data set and first choices, as the pages with models take them."""
        first = model_picker.usual(model_catalogue.of_zoo(self.models))
        return {
            "models": {
                one.key: {
                    "label": one.label,
                    # Beside models of another size, titles say the size.
                    "sized": f"{title} · {model_catalogue.latents_text(one.latents)}",
                    "model": views.model(self.models[one.key], title=title),
                }
                for one in self.candidates
                for title in model_catalogue.titles([one])
            },
            "dataset": views.dataset(DATASET),
            "first": first,
            "usual": {page: self.usual(page) for page in SEVERAL},
            "starts": view_states.ends(DATASET),
            "draws": self._draws(),
        }

    def _draws(self) -> contract.Draws | None:
        """Random codes of an autoencoder and a VAE, if both are here."""
        models = random_codes.pair(self.models)
        if len(models) < 2:
            return None
        return contract.Draws(view="draws", base="", models=models, plural=self.source.plural)


def files_of(item: Bundle) -> list[Path]:
    """The files of a model that a browser reads."""
    return [paths.zoo() / item.name / name for name in item.digests]


def test_files(dataset: str) -> list[Path]:
    """The files with the test images and labels of a data set."""
    names = views.dataset(dataset)["digests"]
    return [paths.data() / dataset / name for name in names if name.startswith("t10k")]


def choose(names: Sequence[str] = ()) -> Selection:
    """These models of the zoo; without names the usual ones.

    Raises BundleError for a name that isn't in the zoo or a model of other pictures than digits.
    """
    found = {item.name: item for item in bundles.scan(zoo.folder()).bundles}
    # An installed package comes with some of them.
    wanted = list(dict.fromkeys(names or [name for name in USUAL if name in found]))
    for name in wanted:
        if name not in found:
            raise BundleError(f"{name}: there is no such model; the zoo has {', '.join(found)}")
        if found[name].config.data.dataset != DATASET:
            raise BundleError(
                f"{name}: was trained on {views.title(found[name].config.data.dataset)}, "
                "and a site shows models of MNIST; for example --models vae-2"
            )
    return Selection({name: found[name] for name in wanted}, found)
