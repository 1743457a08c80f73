"""What a tip is about, whether its text or its title says so, and what may lead the title in where neither does.

A document that is on one thing says so in its own name, which holds one of its first subjects ("Laser hair removal:
how to prepare"). A section can be on something else, where its heading is one of the document's other subjects
("Tyres", in a text on chains). A tip owes its reader the name of the one or of the other.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pipeline.derive import clauses
from pipeline.derive.headings import POINTS_BACK, Heading, read_heading
from pipeline.derive.profile import Profile, Subject, document_name, sentence_case
from pipeline.derive.tokens import STEMS, TOKEN, entries
from pipeline.derive.windows import Window

_LONGEST_LEAD, _LONGEST_LEAD_WORDS = 32, 5
_LONGEST_HEADING_LEAD_WORDS = 3
_FIRST_SUBJECTS = 3
_SUBJECTS = 8
_SPOKEN_OF = 4
_AS_OFTEN = 0.4  # of its first subject's places, what another must have to be one of its own
_IS_TIME_ALONE = re.compile(
    r"(?=\S+ \S)(?:the |your |in the )?(?:(?:first|second|third|last|next|following|early|later|final|\d+) )*"
    r"(?:hours?|days?|nights?|evenings?|mornings?|weeks?|months?|sessions?)"
    r"(?: (?:and (?:days?|weeks?|months?)|before|after|between|ahead|itself|that follow|of))*$",
    re.IGNORECASE,
)
"""A heading that says when, and not of what."""
_ASKS = re.compile(r"(?:how|why|what|when|where|who|which)\b(?! you\b| your\b)", re.IGNORECASE)
_NAME_ENDS = re.compile(
    r"\s+(?:for|at|in|on|with|without|from|after|before|during|by|that|which|is|are|isn't|aren't|does|do|can|needs?)\s+|\s*[:–—(|,]\s*|\s+-\s+"
)
_SECOND_THING = re.compile(r"\s+and\s+")
_FIELD = frozenset(["skin", "face", "skincare"])  # in a text on skincare no subject: all of it is on them
_OPENS_A_NAME = re.compile(
    rf"^(?:(?:{'|'.join(re.escape(each) for each in entries('headings', 'openers_of_names'))})\s+)?(?:(?:an?|the)\s+)?",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"^(?:how|when|why|where|what) to \S+\s+(?=(?:an?|the|your) )", re.IGNORECASE)


class About:
    """The tip of a window in its document; `topic` is the label that stands over its title."""

    def __init__(self, window: Window, background: Profile, topic: str = "") -> None:
        self.window, self.background, self.topic = window, background, topic
        self.heading: Heading = window.passage.heading
        self.said = frozenset(window.stems)

    @cached_property
    def subject(self) -> Subject | None:
        """The subject that the text names first, else the heading, else the paragraph; else the document's first."""
        subjects = self.background.subjects
        around = frozenset().union(*(piece.sentence.stems() for piece in self.window.passage.pieces))
        for stems in (self.said, self.heading.telling, around):
            for each in subjects:
                if each.stems <= stems:
                    return each
        return subjects[0] if subjects else None

    @cached_property
    def activity(self) -> Subject | None:
        """The first subject in -ing that the text, its heading or its paragraph names."""
        pieces = self.window.passage.pieces
        around = self.heading.stems.union(*(piece.sentence.stems() for piece in pieces))
        return next((s for s in self.background.subjects if s.name.endswith("ing") and s.stems <= around), None)

    @cached_property
    def name(self) -> str:
        """What the document's own name says that all of it is on ("Dental care"); '' where that is no short name."""
        line = sentence_case(read_heading(document_name(self.window.document)).text, self.background.names)
        whole = _TO_DO.sub("", re.sub(r"\s*\(.*?\)", "", line))
        for _ in range(2):  # "Notes on looking after …"
            whole = _OPENS_A_NAME.sub("", whole, count=1)
        head = _NAME_ENDS.split(whole, maxsplit=1)[0].rstrip(" .")
        if len(head) > _LONGEST_LEAD or len(head.split()) > _LONGEST_LEAD_WORDS:
            head = _SECOND_THING.split(head)[0]
        heading = read_heading(head)
        fits = 0 < len(head) <= _LONGEST_LEAD and len(head.split()) <= _LONGEST_LEAD_WORDS and not head[0].isdigit()
        if not fits or unprintable(heading) or _ASKS.match(head) or clauses.is_order(head):
            return ""
        is_own = heading.telling & self._own_stems() or self._speaks_of(head) > 0
        return head[:1].upper() + head[1:] if is_own and heading.telling else ""

    def _speaks_of(self, phrase: str) -> int:
        """How often the document says the phrase, its own name apart."""
        text = self.window.document.text.lower()
        return text.count(phrase.lower()) - (document_name(self.window.document).lower() in text)

    def _own_stems(self) -> frozenset[str]:
        """The stems that the document itself uses, as far as its subjects and sections tell: no file's name is one."""
        headings = (read_heading(section.heading).stems for section in self.window.document.sections)
        return self.background.stems(_SUBJECTS).union(*headings)

    @cached_property
    def _owed_to_document(self) -> tuple[frozenset[str], ...]:
        """Sets of stems one of which names the document's subject; none where its own name tells no subject."""
        stems = _stems_of(self.name)
        most = self.background.subjects[0].count if self.background.subjects else 0
        first = [each for each in self.background.subjects[:_FIRST_SUBJECTS] if each.count >= _AS_OFTEN * most]
        subjects = [each for each in first if each.stems & stems and not self._is_field(each)]
        in_a_word = any(_is_in_a_word(each.stems, stems) for each in first)
        if not subjects and not in_a_word and (not self.name or self._speaks_of(self.name) < _SPOKEN_OF):
            return ()
        rest = read_heading(self.name).telling.difference(*(each.stems for each in subjects))
        last = STEMS[TOKEN.findall(self.name.lower())[-1]]
        return (*(each.stems for each in subjects), *(frozenset([stem]) for stem in sorted({*rest, last})))

    @cached_property
    def _owed_to_section(self) -> frozenset[str]:
        """The stems of the subjects that the heading names, or of the first subjects where it names nothing."""
        subjects = self.background.stems(_SUBJECTS)
        if not unprintable(self.heading):
            return (self.heading.telling & subjects) or self.heading.telling | self.background.stems(_FIRST_SUBJECTS)
        return self.background.stems(_FIRST_SUBJECTS + 1)

    @property
    def _is_section_apart(self) -> bool:
        """Whether the section is on a subject of the document that is not the document's own."""
        if unprintable(self.heading):
            return False
        most = self.background.subjects[0].count if self.background.subjects else 0
        named = [each for each in self.background.subjects if each.stems & self.heading.telling]
        often = any(each.count >= _AS_OFTEN * most and not self._is_field(each) for each in named)
        return often and self.background.stems(1).isdisjoint(self.heading.telling)

    def is_named(self, line: str = "") -> bool:
        """Whether the text, with the line over it, says what it is about."""
        said = self.said | _stems_of(line)
        if not self._owed_to_document:
            first = self.background.subjects[:1]
            is_first = any(each.stems <= said for each in first) and not self._is_field(first[0])
            owed = self._owed_to_section if any(self.leads()) else frozenset()  # nothing to say it with
            return is_first or not owed or not (owed | self.heading.telling).isdisjoint(said)
        if any(stems <= said for stems in self._owed_to_document):
            return True
        return self._is_section_apart and not self._owed_to_section.isdisjoint(said)

    def _is_field(self, subject: Subject) -> bool:
        return self.background.is_skincare and subject.name in _FIELD

    def names_subject(self, line: str) -> bool:
        """Whether the line alone says what it is about."""
        said = _stems_of(line)
        if self._owed_to_document and not self._is_section_apart:
            return any(stems <= said for stems in self._owed_to_document)
        return not said.isdisjoint(self.background.stems(_FIRST_SUBJECTS) | self.heading.telling)

    def leads(self) -> Iterator[str]:
        """What may lead a title in, best first: the section's name, the document's, its first subject."""
        heading = self.heading
        stands = not unprintable(heading) and not is_time_alone(heading.text)
        short = heading.telling and stands and len(heading.text.split()) <= _LONGEST_HEADING_LEAD_WORDS
        is_name = short and not _ASKS.match(heading.text) and not clauses.is_order(heading.text)
        if is_name and (not self._owed_to_document or self._is_section_apart):
            yield sentence_case(heading.text, self.background.names)
            return
        if self._owed_to_document:
            yield self.name
        if self.background.subjects and self._is_field(self.background.subjects[0]):
            return
        if self.background.subjects and (not self._owed_to_document or self.name.startswith("When ")):
            yield self._as_lead(self.background.subjects[0])

    def _as_lead(self, subject: Subject) -> str:
        """The subject as a lead: of many, where the document writes it so ("Gums: …")."""
        text = self.window.document.text.lower()
        many = f"{subject.name}s"
        is_of_many = text.count(f" {many} ") * 3 > text.count(f" {subject.name} ")
        name = many if is_of_many else subject.name
        return name[:1].upper() + name[1:]


def is_time_alone(heading: str) -> bool:
    """Whether a heading says when and not of what ("The first week")."""
    return bool(_IS_TIME_ALONE.match(heading))


def asks(heading: str) -> bool:
    """Whether a heading opens as a question does ("How triggers work")."""
    return bool(_ASKS.match(heading))


def unprintable(heading: Heading) -> bool:
    """Whether a heading can be no part of a title: it would do for any text, asks, errs or points back."""
    return (
        heading.is_generic
        or heading.is_question
        or heading.is_conclusion
        or heading.is_myth
        or heading.states_a_myth
        or heading.text.endswith((".", "!"))
        or bool(POINTS_BACK.search(heading.text))
    )


def _is_in_a_word(stems: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of the others ends in one of the stems: 'lunchbox' in 'box'."""
    return any(other.endswith(stem) for stem in stems for other in others)


def _stems_of(line: str) -> frozenset[str]:
    """The stems of a line's words, those of each part of a hyphened word too."""
    words = TOKEN.findall(line.lower())
    parts = [part for word in words if "-" in word for part in word.split("-")]
    return frozenset(STEMS[word] for word in (*words, *parts))
