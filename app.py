"""The ASGI app of Latent Lab: which script draws the pages, and what the browser may fetch.

streamlit run app.py
uvicorn app:app
"""

import json
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

import lens
import server
from aemodels import paths
from aemodels.bundles import zoo
from aemodels.data import SOURCES
from aemodels.runs import engines, http, limits
from aemodels.runs.engine_queue import dispatch, slots
from pages.teachers import documents
from ui import lessons_cache, parameters, persons, shared_server, terms

HERE = Path(__file__).parent
server.use_settings_of(HERE)

# The pages leave these lessons out and go by other limits; whoever has written them looks here.
for complaint in (
    *lessons_cache.complaints(),
    *limits.complaints(),
    *engines.complaints(),
    *slots.complaints(),
    *shared_server.complaints(),
):
    print(complaint, file=sys.stderr, flush=True)

# Runs that wait for a cluster go on being handed over.
dispatch.serve()

AFTER_LOGIN, PAGE, HISTORY, CLASSROOM, COPY_LINK, FRAME, TERMS, FIRST_VISIT = (
    (lens.WEB / name).read_text(encoding="utf-8")
    for name in (
        "after_login.js",
        "page.js",
        "history.js",
        "classroom.js",
        "copy_link.js",
        "frame.js",
        "terms.js",
        "first_visit.js",
    )
)
# Every page knows these of its address; a module is loaded once it is needed.
KNOWN = json.dumps(
    {
        "pages": list(parameters.TABLES),
        "controls": sorted(parameters.HIDE.known),
        "projected": (lens.WEB / "share" / "projected.css").read_text(encoding="utf-8"),
    }
)
HEAD = server.Head(
    title="Latent Lab",
    description="Drag through the latent space of an autoencoder and watch the digit change under "
    "your pointer: PCA, autoencoders and VAEs on MNIST, decoded in the browser.",
    icon="lens/icon.png",
    picture="lens/share.png",
    picture_alt="A map of 10,000 handwritten digits, and the 7 that is decoded at the cross-hair",
    scripts=[
        f"{AFTER_LOGIN}\nreturnAfterLogin(window);",
        PAGE,
        f"{HISTORY}\nkeepHistory(window, {json.dumps(parameters.replacing())});",
        f"{CLASSROOM}\nkeepClassroom(window, {KNOWN}, (name) => import(`./lens/share/${{name}}`));",
        f"{COPY_LINK}\ncopyLinks(window);",
        f"{FRAME}\nmendFrame(window);",
        f"{TERMS}\nexplainTerms(window);",
        f"{FIRST_VISIT}\nmarkFirstVisit(window);",
    ],
    styles=[
        lens.WEB / name
        for name in ("page.css", "chart.css", "share/share.css", "share/projector.css")
    ],
    modules={"lens": lens.WEB},
)

app = st.App(
    HERE / "pages" / "navigation.py",
    lifespan=server.lifespan,
    middleware=[
        Middleware(
            server.Front,
            routes={
                "lens": server.folder(lens.WEB),
                "zoo": server.folder(zoo.folder()),
                "reader": server.folder(paths.reader()),
                "runs": server.files(http.find),
                "live": server.facts(http.progress),
                "handout": server.document(documents.handout_page),
                "answers": server.document(documents.answers_page),
                "terms.json": server.facts(terms.facts),
                **{name: server.folder(paths.data() / name) for name in SOURCES},
                "datasets": server.folder(paths.own_data()),
            },
            pages=parameters.TABLES,
            head=HEAD,
            # As the others' names are in their addresses.
            first="explore",
            cookie=persons.cookie,
        )
    ],
)
