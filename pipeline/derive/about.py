"""What a tip is about, whether its text or its title says so, and what may lead the title in where neither does.

A document that is on one thing says so in its own name (`naming.py`). A section can be on something else, where its
heading is one of the document's other subjects ("Tyres", in a text on chains), or hold at one time only ("The first
day"). A tip owes its reader the one and the other.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pipeline.derive import clauses, grammar
from pipeline.derive.headings import Heading
from pipeline.derive.naming import AS_OFTEN, FIRST_SUBJECTS, SUBJECTS, asks, is_field, naming, stems_of, unprintable
from pipeline.derive.profile import Profile, Subject, sentence_case
from pipeline.derive.tokens import FUNCTION, GERUND, STEMS, TABLE, TOKEN, VERB, Sentence
from pipeline.derive.windows import Window

_LONGEST_HEADING_LEAD_WORDS = 3
_LONGEST_NAME_APART_WORDS = 2
_ENOUGH_WORDS = 2  # of a longer name, so many of its words are enough
_SPARE, _LAST_WORD, _ONE_WORD = 0.2, 0.2, 0.7
"""How much is left untold by a lead that is the document's first subject, by the name's last word in the title (the
lenses, of contact lenses), and by any of its words in the text."""
_BY_SECTION = 0.15
"""Of a title that the section leads in: it says of what, though not in which document."""
_OF_A_PART = 0.35
"""Of a tip that names what its section is on: a part of the document's subject has a name too."""
_LONG_PART = 6
_IS_TIME_ALONE = re.compile(
    r"(?=\S+ \S)(?:the |your |in the )?(?:(?:first|second|third|last|next|following|early|later|final|\d+) )*"
    r"(?:hours?|days?|nights?|evenings?|mornings?|weeks?|months?|sessions?)"
    r"(?: (?:and (?:days?|weeks?|months?)|before|after|between|ahead|itself|that follow|of))*$",
    re.IGNORECASE,
)
"""A heading that says when, and not of what."""
_OCCASION = re.compile(
    r"(?:before|after|during|while|between|in between|afterwards?|aftercare|at night|at first|if things"
    r"|(?:the )?(?:first|last|next|race|every) (?:few |two |three )?(?:days?|nights?|weeks?|hours?|months?)"
    r"|days? (?:\d|one)|weeks? (?:\d|one))\b",
    re.IGNORECASE,
)
_LONGEST_OCCASION = 28
_SAMPLE = 200_000  # characters of a document in which its own way of saying shows
_LONG_LEAD = 20  # characters beyond which the document's first subject may lead in instead of its whole name
_RELATIONS = {"before": "Before", "after": "After", "afterward": "After", "afterwards": "After", "during": "During"}
_RELATIONS |= {"aftercare": "After", "beforehand": "Before"}


class About:
    """The tip of a window in its document; `topic` is the label that stands over its title."""

    def __init__(self, window: Window, background: Profile, topic: str = "") -> None:
        self.window, self.background, self.topic = window, background, topic
        self.heading: Heading = window.passage.heading
        self.naming = naming(window.document, background)
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

    def sentence(self, place: int) -> Sentence:
        """The sentence of the tip at a place, as the text has it."""
        sentences = list(self.window.sentences())
        return sentences[min(place, len(sentences) - 1)]

    @cached_property
    def activity(self) -> Subject | None:
        """The first subject in -ing that the text, its heading or its paragraph names."""
        pieces = self.window.passage.pieces
        around = self.heading.stems.union(*(piece.sentence.stems() for piece in pieces))
        return next((s for s in self.background.subjects if s.name.endswith("ing") and s.stems <= around), None)

    @property
    def _told(self) -> frozenset[str]:
        """The stems of what the heading is about; none where it only says when."""
        return frozenset() if self.occasion or is_time_alone(self.heading.text) else self.heading.telling

    @cached_property
    def _owed_to_section(self) -> frozenset[str]:
        """The stems of the subjects that the heading names, or of the first subjects where it names nothing."""
        subjects = self.background.stems(SUBJECTS)
        if not unprintable(self.heading):
            return (self._told & subjects) or self._told | self.background.stems(FIRST_SUBJECTS)
        return self.background.stems(FIRST_SUBJECTS + 1)

    @cached_property
    def _is_section_apart(self) -> bool:
        """Whether the section is on a thing of its own that a word or two name: "Tyres", in a text on chains."""
        short = len(self.heading.text.split()) <= _LONGEST_NAME_APART_WORDS and not self.heading.text.startswith("The ")
        return short and self._is_on_its_own_thing

    @cached_property
    def _is_on_its_own_thing(self) -> bool:
        """Whether the section is on a subject of the document that is not the document's own."""
        heading = self.heading.text
        if unprintable(self.heading) or not self._is_a_name(heading) or self._is_an_act_on_it(heading):
            return False
        most = self.background.subjects[0].count if self.background.subjects else 0
        named = [each for each in self.background.subjects if each.stems & self.heading.telling]
        often = any(each.count >= AS_OFTEN * most and not is_field(each, self.background) for each in named)
        return often and self.background.stems(1).isdisjoint(self.heading.telling) and not self._section_says_name

    @cached_property
    def _section_says_name(self) -> bool:
        """Whether the section speaks of what the document is on: the drops of "Using drops" are those for dry eyes."""
        document, own = self.window.document, self.window.passage.section
        spans = [span for section, span in document.section_spans() if section.heading_span == own.heading_span]
        said = frozenset().union(*(stems_of(span.of(document.text)) for span in spans))
        return bool(self.naming.name) and not said.isdisjoint(self._words_of_name)

    @staticmethod
    def _is_a_name(heading: str) -> bool:
        """Whether a heading names a thing: not a time or a place ("During the session", "In the air")."""
        first = TOKEN.findall(heading.lower())[:1]
        return bool(first) and not TABLE[first[0]] & (grammar.OPENER | grammar.PREPOSITION)

    @staticmethod
    def _is_an_act_on_it(heading: str) -> bool:
        """Whether a heading names what is done to what the document is on: "Getting food out", of a freezer."""
        first = TOKEN.findall(heading.lower())[:1]
        return bool(first) and bool(TABLE[first[0]] & GERUND)

    def untold(self, line: str = "") -> float:
        """How much of what it is about neither the text nor the line over it says: from 0 to 1, all of it."""
        said = self.said | stems_of(line)
        if self.naming.name:
            apart = self._is_section_apart and not self._owed_to_section.isdisjoint(said)
            told = apart or self._says_name(said) or self._says_act(said)
            if told or self._says_part(f"{line} {self.window.text}"):
                return 0.0
            part = self._is_on_its_own_thing and not self._owed_to_section.isdisjoint(said)
            return self._untold_of_name(line) * (_OF_A_PART if part else 1.0)  # "Food and water", of hedgehogs
        first = self.background.subjects[:1]
        is_first = any(each.stems <= said for each in first) and not is_field(first[0], self.background)
        owed = self._owed_to_section if any(self.leads()) else frozenset()  # nothing to say it with
        return float(not (is_first or not owed or not (owed | self._told).isdisjoint(said)))

    def _untold_of_name(self, line: str) -> float:
        """What is left of the name where not all of it is said."""
        words = self._words_of_name
        if self._section_lead and line.startswith(f"{self._section_lead}: "):
            return _BY_SECTION
        if any(spare and line.startswith(f"{spare}: ") for spare in (self.naming.spare, self.naming.thing)):
            return _SPARE
        if words[-1] in stems_of(line):
            return _LAST_WORD
        return 1.0 if self.said.isdisjoint(words) else _ONE_WORD

    @property
    def occasion(self) -> str:
        """The heading, where it says at what time or in which case its tips hold; else ''."""
        text = self.heading.text
        of_no_one = not {"you", "it", "they"} & set(text.lower().split())  # "Before it goes in": what?
        return text if of_no_one and is_occasion(text) else ""

    def tells_occasion(self, line: str = "") -> bool:
        """Whether the text, or the line over it, says so too."""
        if not self.occasion:
            return True
        words = set(TOKEN.findall(f"{line} {self.window.text}".lower()))
        relation = _RELATIONS.get(self.occasion.lower(), "").lower()
        own = [
            each
            for each in TOKEN.findall(self.occasion.lower())
            if not TABLE[each] & FUNCTION or TABLE[each] & grammar.OPENER
        ]
        return any(word in words for word in (*own, relation))

    @cached_property
    def _words_of_name(self) -> list[str]:
        """The stems of the words that tell in what the document is on."""
        words = TOKEN.findall(self.naming.name.lower())
        telling = [STEMS[word] for word in words if not TABLE[word] & (FUNCTION | VERB | GERUND)]
        return telling or sorted(stems_of(self.naming.name))

    def _says_name(self, said: frozenset[str]) -> bool:
        """Whether the words name what the document is on: all of a short name, two words of a longer one."""
        name, stems = self.naming.name.lower(), self._words_of_name
        if self.naming.act in said:
            return True  # "Repot in spring"
        if any(STEMS[word.partition("-")[0]] in said for word in TOKEN.findall(name) if "-" in word):
            return True  # 'rosacea', of "rosacea-prone skin"
        enough = sum(stem in said for stem in stems)
        one_of_two = " and " in name and len(stems) == _ENOUGH_WORDS  # "Damp and mould"
        return enough >= (1 if one_of_two else min(len(stems), _ENOUGH_WORDS))

    def _says_act(self, said: frozenset[str]) -> bool:
        """Whether the words name a treatment that the document speaks of nearly as often as of what it is for."""
        subjects = self.background.subjects[:FIRST_SUBJECTS]
        return any(
            each.name.endswith("ing") and each.stems <= said and each.count >= AS_OFTEN * subjects[0].count
            for each in subjects
        )

    def _says_part(self, line: str) -> bool:
        """Whether a line says the end of the name's own word: 'needling', of microneedling."""
        whole = [word for word in TOKEN.findall(self.naming.name.lower()) if word.endswith("ing")]
        words = [word for word in TOKEN.findall(line.lower()) if word.endswith("ing") and not TABLE[word] & GERUND]
        parts = [word for word in words if len(word) > _LONG_PART]
        return any(word.endswith(part) for word in whole for part in parts)

    def names_subject(self, line: str) -> bool:
        """Whether the line alone says what it is about."""
        said = stems_of(line)
        if self.naming.name and not self._is_section_apart:
            return self._says_name(said) or self._says_act(said) or self._says_part(line)
        return not said.isdisjoint(self.background.stems(FIRST_SUBJECTS) | self._told)

    def says_name(self, line: str) -> bool:
        """Whether the line says by itself what the document is on, as far as it has a name."""
        said = stems_of(line)
        return bool(self.naming.name) and (self._says_name(said) or self._says_act(said) or self._says_part(line))

    @cached_property
    def lead(self) -> str:
        """What best leads a title in; '' where nothing may."""
        return next((lead for lead in self.leads() if lead), "")

    def leads(self) -> Iterator[str]:
        """What may lead a title in, best first: the section's name, the document's, its first subject."""
        section = self._section_name
        if section and (not self.naming.name or self._is_section_apart):
            yield section
            return
        own = self.naming
        if own.name and len(own.name) <= _LONG_LEAD and not self.tells_occasion():
            yield from filter(None, [self._on_occasion(own.name)])
        if own.lead:
            yield own.lead
        if len(own.lead) > _LONG_LEAD and self._section_lead:
            yield self._section_lead
        if own.thing and own.thing != own.lead:
            yield own.thing  # "Used car: …" where "Buying a used car: …" leaves no room
        elif own.spare and len(own.lead) > _LONG_LEAD:
            yield own.spare

    @cached_property
    def _section_name(self) -> str:
        """The heading of the section, where it is short and names a thing; else ''."""
        heading = self.heading
        text = heading.text
        if unprintable(heading) or not heading.telling or len(text.split()) > _LONGEST_HEADING_LEAD_WORDS:
            return ""
        is_name = self._is_a_name(text) and not (self.occasion or is_time_alone(text) or asks(text))
        return sentence_case(text, self.background.names) if is_name and not clauses.is_order(text) else ""

    @cached_property
    def _section_lead(self) -> str:
        """The same where it may stand for the document's name: "Heating", in a text on saving energy."""
        text = self.heading.text
        says_act = " " in text and self._is_an_act_on_it(text)
        return "" if says_act or text.startswith("The ") or not text[:1].isalpha() else self._section_name

    def _on_occasion(self, name: str) -> str:
        """ "After laser hair removal" under 'Afterwards'; "Lip filler, days 3 to 7" under what is longer.

        '' under 'Every week', and where nothing can be after it: "Razor bumps, afterwards" is no phrase.
        """
        when = sentence_case(self.occasion, self.background.names)
        if stems_of(name) <= stems_of(when):
            return when  # "After the flood"
        relation = _RELATIONS.get(when.lower(), "") if self._is_an_act(name) else ""
        if when.lower().startswith("every ") or (not relation and when.lower() in _RELATIONS):
            return ""
        act = name[:1].lower() + name[1:] if name[1:2].islower() else name
        spoken = (
            re.search(rf"\b{relation.lower()} (an? |the |your )(?={re.escape(act)}\b)", self._sample)
            if relation
            else None
        )
        act = f"{spoken[1]}{act}" if spoken else act
        return f"{relation} {act}" if relation else f"{name}, {when[:1].lower()}{when[1:]}"

    @property
    def _sample(self) -> str:
        return self.window.document.text[:_SAMPLE]

    def _is_an_act(self, name: str) -> bool:
        """Whether something can be after it: "After lip filler", but not "After slow cooker"."""
        words = TOKEN.findall(name.lower())
        if " and " in name:
            return False
        when = rf"\b(?:before|after|during) (?:an? |the |your )?(?:\w+ )?{re.escape(words[-1])}"
        spoken = re.search(when, self._sample, re.IGNORECASE)
        return bool(spoken) or any(word.endswith(("ing", "al", "ion", "ment", "ery")) for word in words)


def is_occasion(heading: str) -> bool:
    """Whether a heading says at what time or in which case its tips hold ("Before the session", "Day one")."""
    return len(heading) <= _LONGEST_OCCASION and bool(_OCCASION.match(heading))


def is_time_alone(heading: str) -> bool:
    """Whether a heading says when and not of what ("The first week")."""
    return bool(_IS_TIME_ALONE.match(heading))
