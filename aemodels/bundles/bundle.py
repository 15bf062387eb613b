"""A bundle: one trained model as a folder of five files, read and written without PyTorch.

    from aemodels import bundles
    index = bundles.scan("zoo")         # the usable bundles, and what is wrong with the others
    vae = bundles.read("zoo/vae-2")
    mean, log_var = vae.codes()         # of the 10,000 test images

Reading trusts nothing: hashes, sizes, shapes and numbers are checked, the graphs must be those that
the settings give, and none of the formats can hold code.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from aemodels.bundles import atomic, codes, contents, manifest
from aemodels.bundles.checks import MANIFEST, BundleError
from aemodels.bundles.codes import CODES, Codes
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.manifest import DECODER, ENCODER, FILES, WEIGHTS, FileRecord, Manifest
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.data import SOURCES, DataError, Dataset, Source

__all__ = [
    "CODES",
    "DECODER",
    "ENCODER",
    "FILES",
    "MANIFEST",
    "WEIGHTS",
    "Bundle",
    "BundleError",
    "BundleIndex",
    "Problem",
    "adopt",
    "check_output",
    "read",
    "read_named",
    "replace_metrics",
    "scan",
    "write",
]


@dataclass(frozen=True)
class Problem:
    """A bundle that was skipped, and the reason in one sentence."""

    name: str
    message: str


@dataclass(frozen=True, eq=False)
class Bundle:
    """A checked bundle: its folder, its manifest and its codes."""

    path: Path
    manifest: Manifest
    _codes: Codes = field(repr=False)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def config(self) -> Config:
        """The settings that it was trained with."""
        return self.manifest.config

    @property
    def family(self) -> str:
        """The family's name, such as "vae"."""
        return self.config.family.name

    @property
    def latent_dim(self) -> int:
        """Size of a code."""
        return self.config.network.latent_dim

    @property
    def metrics(self) -> Metrics:
        """Its test metrics, as recorded when it was measured."""
        return self.manifest.metrics

    @property
    def training(self) -> TrainingFacts:
        """The facts about its training."""
        return self.manifest.training

    @property
    def failure(self) -> str | None:
        """The reason why its training diverged; None if it didn't."""
        return self.training.failure

    @property
    def versions(self) -> dict[str, str]:
        """The versions of the libraries that made it, by name."""
        return self.manifest.versions

    @property
    def command(self) -> str:
        """The shell command that reproduces it."""
        return self.manifest.command

    @property
    def source(self) -> Source:
        """What is known of the data set that it was trained on, which may not be here."""
        return self.manifest.source

    def check_data(self, dataset: Dataset) -> None:
        """Raise DataError if `dataset` has other pictures than those that it was trained on."""
        known = dataset.source
        if self.source.own and known and known.pictures_sha256 != self.source.pictures_sha256:
            raise DataError(
                f"data set {dataset.name}: has other pictures than those that {self.name} was "
                f"trained on, of SHA-256 {self.source.pictures_sha256[:12]}"
            )

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each file, by name."""
        return {name: record.sha256 for name, record in self.manifest.files.items()}

    def codes(self) -> Codes:
        """Codes of the N test images in their order, (N, latent_dim) float32, read-only.

        For a VAE, μ and log σ²; for others, the codes and None.
        """
        return self._codes

    def weights(self) -> dict[str, np.ndarray]:
        """Tensors by name, read from disk. Raises BundleError if the file has changed since."""
        content = contents.read(self.path, WEIGHTS)
        if hashlib.sha256(content).hexdigest() != self.digests[WEIGHTS]:
            raise BundleError(f"{WEIGHTS} has changed since the bundle was read")
        return contents.parse_weights(content, self.config)


@dataclass(frozen=True)
class BundleIndex:
    """The bundles of a folder, and those that were skipped."""

    bundles: list[Bundle]
    problems: list[Problem]


def scan(folder: Path | str) -> BundleIndex:
    """Every bundle in `folder`, sorted by name; a diverged or damaged one counts as a problem.

    Raises nothing, whatever it finds there.
    """
    folder = Path(folder)
    index = BundleIndex([], [])
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        index.problems.append(Problem(folder.name, f"can't be read: {error.strerror}"))
        return index
    for entry in entries:
        try:
            if entry.is_symlink() or not entry.is_file():
                found = read(entry)
                if found.failure:
                    raise BundleError(f"its training diverged: {found.failure}")
                index.bundles.append(found)
        except BundleError as error:
            index.problems.append(Problem(entry.name, str(error)))
        except OSError as error:
            index.problems.append(Problem(entry.name, f"can't be read: {error.strerror}"))
    for name, hidden in atomic.stranded(folder).items():
        message = f"replacing it was cut off; rename {hidden} to {name} to have it back"
        index.problems.append(Problem(name, message))
    return index


def read(path: Path | str) -> Bundle:
    """Read and check one bundle.

    Parameters
    ----------
    path : path-like
        Its folder.

    Returns
    -------
    Bundle
        With its codes; `weights()` reads the tensors.

    Raises
    ------
    BundleError
        If anything is wrong with it.
    OSError
        If the path itself can't be looked at.
    """
    path = Path(path).absolute()
    found, files = _checked(path)
    for name, graph in contents.graphs(found.config, files[WEIGHTS]).items():
        if files[name] != graph:
            raise BundleError(
                f"{name} isn't the graph of its settings and weights; "
                "zipped and loaded on the Train page, the model gets its own graph"
            )
    return Bundle(path, found, codes.unpack(files[CODES], found.config, found.source.test_count))


def adopt(source: Path, target: Path) -> Bundle:
    """Write a bundle from elsewhere anew, into the new folder `target`.

    Its graphs are not read but written from its settings and weights; of the other files only what
    was understood is kept. Raises BundleError as `read` does, and OSError if the disk fails.
    """
    found, files = _checked(source)
    write(
        target,
        found.config,
        contents.pack(
            found.config,
            contents.parse_weights(files[WEIGHTS], found.config),
            codes.unpack(files[CODES], found.config, found.source.test_count),
        ),
        metrics=found.metrics,
        training=found.training,
        versions=found.versions,
        command=found.command,
        source=found.source,
    )
    return read(target)


def _checked(path: Path) -> tuple[Manifest, dict[str, bytes]]:
    """The manifest and the files, of which the graphs are only those that were written."""
    if path.is_symlink():
        raise BundleError(f"{path.name} is a symbolic link, which a bundle can't be")
    if not path.is_dir():
        raise BundleError(f"there is no folder {path.name}")
    found = manifest.parse(contents.read(path, MANIFEST))
    files = {name: contents.read(path, name) for name in FILES}
    for name, content in files.items():
        found.files[name].check(name, content)
    contents.parse_weights(files[WEIGHTS], found.config)
    return found, files


def read_named(path: Path | str) -> Bundle:
    """As `read`, where the error stands alone: its message begins with the path."""
    try:
        return read(path)
    except BundleError as error:
        # Those about the folder itself name it already.
        if Path(path).is_symlink() or not Path(path).is_dir():
            raise
        raise BundleError(f"{path}: {error}") from None


def check_output(path: Path | str, overwrite: bool) -> None:
    """Raise atomic.OutputError if `write` would; leaves nothing behind."""
    atomic.check(Path(path), (*FILES, MANIFEST), overwrite)


def write(
    path: Path | str,
    config: Config,
    files: Mapping[str, bytes],
    *,
    metrics: Metrics,
    training: TrainingFacts,
    versions: Mapping[str, str],
    command: str,
    overwrite: bool = False,
    source: Source | None = None,
) -> None:
    """Write a bundle, whole or not at all.

    Parameters
    ----------
    path : path-like
        Its folder, which must be new unless `overwrite`.
    config : Config
        The settings that the model was trained with.
    files : mapping
        The bytes of each of `FILES`, by name.
    metrics : Metrics
        Test metrics, as far as they were measured.
    training : TrainingFacts
        The facts about its training.
    versions : mapping
        The versions of the libraries that made it, by name.
    command : str
        The shell command that reproduces it.
    overwrite : bool
        Whether an older bundle is replaced.
    source : Source
        What is known of the data set; needed only if it is the user's own.

    Raises
    ------
    atomic.OutputError
        If `path` can't be used.
    OSError
        If the disk fails.
    ValueError
        If a metric is NaN or infinite.
    """
    records = {name: FileRecord.of(files[name]) for name in FILES}
    source = source or SOURCES[config.data.dataset]
    made = Manifest(config, metrics, training, dict(versions), command, records, source)
    atomic.write(Path(path), {**files, MANIFEST: made.to_bytes()}, overwrite)


def replace_metrics(path: Path, metrics: Metrics, scratch: Path) -> None:
    """Replace the metrics of the bundle in `path` by one rename; its model stays as it is.

    The folder `scratch`, on the same disk, is for a temporary file. Raises BundleError or OSError.
    """
    found = replace(manifest.parse(contents.read(path, MANIFEST)), metrics=metrics)
    atomic.replace(path / MANIFEST, found.to_bytes(), scratch=scratch)
