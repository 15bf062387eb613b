"""A sentence to complete: its beginning is printed, the rest is a line to write on."""

import re

# A sentence breaks well after one of these, better at a mark than before a word.
MARKS = ",;:"
WORDS = ("and", "but", "by", "from", "if", "in", "is", "not", "of", "so", "to", "when", "with")
EARLIEST, BEST, LATEST = 0.28, 0.55, 0.85  # shares of the sentence that is printed
MARK_WEIGHT = 0.15  # how much nearer to the best place a word has to be


def split(sentence: str) -> tuple[str, str]:
    """A plain sentence -> what is printed, and what is to be written, neither of them empty."""
    words = sentence.split()
    if len(words) < 2:
        return "", sentence
    best, least = len(words) // 2, float("inf")
    for place in range(1, len(words)):
        share = len(" ".join(words[:place])) / len(sentence)
        marked = words[place - 1][-1] in MARKS
        if not EARLIEST <= share <= LATEST or not (marked or words[place - 1].lower() in WORDS):
            continue
        distance = abs(share - BEST) + (0 if marked else MARK_WEIGHT)
        if distance < least:
            best, least = place, distance
    # "outside, so" leads on better than "outside,".
    if words[best - 1][-1] in MARKS and words[best] in WORDS and best + 1 < len(words):
        best += 1
    return " ".join(words[:best]), " ".join(words[best:])


def plain(html: str) -> str:
    """A line of HTML without its tags."""
    return re.sub(r"<[^>]*>", "", html)
