"""Characters that nobody sees and that can break, or turn around, what stands beside them. Pure.

They are refused wherever a person types something that goes into a mail header, a feed or a page.
"""

import unicodedata

# Controls, line and paragraph separators, lone surrogates.
UNSEEN_CATEGORIES = frozenset({"Cc", "Zl", "Zp", "Cs"})
# They reorder what stands around them, so that a line with one can read as another's (UTS #55 §4).
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_unseen(character: str) -> bool:
    """Whether the character is a line break of any kind, another control character, or half of a character."""
    return unicodedata.category(character) in UNSEEN_CATEGORIES
