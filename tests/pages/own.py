"""Own runs for pages to show: models of the zoo under other names, or as if of other data."""

import json
import shutil
from dataclasses import replace

from aemodels import bundles, runs
from aemodels.bundles import zoo
from aemodels.data import SOURCES
from aemodels.runs.status import RunState, RunStatus, write_status


def run(
    run_id: str,
    name: str,
    model: str = "vae-2",
    dataset: str = "mnist",
    owner: str = "",
    group: str = "",
) -> runs.Run:
    """A finished run whose model is that of the zoo, as if it had been trained on `dataset`."""
    config = bundles.read(zoo.folder() / model).config
    config = config.with_(dataset=dataset)
    made = runs.create(config, name, run_id, owner=owner, group=group)
    shutil.copytree(zoo.folder() / model, made.path / "bundle")
    path = made.path / "bundle" / bundles.MANIFEST
    manifest = json.loads(path.read_text("utf-8"))
    manifest["config"]["dataset"] = dataset
    manifest["data"] |= {"name": dataset, "sha256": SOURCES[dataset].sha256}
    path.write_text(json.dumps(manifest), "utf-8")
    write_status(made.path, replace(RunStatus(RunState.FINISHED), epoch=1, epochs=1, done=1.0))
    return runs.read(run_id)
