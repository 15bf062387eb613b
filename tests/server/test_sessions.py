"""Sessions of visitors who have left are shut down, and their descriptors come back."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from browser import server
from browser.visitor import Visitor
from server.sessions import Departed

VISITORS = 20
# A session's event loop is an epoll and a pair of sockets, while its visitor is there a socket too.
LOOP, OPEN = 3, 4


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def session(name: str, ended: list[str]) -> Any:
    """A session that tells when it is shut down."""
    return cast(
        "Any",
        SimpleNamespace(session=SimpleNamespace(id=name, shutdown=lambda: ended.append(name))),
    )


def test_a_session_is_shut_down_when_its_time_is_over() -> None:
    ended: list[str] = []
    clock = Clock()
    departed = Departed(120, clock=clock)
    ada = session("ada", ended)
    departed.save(ada)
    clock.now += 60
    departed.save(session("bob", ended))
    clock.now += 59
    departed.release()
    assert departed.get("ada") is ada
    assert len(departed.list()) == 2
    assert ended == []
    clock.now += 2
    assert departed.get("ada") is None
    departed.release()
    assert ended == ["ada"]
    assert [one.session.id for one in departed.list()] == ["bob"]


def test_a_session_that_ends_badly_keeps_no_other_one(capsys: pytest.CaptureFixture[str]) -> None:
    ended: list[str] = []
    clock = Clock()
    departed = Departed(120, clock=clock)
    bad = SimpleNamespace(session=SimpleNamespace(id="bad", shutdown=lambda: 1 / 0))
    departed.save(cast("Any", bad))
    departed.save(session("ada", ended))
    clock.now += 121
    departed.release()
    assert ended == ["ada"]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_session_that_is_resumed_is_not_shut_down() -> None:
    ended: list[str] = []
    clock = Clock()
    departed = Departed(120, clock=clock)
    departed.save(session("ada", ended))
    departed.delete("ada")
    departed.delete("nobody")
    clock.now += 1000
    departed.release()
    assert departed.list() == ended == []
    # Leaving again counts from then on.
    departed.save(session("ada", ended))
    clock.now += 119
    assert departed.get("ada")


def test_the_oldest_goes_first_when_there_are_too_many() -> None:
    ended: list[str] = []
    departed = Departed(120, most=2, clock=Clock())
    for name in ("ada", "bob", "eve"):
        departed.save(session(name, ended))
    assert ended == ["ada"]
    assert [one.session.id for one in departed.list()] == ["bob", "eve"]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Callable[[], int]]]:
    """The address of an app that is allowed 60 descriptors at first, and how many it has open.

    It forgets a session after a second.
    """
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open descriptors are counted in /proc")
    home = tmp_path_factory.mktemp("sessions")
    port = server.free_port()
    command = ["sh", "-c", 'ulimit -Sn 60; exec "$@"', "sh", sys.executable, "-m", "streamlit"]
    command += ["run", str(server.ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.port", str(port), "--server.disconnectedSessionTTL", "1"]
    url = f"http://localhost:{port}"
    health = f"{url}/_stcore/health"
    environment = {"LATENT_LAB_HOME": str(home)}
    with server.serve(command, health, home / "app.log", environment=environment) as process:
        yield url, lambda: len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def eventually(done: Callable[[], bool], seconds: float = 60) -> None:
    end = monotonic() + seconds
    while not done():
        assert monotonic() < end
        sleep(0.1)


def test_descriptors_come_back_after_the_visitors_left(
    app: tuple[str, Callable[[], int]],
) -> None:
    url, count = app
    before = count()
    visitors = [Visitor(url) for _ in range(VISITORS)]
    # The pages call `gc.freeze` while all sessions are there.
    for visitor, page in zip(visitors, ["compare"] * (VISITORS - 1) + ["train"], strict=True):
        visitor.open(page)
    assert VISITORS * LOOP < count() - before <= VISITORS * OPEN + 8
    for visitor in visitors:
        visitor.close()
    # Nobody else comes or leaves.
    eventually(lambda: count() <= before)


def test_a_visitor_finds_pages_and_misses_others(app: tuple[str, Callable[[], int]]) -> None:
    with Visitor(app[0]) as visitor:
        visitor.open("results")
        tables = [m for m in visitor.messages if m.delta.new_element.WhichOneof("type")]
        assert tables
        with pytest.raises(RuntimeError, match="no page"):
            visitor.open("nowhere")


def test_no_visitor_empties_the_caches_of_all(tmp_path: Path) -> None:
    """Any visitor can send what Streamlit's menu for developers does."""
    (tmp_path / "page.py").write_text(
        "import streamlit as st\n"
        "@st.cache_resource\n"
        "def seen():\n"
        "    return []\n"
        "seen().append(1)\n"
        "st.text(f'visits: {len(seen())}')\n"
    )
    (tmp_path / "app.py").write_text(
        "import streamlit as st\nimport server\napp = st.App('page.py', lifespan=server.lifespan)\n"
    )
    own = {"PYTHONPATH": str(server.ROOT)}
    with (
        server.app(tmp_path / "app.log", own, tmp_path / "app.py") as url,
        Visitor(url) as visitor,
    ):
        for visit in (1, 2):
            visitor.open()
            assert any(f"visits: {visit}" in str(each) for each in visitor.messages)
            message = BackMsg()
            message.clear_cache = True
            visitor._socket.send(message.SerializeToString())
