"""Autoencoders on MNIST: data, models, objectives, training, bundles and evaluation.

`aemodels.config`, `aemodels.data`, `aemodels.latent` and `aemodels.bundle` need numpy and no
PyTorch; `aemodels.model` and whatever trains or evaluates import PyTorch.
"""
