"""Open the installed app: latent-lab [OPTION of `streamlit run`]…

In a checkout `streamlit run app.py` does the same.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run `streamlit run` on the app next to this file; returns when the app is stopped."""
    try:
        from streamlit.web import cli
    except ModuleNotFoundError:
        sys.exit("latent-lab: the app needs Streamlit: pip install 'latent-lab[app]'")
    sys.argv = ["streamlit", "run", str(Path(__file__).with_name("app.py")), *sys.argv[1:]]
    cli.main()
