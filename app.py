"""The ASGI app of Latent Lab: which script draws the pages and which folders the browser may fetch.

    streamlit run app.py
"""

import streamlit as st

import lens
from aemodels import data
from pages.shelf import zoo_folder

app = st.App(
    "pages/navigation.py",
    routes=[
        lens.mount("/lens", lens.WEB),
        lens.mount("/zoo", zoo_folder()),
        lens.mount("/mnist", data.MNIST_FOLDER),
    ],
)
