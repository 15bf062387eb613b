"""Measurements of trained models: test numbers, latent spaces, anomalies, features."""
