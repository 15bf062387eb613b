"""What a browser gets beside Streamlit's own answers: the page around the app, and files.

`Front` is the middleware before Streamlit; `app.py` says which pages, files and facts there are.
"""

from server.answers import document, facts, files, folder
from server.config import use_settings_of
from server.front import Front
from server.head import Head
from server.sessions import lifespan

__all__ = ["Front", "Head", "document", "facts", "files", "folder", "lifespan", "use_settings_of"]
