"""How a tip's words are kept for looking up, and how what a reader looks for is made to match them."""

import unicodedata


def search_text(*, title: str, topic: str, text: str) -> str:
    """The words of a tip, folded."""
    return folded(f"{title}\n{topic}\n{text}")


def folded(text: str) -> str:
    """Without case and accents, so that "creme" finds "Crème"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in parts if not unicodedata.combining(character))
