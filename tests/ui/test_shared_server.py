"""Whether a request comes to a shared server: whatever hints at others makes it one."""

import pytest
import streamlit as st

from ui import shared_server
from ui.shared_server import is_shared

HERE = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (shared_server.SHARED, shared_server.TEACHER, shared_server.USER_HEADER):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """Options of Streamlit for this test; the others are those of the project."""
    plain = st.get_option
    own: dict[str, object] = {}
    monkeypatch.setattr(st, "get_option", lambda name: own.get(name, plain(name)))
    own["server.address"] = "localhost"
    return own


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (HERE, "127.0.0.1"),
        (HERE, "::1"),
        (HERE, "::ffff:127.0.0.1"),
        (HERE, None),
        ({}, None),
        ({"host": "127.0.0.1:8501"}, "127.0.0.1"),
        ({"host": "[::1]:8501", "origin": "http://[::1]:8501"}, "::1"),
        ({"host": "lab.localhost", "origin": "null"}, "127.0.0.5"),
        # jupyter-server-proxy on one's own computer.
        ({**HERE, "X-ProxyContextPath": "/proxy/8501"}, "127.0.0.1"),
    ],
)
def test_ones_own_computer(
    headers: dict[str, str], client: str | None, options: dict[str, object]
) -> None:
    assert not is_shared(headers, client)


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        (HERE, "192.168.1.7"),
        (HERE, "::ffff:10.0.0.1"),
        (HERE, "fe80::1%eth0"),
        (HERE, "somewhere"),
        ({"Host": "192.168.1.2:8501"}, "127.0.0.1"),
        ({"Host": "lab.example.org"}, "127.0.0.1"),
        ({"Host": "localhost.example.org"}, "127.0.0.1"),
        ({"Host": "localhost@lab.example.org"}, "127.0.0.1"),
        ({"Host": ""}, "127.0.0.1"),
        ({"Host": "[::1"}, "127.0.0.1"),
        ({"Host": "localhost:8501", "Origin": "https://lab.example.org"}, "127.0.0.1"),
        ({**HERE, "X-Forwarded-For": "127.0.0.1"}, "127.0.0.1"),
        ({**HERE, "x-forwarded-proto": "http"}, "127.0.0.1"),
        ({**HERE, "Forwarded": "for=127.0.0.1"}, "127.0.0.1"),
        ({**HERE, "X-Real-IP": "127.0.0.1"}, "127.0.0.1"),
        ({**HERE, "Via": "1.1 caddy"}, "127.0.0.1"),
    ],
)
def test_a_visitor_from_elsewhere_or_a_proxy(
    headers: dict[str, str], client: str, options: dict[str, object]
) -> None:
    assert is_shared(headers, client)


@pytest.mark.parametrize(
    "address", [None, "", "0.0.0.0", "::", "192.168.1.2", "lab", "unix:///run/lab.sock"]
)
def test_an_address_that_others_reach(address: str | None, options: dict[str, object]) -> None:
    options["server.address"] = address
    assert is_shared(HERE, "127.0.0.1")


@pytest.mark.parametrize("variable", [shared_server.TEACHER, shared_server.USER_HEADER])
def test_a_code_or_a_login(
    variable: str, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    monkeypatch.setenv(variable, "something")
    assert is_shared(HERE, "127.0.0.1")
    monkeypatch.delenv(variable)
    options["server.trustedUserHeaders"] = {"X-User": "email"}
    assert is_shared(HERE, "127.0.0.1")


def test_what_the_environment_says_holds(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    for text, found in (("yes", True), (" No", False), ("perhaps", True)):
        monkeypatch.setenv(shared_server.SHARED, text)
        for headers in (HERE, {"Host": "lab.example.org"}):
            assert is_shared(headers, "127.0.0.1") is found
        assert bool(shared_server.complaints()) == (text == "perhaps")
    monkeypatch.setenv(shared_server.SHARED, "auto")
    assert not is_shared(HERE, "127.0.0.1")
    assert not shared_server.complaints()


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        (shared_server.TEACHER, "is blank: the server counts as shared, and has no teacher."),
        (shared_server.USER_HEADER, "is blank: it names nobody, so nobody can start a run."),
    ],
)
def test_a_blank_one_is_said_and_opens_nothing(
    variable: str, said: str, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    monkeypatch.setenv(variable, " ")
    assert shared_server.complaints() == [f"{variable} {said}"]
    assert is_shared(HERE, "127.0.0.1")
    monkeypatch.setenv(variable, "something")
    assert not shared_server.complaints()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("localhost", ""),
        ("127.0.0.1", ""),
        ("unix:///run/lab.sock", ""),
        ("0.0.0.0", "0.0.0.0"),
        ("192.168.1.2", "192.168.1.2"),
        (None, "all addresses"),
    ],
)
def test_a_header_that_anybody_can_send_is_said(
    address: str | None,
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, object],
) -> None:
    options["server.address"] = address
    assert not shared_server.complaints()
    monkeypatch.setenv(shared_server.USER_HEADER, "X-Remote-User")
    found = shared_server.complaints()
    assert len(found) == bool(named)
    said = f"X-Remote-User is believed as it comes, and the app listens on {named}:"
    assert all(said in each for each in found)
