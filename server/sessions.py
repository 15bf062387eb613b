"""What Streamlit holds for visitors who have left, and when it gives that back.

A session owns an event loop, which is three descriptors, for as long as it may be resumed: two
minutes (`server.disconnectedSessionTTL`). Left alone, Streamlit lets go of it when a later visitor
leaves; when a class has gone home, that is never.
"""

import asyncio
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from streamlit import config, runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from server import descriptors

SWEEP_SECONDS = 5.0
# As many as Streamlit's own storage keeps.
MOST = 128


class Departed(SessionStorage):
    """Sessions whose visitor may come back within `seconds`, the `most` newest of them.

    A session that is let go is shut down at once. Counting references would not do: what is in a
    cycle when `gc.freeze` is called is never collected, and its descriptors would never close.
    """

    def __init__(
        self, seconds: float, most: int = MOST, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, SessionInfo]] = OrderedDict()

    def get(self, session_id: str) -> SessionInfo | None:
        """The session, if it can still be resumed."""
        left, info = self._kept.get(session_id, (0.0, None))
        return info if info and self._clock() - left < self._seconds else None

    def save(self, session_info: SessionInfo) -> None:
        """Keep a session whose visitor leaves now."""
        self._kept[session_info.session.id] = (self._clock(), session_info)
        self._kept.move_to_end(session_info.session.id)
        self.release()

    def delete(self, session_id: str) -> None:
        """Forget a session, which its visitor has resumed, without shutting it down."""
        self._kept.pop(session_id, None)

    def list(self) -> list[SessionInfo]:
        """The sessions that can still be resumed."""
        now = self._clock()
        return [info for left, info in self._kept.values() if now - left < self._seconds]

    def release(self) -> None:
        """Shut down the sessions whose time is over, and those above the number."""
        now = self._clock()
        while self._kept:
            left, info = next(iter(self._kept.values()))
            if now - left < self._seconds and len(self._kept) <= self._most:
                return
            self._kept.popitem(last=False)
            try:
                info.session.shutdown()
            except Exception as error:
                # The others end all the same.
                print(f"A session didn't end well: {error!r}", file=sys.stderr, flush=True)


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """While the app runs: room for descriptors, an end for the sessions of those who left, and no
    visitor who empties the caches of all.
    """
    complaint = descriptors.raise_limit()
    if complaint:
        print(complaint, file=sys.stderr, flush=True)
    sweeping = asyncio.create_task(_sweep(_install()))
    handled = AppSession.handle_backmsg
    AppSession.handle_backmsg = keeping_caches(handled)  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        AppSession.handle_backmsg = handled  # type: ignore[method-assign]
        sweeping.cancel()


def keeping_caches(
    handle: Callable[[AppSession, BackMsg], None],
) -> Callable[[AppSession, BackMsg], None]:
    """What handles a browser's message, but for the one that empties the caches, of all visitors.

    Any visitor can send it; only Streamlit's menu for developers, which isn't shown, does so by
    itself.
    """

    def handle_others(session: AppSession, message: BackMsg) -> None:
        if message.WhichOneof("type") != "clear_cache":
            handle(session, message)

    return handle_others


def _install() -> Departed | None:
    """Put `Departed` in the place of Streamlit's storage; None if that place isn't there."""
    sessions: Any = getattr(runtime.get_instance(), "_session_mgr", None)
    if not hasattr(sessions, "_session_storage"):
        version = "This version of Streamlit keeps sessions elsewhere; descriptors of those who"
        print(f"{version} left may come back late.", file=sys.stderr, flush=True)
        return None
    departed = Departed(config.get_option("server.disconnectedSessionTTL"))
    sessions._session_storage = departed
    return departed


async def _sweep(departed: Departed | None) -> None:
    while departed:
        await asyncio.sleep(SWEEP_SECONDS)
        departed.release()
