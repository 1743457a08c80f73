"""The gates that ask the sentences around one: what takes it back after it, what it points at before it."""

import re
from collections.abc import Sequence

from pipeline.derive import grammar
from pipeline.derive.headings import read_heading
from pipeline.derive.rules import Refusal, Setting
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER_FORM,
    FUNCTION,
    STEMS,
    TOKEN,
    UNIT,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
    entries,
)

_TAKES_BACK = frozenset(
    ["that", "this", "it", "so", "or", "one", "but", "not", "wrong", "nonsense", "untrue", "sadly", "none", "they"]
)
_IS_TAKEN_BACK = re.compile(
    r"""(?:Wrong|Nonsense|Untrue|Not\ so|Not\ true)\b
      | (?:But\ |Sadly,?\ )?(?:That|This|It|They|None\ of\ (?:this|that|it))\b[^,;:]*
        (?:\b(?:is|are|was|were)|['’]s)(?:\ (?!not)\w+)?
        (?:\ (?:wrong|untrue|nonsense|a\ myth|rubbish|hot\ air)
        |(?:\ not|n['’]t)\ (?:true|so[.,]|needed|necessary|required))\b
      | (?:That|This|It)(?:\ is|['’]s|\ was)\ what\ (?:the|they|people|most|some|my|many|everyone)\b
      | (?:So|Or\ so)\ (?:they|people|the|we|it|one|I)\b.*\b
        (?:say|says|said|told|goes|claims?|runs|hears?|heard|reads?)\b
      | One\ (?:often\ )?(?:hears|reads|is\ told)\b
      | (?:So|Or\ so)\ (?:says|goes|runs)\b""",
    re.VERBOSE,
)
_IS_CONFIRMED = re.compile(r"(?:That|This|It)(?: is|['’]s) (?:also |still |quite )?true\b")
_LONGEST_DENIAL = 140
_VERB = AUXILIARY | VERB | VERB_FORM | EITHER_FORM
_NO_THING = FUNCTION | grammar.ADJECTIVE | UNIT | bit("time") | bit("generic_noun")
_LOOKED_BACK = 2  # sentences
_NOT_TO_DO = re.compile(
    r"(?:.*\b)?(?:what|things?|stuff|how) (?:not to|to avoid|(?:you|we) (?:should|must)(?:n['’]t| not|never))\b"
    r"|(?:the )?don['’]?t['’]?s?$|don['’]t\b|do not\b|never\b|(?:please )?avoid\b"
    r"|(?:\w+ ){0,3}mistakes?\b(?! (?:and how|&))|bad (?:ideas?|habits?)\b",
    re.IGNORECASE,
)
_LEAVES_OFF = frozenset(
    ["avoid", "stop", "skip", "leave", "resist", "refrain", "keep", "beware", "ban", "drop", "quit"]
)
_OPENING = re.compile(r"[^:–—.?!]{2,40}?(?::| [–—])")
_LONGEST_LABEL_WORDS = 6  # and marks
_NAMES_A_MYTH, _WRONG = (frozenset(entries("headings", name)) for name in ("labels_of_myths", "labels_of_wrong"))


def taken_back(following: Sentence) -> Refusal | None:
    """Why the sentence before this one can be in no tip: this one says that it is hearsay, or wrong."""
    words = following.words
    if not words or words[0] not in _TAKES_BACK or len(following.text) > _LONGEST_DENIAL:
        return None
    found = None if _IS_CONFIRMED.match(following.text) else _IS_TAKEN_BACK.match(following.text)
    return Refusal("taken back", "The next sentence says that it is hearsay, or wrong.", found[0]) if found else None


def calls_a_myth(label: str) -> bool:
    """Whether a label, or a sentence that is one, says that what follows is none: 'Myth 1:', 'Common claim.'."""
    words = TOKEN.findall(label.lower())
    if not 0 < len(words) <= _LONGEST_LABEL_WORDS:
        return False
    doubts = _WRONG | _NAMES_A_MYTH if label.rstrip().endswith((":", "–", "—")) else _NAMES_A_MYTH
    return not doubts.isdisjoint(words) or words[:2] == ["not", "true"] or read_heading(label.strip(" .:–—")).is_myth


def called_a_myth(label: str, sentence: Sentence, before: Sentence | None) -> Refusal | None:
    """Why a sentence can be in no tip: its label, or the short sentence before it, calls it a myth."""
    opening = _OPENING.match(sentence.text)  # "Not true: …" is no label
    places = (label, opening[0] if opening else "", before.text if before else "")
    said = next((each for each in places if calls_a_myth(each)), "")
    return Refusal("called a myth", "It stands behind 'Myth:', 'Wrong:' or 'Common claim.'.", said) if said else None


def told_not_to(over: Sequence[str], sentence: Sentence) -> Refusal | None:
    """Why the first words of a list's item are no advice: what stands over it names what is not to be done.

    Under 'What not to do' "Put butter on a burn" is what people do; "Don't put butter on a burn" is advice there too.
    """
    at = grammar.imperative_at(sentence)
    said = next((each for each in over if _NOT_TO_DO.match(each.strip(" :.–—"))), "")
    if at < 0 or not said or grammar.is_prohibition(sentence) or sentence.words[at] in _LEAVES_OFF:
        return None
    return Refusal("told not to", "It stands in a list of what is not to be done.", said)


def spoken_of_before(sentence: Sentence, before: Sequence[Sentence], setting: Setting) -> Refusal | None:
    """Why a sentence cannot open a tip: 'The test shows …' of the test that the sentences before speak of.

    What the document or the section is on needs no such telling ("The skin …", in a text on skin).
    """
    words, masks = sentence.words, sentence.masks
    if not before or words[0] != "the" or len(words) < 3:
        return None
    stem = STEMS[words[1]]
    if masks[1] & _NO_THING or not masks[1] & WORD or not masks[2] & _VERB or stem in setting.subject | setting.heading:
        return None
    if any(stem in each.stems() for each in before[-_LOOKED_BACK:]):
        return Refusal("spoken of before", "'The test shows …': of one that was spoken of before.", f"the {words[1]}")
    return None
