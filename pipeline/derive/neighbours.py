"""The gates that ask the sentences around one: what takes it back after it, what it points at before it."""

import re
from collections.abc import Sequence

from pipeline.derive import grammar
from pipeline.derive.rules import Refusal, Setting
from pipeline.derive.tokens import AUXILIARY, EITHER_FORM, FUNCTION, STEMS, UNIT, VERB, VERB_FORM, WORD, Sentence, bit

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


def taken_back(following: Sentence) -> Refusal | None:
    """Why the sentence before this one can be in no tip: this one says that it is hearsay, or wrong."""
    words = following.words
    if not words or words[0] not in _TAKES_BACK or len(following.text) > _LONGEST_DENIAL:
        return None
    found = None if _IS_CONFIRMED.match(following.text) else _IS_TAKEN_BACK.match(following.text)
    return Refusal("taken back", "The next sentence says that it is hearsay, or wrong.", found[0]) if found else None


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
