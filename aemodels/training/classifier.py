"""A classifier on top of an encoder, fine-tuned with the labels.

network = Classifier(model, 10)
for record in begin(network, dataset, Loop(epochs=20)).run():
    print(record.test["error"])                  # share of wrong answers
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aemodels import data
from aemodels.config import Loop, Machine
from aemodels.families.base import Batch, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.models.layers import channels_last, linear
from aemodels.objectives.corruption import corrupt
from aemodels.training import hardware
from aemodels.training.loop import Images, Training


class Classifier(nn.Module):
    """An autoencoder's encoder, and a linear layer that classifies its code (a VAE's μ).

    The weights of the encoder are the model's own, so training changes them there too; those of the
    new layer are zero, as in the deep-learning tutorials.
    """

    def __init__(self, model: Autoencoder, classes: int) -> None:
        super().__init__()
        self.encoder = model.encoder
        self.top = linear(model.latent_dim, classes, torch.Generator())
        with torch.no_grad():
            for parameter in self.top.parameters():
                parameter.zero_()

    def forward(self, images: Tensor) -> Tensor:
        """(N, 784) -> logits of the classes (N, classes)."""
        # The log σ² of a VAE come after μ.
        codes = self.encoder(images)[:, : self.top.in_features]
        logits: Tensor = self.top(codes)
        return logits.float()


class Classification:
    """The task: cross-entropy of the classes, a share `masking` of the pixels hidden in training.

    Hiding pixels is the dropout of the input layer (Srivastava et al. 2014), without its scaling.
    """

    def __init__(self, masking: float = 0.0) -> None:
        self.masking = masking

    @property
    def stages(self) -> int:
        return 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        return dict(model.named_parameters())

    def objective(self, model: nn.Module, batch: Batch, generator: torch.Generator) -> Terms:
        """Mean cross-entropy in nats, and the share of wrong answers."""
        assert batch.labels is not None
        images = batch.images
        if model.training and self.masking:
            images = corrupt(images, "masking", self.masking, generator)
        logits = model(images)  # (N, classes)
        loss = F.cross_entropy(logits, batch.labels)
        wrong = (logits.argmax(1) != batch.labels).float().mean()
        return {"loss": loss, "error": wrong}

    def problem(self, test: Mapping[str, float], stage: int) -> str | None:
        return None


def begin(
    network: Classifier,
    dataset: data.Dataset,
    loop: Loop,
    machine: Machine | None = None,
    masking: float = 0.0,
) -> Training[Classifier]:
    """The fine-tuning of encoder and new layer, before its first step.

    Raises SettingError if the device isn't there.
    """
    machine = machine or Machine()
    device = hardware.device(machine.device)
    channels_last(network)
    return Training(
        network.to(device),
        Classification(masking),
        loop,
        Images(
            dataset.train_images, dataset.test_images, dataset.train_labels, dataset.test_labels
        ),
        precision=hardware.precision(machine.precision, device),
        settings=loop.to_dict(),
    )
