"""Bundles: trained models on disk, the zoo of them, and how they were made."""
