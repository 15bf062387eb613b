"""What a trained model is worth: test metrics, latent spaces, anomalies, features."""
