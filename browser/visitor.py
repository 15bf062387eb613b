"""A visitor without a browser: the websocket over which Streamlit runs a page for one session.

    with visitor.Visitor("http://localhost:8501") as person:
        seconds = person.open("compare", "models=pca-2,vae-2")

Nothing is drawn and no file is fetched: what is left is what a session costs the server.
"""

import ssl
from collections.abc import Mapping
from contextlib import ExitStack
from time import perf_counter
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

# As Streamlit's page does; messages of whole tables can be large.
STREAM, PROTOCOL, LARGEST = "/_stcore/stream", "streamlit", 64 << 20


class Visitor:
    """One open page. `messages` are those of its last run."""

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        seconds: float = 120,
    ) -> None:
        self._seconds = seconds
        self._open = ExitStack()
        connecting = connect(
            url.replace("http", "ws", 1) + STREAM,
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            additional_headers=headers,
            ssl=tls,
            max_size=LARGEST,
            open_timeout=seconds,
            compression=None,
            # A server that is slow is waited for, not left.
            ping_interval=None,
            proxy=None,
        )
        self._socket = self._open.enter_context(connecting)
        self.messages: list[ForwardMsg] = []
        self.session = self.page = self.query = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, page: str = "", query: str = "") -> float:
        """Run the page with that name, "" for the first; the seconds until it is whole.

        Raises TimeoutError, websockets.ConnectionClosed, and RuntimeError where the page isn't
        there or fails.
        """
        self.page, self.query = page, query
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.is_history_navigation = bool(self.messages)
        return self._run(message)

    def press(self, label: str) -> float:
        """Press the button with that label; the seconds until the page is whole again.

        Raises RuntimeError where the page has no such button, and as `open` does.
        """
        elements = [each.delta.new_element for each in self.messages]
        found = [each.button for each in elements if each.WhichOneof("type") == "button"]
        buttons = [button.id for button in found if button.label == label and not button.disabled]
        if not buttons:
            raise RuntimeError(f"the page has no button {label!r} to press")
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.query_string = self.query
        pressed = message.rerun_script.widget_states.widgets.add()
        pressed.id, pressed.trigger_value = buttons[0], True
        return self._run(message)

    def _run(self, message: BackMsg) -> float:
        start = perf_counter()
        self._socket.send(message.SerializeToString())
        self.messages = []
        while True:
            left = self._seconds - (perf_counter() - start)
            content = self._socket.recv(timeout=max(left, 0), decode=False)
            assert isinstance(content, bytes)
            answer = ForwardMsg.FromString(content)
            self.messages.append(answer)
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id
            if kind == "page_not_found":
                raise RuntimeError(f"there is no page {answer.page_not_found.page_name!r}")
            if kind == "script_finished" and answer.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return perf_counter() - start

    def close(self) -> None:
        """Leave, as closing the tab does."""
        self._open.close()
