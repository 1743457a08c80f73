"""How a tip's words are kept for looking up, and how what a reader looks for is made to match them."""

import unicodedata


def folded(text: str) -> str:
    """Without case and accents, so that "creme" finds "Crème"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))
