"""Glossary: every term in one sentence, with a picture or a number of the models that we ship."""

import streamlit as st

import lens
from lens import contract
from ui import address, lens_data, lessons_cache, terms, zoo_cache
from ui.page_header import header
from ui.zoo_cache import Zoo


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
    lens.glossary(shown, models(zoo, shown), {}, lens_data.dataset("mnist"))


def models(zoo: Zoo, shown: list[contract.GlossaryTerm]) -> dict[str, contract.Model]:
    """The models of the zoo that pictures and numbers name."""
    words = " ".join(f"{one['picture'] or ''} {one['more']}" for one in shown)
    named = sorted(set(words.replace("{", " ").replace("}", " ").split()) & set(zoo))
    return {name: lens_data.model(zoo[name]) for name in named}


main()
