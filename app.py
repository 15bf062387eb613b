"""The ASGI app of Latent Lab: which script draws the pages and which folders the browser may fetch.

streamlit run app.py
"""

import streamlit as st

import lens
from aemodels import paths
from aemodels.bundles import zoo
from aemodels.data import SOURCES
from aemodels.runs import http

app = st.App(
    "pages/navigation.py",
    routes=[
        lens.mount("/lens", lens.WEB),
        lens.mount("/zoo", zoo.folder()),
        lens.mount_found("/runs", http.find),
        lens.mount_facts("/live", http.progress),
        *(lens.mount(f"/{name}", paths.data() / name) for name in SOURCES),
    ],
)
