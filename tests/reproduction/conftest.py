"""MNIST and one thread, as for the library's tests."""

from tests.library.conftest import mnist, one_thread

__all__ = ["mnist", "one_thread"]
