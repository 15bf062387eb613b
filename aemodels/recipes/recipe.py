"""A recipe: the settings of one model by name, and for a published one what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aemodels.config import Config
from aemodels.setting import SettingError


@dataclass(frozen=True)
class Recipe:
    """The settings of one model.

    Attributes
    ----------
    name : str
        What `train --recipe` calls it.
    title : str
        What it is, in one line.
    config : Config
        Its settings.
    source, address : str
        Where it was published; empty for a model of the zoo. Not every source has an address.
    as_written, differs : str
        What is as in the source, and what isn't.
    ours : tuple of str
        Models of the zoo to compare it with.
    row : str
        The published number that `python -m reproduction` compares with ours.
    """

    name: str
    title: str
    config: Config
    source: str = ""
    address: str = ""
    as_written: str = ""
    differs: str = ""
    ours: tuple[str, ...] = ()
    row: str = ""

    @property
    def command(self) -> str:
        """The shell command that trains it."""
        return f"python -m aemodels train --recipe {self.name}"

    def with_(self, texts: Mapping[str, str]) -> Config:
        """Its settings, but some of them from the words of a command line, by flat name.

        Raises SettingError, also for another family or network: that would be another recipe.
        """
        own = self.config.texts()
        for kind in ("family", "network"):
            if texts.get(kind, own[kind]) != own[kind]:
                problem = f"recipe {self.name} has {kind} {own[kind]}"
                remedy = f"leave out {{{kind}}} or {{recipe}}"
                raise SettingError(kind, texts[kind][:40], problem, remedy)
        return Config.parse({**own, **texts})
