"""Where the links in a lesson's words may lead: pages of the app, and terms of the glossary."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from aemodels.lessons.errors import wrong
from aemodels.lessons.vocabulary import Vocabulary


def follow(href: str, line: int, vocabulary: Vocabulary, terms: Collection[str] | None) -> str:
    """The address that a link leads to, such as "glossary#kl" for `#kl`.

    Raises LessonError unless it stays in the app and what it names exists; `terms` are the keys of
    the glossary, None where that can't be read.
    """
    pages = [name for name, page in vocabulary.pages.items() if not page.inside]
    try:
        parts = urlsplit(href)
    except ValueError:
        parts = None
    if parts and re.fullmatch(r"#[a-z][a-z0-9-]*", href):
        if terms is not None and parts.fragment not in terms:
            raise wrong(line, f"the glossary has no term `{href}`")
        return f"glossary{href}"
    known = [*pages, *vocabulary.links]
    if parts is None or parts.scheme or parts.netloc or parts.path not in known:
        reason = f"a link must lead to a page of this app ({', '.join(known)}) or to a term (#kl)"
        raise wrong(line, reason)
    if parts.path in pages:
        # Their values are the page's to judge: it shows what it can.
        for name, _ in parse_qsl(parts.query, keep_blank_values=True):
            if name not in vocabulary.pages[parts.path].parameters:
                raise wrong(line, f"`{parts.path}` has no parameter `{name[:40]}`")
    return href
