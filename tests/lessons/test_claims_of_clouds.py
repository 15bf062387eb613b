"""Lessons 5 to 9, of clouds: what they say happens, measured on the models we ship.

A lesson computes its numbers in the browser, from other draws than here; so what is asserted holds
by a margin that no other thousand draws would close.
"""

import numpy as np
import torch

from aemodels.analysis import latent_space
from aemodels.analysis.legibility import legible
from tests.lessons.shipped import FIRST, Digits, bundle, error, kl, model, posterior

OPENED = 543  # the test digit of the lesson on sampling
BETAS = (0, 0.05, 0.25, 0.5, 1, 2, 4, 10, 30)


# Lesson 5 posterior.


def test_the_clouds_of_1s_are_larger_than_those_of_8s(digits: Digits) -> None:
    sigma = posterior("vae-2")[1].mean(1)
    ones, eights = (sigma[digits.labels == label] for label in (1, 8))
    assert ones.mean() > 2 * eights.mean()
    # Of nearly any two that a person looks at.
    assert (ones[:, None] > eights[None, ::10]).mean() > 0.95


def test_near_a_1_the_picture_changes_less(digits: Digits) -> None:
    mean = posterior("vae-2")[0].astype(np.float32)

    def change(label: int) -> float:
        """Mean squared change of the picture for a small step in each latent."""
        codes = mean[digits.labels == label][:200]
        before = model("vae-2").decode(codes)
        after = (model("vae-2").decode(codes + step) for step in 0.01 * np.eye(2, dtype="f4"))
        return float(sum(((each - before) ** 2).sum(1).mean() for each in after))

    assert change(1) < change(8) / 2


def test_a_cloud_is_far_smaller_than_its_class(digits: Digits) -> None:
    mean, sigma = posterior("vae-2")
    for label in range(10):
        mine = digits.labels == label
        assert mean[mine].std(0).mean() > 5 * sigma[mine].mean()


# Lesson 6 sampling.


def test_draws_of_one_cloud_show_one_digit(digits: Digits) -> None:
    for name in ("vae-16", "vae-2"):
        mean, sigma = (each[:FIRST] for each in posterior(name))
        noise = np.random.default_rng(0).standard_normal(mean.shape)
        drawn, still = (
            digits.read(model(name).decode(z.astype(np.float32)))
            for z in (mean + sigma * noise, mean)
        )
        assert (drawn == still).mean() > 0.95


def test_slightly_different_each_time() -> None:
    """The picture that the lesson opens with changes, by less than encoding it does."""
    mean, sigma = (each[OPENED] for each in posterior("vae-16"))
    noise = np.random.default_rng(0).standard_normal((10, 16))
    images = model("vae-16").decode((mean + sigma * noise).astype(np.float32))
    apart = ((images[:, None] - images[None]) ** 2).sum(2)[np.triu_indices(10, 1)]
    assert np.median(apart) > 1
    assert apart.max() < 1.5 * error("vae-16")


def test_learning_passes_through_the_draw() -> None:
    """The decoded picture has a slope in μ and in σ, though ε is drawn."""
    network = model("vae-2")
    mean, sigma = (
        torch.tensor(each[:1], dtype=torch.float32, requires_grad=True)
        for each in posterior("vae-2")
    )
    noise = torch.randn(1, 2, generator=torch.Generator().manual_seed(0))
    network.grey_levels(network.logits(mean + sigma * noise)).sum().backward()
    assert mean.grad is not None
    assert sigma.grad is not None
    assert mean.grad.abs().min() > 0
    assert sigma.grad.abs().min() > 0


# Lesson 7 kl.


def test_most_of_it_is_for_being_narrow() -> None:
    for name in ("vae-2", "vae-16"):
        _, sigma = posterior(name)
        narrow = 0.5 * (sigma**2 - 1 - np.log(sigma**2)).sum(1)
        assert narrow.mean() / kl(name).mean() > 0.7


def test_a_0_at_the_rim_costs_more_than_a_6_near_the_middle(digits: Digits) -> None:
    mean = posterior("vae-2")[0]
    zeros, sixes = (digits.labels == label for label in (0, 6))
    far = np.linalg.norm(mean, axis=1)
    assert far[zeros].mean() > 1.5 * far[sixes].mean()
    more = kl("vae-2")[zeros].mean() - kl("vae-2")[sixes].mean()
    assert more > 0.5
    # But being there at all costs far more.
    assert kl("vae-2")[sixes].mean() > 4 * more


def test_all_clouds_together_fill_one_bell_curve() -> None:
    mean, sigma = posterior("vae-2")
    together = mean.var(0) + (sigma**2).mean(0)
    assert np.abs(mean.mean(0)).max() < 0.2
    assert np.abs(np.sqrt(together) - 1).max() < 0.25


# Lesson 8 beta.


def reconstruction(value: float) -> float:
    metrics = bundle(f"beta-2d-{value:g}").metrics
    return metrics.number("negative_elbo_sample") - metrics.number("kl")


def test_from_0_to_1_the_kl_falls_and_the_error_hardly_rises() -> None:
    nats = {value: bundle(f"beta-2d-{value:g}").metrics.number("kl") for value in BETAS}
    assert nats[0] > 5 * nats[1]
    assert list(nats.values()) == sorted(nats.values(), reverse=True)
    assert 0 < reconstruction(1) / reconstruction(0) - 1 < 0.05


def test_meanwhile_more_random_codes_become_digits(digits: Digits) -> None:
    z = np.random.default_rng(0).standard_normal((1000, 2)).astype(np.float32)
    shares = {value: digits.legible(model(f"beta-2d-{value:g}").decode(z)) for value in (0, 1, 30)}
    assert shares[1] > shares[0] + 0.1
    assert shares[30] == 0


def test_at_30_every_digit_has_the_same_picture_and_the_kl_is_0(digits: Digits) -> None:
    images = model("beta-2d-30").reconstruct(digits.images[:FIRST])
    assert np.ptp(images, axis=0).max() < 1 / 255
    assert bundle("beta-2d-30").metrics.number("kl") < 0.001
    assert reconstruction(30) > 1.4 * reconstruction(1)


# Lesson 9 collapse.


def active(name: str) -> int:
    mean, log_var = bundle(name).codes()
    return int((~latent_space.describe(mean, log_var, "vae").inactive).sum())


def test_thirteen_of_sixteen_do_something() -> None:
    assert active("vae-16") == 13
    assert bundle("vae-16").latent_dim == 16


def test_some_turn_the_first_digit_into_another_and_some_do_not(digits: Digits) -> None:
    """From -3 to 3, as Explore's rows go; what can't be read with 90 % says nothing."""
    mean, log_var = bundle("vae-16").codes()
    inactive = latent_space.describe(mean, log_var, "vae").inactive
    seen = []
    for latent in np.flatnonzero(~inactive):
        z = np.tile(mean[0], (11, 1)).astype(np.float32)
        z[:, latent] = np.linspace(-3, 3, 11)
        read = digits.reader.read(model("vae-16").decode(z))
        seen.append(set(read.argmax(1)[legible(read)]))
    assert any(len(classes) > 1 for classes in seen)
    assert sum(classes == {digits.labels[0]} for classes in seen) > 2


def test_of_fifty_fewer_than_half() -> None:
    assert 10 < active("vae-50") < 25


def test_one_that_does_nothing_is_the_prior() -> None:
    mean, log_var = bundle("vae-16").codes()
    inactive = latent_space.describe(mean, log_var, "vae").inactive
    sigma = posterior("vae-16")[1]
    assert np.abs(mean[:, inactive]).mean() < 0.05
    assert np.abs(sigma[:, inactive] - 1).max() < 0.05
    assert kl("vae-16").mean() > 10  # those that do something carry it all
