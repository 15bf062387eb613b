"""Convolutions keep the channels of a pixel side by side, in both directions."""

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from aemodels.config import Config
from aemodels.models.autoencoder import Autoencoder
from aemodels.models.layers import ToPictures, channels_last
from aemodels.reader import network


def test_pictures_have_their_numbers_in_the_places_of_pytorchs_own() -> None:
    vectors = images(3)
    pictures = ToPictures()(vectors)
    assert torch.equal(pictures, nn.Unflatten(1, (1, 28, 28))(vectors))
    assert pictures.data_ptr() == vectors.data_ptr()
    assert ToPictures()(images(0)).shape == (0, 1, 28, 28)


def test_a_network_that_is_exported_takes_batches_of_any_size() -> None:
    model = Autoencoder(Config.of("vae", network="conv", latent_dim=2)).eval()
    sizes = ({0: torch.export.Dim.DYNAMIC},)
    exported = torch.export.export(model.encoder, (images(4),), dynamic_shapes=sizes).module()
    torch.testing.assert_close(exported(images(7)), model.encoder(images(7)))


@pytest.mark.parametrize("kind", ["conv", "conv-asymmetric", "conv-narrow"])
def test_nothing_between_convolutions_is_copied_into_another_layout(kind: str) -> None:
    model = Autoencoder(Config.of("vae", network=kind, latent_dim=2))
    channels_last(model)
    seen = watch(model)
    mean, _ = model.encode_parameters(images(5))
    model.reconstruction_error(mean, images(5)).sum().backward()
    assert len(seen) >= 4
    assert_in_layout(seen)


def test_nor_is_anything_between_those_of_the_reader() -> None:
    reader = network.build(torch.Generator().manual_seed(0))
    channels_last(reader)
    seen = watch(reader)
    reader(images(5)).square().sum().backward()
    assert len(seen) == 4
    assert_in_layout(seen)


def images(count: int) -> Tensor:
    return torch.rand(count, 784, generator=torch.Generator().manual_seed(1))


def watch(model: nn.Module) -> list[Tensor]:
    """What goes from each activation to a convolution will be added, and then its gradient."""
    seen: list[Tensor] = []

    def add(_: nn.Module, given: tuple[Tensor], __: Tensor) -> None:
        seen.append(given[0])
        given[0].register_hook(seen.append)

    for parts in model.modules():
        if isinstance(parts, nn.Sequential):
            for before, layer in pairwise(parts):
                if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) and isinstance(
                    before, nn.ReLU
                ):
                    layer.register_forward_hook(add)
    return seen


def assert_in_layout(seen: list[Tensor]) -> None:
    assert [t.shape for t in seen if not t.is_contiguous(memory_format=torch.channels_last)] == []
