"""The Gaussian from which random codes are drawn: the browser fits it to codes, as NumPy does."""

import json
from typing import Any

import numpy as np
import pytest

import lens
from aemodels import views
from aemodels.bundles import bundle, zoo
from tests.lens import javascript

SCRIPT = """
const { fitGaussian } = await import(process.argv[1]);
let words = "";
for await (const chunk of process.stdin) words += chunk;
const { codes, dim } = JSON.parse(words);
const { mean, factor } = await fitGaussian(Float32Array.from(codes), dim);
console.log(JSON.stringify({ mean: [...mean], factor: [...factor] }));
"""


def fit(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Codes (N, d) float32 -> the mean (d,) and the factor (d, d), its upper triangle 0."""
    latents = codes.shape[1]
    words = json.dumps({"codes": codes.ravel().tolist(), "dim": latents})
    url = (lens.WEB / "maths/gaussian.mjs").as_uri()
    found = javascript.run(SCRIPT, url, words=words)
    return np.array(found["mean"]), np.tril(np.reshape(found["factor"], (latents, latents)))


@pytest.mark.parametrize("latents", [1, 2, 7, 64])
def test_it_is_numpys_mean_covariance_and_cholesky_factor(latents: int) -> None:
    random = np.random.default_rng(latents)
    mixed = random.standard_normal((1100, latents)) @ random.standard_normal((latents, latents))
    codes = (mixed + 10 * np.arange(latents)).astype(np.float32)
    exact = codes.astype(np.float64)
    mean, factor = fit(codes)
    np.testing.assert_allclose(mean, exact.mean(0), rtol=1e-12, atol=1e-12)
    covariance = np.atleast_2d(np.cov(exact, rowvar=False))
    size = np.trace(covariance) / latents
    np.testing.assert_allclose(factor @ factor.T, covariance, rtol=0, atol=1e-6 * size)
    jitter = 1e-9 * size * np.eye(latents)
    wanted = np.linalg.cholesky(covariance + jitter)
    np.testing.assert_allclose(factor, wanted, rtol=0, atol=1e-4 * np.sqrt(size))


def test_latents_that_never_move_or_move_together_have_one_too() -> None:
    codes = np.random.default_rng(0).standard_normal((200, 4)).astype(np.float32)
    codes[:, 1], codes[:, 3] = 7, codes[:, 0]
    mean, factor = fit(codes)
    assert mean[1] == 7
    assert np.isfinite(factor).all()
    covariance = np.cov(codes.astype(np.float64), rowvar=False)
    np.testing.assert_allclose(factor @ factor.T, covariance, atol=1e-6)


def test_what_is_sent_of_a_space_grows_with_the_latents_not_with_their_square() -> None:
    def numbers(value: Any) -> int:
        return sum(map(numbers, value)) if isinstance(value, list) else 1

    model = views.model(bundle.read(zoo.folder() / "sparse-kl"))
    assert model["latent_dim"] == 100
    assert sum(map(numbers, model["space"].values())) < 10 * model["latent_dim"]
