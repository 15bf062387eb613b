"""The script behind every page: the frame around it and the list of pages."""

import streamlit as st

import lens
from ui import address, classroom, lasting, page_header, terms

# A local file: Streamlit would fetch a named icon from the internet.
ICON = str(lens.WEB / "icon.png")

st.set_page_config(page_icon=ICON, layout="wide")

page = st.navigation(
    [
        st.Page("explore.py", title="Explore", icon=":material/touch_app:", default=True),
        st.Page("compare.py", title="Compare", icon=":material/compare:"),
        st.Page("interpolate.py", title="Interpolate", icon=":material/timeline:"),
        st.Page("learn.py", title="Learn", icon=":material/school:"),
        st.Page(
            "families/page.py",
            title="Families",
            url_path="families",
            icon=":material/family_history:",
        ),
        st.Page("uses/page.py", title="Uses", url_path="uses", icon=":material/search:"),
        st.Page("train.py", title="Train", icon=":material/model_training:"),
        st.Page("results.py", title="Results", icon=":material/fact_check:"),
        st.Page("teachers/page.py", title="For teachers", url_path="teachers", visibility="hidden"),
        st.Page("glossary.py", title="Glossary", visibility="hidden"),
    ],
    position="top",
)
classroom.begin()
address.begin(page.url_path)
page_header.begin(page.title)
terms.begin()
page.run()
lasting.freeze(page.url_path)
