"""docs/own-pictures.md, followed to the letter."""

import re
import shlex
from pathlib import Path

import pytest

from aemodels import data, load_dataset, reader, runs
from aemodels.cli import main
from aemodels.data import own
from aemodels.reader import training

TEXT = (Path(__file__).parents[3] / "docs" / "own-pictures.md").read_text("utf-8")


def commands() -> list[list[str]]:
    """The words after `python -m aemodels`, in their order."""
    lines = [
        line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.split("\n")
    ]
    lines += re.findall(r"`(python -m aemodels data remove [a-z-]+)`", TEXT)
    return [shlex.split(line)[3:] for line in lines if line]


def test_its_commands_do_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add, train, listed, read, remove = commands()
    assert main(add) == 0
    made = data.source("small-digits")
    count = re.search(r"the ([\d,]+) digits", TEXT)
    assert count is not None
    assert made.train_count + made.test_count == int(count[1].replace(",", ""))
    assert main(train) == 0
    assert runs.read("small-vae").state == "finished"
    assert len(load_dataset("small-digits").test_images) == made.test_count
    capsys.readouterr()
    assert main(listed) == 0
    assert capsys.readouterr().out.startswith("small-digits: ")
    assert (own.folder("small-digits") / "dataset.json").is_file()
    # The whole of it takes minutes.
    monkeypatch.setattr(training, "MOST_PASSES", 1)
    assert main(read) == 0
    assert reader.load(reader.folder_of("small-digits")).manifest.dataset == "small-digits"
    assert main(remove) == 0
    assert runs.read("small-vae").bundle_path is not None


def test_its_examples_have_options_that_exist() -> None:
    from aemodels.cli.parser import parser

    examples = re.findall(r"`(data add [^`]+)`", TEXT)
    assert len(examples) == 5
    for example in examples:
        assert parser().parse_args(shlex.split(example)).action == "add"
