"""Data, models and runs are found in a checkout, in an installed package, and where one says."""

from pathlib import Path

import pytest

from aemodels import data, paths
from aemodels.data import download
from aemodels.data.download import DownloadError

VARIABLES = tuple(
    f"LATENT_LAB_{name}" for name in ("DATA", "ZOO", "READER", "RECORDED", "LESSONS", "HOME")
)


@pytest.fixture(autouse=True)
def around(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder around the package, and no variable set."""
    monkeypatch.setattr(paths, "AROUND", tmp_path)
    monkeypatch.setattr(paths, "INSTALLED", tmp_path / "latent_lab")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_checkout_holds_them_all(around: Path) -> None:
    (around / "pyproject.toml").touch()
    (around / "latent_lab").mkdir()
    found = [paths.data(), paths.zoo(), paths.reader(), paths.recorded(), paths.lessons()]
    assert found == [around / name for name in ("data", "zoo", "reader", "recorded", "lessons")]
    assert paths.runs() == around / "runs"
    assert paths.own_lessons() is None


def test_an_installed_package_holds_data_and_models_and_runs_go_to_the_cache(around: Path) -> None:
    (around / "latent_lab").mkdir()
    assert paths.checkout() is None
    found = [paths.data(), paths.zoo(), paths.reader(), paths.recorded(), paths.lessons()]
    names = ("data", "zoo", "reader", "recorded", "lessons")
    assert found == [around / "latent_lab" / name for name in names]
    assert not paths.runs().is_relative_to(around / "latent_lab")
    assert paths.runs() == paths.home() / "runs"
    assert "latent-lab" in paths.home().parts


def test_the_library_alone_uses_the_cache() -> None:
    assert paths.data() == paths.home() / "data"
    assert paths.zoo() == paths.home() / "zoo"


def test_variables_come_first(around: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (around / "pyproject.toml").touch()
    for name in VARIABLES:
        monkeypatch.setenv(name, str(around / name))
    assert paths.data() == around / "LATENT_LAB_DATA"
    assert paths.zoo() == around / "LATENT_LAB_ZOO"
    assert paths.reader() == around / "LATENT_LAB_READER"
    assert paths.recorded() == around / "LATENT_LAB_RECORDED"
    assert paths.own_lessons() == around / "LATENT_LAB_LESSONS"
    assert paths.runs() == around / "LATENT_LAB_HOME" / "runs"
    monkeypatch.chdir(around)
    monkeypatch.setenv("LATENT_LAB_ZOO", "models")
    assert paths.zoo() == around / "models"


def test_a_download_never_goes_into_an_installed_package(
    around: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (around / "latent_lab/data/fashion-mnist").mkdir(parents=True)
    folders: list[Path] = []

    def fetch(url: str, sha256: str, folder: Path, watch: object) -> Path:
        folders.append(folder)
        raise DownloadError("no connection")

    monkeypatch.setattr(download, "fetch", fetch)
    for installed in (True, False):
        if not installed:
            (around / "pyproject.toml").touch()
        with pytest.raises(data.DataError, match="no connection"):
            data.load("fashion-mnist")
    assert folders == [paths.home() / "data/fashion-mnist", around / "data/fashion-mnist"]
