"""What a line that could be a title is: how it was made, from which sentence of the tip, and what leads it in."""

from dataclasses import dataclass
from enum import Enum

from pipeline.derive.tokens import Sentence, read_sentence
from pipeline.documents.model import Span


class Kind(Enum):
    """How a line was made; `points` is what it starts with, `why` is for a person to read."""

    points: float
    why: str

    def __new__(cls, name: str, points: float, why: str) -> "Kind":
        made = object.__new__(cls)
        made._value_, made.points, made.why = name, points, why
        return made

    LABEL = "label", 3.7, "The item's own label, taken off its text."
    SHORT_LABEL = "short label", 2.2, "A label of one word, which needs a lead."
    ORDER = "order", 3.0, "What the tip tells the reader to do, cut where nothing is lost."
    SHORT_ORDER = "short order", 2.1, "The same, cut shorter before a phrase that can be spared."
    HOW_LONG = "how long", 3.3, "'Keep it dry for two days' as 'How long to keep it dry'."
    HOW_OFTEN = "how often", 3.3, "'Change socks every two days' as 'How often to change socks'."
    WHAT_TO_TELL = "what to tell", 3.1, "'Tell the vet if …' as 'What to tell the vet'."
    WHEN_NOT = "when not to", 2.4, "'Don't use a peel on the same day as …' as 'When not to use a peel'."
    DOING = "doing", 2.6, "The act that its order is on, whole: 'Washing with cool water'."
    SHORT_DOING = "short doing", 2.2, "The same, less what it can be named without: 'Choosing a body lotion'."
    HOW_TO = "how to", 3.0, "'To find out whether …' as 'How to find out whether …'."
    WHEN_TO = "when to", 2.7, "An order or a statement whose condition is too long for a title: 'When to …'."
    STATEMENT = "statement", 2.5, "What the tip states, verb and hedge included."
    SHORT_STATEMENT = "short statement", 1.6, "The same, less what it adds after an 'and'."
    WHAT_TO_DO = "what to do", 2.3, "The case in which an order holds: 'What to do if a pipe drips'."
    WHO = "who", 2.8, "'Anyone with diabetes should ask first' as 'Who should ask first'."
    NARROWED = "narrowed", 1.9, "What its sentence is about, with the clause that narrows it."
    HEADING = "heading", 1.7, "The heading that it stands under."
    CONCEPT = "concept", 1.8, "A pattern by concept, out of lexicons/tips/titles.txt."
    THING_WHEN = "thing and when", 1.6, "A thing of the tip, with the words that say before or after what."
    OBJECT = "object", 1.4, "What its order is on, where the order cannot be cut."
    KEY = "key term", 0.9, "The plain noun phrase that its order is on, or that it states something of."
    SUBJECT = "about", 1.4, "What its first sentence is about: the noun phrase alone."


QUESTIONS = (Kind.HOW_LONG, Kind.HOW_OFTEN, Kind.WHEN_TO, Kind.WHEN_NOT)
DOINGS = (Kind.DOING, Kind.SHORT_DOING)
ACTS = (Kind.DOING, Kind.SHORT_DOING, Kind.ORDER, Kind.SHORT_ORDER)
NOUNS = (Kind.KEY, Kind.SUBJECT, Kind.OBJECT, Kind.HEADING)
"""Lines that name a thing: a lead costs them nothing, and none of them may say the document's name again."""
CLAUSES = (Kind.ORDER, Kind.SHORT_ORDER, Kind.STATEMENT, Kind.SHORT_STATEMENT)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that could be the title; `place` is that of its sentence in the tip, `lead` what was set before it."""

    text: str
    kind: Kind
    place: int = 0
    lead: str = ""

    @property
    def whole(self) -> str:
        """The line with its lead."""
        return f"{self.lead}: {small(self.text)}" if self.lead else self.text

    def read(self) -> Sentence:
        """The line, lead apart, with the bits of its words."""
        return read_sentence(self.text, Span(0, 0))


def small(text: str) -> str:
    """With a small first letter, unless the first word is an acronym."""
    first = text.split(" ", 1)[0]
    if len(first) > 1 and first[1] in "-‑" and first[0] not in "AE":
        return text  # "L-ascorbic acid", but "e-mail" and "a-line"
    bare = first[1:].replace("'", "").replace("’", "").replace("-", "")
    return text if len(first) > 1 and not bare.islower() else text[:1].lower() + text[1:]
