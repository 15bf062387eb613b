"""The cookie by which a shared server knows a browser; none on one's own computer."""

from http.cookies import SimpleCookie

import pytest
from starlette.types import ASGIApp

from tests.server.asking import Answer, ask
from ui import parameters, persons, shared_server

OWN = {"Host": "localhost:8501"}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (shared_server.SHARED, shared_server.TEACHER, shared_server.USER_HEADER):
        monkeypatch.delenv(variable, raising=False)


def cookie(answer: Answer) -> SimpleCookie:
    return SimpleCookie(answer.headers.get("Set-Cookie", ""))


@pytest.mark.parametrize("page", parameters.TABLES)
def test_ones_own_computer_gets_none(page: str, front: ASGIApp) -> None:
    answer = ask(front, f"/{page}?class=7b", headers=OWN)
    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-cache"


def test_a_page_of_a_shared_server_sets_one_that_scripts_cannot_read(front: ASGIApp) -> None:
    answer = ask(front, "/train")
    found = cookie(answer)[persons.COOKIE]
    assert len(found.value) == 43
    assert found["httponly"]
    assert found["samesite"] == "Lax"
    # For the folder of the page's address as the browser knows it.
    assert found["path"] == found["domain"] == found["secure"] == ""
    assert int(found["max-age"]) >= 365 * 24 * 3600
    assert "private" in answer.headers["Cache-Control"]
    assert cookie(ask(front, "/train"))[persons.COOKIE].value != found.value
    again = ask(front, "/", headers={"Cookie": f"{persons.COOKIE}={found.value}"})
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("wrong", ["", "short", "x" * 44, "%" * 43])
def test_a_cookie_of_another_form_is_replaced(wrong: str, front: ASGIApp) -> None:
    assert cookie(ask(front, "/", headers={"Cookie": f"{persons.COOKIE}={wrong}"}))


def test_it_is_secure_where_the_page_is(front: ASGIApp) -> None:
    assert cookie(ask(front, "/", scheme="https"))[persons.COOKIE]["secure"]
    headers = {"X-Forwarded-Proto": "https"}
    assert cookie(ask(front, "/", headers=headers))[persons.COOKIE]["secure"]


def test_only_pages_set_one(front: ASGIApp) -> None:
    for address in ("/zoo/vae-2/bundle.json", "/live/none", "/_stcore/health", "/explore"):
        assert "Set-Cookie" not in ask(front, address).headers


def test_who_is_named_by_a_proxy_needs_none(
    front: ASGIApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(shared_server.USER_HEADER, "X-Remote-User")
    assert not cookie(ask(front, "/", headers={"X-Remote-User": "ada"}))
    assert not cookie(ask(front, "/"))
