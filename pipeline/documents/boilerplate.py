"""Which headings open boilerplate, and which short paragraphs only call to buy, book or subscribe."""

import re

from pipeline.documents import words

LONGEST_CALL = 220
"""Characters; a longer paragraph is an article's own even where it mentions a newsletter."""

_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|[ivx]+[.)])\s+", re.IGNORECASE)
_HEADINGS = frozenset(words.phrases("boilerplate")["headings"])
_CALLS = tuple(words.phrases("boilerplate")["calls_to_action"])


def is_boilerplate_heading(heading: str) -> bool:
    plain = _NUMBER.sub("", heading.replace("’", "'")).strip(" .:;!-–—*_#").lower()
    return plain.replace(" & ", " and ") in _HEADINGS


def is_call_to_action(text: str) -> bool:
    """Whether a paragraph asks the reader to do something for the publisher ("Get the latest tips by mail")."""
    if len(text) > LONGEST_CALL:
        return False
    plain = text.lower().replace("’", "'")
    return any(call in plain and _stands_alone(call, plain) for call in _CALLS)


def _stands_alone(call: str, text: str) -> bool:
    """Whether the phrase is there in whole words: "shop the", but not in "workshop then"."""
    before = r"(?<!\w)" if call[0].isalnum() else ""
    after = r"(?!\w)" if call[-1].isalnum() else ""
    return re.search(before + re.escape(call) + after, text) is not None
