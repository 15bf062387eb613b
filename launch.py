"""Open the installed app: latent-lab [OPTION of `streamlit run`]…

In a checkout `streamlit run app.py` does the same. `latent-lab site OUT` writes a static web site
instead; in a checkout, `python launch.py site OUT`.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run `streamlit run` on the app next to this file; returns when the app is stopped.

    With `site` as the first argument, write a static site.
    """
    try:
        from streamlit import logger
        from streamlit.web import cli
    except ModuleNotFoundError:
        sys.exit("latent-lab: the app needs Streamlit: pip install 'latent-lab[app]'")
    if sys.argv[1:2] == ["site"]:
        # What the app is made of lies beside this file, and is no name of the environment.
        sys.path.insert(0, str(Path(__file__).parent))
        # Parts of the app say that no page is running.
        logger.set_log_level("ERROR")
        from site_builder import command

        command.main(sys.argv[2:])
        return
    sys.argv = ["streamlit", "run", str(Path(__file__).with_name("app.py")), *sys.argv[1:]]
    cli.main()


if __name__ == "__main__":
    main()
