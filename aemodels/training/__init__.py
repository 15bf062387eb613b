"""Training: the loop, its device, from settings to a bundle, and how long that would take."""
