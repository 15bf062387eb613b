"""A classifier on top of an encoder, fine-tuned with the labels.

network = classify.Classifier(model, 10, config)
for record in classify.begin(network, mnist).run():
    print(record.test["error"])                  # share of wrong answers
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aemodels import data
from aemodels.config import Config
from aemodels.families.base import Batch, Terms
from aemodels.models.autoencoder import Autoencoder
from aemodels.models.networks import channels_last, linear
from aemodels.objectives.corruption import corrupt
from aemodels.training import hardware, loop


class Classifier(nn.Module):
    """An autoencoder's encoder, and a linear layer that names the class of its code, of a VAE μ.

    The weights of the encoder are the model's own, so training changes them there too; those of the
    new layer are zero, as in the deep-learning tutorials. `config` says how to train.
    """

    def __init__(self, model: Autoencoder, classes: int, config: Config) -> None:
        super().__init__()
        self.config = config
        self.encoder = model.encoder
        generator = torch.Generator().manual_seed(config.seed)
        self.top = linear(model.config.latent_dim, classes, generator)
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

    def stages(self, config: Config) -> int:
        return 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        return dict(model.named_parameters())

    def objective(self, model: nn.Module, batch: Batch, generator: torch.Generator) -> Terms:
        """Mean cross-entropy in nats, and the share of wrong answers."""
        assert batch.labels is not None
        images = batch.images
        if model.training and self.masking:
            images = corrupt(images, "masking", self.masking, generator)
        logits = model(images)
        loss = F.cross_entropy(logits, batch.labels)
        wrong = (logits.argmax(1) != batch.labels).float().mean()
        return {"loss": loss, "error": wrong}


def begin(
    network: Classifier, mnist: data.Dataset, masking: float = 0.0
) -> loop.Training[Classifier]:
    """The fine-tuning of encoder and new layer, before its first step, as its config says.

    Raises SettingError if the device isn't there.
    """
    config = network.config
    device = hardware.device(config.device)
    channels_last(network)
    return loop.Training(
        network.to(device),
        mnist.train_images[: config.train_images],
        mnist.test_images,
        hardware.precision(config.precision, device),
        (config.epochs,),
        task=Classification(masking),
        labels=mnist.train_labels[: config.train_images],
        test_labels=mnist.test_labels,
    )
