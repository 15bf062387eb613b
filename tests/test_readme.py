"""The README says what the files say."""

from pathlib import Path

from benchmarks import zoo

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_table_of_the_zoo_is_what_the_bundles_hold() -> None:
    assert f"<!-- zoo -->\n{zoo.table()}\n<!-- /zoo -->" in README
