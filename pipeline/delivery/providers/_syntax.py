"""Places in a provider's own template syntax, and staff text and names kept from being taken for it.

Where a provider substitutes, each place becomes a placeholder whose name nobody who writes into the message can know,
and whatever in the text looks like the provider's syntax is broken up by placeholders that stand for single
characters: after the substitution the text is again what was frozen, to the letter. Where a provider has no
substitution for the kind of call that is made, but words of its own that it looks for, these are broken up for good.
"""

import re
from collections.abc import Callable, Sequence
from html import escape

import orjson

from pipeline.delivery.compiled import RecipientValues, Spot
from pipeline.delivery.parts import Pieces
from pipeline.delivery.providers.base import Submission
from pipeline.delivery.wire import MessageError, encoded_mailbox, mailbox

# Values that a provider substitutes: one letter each, so that a call stays small.
VALUES: dict[Spot, str] = {
    Spot.DELIVERY_ID: "d",
    Spot.TEXT_GREETING: "g",
    Spot.HTML_GREETING: "h",
    Spot.LIST_UNSUBSCRIBE: "u",
    Spot.TEXT_UNSUBSCRIBE_URL: "u",
    Spot.HTML_UNSUBSCRIBE_URL: "u",
    Spot.TEXT_PREFERENCES_URL: "p",
    Spot.HTML_PREFERENCES_URL: "p",
}
_SIMPLE_NAMES = re.compile(r"(?:[A-Za-z0-9]{1,15}(?: [A-Za-z0-9]{1,14}){0,3}(?:,|\Z)|,)*")
_NEEDS_ESCAPE = re.compile(r"[&<>\"']")


def substituted(recipients: Sequence[RecipientValues], place: Callable[[str], str]) -> list[dict[str, str]]:
    """Each recipient's values, by their letters as `place` spells them. Raises MessageError for links that HTML would
    spell otherwise.
    """
    delivery, text, html, leave, choose = (place(letter) for letter in "dghup")
    if any(_NEEDS_ESCAPE.search(url) for values in recipients[:1] for url in values[4:6]):
        raise MessageError("A link holds a character that HTML escapes: change public_url")
    greetings = [values[3] for values in recipients]
    in_html = [escape(one) for one in greetings] if _NEEDS_ESCAPE.search("".join(greetings)) else greetings
    return [
        {delivery: str(values[0]), text: values[3], html: escaped, leave: values[4], choose: values[5]}
        for values, escaped in zip(recipients, in_html, strict=True)
    ]


def header_words(values: RecipientValues) -> dict[Spot, str]:
    """What stands in the places of a recipient's headers."""
    return {Spot.DELIVERY_ID: str(values[0]), Spot.LIST_UNSUBSCRIBE: values[4]}


def metadata(submission: Submission, values: RecipientValues) -> str:
    """What a provider repeats with each event, where it knows of no fields of our own: JSON for a header."""
    return orjson.dumps({"delivery": str(values.delivery_id), "batch": submission.key.hex}).decode("ascii")


class Template:
    """Text for one provider's substitution. `place` writes the placeholder for a name; a match of `risky` is one
    character that begins something the provider would look at, and `literals` gives the name that stands for it.
    `opening` is what every placeholder begins with, where that can end something that the text before it began.
    """

    def __init__(
        self, place: Callable[[str], str], risky: re.Pattern[str], literals: dict[str, str], *, opening: str = ""
    ) -> None:
        self._place, self._risky, self._literals, self._opening = place, risky, literals, opening
        self._used: set[str] = set()

    def written(self, pieces: Pieces) -> str:
        """The pieces in the provider's syntax."""
        out: list[str] = []
        for index, piece in enumerate(pieces):
            if isinstance(piece, Spot):
                out.append(self._place(VALUES[piece]))
                continue
            before = index > 0 and isinstance(pieces[index - 1], Spot)
            after = index + 1 < len(pieces) and isinstance(pieces[index + 1], Spot)
            out.append(self._safe(piece, after_place=before, before_place=after))
        return "".join(out)

    def plain(self, text: str) -> str:
        return self.written((text,))

    def values(self) -> dict[str, str]:
        """The placeholders of single characters that were written so far, by name: they go with every recipient."""
        return {self._literals[character]: character for character in sorted(self._used)}

    def _safe(self, text: str, *, after_place: bool, before_place: bool) -> str:
        """A brace or a backslash beside a place would change what the place means."""
        head = tail = ""
        while after_place and text and text[0] in self._literals and text[0] in "{}":
            head, text = head + self._literal(text[0]), text[1:]
        while before_place and text and text[-1] in self._literals and text[-1] in "{\\":
            text, tail = text[:-1], self._literal(text[-1]) + tail
        following = self._opening if before_place and not tail else ""
        safe = self._risky.sub(lambda found: self._literal(found[0]), text + following)
        return head + safe.removesuffix(following) + tail

    def _literal(self, character: str) -> str:
        self._used.add(character)
        return self._place(self._literals[character])


def braces(place: Callable[[str], str]) -> Template:
    """For `{{name}}` and its like: Handlebars, Jinja, Django."""
    risky = re.compile(r"\{(?=[{%#])|\\(?=\\*\{[{%#])")
    return Template(place, risky, {"{": "o", "}": "c", "\\": "b"})


def broken_up(text: str, pattern: re.Pattern[str], *, html: bool) -> str:
    """The text with each match of `pattern` (one character) made harmless for good: as a character reference in HTML,
    elsewhere with a word joiner behind it, which nobody sees.
    """
    return pattern.sub(lambda found: f"&#{ord(found[0])};" if html else f"{found[0]}\u2060", text)


def to_fields(recipients: Sequence[RecipientValues], risky: re.Pattern[str] | None = None) -> list[str]:
    """`to_field` for each; where every name is of letters, digits and single spaces, without looking at each."""
    if _SIMPLE_NAMES.fullmatch(",".join([values.name for values in recipients])):
        return [f'"{values[2]}" <{values[1]}>' if values[2] else values[1] for values in recipients]
    return [to_field(values, risky) for values in recipients]


def to_field(values: RecipientValues, risky: re.Pattern[str] | None = None) -> str:
    """The recipient as one string, ASCII, unfolded; a name that looks like `risky` syntax in encoded words."""
    if risky is not None and risky.search(values.name):
        field = encoded_mailbox("To", values.name, values.address)
    else:
        field = mailbox("To", values.name, values.address)
    return field.decode("ascii").replace("\r\n ", " ")
