"""The terms of the glossary in the form that its view takes."""

from collections.abc import Sequence

from aemodels.lessons import Lesson
from aemodels.lessons.glossary import Term
from aemodels.views import contract


def entries(terms: Sequence[Term], lessons: Sequence[Lesson]) -> list[contract.GlossaryTerm]:
    """Each term with the lesson about it, where it is one of these."""
    links = {each.key: contract.LessonLink(key=each.key, title=each.title) for each in lessons}
    return [
        contract.GlossaryTerm(
            key=one.key,
            title=one.title,
            chapter=one.chapter,
            sentence=one.sentence,
            more=one.more,
            picture=one.picture,
            lesson=links.get(one.lesson or ""),
        )
        for one in terms
    ]


def words_of(shown: Sequence[contract.GlossaryTerm]) -> set[str]:
    """The words of all pictures and numbers, names of models and detectors among them."""
    text = " ".join(f"{one['picture'] or ''} {one['more']}" for one in shown)
    return set(text.replace("{", " ").replace("}", " ").split())
