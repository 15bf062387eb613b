"""A class goes with the visitor from page to page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from aemodels import paths
from browser import server
from browser.visitor import Visitor
from tests.pages import own
from ui import persons

KEY = "a" * 43


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of class 7b."""
    found = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LATENT_LAB_HOME", str(found))
        assert paths.runs().is_relative_to(found)
        own.run("of-7b", "The run of 7b", owner="someone", group="7b")
    return found


@pytest.fixture(scope="module")
def url(home: Path) -> Iterator[str]:
    environment = {"LATENT_LAB_HOME": str(home), "LATENT_LAB_SHARED": "yes"}
    with server.app(home / "app.log", environment) as found:
        yield found


def visitor(url: str) -> Visitor:
    return Visitor(url, headers={"Cookie": f"{persons.COOKIE}={KEY}"})


def elements(messages: list[ForwardMsg], kind: str) -> list[str]:
    """The elements of the page of this kind, as text."""
    found = [each.delta.new_element for each in messages]
    return [str(getattr(each, kind)) for each in found if each.WhichOneof("type") == kind]


@pytest.mark.parametrize("label", ["Open in Explore", "Compare with …", "Morph with it"])
def test_a_button_that_leads_to_another_page_keeps_the_class(url: str, label: str) -> None:
    with visitor(url) as person:
        person.open("train", "class=7b&run=of-7b")
        person.press(label)
        assert not [each for each in elements(person.messages, "alert") if "of-7b" in each]
        assert any("The run of 7b" in str(each) for each in person.messages)
