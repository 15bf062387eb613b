"""One thread, as for the library's tests."""

from tests.library.conftest import one_thread

__all__ = ["one_thread"]
