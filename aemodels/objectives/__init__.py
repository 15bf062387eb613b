"""Terms of objectives and the noise in them, on tensors; imports nothing else of this library."""
