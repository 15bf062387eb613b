"""Glossary: every term in one sentence, with a picture or a number of the models that we ship."""

import streamlit as st

import lens
from aemodels import views
from pages.uses import anomalies
from ui import address, glossary_terms, lessons_cache, page_words, terms, zoo_cache
from ui.page_header import header


def main() -> None:
    zoo = zoo_cache.load()
    with header(page_words.SENTENCES["glossary"]):
        pass
    address.finish(())
    found = terms.all_terms()
    if not found:
        st.warning("The glossary can't be read.", icon=":material/warning:")
        return
    shown = glossary_terms.entries(found, lessons_cache.load(zoo).lessons)
    named = glossary_terms.words_of(shown)
    lens.glossary(
        shown,
        {name: views.model(zoo[name]) for name in sorted(named & set(zoo))},
        {name: one for name, one in anomalies.detectors().items() if name in named},
        views.dataset("mnist"),
    )


main()
