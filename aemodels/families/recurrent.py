"""The recurrent autoencoder: a GRU reads the 28 rows of a picture, another writes them back."""

from __future__ import annotations

from aemodels.families.ae import Plain
from aemodels.families.base import ALWAYS, LOOP, MACHINE


class Recurrent(Plain):
    """Srivastava et al. 2015, "Unsupervised learning of video representations using LSTMs", figure
    2, with the GRU of Cho et al. 2014 and rows in place of frames.
    """

    name = "recurrent"
    title = "Recurrent autoencoder"
    meaning = "recurrent autoencoder, which reads and writes row by row"
    network = "gru"
    settings = (*ALWAYS, "objective", "output_activation", "pixels", *LOOP, *MACHINE)
    defaults = {"latent_dim": 16, "batch_size": 256}
