"""What a page asks over the network, counted by Chromium itself."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page


@dataclass
class Transfer:
    """One request that went over the wire, with the bytes of its answer, head included."""

    url: str
    status: int = 0
    bytes: int = 0


class Network:
    """Collects the HTTP requests of a page that its cache didn't answer."""

    def __init__(self, page: Page) -> None:
        self._open: dict[str, Transfer] = {}
        self._cached: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", self._served)
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def transfers(self) -> list[Transfer]:
        """Those so far, in the order in which they were asked for."""
        return [
            transfer
            for key, transfer in self._open.items()
            if key not in self._cached and transfer.url.startswith("http")
        ]

    def _sent(self, event: dict[str, Any]) -> None:
        self._open[event["requestId"]] = Transfer(event["request"]["url"])

    def _served(self, event: dict[str, Any]) -> None:
        self._cached.add(event["requestId"])

    def _received(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if response.get("fromDiskCache") or response.get("fromPrefetchCache"):
            self._cached.add(event["requestId"])
        if event["requestId"] in self._open:
            self._open[event["requestId"]].status = response["status"]

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._open:
            self._open[event["requestId"]].bytes = int(event["encodedDataLength"])
