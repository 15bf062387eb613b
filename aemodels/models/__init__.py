"""Models in PyTorch: networks, the autoencoder, PCA, and their ONNX graphs."""
