"""What all of a document is on, as it may be called in a title: "Laser hair removal", "Repotting a plant".

Found once for each document: names are made here of its own lines, its file's name and its first subjects, and weighed
in `naming_evidence.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.derive import clauses
from pipeline.derive.grammar import ADJECTIVE, GENERIC, NEGATION, OPENER, PREPOSITION
from pipeline.derive.headings import POINTS_BACK, Heading, read_heading
from pipeline.derive.naming_evidence import (
    FILE_WORDS,
    MASTHEAD,
    Candidate,
    Evidence,
    Origin,
    file_words,
    names_several,
    own_lines,
    parts_of,
)
from pipeline.derive.profile import Profile, Subject, document_name, sentence_case
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER,
    FUNCTION,
    GERUND,
    STEMS,
    TABLE,
    TOKEN,
    VERB,
    entries,
    forms,
    read_words,
)
from pipeline.documents.model import Document

_LONGEST_LEAD, _LONGEST_LEAD_WORDS = 32, 5
FIRST_SUBJECTS, SUBJECTS = 3, 8
AS_OFTEN = 0.4
"""Of its first subject's places, what another must have to be one of the document's own."""
_MOST_OF_FILE = 2  # words of a file's name that are a name as they stand; "dog_walking_summer" is none, unless spoken
_OF_ANY_NAME = frozenset(["first", "new", "old", "good", "best", "better", "last", "big", "small", "more"])
_STANDS_OUT = 1.8  # times the places of any other subject
_MOST_KEPT = 500
_ASKS = re.compile(r"(?:how|why|what|when|where|who|which)\b(?! you\b| your\b)", re.IGNORECASE)
_NAME_ENDS = re.compile(
    r"\s+(?:for|at|in|on|with|without|from|after|before|during|by|that|which|is|are|isn't|aren't|does|do|can|needs?)\s+"
    r"|\s*[:–—(|]\s*|\s+-\s+"
)
_SECOND_OF_ITS_OWN = re.compile(r"\s+and (?:your|the|an?)\s+", re.IGNORECASE)  # "hand eczema | and your job"
_SECOND_THING = re.compile(r"\s+and\s+")
_MODEL = re.compile(r"\s+[a-z]{1,4}-?\d{2,}[a-z]?$", re.IGNORECASE)  # "Pressure cooker PC-60"
_SAID_AGAIN, _SAID_OFTEN, _LONGEST_ACT = 2, 3, 28
_ARTICLES = frozenset(["a", "an", "the"])
_TELLS = frozenset(["that", "which", "without", "isn't", "does", "needs", "works"])
_FIELD = frozenset(["skin", "face", "skincare"])  # in a text on skincare no subject: all of it is on them
_OPENS_A_NAME = re.compile(
    rf"^(?:(?:{'|'.join(re.escape(each) for each in entries('headings', 'openers_of_names'))}"
    r"|(?:an?|the|your) (?:\w+ )?guide to)\s+)?"
    r"(?:(?:an?|the|your|our|my)\s+)?",
    re.IGNORECASE,
)
_TO_DO = re.compile(r"^(?:how|when|why|where|what) to (\w+)(?= \w)", re.IGNORECASE)
_ENDS_EMPTILY = re.compile(
    rf"(?<=\w)(?:,? and)?\s+(?:{'|'.join(entries('headings', 'closers_of_names'))}|(?!family\b)\w{{3,}}ly)$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:off|up|out|down|over|away|after|for|with|to|on|in)\s+", re.IGNORECASE)
_PARTICLE_BEHIND = re.compile(r"\s+(?:back|off|up|out|down|away)$", re.IGNORECASE)  # "Getting a deposit back"
_IN_BRACKETS = re.compile(r"\s*\(.*?\)|\[[^\]]*\]\s*")


@dataclass(frozen=True, slots=True)
class Naming:
    """`name` is what the document is on, which each tip must say by title or text; '' where none is sure enough.

    `lead` is what may lead a title in; `thing` the name without what is done to it ("Tomatoes" of "Growing tomatoes");
    `act` the stem of an act that the name was made of ("How to repot …"), else ''; `spare` the document's first
    subject, where it may lead in instead of a long name, else ''.
    """

    name: str
    lead: str
    thing: str
    act: str = ""
    spare: str = ""


_kept: dict[tuple[str, str, str], Naming] = {}


def naming(document: Document, background: Profile) -> Naming:
    """What the document calls itself; found once, and kept for the documents asked about last."""
    key = (document.canonical_sha256, document.name, document.title)
    found = _kept.get(key)
    if found is None:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[key] = _Reader(document, background).read()
    return found


class _Reader:
    def __init__(self, document: Document, background: Profile) -> None:
        self._document, self._background = document, background
        self._own = document_name(document)
        self._text = document.text.lower()
        self._evidence = Evidence(document, own_lines(document))

    def read(self) -> Naming:
        subjects = self._background.subjects
        first = subjects[0] if subjects else None
        spare = self._as_lead(first) if first and self._stands_out(first) else ""
        name, line = self._evidence.best(self._candidates())
        made = _TO_DO.match(line)
        act = STEMS[TOKEN.findall(name.lower())[0]] if made and name else ""
        lead = spare if spare and name.startswith("When ") else name  # "Sleep: …" rather than "When you can't sleep: …"
        is_part = not name or stems_of(spare) <= stems_of(name)  # no "Bank" of a text on spotting scams
        spare = spare if is_part and self._is_whole(spare, name) else ""
        return Naming(name, lead or spare, self._thing(name, bool(made)), act, spare)

    def _candidates(self) -> Iterator[Candidate]:
        """What the document may be on: its lines' names, its file's, its first subjects."""
        for place, line in enumerate(own_lines(self._document)):
            origin = Origin.LINE if place else Origin.TITLE
            for part in parts_of(_IN_BRACKETS.sub("", sentence_case(read_heading(line).text, self._background.names))):
                name = self._name_in(part) or self._name_in(_SECOND_OF_ITS_OWN.split(part)[0])
                yield Candidate(name, part, origin)
        yield Candidate(self._of_file_and_line() or self._of_file(), "", Origin.FILE)
        yield Candidate(self._evidence.glued(), "", Origin.FILE)
        yield Candidate(self._spoken_two(file_words(self._document).split()), "", Origin.FILE)
        for subject in self._background.subjects[:FIRST_SUBJECTS]:
            if not is_field(subject, self._background):
                yield Candidate(self._as_lead(subject), "", Origin.SUBJECT)

    def _stands_out(self, first: Subject) -> bool:
        """Whether the first subject may lead in: the title says it, or the document speaks of nothing as often.

        A single word of several ("Edge", in a text on knives) tells less than it costs.
        """
        if is_field(first, self._background) or not MASTHEAD.isdisjoint(TOKEN.findall(first.name)):
            return False
        others = [each.count for each in self._background.subjects[1:]]
        is_titled = first.stems <= stems_of(self._own) and not names_several(self._own)
        return is_titled or first.count >= _STANDS_OUT * max(others, default=1)

    @staticmethod
    def _is_whole(spare: str, name: str) -> bool:
        """Whether the first subject is no mere part of the name: 'Apple', of an apple tree, 'Mouth', of two things."""
        if " and " in name:
            return False
        behind = name.lower().partition(spare.lower())[2].split()[:1] if spare else []
        return bool(spare) and (not behind or bool(TABLE[behind[0]] & (FUNCTION | ADJECTIVE)))

    def _of_file_and_line(self) -> str:
        """The file's words as a line of the document's own has them, with the small words between."""
        words = file_words(self._document).split()
        for line in own_lines(self._document) if len(words) > 1 else ():
            line = sentence_case(read_heading(line).text, self._background.names)
            places = list(TOKEN.finditer(line.lower()))
            told = [place[0] for place in places]
            if words[0] not in told or words[-1] not in told:
                continue
            begin, end = told.index(words[0]), told.index(words[-1])
            inside = [word for word in told[begin : end + 1] if not TABLE[word] & (FUNCTION | PREPOSITION)]
            if inside == [word for word in words if not TABLE[word] & (FUNCTION | PREPOSITION)]:
                name = line[places[begin].start() : places[end].end()]
                return f"{name[:1].upper()}{name[1:]}" if len(name) <= _LONGEST_LEAD else ""
        return ""

    def _of_file(self) -> str:
        """What the file is called, as far as its document speaks of it: "lake-swimming.html"."""
        words = [word for word in file_words(self._document).split() if word not in MASTHEAD and word not in FILE_WORDS]
        if any(len(word) == 1 for word in words if word != "a"):
            return ""  # "10K", without its number
        words = [word for word in words if TABLE[word] & FUNCTION or self._counts[STEMS[word]]]
        is_bare = len(words) > _MOST_OF_FILE and not any(TABLE[word] & FUNCTION for word in words)
        if is_bare and not self._spoken_two(words):
            return ""
        if len(words) == _MOST_OF_FILE and not self._stand_together(words):
            return ""  # "Train children", of going by train with them, would be an order
        enough = 1 if len(words) == 1 else _SAID_AGAIN
        often = any(self._counts[STEMS[word]] >= enough for word in words if not TABLE[word] & FUNCTION)
        is_whole = often and not TABLE[words[0]] & FUNCTION and not TABLE[words[-1]] & FUNCTION
        return " ".join(words).capitalize() if is_whole else ""

    def _stand_together(self, words: list[str]) -> bool:
        """Whether two words are no order: the first is no verb, or the document says them one behind the other."""
        return not TABLE[words[0]] & (VERB | EITHER) or any(
            f"{words[0]}{link}{words[1].rstrip('s')}" in self._text for link in (" ", "-", "")
        )

    def _spoken_two(self, words: list[str]) -> str:
        """The first or the last two words of a longer file's name that the document says so: "Weak nails"."""
        two = [words[:_MOST_OF_FILE], words[-_MOST_OF_FILE:]] if len(words) > _MOST_OF_FILE else []
        spoken = (" ".join(each) for each in two if not any(TABLE[word] & FUNCTION for word in each))
        plain = (each for each in spoken if each.partition(" ")[0] not in _OF_ANY_NAME)
        return next((each.capitalize() for each in plain if each in self._text), "")

    @cached_property
    def _counts(self) -> Counter[str]:
        """How often the document says each stem."""
        return Counter(map(STEMS.__getitem__, read_words(self._text)))

    def _name_in(self, line: str) -> str:
        if names_several(line):
            return ""
        whole = _TO_DO.sub(self._act_of, line)
        for _ in range(2):  # "Notes on looking after …"
            whole = _OPENS_A_NAME.sub("", whole, count=1)
        whole = self._on_subject(whole)
        if not whole:
            return ""
        head = whole if self._is_one(whole) else _NAME_ENDS.split(whole, maxsplit=1)[0].rstrip(" .!")
        before = head.partition(",")[0]
        if before != head and not TABLE[TOKEN.findall(f"{before.lower()} a")[-2]] & ADJECTIVE:  # but "dry, itchy skin"
            head = before
        head = _MODEL.sub("", _ENDS_EMPTILY.sub("", head))
        if len(head) > _LONGEST_LEAD or len(head.split()) > _LONGEST_LEAD_WORDS:
            head = _SECOND_THING.split(head)[0]
        if head and not TABLE[TOKEN.findall(f"{head.lower()} a")[0]] & GERUND:
            head = _PARTICLE_BEHIND.sub("", head)  # "Gel polish off, nails intact"
        if not self._is_name(head):
            head = self._behind(whole, head)
        return head[:1].upper() + head[1:] if self._is_name(head) else ""

    def _behind(self, whole: str, head: str) -> str:
        """What a name is on behind an act that says little: "a slow cooker", of "Getting more from a slow cooker"."""
        tail = _OPENS_A_NAME.sub("", whole[len(head) :].strip().partition(" ")[2], count=1)
        tail = _NAME_ENDS.split(tail, maxsplit=1)[0]
        starts_in_ing = bool(head) and bool(TABLE[TOKEN.findall(head.lower())[0]] & GERUND)
        return tail if starts_in_ing and self._background.stems(FIRST_SUBJECTS) & stems_of(tail) else ""

    @staticmethod
    def _is_one(name: str) -> bool:
        """Whether a short name says less without its end: "Taking a dog on the train", "Hands with eczema"."""
        words = TOKEN.findall(name.lower())
        is_short = bool(words) and len(name) <= _LONGEST_ACT and all(word[0].isalpha() for word in words)
        plain = is_short and not any(TABLE[word] & (AUXILIARY | NEGATION) or word in _TELLS for word in words)
        return plain and (bool(TABLE[words[0]] & GERUND) or words[1:2] == ["with"])

    def _on_subject(self, name: str) -> str:
        """Of a name in two parts the one that tells: behind the colon, where what stands before is no subject."""
        before, _, behind = name.partition(": ")
        if not behind or self._background.stems(FIRST_SUBJECTS) & stems_of(before):
            return name
        rest = _OPENS_A_NAME.sub("", _TO_DO.sub(self._act_of, behind), count=1)
        return rest if self._background.stems(FIRST_SUBJECTS) & stems_of(rest) else name

    def _is_name(self, head: str) -> bool:
        heading, words = read_heading(head), TOKEN.findall(head.lower())
        if not words or not MASTHEAD.isdisjoint(words) or TABLE[words[0]] & (PREPOSITION | OPENER):
            return False  # a paper, a column; "Into the cold", "Before first use"
        counted = [word for word in words if word not in _ARTICLES]
        fits = 0 < len(head) <= _LONGEST_LEAD and len(counted) <= _LONGEST_LEAD_WORDS and head[0].isalpha()
        if not fits or not heading.telling or unprintable(heading) or asks(head):
            return False
        is_thing = len(words) > 1 and self._speaks_of(" ".join(words[:2])) > 1  # "Contact lens case"
        if clauses.is_order(head) and not is_thing and (len(words) > 2 or not TABLE[words[0]] & EITHER):
            return False  # but "Cast iron" is none
        if any(word in self._background.names for word in words):
            return False  # a clinic, a newspaper
        return bool(heading.telling & self._own_stems()) or self._speaks_of(head) > 0 or self._is_spoken_of(head)

    def _is_spoken_of(self, head: str) -> bool:
        """Whether the document often says a word of the name, besides in it: "payslip", of "Reading a payslip"."""
        words = [word for word in TOKEN.findall(head.lower()) if not TABLE[word] & (FUNCTION | GERUND | VERB | GENERIC)]
        return any(self._counts[STEMS[word]] > _SAID_OFTEN for word in words)

    def _act_of(self, found: re.Match[str]) -> str:
        """ "How to prune" → "Pruning"; a consonant is doubled where the document doubles it."""
        return self._in_ing(found[1].lower()).capitalize()

    def _in_ing(self, verb: str) -> str:
        doubled = f"{verb}{verb[-1]}ing"
        return doubled if doubled in self._text else forms(verb)[1]

    def _speaks_of(self, phrase: str) -> int:
        """How often the document says the phrase, its own name apart."""
        return self._text.count(phrase.lower()) - (self._own.lower() in self._text)

    def _own_stems(self) -> frozenset[str]:
        """The stems that the document itself uses, as far as its subjects and sections tell: no file's name is one."""
        headings = (read_heading(section.heading).stems for section in self._document.sections)
        return self._background.stems(SUBJECTS).union(*headings)

    def _thing(self, name: str, made: bool) -> str:
        words = TOKEN.findall(name.lower())
        if not words or not (made or TABLE[words[0]] & GERUND):
            return name
        if words[1:2] in (["to"], ["and"], ["or"]):
            return name  # "Riding to work" is not on work, "Snoring and a dry mouth" not on the mouth alone
        if any(TABLE[word] & PREPOSITION for word in words[2:]):
            return name  # "Moving house with a cat"
        rest = _OPENS_A_NAME.sub("", _PARTICLE.sub("", name.partition(" ")[2]), count=1)
        rest = _PARTICLE_BEHIND.sub("", rest)
        if TABLE[words[-1]] & GENERIC:
            return name  # "Combining treatments": "Treatments" says too little
        is_subject = self._background.stems(FIRST_SUBJECTS) & {STEMS[words[-1]]}
        is_one = " " in rest  # "Second-hand bicycle", of buying one
        return rest[:1].upper() + rest[1:] if rest and (is_subject or is_one or self._speaks_of(rest) > 1) else ""

    def _as_lead(self, subject: Subject) -> str:
        """The subject as a lead: of many, where the document writes it so ("Gums: …"); an act as one ("Running: …")."""
        many = f"{subject.name}s"
        act = self._in_ing(subject.name)
        single = self._text.count(f" {subject.name} ")
        name = many if self._text.count(f" {many} ") * 3 > single else subject.name
        if TABLE[subject.name] & (VERB | EITHER):
            name = act if self._text.count(act) > 1 else subject.name
        return name[:1].upper() + name[1:]


def is_field(subject: Subject, background: Profile) -> bool:
    """Whether the subject is what every text on skincare is on."""
    return background.is_skincare and subject.name in _FIELD


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


def stems_of(line: str) -> frozenset[str]:
    """The stems of a line's words, those of each part of a hyphened word too."""
    words = TOKEN.findall(line.lower())
    parts = [part for word in words if "-" in word for part in word.split("-") if part]
    return frozenset(STEMS[word] for word in (*words, *parts))
