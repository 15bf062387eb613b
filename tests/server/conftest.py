"""The product's middleware, for all tests of it."""

import pytest
from starlette.types import ASGIApp

import app
from tests.server.asking import streamlit


@pytest.fixture
def front() -> ASGIApp:
    """The product's own middleware before a Streamlit of nothing."""
    middleware = app.app._user_middleware[0]
    return middleware.cls(streamlit, *middleware.args, **middleware.kwargs)
