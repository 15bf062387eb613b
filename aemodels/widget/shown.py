"""Models as a notebook has them, in the form that views take, with the files that views ask for."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from aemodels import data, paths, views
from aemodels.bundles import bundle, codes, contents, zoo
from aemodels.bundles.bundle import Bundle
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.manifest import FileRecord, Manifest
from aemodels.bundles.metrics import Metrics
from aemodels.data.idx import to_idx
from aemodels.reader import FOLDER, folder_of
from aemodels.reader.files import MANIFEST
from aemodels.runs import Run, RunError
from aemodels.version import __version__
from aemodels.views import contract

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder
    from aemodels.training.sklearn import AutoencoderTransformer

    ModelLike: TypeAlias = str | Path | Bundle | Run | Autoencoder | AutoencoderTransformer

# By the address that a view asks for: a file on disk, or its content.
Files = Mapping[str, Path | bytes]

IMAGES, LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
SHORTEST = 12  # letters of a SHA-256 in an address


@dataclass(frozen=True)
class Shown:
    """What a view shows.

    Attributes
    ----------
    models : tuple of contract.Model
        As a view takes them.
    dataset : contract.Dataset
        Of their test images.
    codes : tuple of ndarray
        Of the test images by each model, (N, latent_dim); for a VAE the means.
    files : mapping
        All files that the view may ask for.
    """

    models: tuple[contract.Model, ...]
    dataset: contract.Dataset
    codes: tuple[np.ndarray, ...]
    files: Files


def read_all(
    models: Sequence[ModelLike] | Mapping[str, ModelLike],
    dataset: data.Dataset | None = None,
    most: int = 1,
) -> Shown:
    """One model, or two to `most` of one data set. Raises what `aemodels.widget.compare` does."""
    titles = [*models] if isinstance(models, Mapping) else []
    if isinstance(models, str):
        models = [models]
    given = [*models.values()] if isinstance(models, Mapping) else [*models]
    if most > 1 and not 2 <= len(given) <= most:
        raise ValueError(f"{len(given)} models: must be 2 to {most}; `explore` shows one")
    opened = [_open(one, dataset) for one in given]
    names = sorted({one.item.config.data.dataset for one in opened})
    if len(names) > 1 and dataset is None:
        raise ValueError(f"models of {' and '.join(names)}: must be of one data set")
    first = opened[0].item
    entry, files = images_of(first.config.data.dataset, first, dataset)
    entries: list[contract.Model] = []
    for one, title in zip(opened, titles or _titles(opened), strict=True):
        url = f"/{one.place}/{_mark(one.item.digests)}"
        entries.append(views.model(one.item, name=one.name, title=title, url=url))
        files = {**files, **{f"{url}/{name}": content for name, content in one.files.items()}}
    means = tuple(one.item.codes().mean for one in opened)
    return Shown(tuple(entries), entry, means, files)


class _Opened(NamedTuple):
    """A bundle, its files by name, and where others find it: "zoo", "runs" or "elsewhere"."""

    item: Bundle
    files: Files
    name: str
    place: str


def _open(model: ModelLike, dataset: data.Dataset | None) -> _Opened:
    if isinstance(model, Run):
        if model.bundle_path is None:
            raise RunError(f"run {model.id} has no model yet; `train` shows it while it trains")
        return _on_disk(bundle.read_named(model.bundle_path), model.id, "runs")
    if isinstance(model, (str, Path)):
        model = bundle.read_named(zoo.find(model))
    if isinstance(model, Bundle):
        ours = model.path.parent == zoo.folder().absolute()
        return _on_disk(model, model.name, "zoo" if ours else "elsewhere")
    model = getattr(model, "model_", model)
    if not hasattr(model, "encode_parameters"):
        raise TypeError(
            f"{type(model).__name__}: is no model; pass a name such as 'vae-2', or what "
            "aemodels.load or aemodels.fit returns"
        )
    return _in_memory(model, dataset)


def _on_disk(item: Bundle, name: str, place: str) -> _Opened:
    files = {file: item.path / file for file in (bundle.MANIFEST, *bundle.FILES)}
    return _Opened(item, files, name, place)


def _in_memory(model: Any, dataset: data.Dataset | None) -> _Opened:
    """A bundle that no disk has, of a model whose training nobody recorded."""
    from aemodels.models.autoencoder import tensors

    config = model.config
    name = config.data.dataset
    images = data.load_test(name).images if dataset is None else dataset.test_images
    found = codes.encode(model, data.binarise(images, config.data.binarisation))
    files = contents.pack(config, tensors(model), found)
    source = views.source(name)
    if len(images) != source.test_count:
        source = replace(source, test_count=len(images))
    manifest = Manifest(
        config=config,
        metrics=Metrics(),
        training=TrainingFacts(0, True, 0.0, "elsewhere", source="a notebook"),
        versions={"latent-lab": __version__},
        command=config.command(),
        files={file: FileRecord.of(content) for file, content in files.items()},
        source=source,
    )
    named = f"{config.family.name}-{model.latent_dim}"
    item = Bundle(Path(named), manifest, found)
    return _Opened(item, {**files, bundle.MANIFEST: manifest.to_bytes()}, named, "elsewhere")


def images_of(
    name: str, item: Bundle | None = None, dataset: data.Dataset | None = None
) -> tuple[contract.Dataset, Files]:
    """The test images of the data set `name`, on which the model of the bundle was trained, or
    those of arrays of one's own; and their files.
    """
    if dataset is not None and dataset.source is None:
        return _of_arrays(dataset)
    words = views.dataset(name if dataset is None else dataset.name, item)
    known = words["name"] in data.SOURCES
    folder = (paths.data() if known else paths.own_data()) / words["name"]
    url = f"/images/{_mark(words['digests'])}"
    files: dict[str, Path | bytes] = {f"{url}/{file}": folder / file for file in (IMAGES, LABELS)}
    reader = words["reader"]
    if reader:
        place = folder_of(words["name"])
        if item is not None and reader["url"].startswith("/runs/"):
            place = item.path.parent / FOLDER
        names = (*reader["digests"], MANIFEST)
        files |= {f"{reader['url']}/{file}": place / file for file in names}
    return {**words, "url": url}, files


def _of_arrays(dataset: data.Dataset) -> tuple[contract.Dataset, Files]:
    images, labels = np.asarray(dataset.test_images), np.asarray(dataset.test_labels)
    contents = {IMAGES: to_idx(images), LABELS: to_idx(labels)}
    packed = {name: gzip.compress(content, 1, mtime=0) for name, content in contents.items()}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in packed.items()}
    known = data.SOURCES.get(dataset.name)
    classes = known.class_names if known else tuple(map(str, range(int(labels.max()) + 1)))
    url = f"/images/{_mark(digests)}"
    entry = contract.Dataset(
        name=dataset.name,
        title=dataset.name,
        url=url,
        digests={name: digest[:SHORTEST] for name, digest in digests.items()},
        class_names=list(classes),
        noun=known.noun if known else "picture",
        plural=known.plural if known else "pictures",
        example_images=[int(np.argmax(labels == label)) for label in np.unique(labels)],
        count=len(images),
        here=True,
        stored=False,
        reader=None,
    )
    return entry, {f"{url}/{name}": content for name, content in packed.items()}


def _mark(digests: Mapping[str, str]) -> str:
    """A name for files of this content: what a page has once, it needn't ask for again."""
    words = " ".join(f"{name} {digest[:SHORTEST]}" for name, digest in sorted(digests.items()))
    return hashlib.sha256(words.encode()).hexdigest()[:SHORTEST]


def _titles(opened: Sequence[_Opened]) -> list[str]:
    """Their families' titles; with their names where a family is there twice."""
    families = [views.model(one.item)["title"] for one in opened]
    found: list[str] = []
    for one, family in zip(opened, families, strict=True):
        title = family if families.count(family) == 1 else f"{family} · {one.name}"
        same = sum(each.startswith(title) for each in found)
        found.append(f"{title} ({same + 1})" if same else title)
    return found
