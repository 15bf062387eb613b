"""Models that are trained once and read afterwards: from the zoo, a folder, or memory.

Models with a recipe are trained into the zoo if they are missing there; others into a folder of
caches, which isn't committed. In quick mode all are small and stay in memory.
"""

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.bundles.load import load
from aemodels.bundles.recipes import RECIPES
from aemodels.config import Config, every_setting
from aemodels.training import fit
from reproduction.result import Used
from reproduction.trainer import Trained, Trainer, used

# Part of the name of a cached model: raise it when training computes something else with the same
# settings.
TRAINING_VERSION = 2

Found = tuple[Trained, Used]


class ModelCache:
    """Finds models or has them trained. `zoo` and `folder` are where bundles are; `dataset` loads a
    data set by name.
    """

    def __init__(
        self, zoo: Path, folder: Path, trainer: Trainer, dataset: Callable[[str], data.Dataset]
    ) -> None:
        self.zoo = zoo
        self.folder = folder
        self._trainer = trainer
        self._dataset = dataset
        self._memory: dict[str, Found] = {}

    def of_zoo(self, name: str) -> Found:
        """A model of the zoo, made by its recipe if it isn't there, with all its metrics."""
        return self._get(name, RECIPES[name], lambda: self._from_zoo(name))

    def fit(self, name: str, config: Config, phases: Sequence[int] | None = None) -> Found:
        """A model without a recipe, with the metrics of `evaluation.quick`; `phases` as `Training`
        has them.
        """
        return self._get(name, config, lambda: self._from_folder(name, config, phases), phases)

    def models(self) -> list[Trained]:
        """Every model so far."""
        return [trained for trained, _ in self._memory.values()]

    def _get(
        self,
        name: str,
        config: Config,
        find: Callable[[], Found],
        phases: Sequence[int] | None = None,
    ) -> Found:
        if name not in self._memory:
            with self._trainer.timed():
                quick = self._trainer.quick
                self._memory[name] = self._small(name, config, phases) if quick else find()
        return self._memory[name]

    def _small(self, name: str, config: Config, phases: Sequence[int] | None) -> Found:
        dataset = self._dataset(config.data.dataset)
        fitted, curve = self._trainer.fit(name, config, dataset, phases)
        metrics = evaluation.evaluate(fitted.model.cpu(), dataset)
        return Trained(name, fitted.model, metrics, curve), used(name, fitted.training)

    def _from_zoo(self, name: str) -> Found:
        path, config = self.zoo / name, RECIPES[name]
        if not path.exists():
            dataset = self._dataset(config.data.dataset)
            fitted, _ = self._trainer.fit(name, config, dataset)
            self._trainer.say(f"{name}: measuring")
            metrics = evaluation.evaluate(fitted.model, dataset)
            command = config.command("--output", f"zoo/{name}")
            fit.save(fitted, metrics, dataset, path, command=command)
        return _read(name, path, config)

    def _from_folder(self, name: str, config: Config, phases: Sequence[int] | None) -> Found:
        settings = [TRAINING_VERSION, config.to_dict(), phases]
        digest = hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:12]
        path = self.folder / f"{name}-{digest}"
        # Before the cache is searched: without the data, a row has nothing to measure.
        dataset = self._dataset(config.data.dataset)
        if not path.exists():
            fitted, curve = self._trainer.fit(name, config, dataset, phases)
            fitted = replace(fitted, training=replace(fitted.training, curve=tuple(curve)))
            metrics = evaluation.quick(fitted.model, dataset)
            # The command line has no option for phases.
            command = config.command() if phases is None else "python -m reproduction"
            fit.save(fitted, metrics, dataset, path, command=command)
        return _read(name, path, config, phases)


def _read(name: str, path: Path, config: Config, phases: Sequence[int] | None = None) -> Found:
    found = bundle.read(path)
    if found.config != config:
        place = f"{path.parent.name}/{path.name}"
        raise bundle.BundleError(
            f"{path.name}: its settings aren't those of its recipe; remove {place} to retrain it"
        )
    facts = found.training
    trained = Trained(name, load(found), found.metrics, facts.curve)
    if phases is None:
        return trained, used(name, facts, found.command)
    return trained, used(name, facts, settings=settings_text(config, phases))


def settings_text(config: Config, phases: Sequence[int] | None = None) -> str:
    """The settings as options; the phases, if there are any, in place of the epochs."""
    words = config.options()
    if phases is None:
        return shlex.join(words)
    at = words.index(every_setting()["epochs"].flag)
    del words[at : at + 2]
    return f"epochs {', '.join(map(str, phases))}, {shlex.join(words)}"
