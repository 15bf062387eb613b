"""Autoencoders on MNIST: data, models, objectives, training, bundles and evaluation.

Importing this package is free: `aemodels.config`, `aemodels.data`, `aemodels.latent` and `aemodels.bundle`
need numpy and no PyTorch; `aemodels.model` and what trains or evaluates import PyTorch.
"""
