"""A fence around files that one program at a time may change.

    with fence.around(check, tag):          # `check` raises once another program has taken over
        atomic.replace(path, content)       # calls it when the content is ready, before the rename

A program can be stopped for minutes and be thought dead. It then finds out here, before it changes
what is no longer its own. Temporary files bear the tag, so that whoever takes over can delete them:
a rename that comes later, from a program that was stopped right before it, fails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class _Fence(NamedTuple):
    check: Callable[[], None]
    tag: str


_OPEN = _Fence(lambda: None, "")
_current: ContextVar[_Fence] = ContextVar("fence", default=_OPEN)


@contextmanager
def around(check: Callable[[], None], tag: str) -> Iterator[None]:
    """Call `check` before each change of files that this thread makes; its error prevents it."""
    before = _current.get()
    _current.set(_Fence(check, tag))
    try:
        yield
    finally:
        _current.set(before)


def check() -> None:
    """Raise the error of the fence around this code if files may no longer be changed."""
    _current.get().check()


def tag() -> str:
    """The tag of the fence around this code, a part of a file's name; empty without one."""
    return _current.get().tag
