"""Which headings open boilerplate, and which short paragraphs only call to buy, book or subscribe."""

import re

from pipeline.documents import words

LONGEST_CALL = 220
"""Characters; a longer paragraph is an article's own even where it mentions a newsletter."""

_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)])\s+", re.IGNORECASE)
_HEADINGS = frozenset(words.phrases("boilerplate")["headings"])
_CALLS = re.compile(
    "|".join(
        (r"\b" if phrase[0].isalnum() else "") + re.escape(phrase) + (r"\b" if phrase[-1].isalnum() else "")
        for phrase in words.phrases("boilerplate")["calls_to_action"]
    )
)


def is_boilerplate_heading(heading: str) -> bool:
    plain = _NUMBER.sub("", heading.replace("’", "'")).strip(" .:;!-–—*_#").lower()
    return plain.replace(" & ", " and ") in _HEADINGS


def is_call_to_action(text: str) -> bool:
    """Whether a paragraph asks the reader to do something for the publisher ("Get the latest tips by mail")."""
    return len(text) <= LONGEST_CALL and _CALLS.search(text.lower().replace("’", "'")) is not None
