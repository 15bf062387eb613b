"""The share of legible draws against ONNX Runtime, and the draws against NumPy's statistics."""

import numpy as np
import onnxruntime
import pytest

import aemodels
from aemodels import paths, reader
from aemodels.analysis.legibility import draw_codes, legible_share
from aemodels.bundles import bundle, zoo


@pytest.mark.parametrize("name", ["pca-2", "vae-2"])
def test_the_share_is_that_of_the_exported_graphs(name: str) -> None:
    found = bundle.read(zoo.find(name))
    model, codes = aemodels.load(name), found.codes().mean
    share = legible_share(model, codes, reader.load(), draws=300, seed=3)
    decode, read = (
        onnxruntime.InferenceSession(path)
        for path in (found.path / "decoder.onnx", paths.reader() / "reader.onnx")
    )
    (images,) = decode.run(None, {"codes": draw_codes(model, codes, 300, seed=3)})
    (probabilities,) = read.run(None, {"images": images})
    assert share == pytest.approx((probabilities.max(1) >= 0.9).mean(), abs=1e-9)
    assert 0 < share < 1


def test_draws_are_from_the_prior_or_from_the_codes_own_gaussian() -> None:
    codes = np.array([[0.0, 2.0, 5.0], [1.0, 4.0, 5.0], [2.0, 9.0, 5.0]])
    fitted = draw_codes(aemodels.load("ae-2"), codes[:, :2], 50_000)
    assert np.allclose(fitted.mean(0), codes[:, :2].mean(0), atol=0.05)
    assert np.allclose(np.cov(fitted.T), np.cov(codes[:, :2].T), rtol=0.03)
    # A latent that never varies doesn't here.
    still = draw_codes(aemodels.load("ae-2"), codes, 100)
    assert np.allclose(still[:, 2], 5, atol=1e-5)
    prior = draw_codes(aemodels.load("vae-2"), codes[:, :2], 50_000)
    assert np.allclose(prior.mean(0), 0, atol=0.02)
    assert np.allclose(np.cov(prior.T), np.eye(2), atol=0.03)
    again = draw_codes(aemodels.load("vae-2"), codes[:, :2], 50_000)
    assert np.array_equal(prior, again)
