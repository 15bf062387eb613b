"""Bundles and data sets in the form that the views take."""

from collections.abc import Mapping
from functools import cache
from typing import cast

from aemodels import data, reader
from aemodels.analysis import latent_space
from aemodels.bundles import CODES, WEIGHTS, Bundle
from aemodels.config import Config
from aemodels.data import DataError, Source
from aemodels.families import FAMILIES
from aemodels.views import contract

EXAMPLES = 10


def labelled(item: Bundle, label: str) -> contract.LabelledModel:
    """A bundle of the zoo as a row of reconstructions."""
    return {**model(item), "label": label}


def model(item: Bundle, **other: str) -> contract.Model:
    """A bundle of the zoo; `other` has the name, title and url of one from elsewhere."""
    stamp = item.digests[CODES] + item.digests[WEIGHTS]
    names = {
        "name": item.name,
        "title": FAMILIES[item.family].title,
        "url": f"/zoo/{item.name}",
        **other,
    }
    return contract.Model(
        name=names["name"],
        title=names["title"],
        url=names["url"],
        family=item.family,
        variational=item.config.family.variational,
        latent_dim=item.latent_dim,
        binarisation=cast(contract.Binarisation, item.config.data.binarisation),
        objective=_objective(item.config),
        stamp=stamp,
        digests=_starts(item.digests),
        space=_space(item, stamp),
        network=network(item.config),
    )


def network(config: Config) -> contract.Network:
    """The layers of a model with these settings."""
    made = config.network
    encoder, decoder = made.hidden_shapes()
    return {
        "kind": cast(contract.NetworkKind, made.kind),
        "encoder": [list(shape) for shape in encoder],
        "decoder": [list(shape) for shape in decoder],
        "activation": made.hidden_activation if encoder else None,
        "code_activation": config.family.code_activation,
        "output_activation": made.output_activation,
    }


def source(name: str, bundle: Bundle | None = None) -> Source:
    """What is known of a data set.

    Of the user's own that isn't here any more, or not as the bundle's model was trained on it, what
    the bundle has recorded; its `sha256` is then empty.
    """
    recorded = bundle.source if bundle else None
    try:
        found = data.source(name)
    except DataError:
        found = None
    if found and (recorded is None or recorded.pictures_sha256 == found.pictures_sha256):
        return found
    examples = tuple(range(EXAMPLES))
    unknown = Source(name, (), {}, noun="picture", plural="pictures", example_digits=examples)
    return recorded or unknown


def title(name: str) -> str:
    """A data set's name in print."""
    return source(name).title


def dataset(name: str, bundle: Bundle | None = None) -> contract.Dataset:
    """A data set by name, and the bundle of the model that was trained on it."""
    known = source(name, bundle)
    here = bool(known.sha256)
    return {
        "name": name,
        "title": known.title,
        "url": f"/datasets/{name}" if known.own else f"/{name}",
        "digests": _starts(known.sha256),
        # Without labels, points are of no class.
        "class_names": list(known.class_names) if here else [],
        "noun": known.noun,
        "plural": known.plural,
        "example_images": list(known.example_digits),
        "count": known.test_count,
        "here": here,
        "stored": here,
        "reader": _reader(name, known, bundle),
    }


def _reader(dataset: str, known: Source, bundle: Bundle | None) -> contract.Reader | None:
    """The reader of a data set's classes, also one that came with the model of a run; None if there
    is none, or its files aren't there.
    """
    if not known.own and not known.sha256:
        return None
    run = bundle.path.parent if bundle else None
    found = reader.find(dataset, known, run)
    if found is None:
        return None
    folder, manifest = found
    url = "/reader"
    if known.own:
        home = f"/datasets/{dataset}"
        url = f"{f'/runs/{run.name}' if run and folder.parent == run else home}/{reader.FOLDER}"
    return {
        "url": url,
        "digests": _starts({name: found.sha256 for name, found in manifest.files.items()}),
        "stamp": manifest.files[WEIGHTS].sha256,
        "accuracy": manifest.test.accuracy,
        "class_names": list(manifest.class_names),
    }


def _objective(config: Config) -> contract.Objective:
    network, family = config.network, config.family
    objective = {
        "loss": network.reconstruction_loss,
        "beta": getattr(family, "beta", None) if family.variational else None,
        "note": family.objective_note,
    }
    return cast(contract.Objective, objective)


def _starts(digests: Mapping[str, str]) -> dict[str, str]:
    """The start of each digest, enough to tell one version of a file from the next."""
    return {name: digest[:12] for name, digest in digests.items()}


# By stamp, the newest last.
_spaces: dict[str, contract.Space] = {}
_MOST = 200


def _space(item: Bundle, stamp: str) -> contract.Space:
    known = _spaces.get(stamp)
    if known is None:
        known = _spaces[stamp] = _described(item)
        for old in [*_spaces][:-_MOST]:
            _spaces.pop(old, None)
    return known


def _described(item: Bundle) -> contract.Space:
    space = latent_space.describe(*item.codes(), item.family)
    return contract.Space(
        information=space.information.tolist(),
        order=space.order.tolist(),
        inactive=space.inactive.tolist(),
        low=space.low.tolist(),
        high=space.high.tolist(),
        mean=space.mean.tolist(),
        plane=space.plane.tolist(),
        plane_low=space.plane_low.tolist(),
        plane_high=space.plane_high.tolist(),
        usual_gap=space.usual_gap,
        far_gap=space.far_gap,
    )


def class_names(name: str) -> list[str]:
    """The name of the class of each test image of a data set. Raises DataError."""
    return _class_names(name, data.source(name).pictures_sha256)


@cache
def _class_names(name: str, stamp: str) -> list[str]:
    split, known = data.load_test(name), data.source(name)
    if not known.class_names:
        return [f"{known.noun} {k}" for k in range(len(split.labels))]
    return [known.class_names[label] for label in split.labels]
