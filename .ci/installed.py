"""A first use of the installed package, as a new user would: python .ci/installed.py, anywhere."""

from pathlib import Path
from sysconfig import get_path

import numpy as np

import aemodels
from aemodels import lessons, paths, reader, runs
from aemodels.bundles import bundle, zoo

site = Path(get_path("purelib"))
# Else the checks below would be about a checkout.
assert Path(aemodels.__file__).parent == site / "aemodels", aemodels.__file__

images = aemodels.load_dataset("mnist").test_images
by_name, by_path = aemodels.load("vae-2"), aemodels.load(paths.zoo() / "vae-2")
codes = by_name.encode(images)
assert np.array_equal(codes, by_path.encode(images))
difference = by_name.decode(codes) - images.reshape(-1, 784) / 255
error = float(np.square(difference).sum(axis=1).mean())
published = bundle.read(paths.zoo() / "vae-2").metrics
assert published is not None
assert abs(error - published.number("sse")) < 0.01, error

assert reader.load().read(images[:1]).argmax() == 7

# Those whose models are installed.
models = {name: aemodels.load(name).latent_dim for name in zoo.names()}
found = lessons.scan(paths.lessons() / "en", models=models)
assert {"holes", "posterior", "kl"} <= {lesson.key for lesson in found.lessons}, found.problems
assert all("there is no model" in problem.reason for _, problem in found.problems), found.problems

run = runs.recorded()
assert run is not None
assert run.snapshot_moments()[-1] == (run.config.loop.epochs, 0)

tops = {path.name.removesuffix(".py") for path in site.iterdir()}
assert not tops & {
    "pages",
    "ui",
    "lens",
    "server",
    "reproduction",
    "tests",
    "benchmarks",
    "browser",
    "app",
}
print(f"{aemodels.__version__}: vae-2 has a squared error of {error:.2f}")
