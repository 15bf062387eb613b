"""Recipes of widely read articles, with the settings that they give."""

from aemodels.config import Config
from aemodels.recipes.recipe import Recipe

PUBLISHED = (
    Recipe(
        name="tf-cvae",
        title="convolutional VAE with two latents",
        config=Config.of(
            "vae",
            latent_dim=2,
            network="conv-asymmetric",
            binarisation="threshold",
            epochs=10,
            batch_size=100,
            learning_rate=1e-4,
            schedule="constant",
            weight_decay=0.0,
        ),
        source="TensorFlow tutorials, “Convolutional Variational Autoencoder”",
        address="https://www.tensorflow.org/tutorials/generative/cvae",
        as_written="pixels black or white at 0.5; convolutions of 32 and 64 filters of 3x3, "
        "stride 2; a layer of 7*7*32, transposed convolutions of 64, 32 and 1 filters, padding "
        "“same”; two latents, one sample of z; Adam at 0.0001, batches of 32, 10 epochs",
        differs="batches of 100, which are those of the tutorial's first version, with 50 latents "
        "and 100 epochs; the KL term is exact, not estimated from the sample; weights and biases "
        "start from PyTorch's U(-1/√n, 1/√n), not from Glorot's and zero; Adam's ε is 1e-8, not "
        "1e-7",
        ours=("binary-vae-2", "vae-2"),
        row="vae-2-binary",
    ),
    Recipe(
        name="deep-ae-relu",
        title="deep autoencoder whose output is a ReLU",
        config=Config.of(
            "ae",
            latent_dim=196,
            hidden=(392,),
            code_activation="relu",
            output_activation="relu",
            reconstruction_loss="mse",
            epochs=5,
            batch_size=150,
            learning_rate=0.01,
            schedule="constant",
            weight_decay=0.0,
            precision="fp32",
        ),
        source="A widespread example in TensorFlow 1, “Stacked Autoencoder”",
        as_written="784-392-196-392-784 with a ReLU after every layer, including the last; squared "
        "error, Adam at 0.01, batches of 150, 5 epochs",
        differs="60,000 training digits, not 55,000; the error is a sum over pixels, not a mean, "
        "which Adam hardly notices; weights and biases start from U(-1/√n, 1/√n), not from a "
        "truncated normal of variance 1/n and zero",
        ours=("bottleneck-64", "deep-30"),
        row="flaw",
    ),
    Recipe(
        name="sda-1000",
        title="stacked denoising autoencoder of three layers of 1,000",
        config=Config.of(
            "stacked",
            latent_dim=1000,
            hidden=(1000, 1000),
            tied=True,
            layer_corruption=(0.1, 0.2, 0.3),
            epochs=15,
            batch_size=100,
            learning_rate=1e-3,
            schedule="constant",
            weight_decay=0.0,
        ),
        source="deeplearning.net tutorials, “Stacked Denoising Autoencoders (SdA)”",
        address="http://deeplearning.net/tutorial/SdA.html",
        as_written="three layers of 1,000 sigmoids with tied weights; 10, 20 and 30 % of each "
        "layer's inputs set to 0; cross-entropy; 15 epochs a layer at a rate of 0.001",
        differs="Adam in batches of 100, not plain gradient descent on single images (with "
        "--batch-size 1 it takes hours); 60,000 training digits, not 50,000; weights and biases "
        "start from U(-1/√n, 1/√n), not from 4√(6/(n+m)) times U(-1, 1) and zero; then all layers "
        "train together for 15 epochs more, where the tutorial fine-tunes a classifier",
        ours=("deep-30",),
        row="stacked-classifier",
    ),
)
