"""Glossary: every term in one sentence, with a picture or a number of the models that we ship."""

from collections.abc import Sequence

import streamlit as st

import lens
from aemodels import views
from aemodels.views import contract
from pages.uses import anomalies
from ui import address, lessons_cache, terms, zoo_cache
from ui.page_header import header


def main() -> None:
    zoo = zoo_cache.load()
    with header("**Every term in one sentence.** Pictures and numbers come from the models here."):
        pass
    address.finish(())
    found = terms.all_terms()
    if not found:
        st.warning("The glossary can't be read.", icon=":material/warning:")
        return
    lessons = {
        each.key: contract.LessonLink(key=each.key, title=each.title)
        for each in lessons_cache.load(zoo).lessons
    }
    shown = [
        contract.GlossaryTerm(
            key=one.key,
            title=one.title,
            chapter=one.chapter,
            sentence=one.sentence,
            more=one.more,
            picture=one.picture,
            lesson=lessons.get(one.lesson or ""),
        )
        for one in found
    ]
    named = words_of(shown)
    lens.glossary(
        shown,
        {name: views.model(zoo[name]) for name in sorted(named & set(zoo))},
        {name: one for name, one in anomalies.detectors().items() if name in named},
        views.dataset("mnist"),
    )


def words_of(shown: Sequence[contract.GlossaryTerm]) -> set[str]:
    """The words of all pictures and numbers, names of models and detectors among them."""
    text = " ".join(f"{one['picture'] or ''} {one['more']}" for one in shown)
    return set(text.replace("{", " ").replace("}", " ").split())


main()
