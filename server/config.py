"""Where Streamlit finds its settings."""

from pathlib import Path

from streamlit import config


def use_settings_of(folder: Path) -> None:
    """Read `folder`/.streamlit/config.toml, unless `streamlit run` has named a script already.

    Under another ASGI server, Streamlit looks next to the script that draws the pages, and in the
    working folder.
    """
    if config._main_script_path is None:
        config._main_script_path = str(folder / "app.py")
