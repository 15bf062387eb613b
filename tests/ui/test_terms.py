"""Where a page's Markdown gets links to the glossary."""

from aemodels.lessons.glossary import Term
from ui import markdown, terms


def term(key: str, *names: str) -> Term:
    return Term(key, key, "", names, "", "", None, None)


TERMS = (term("vae", "VAE", "VAEs"), term("beta", "β", "β-VAE"), term("normal", "N(0, I)"))


def test_a_term_is_a_link_where_it_first_stands() -> None:
    used: set[str] = set()
    text = terms.link_first("Two VAEs and a VAE, drawn from N(0, I).", TERMS, used)
    assert text == "Two [VAEs](glossary#vae) and a VAE, drawn from [N(0, I)](glossary#normal)."
    assert used == {"vae", "normal"}
    assert terms.link_first("A VAE.", TERMS, used) == "A VAE."


def test_the_longest_name_counts_and_only_whole_words() -> None:
    text = terms.link_first("The β-VAE isn't a VAE; KVAE is no word.", TERMS, set())
    assert text == "The [β-VAE](glossary#beta) isn't a [VAE](glossary#vae); KVAE is no word."


def test_a_name_is_found_where_markdown_is_escaped() -> None:
    text = terms.link_first(markdown.escape("Of the β-VAE, from N(0, I)"), TERMS, set())
    assert "[β\\-VAE](glossary#beta)" in text
    assert text.endswith("(glossary#normal)")


def test_headings_code_formulas_and_links_stay_as_they_are() -> None:
    text = "## The VAE\n`VAE` $VAE=\n\\beta$ [a VAE](https://example.org) <b title='VAE'>"
    used: set[str] = set()
    assert terms.link_first(text, TERMS, used) == text
    assert used == set()


def test_a_term_that_a_text_links_itself_is_used() -> None:
    used: set[str] = set()
    text = terms.link_first("[that](glossary#vae) is a VAE", TERMS, used)
    assert text == "[that](glossary#vae) is a VAE"


def test_a_browser_is_told_every_meaning() -> None:
    told = terms.facts("")
    assert told is not None
    assert told["kl"]["title"] == "KL divergence"
    assert len(told) == len(terms.all_terms()) > 50
    assert terms.facts("more") is None
