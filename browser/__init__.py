"""A headless Chromium and a server for it, shared by tests and benchmarks."""
