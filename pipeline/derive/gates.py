"""The gates: why a sentence cannot be printed as a tip, or cannot begin one. Their words: lexicons/tips/."""

import itertools
import re

from pipeline.derive import gates_leaning, grammar  # noqa: F401 - importing gates_leaning registers its rules
from pipeline.derive.rules import AMONG_MYTHS, HAS_NAMES, Setting, gate, word_gate
from pipeline.derive.tokens import (
    AUXILIARY,
    BRACKET,
    COLON,
    DIGIT,
    EXCLAMATION,
    MONEY,
    NOT_ASCII,
    PAST_FORM,
    PERCENT,
    PLUS,
    QUESTION,
    QUOTE_MARK,
    SHOUTING,
    TABLE,
    THREE_DIGITS,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)

SHORTEST, LONGEST = 90, 320
"""Characters of a tip's text, at least and at most."""
SHORTEST_ALONE = 60
"""Characters of an order, exact or with its condition, that no neighbour in its passage goes with."""

_URL = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|org|net|co\.uk|io|shop|example|info)\b|\S@\S+\.\S|(?<!\w)@\w{3,}", re.IGNORECASE
)
_PHONE = re.compile(
    r"\+\d{1,3}[\s(]*\d|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|\(\d{3}\)\s*\d{3}|\b0\d{2,4}[\s-]\d{3,4}[\s-]?\d{3,4}\b|\b1-8\d\d-"
)
_NOTE_MARK = re.compile(
    r"\[\d+(?:[,–-]\s*\d+)*\]|\(\d{4}[a-z]?\)|[a-z][.,]?[¹²³⁰⁴-⁹]+"
    r"|\b(?:Table|Figure|Fig\.|Chart|Appendix|Chapter|Section|Page|Part) \d"
    r"|\([A-Z]\w+(?: et al\.?| and [A-Z]\w+| & [A-Z]\w+)?,? \d{4}\)"
)
_NUMBERED_PART = re.compile(r"(?:Table|Figure|Fig\.|Chart|Appendix|Chapter|Section|Page|Part) \d")
"""What a note's mark is among letters and digits alone; found in a tenth of the time, since it opens with letters."""
_YEAR = re.compile(
    r"\b(?:in|since|by|from|until|of|for|during|late|early|was)\s+(?:the\s+)?(?:(?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December)\s+)?(?:19|20)\d\ds?\b"
)
_HOUR = r"(?:noon|midday|midnight|\d{1,2}(?:[.:]\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_HELD_AT = re.compile(
    rf"\b(?:from|between) {_HOUR} ?(?:am|pm|a\.m\.|p\.m\.)?,? (?:to|and|until|till) {_HOUR}\b"
    rf"|\b{_HOUR} ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock)(?!\w)|\b{_HOUR} ?[–-] ?{_HOUR} ?(?:am|pm)\b",
    re.IGNORECASE,
)
_WHOLLY_QUOTED = re.compile(r"[\"“«].*[\"”»][.!?]?$", re.DOTALL)
_TITLED = re.compile(r"\b(?:Dr|Prof|Professor|Mr|Mrs|Ms|Sir|Dame)\.? [A-Z][a-z]+")
_INTRODUCED = re.compile(
    r"[A-Z][a-z]+ [A-Z][a-z]+(?:, (?:who|an?|the) |,? (?:explains|tells|shows|writes|recalls|lives|works|runs|owns)\b)"
)
_ENDING = re.compile(r"[.!?…][\"'”’»)\]]*$")
_HAS_DONE = re.compile(
    r"(?:An?|Some|One|Two|Three|Several|[A-Z]\w+s) (?:(?!and|who|that|if|when|which)\w+ ){1,6}(?:has|have) \w+ed\b"
)
_NAMED_WITHIN = re.compile(r"[a-z] (?:in|from|at|of|near) [A-Z]\w+")

_REPORTED, _PERSON_TITLE = bit("reported"), bit("person_title")
_REPORTED_START, _SPEAKER = bit("reported_start"), bit("speaker_start")
_NEGATION, _STRONG = bit("negation"), bit("strong_claim")
_ADDRESS = bit("address_word")
_COMPANY_MARK = bit("company_mark")
_PERSON_NOUN = bit("person_noun")
_WRITTEN, _DATED = bit("written"), bit("dated")
_COMPARED = frozenset(["same", "than", "as"])
_WHOEVER = frozenset(["your", "anyone", "anybody", "someone", "somebody", "if", "whoever", "were", "been", "are"])
_SOME_HOLD = re.compile(
    r"(?:Some|Many|Most|A few|Plenty of|Lots of|Quite a few) (?!people\b)\w+ "
    r"(?:feel|think|believe|say|swear|claim|insist|reckon|argue)(?: that)? \w"
)
_SOLD_FOR = re.compile(
    r"\b(?:get|gets|one|two|three|each|both|yours?) for (?:[£$€]\s?\d+|\d+ (?:euros?|pounds?|dollars?)\b)"
)
_CHECKS = frozenset(["check", "whether", "beware"])


@gate(needs=NOT_ASCII)
def broken_character(sentence: Sentence, _setting: Setting) -> str:
    """A character of it was lost when its document was made."""
    return "\ufffd" if "\ufffd" in sentence.text else ""


@gate(needs=QUESTION)
def question(_sentence: Sentence, _setting: Setting) -> str:
    """A question is not a tip."""
    return "?"


@gate(needs=EXCLAMATION)
def exclamation(_sentence: Sentence, _setting: Setting) -> str:
    """Exclaiming is selling or chatting."""
    return "!"


_ANSWERS = [["you", "can", ","], ["you", "may", ","], ["they", "can", ","], ["it", "can", ","], ["it", "does", ","]]


@gate()
def says_yes(sentence: Sentence, _setting: Setting) -> str:
    """'And yes, you do have to do it': it talks to somebody who has asked."""
    if sentence.words[:3] in _ANSWERS:
        return " ".join(sentence.words[:2])  # "You can, if nothing in it was diseased."
    words = sentence.words[1:3] if sentence.words[0] == "and" else sentence.words[:2]
    return words[0] if len(words) > 1 and words[0] in ("yes", "no", "yep", "nope") and words[1] == "," else ""


@gate()
def some_hold(sentence: Sentence, _setting: Setting) -> str:
    """'Some tenants feel that …': what some people hold to be so."""
    found = _SOME_HOLD.match(sentence.text)
    return found[0] if found else ""


@gate(needs=COLON)
def lead_in(sentence: Sentence, _setting: Setting) -> str:
    """It leads up to a list that is not part of it."""
    return ":" if sentence.text.rstrip("\"'”’").endswith((":", ":.")) else ""


@gate()
def fragment(sentence: Sentence, _setting: Setting) -> str:
    """It has no verb, no end, or no beginning."""
    text = sentence.text
    if not grammar.has_verb(sentence) or grammar.only_describes(sentence):
        return "no verb"
    if text[-3:] == "..." or (text[-1] not in ".!?" and (text[-1] == "…" or not _ENDING.search(text))):
        return f"ends '{text[-12:]}'"
    if not text[0].isupper() and not (text[0].isdigit() or text[0] in "\"'“‘«"):
        return f"begins '{text[:12]}'"
    return "too few words" if len(sentence.words) < 5 else ""


@gate(needs=BRACKET | QUOTE_MARK)
def half_a_pair(sentence: Sentence, _setting: Setting) -> str:
    """A bracket or a quotation opens without closing."""
    text = sentence.text
    for opening, closing in ("()", "[]", "“”", "«»"):
        if text.count(opening) != text.count(closing):
            return opening
    return '"' if text.count('"') % 2 else ""


@gate(needs=QUOTE_MARK)
def wholly_quoted(sentence: Sentence, _setting: Setting) -> str:
    """Someone else's words from end to end."""
    text = sentence.text
    return text[:12] if text[0] in '"“«' and _WHOLLY_QUOTED.match(text) else ""


@gate(needs=_REPORTED_START | _SPEAKER)
def reported_speech(sentence: Sentence, _setting: Setting) -> str:
    """It passes on what people say, believe or claim."""
    length = sentence.start_lengths.get(_REPORTED_START, 0)
    if length:
        return " ".join(sentence.words[:length])
    length = sentence.start_lengths.get(_SPEAKER, 0)
    return sentence.words[0] if length and sentence.words[length : length + 1] in ([":"], ["."]) else ""


@gate(needs=_REPORTED)
def someone_says(sentence: Sentence, _setting: Setting) -> str:
    """It rests on someone's word; 'as your doctor says' and 'what the label says' are no one's in particular."""
    for index, bits in enumerate(sentence.masks):
        near = slice(max(0, index - 5), index)
        around = sentence.words[near]
        if not bits & _REPORTED or not (_WHOEVER.isdisjoint(around) or "whatever" in around):
            continue
        told_to = sentence.words[index : index + 3] == ["told", "you", "to"] and "unless" in around
        if not told_to and not any(mask & _WRITTEN for mask in sentence.masks[near]):
            return sentence.words[index]  # but "unless a doctor has told you to" is no one's word
    return ""


@gate()
def person(sentence: Sentence, _setting: Setting) -> str:
    """It is about someone by name."""
    found = (sentence.mask & _PERSON_TITLE and _TITLED.search(sentence.text)) or _INTRODUCED.match(sentence.text)
    return found[0] if found else _whose(sentence)


def _whose(sentence: Sentence) -> str:
    """ "Norman's cousin lost …", "Peggy's used to need …": somebody's, by name."""
    first = sentence.words[0]
    if not first.endswith(("'s", "’s")) or len(sentence.words) < 3 or TABLE[first[:-2]] & ~WORD:
        return ""
    is_kin = bool(sentence.masks[1] & _PERSON_NOUN)
    is_act = bool(sentence.masks[1] & (VERB_FORM | AUXILIARY)) and not sentence.masks[1] & grammar.ADJECTIVE
    return first if is_kin or is_act else ""


@gate(needs=BRACKET | DIGIT | NOT_ASCII)
def note_mark(sentence: Sentence, _setting: Setting) -> str:
    """It carries the mark of a footnote or a citation."""
    if not sentence.mask & (BRACKET | NOT_ASCII) and not _NUMBERED_PART.search(sentence.text):
        return ""
    found = _NOTE_MARK.search(sentence.text)
    return found[0] if found else ""


word_gate("study_method", "It tells how a study was done, not what to do.")
word_gate("pointer", "It sends the reader to a table, a figure or another page.")
word_gate("call_to_action", "It asks something of the reader for the publisher's good.")
word_gate("advertising", "It sells or offers something.")
word_gate("boilerplate", "It speaks of the page, its author or its terms.")
word_gate("announcement", "It announces what is to come.")
word_gate("chat", "It chats or jokes with the reader.")


@gate(needs=_ADDRESS | THREE_DIGITS | PLUS)
def address(sentence: Sentence, _setting: Setting) -> str:
    """It holds a web address, an email address or a telephone number."""
    text = sentence.text
    found = (_URL.search(text) if sentence.mask & _ADDRESS else None) or (
        _PHONE.search(text) if sentence.mask & (THREE_DIGITS | PLUS) else None
    )
    return found[0] if found else ""


@gate(needs=MONEY | DIGIT)
def price(sentence: Sentence, _setting: Setting) -> str:
    """It quotes a price, which is an offer or soon out of date."""
    if sentence.mask & MONEY and sentence.mask & bit("price_word"):
        return sentence.word_with(MONEY)
    sold = _SOLD_FOR.search(sentence.text)
    return sold[0] if sold else ""


@gate(needs=PERCENT)
def percentage_off(sentence: Sentence, _setting: Setting) -> str:
    """It offers a discount."""
    words = sentence.words
    return next((f"% {word}" for mark, word in itertools.pairwise(words) if mark == "%" and word == "off"), "")


@gate(needs=bit("first_person"))
def first_person(sentence: Sentence, _setting: Setting) -> str:
    """It says we, our or I: the voice of a company or a person."""
    found = sentence.word_with(bit("first_person"))
    if (found == "us" and "US" in sentence.text) or (
        found == "i" and re.search(r"\b(?:type|stage|grade|class|phase|group) I\b", sentence.text, re.IGNORECASE)
    ):
        return ""
    return found


@gate(needs=_DATED | THREE_DIGITS)
def dated(sentence: Sentence, _setting: Setting) -> str:
    """It was true on the day it was written."""
    if sentence.mask & _DATED and (word := _word_of_the_day(sentence)):
        return word
    found = _YEAR.search(sentence.text)
    return found[0] if found else ""


@gate(needs=bit("weekday"))
def notice(sentence: Sentence, _setting: Setting) -> str:
    """It says on what day, at what hour, a club meets or a desk is open."""
    found = _HELD_AT.search(sentence.text)
    return found[0] if found and not grammar.gives_order(sentence) else ""


def _word_of_the_day(sentence: Sentence) -> str:
    """The first 'latest' or 'last year' that is no measure: not 'at the latest', 'the same quarter of last year'."""
    words = sentence.words
    for at, bits in enumerate(sentence.masks):
        measured = words[max(0, at - 2) : at] == ["at", "the"] or not _COMPARED.isdisjoint(words[max(0, at - 5) : at])
        if bits & _DATED and not measured:
            return words[at]
    return ""


@gate(needs=AMONG_MYTHS)
def myth(sentence: Sentence, _setting: Setting) -> str:
    """It stands under a heading of myths, as one of them."""
    return "" if sentence.mask & _NEGATION or grammar.imperative_at(sentence) >= 0 else "under a heading of myths"


@gate(needs=_COMPANY_MARK | HAS_NAMES)
def brand(sentence: Sentence, setting: Setting) -> str:
    """A company or a product speaks for itself, or is its subject."""
    if sentence.mask & _COMPANY_MARK:
        return sentence.word_with(_COMPANY_MARK)
    if setting.names.isdisjoint(sentence.words) and ("'" not in sentence.text or "'s" not in sentence.text.lower()):
        return ""
    end = grammar.subject_end(sentence)
    subject = sentence.words[: end or 4]
    named = [word for word in subject if word.removesuffix("'s") in setting.names]
    if named and (end or sentence.words[0] in named) and _acts(sentence, end):
        return named[0]
    return ""


def _acts(sentence: Sentence, end: int) -> bool:
    """Whether a named subject does what companies and people in stories do."""
    if sentence.mask & bit("brand_act"):
        return True
    verb = sentence.words[end] if end else ""
    return bool(end and sentence.masks[end] & VERB_FORM and verb.endswith("ed"))


@gate(needs=bit("dose_unit"))
def drug_dose(sentence: Sentence, _setting: Setting) -> str:
    """It doses a medicine."""
    return sentence.word_with(bit("drug")) if sentence.mask & DIGIT else ""


@gate(needs=_STRONG)
def strong_claim(sentence: Sentence, _setting: Setting) -> str:
    """It promises more than anyone can hold, and no negation takes it back."""
    for index, bits in enumerate(sentence.masks):
        if bits & _STRONG and not _is_denied(sentence, index):
            return sentence.words[index]
    return ""


def _is_denied(sentence: Sentence, index: int) -> bool:
    """A negator within the nine words before ("no cream can cure"), a check ("check for …"), "little or no …"."""
    words = sentence.words[max(0, index - 9) : index]
    if words[-2:] == ["little", "or"] or not _CHECKS.isdisjoint(words):
        return True
    return any(bits & _NEGATION for bits in sentence.masks[max(0, index - 9) : index])


@gate()
def too_long(sentence: Sentence, _setting: Setting) -> str:
    """It alone is longer than a tip may be."""
    return f"{len(sentence.text)} characters" if len(sentence.text) > LONGEST else ""


@gate(needs=SHOUTING)
def shouting(sentence: Sentence, _setting: Setting) -> str:
    """It is set in capitals throughout."""
    return sentence.text[:12]


@gate(needs=PAST_FORM | bit("was"))
def what_happened(sentence: Sentence, _setting: Setting) -> str:
    """It tells what happened once: to somebody, in a trial, in the old days."""
    if grammar.is_past(sentence) or (_HAS_DONE.match(sentence.text) and _NAMED_WITHIN.search(sentence.text)):
        return " ".join(sentence.words[:4])
    return ""
