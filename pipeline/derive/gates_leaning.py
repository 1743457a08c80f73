"""The gates that ask what a sentence leans on: a word before it, a thing, a person, a story outside."""

import re

from pipeline.derive import grammar, pointing
from pipeline.derive.rules import Scope, Setting, gate
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    MARK,
    NUMBER_WORD,
    UNIT,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)

_STANDS_FOR = re.compile(
    r"\b(?:is|are|was|be|not|has|have|need|needs|want|wants|do|does|did|that|good|better) (?:one|so)\.$"
)
_DANGLING, _BEFORE_COMMA = bit("dangling_start"), bit("dangling_before_comma")
_NOT_SEVERAL = FUNCTION | VERB | UNIT | bit("time")
_AFTER_A_NOUN = MARK | AUXILIARY | VERB_FORM | EITHER_FORM
_BEFORE_ONE = grammar.DETERMINER | grammar.DEMONSTRATIVE | grammar.ADJECTIVE | NUMBER_WORD | grammar.PRONOUN
_PART_OF, _FUNCTION_OR_ADJECTIVE = bit("part_of"), FUNCTION | grammar.ADJECTIVE
_SHARES = frozenset(["most", "many", "some", "few", "several", "none", "half", "others", "all", "each"])
_HE = frozenset(["he", "him", "his", "she", "hers", "himself", "herself"])
_ONES = frozenset(["one", "ones", "sort", "sorts", "kind", "kinds"])
_IS_A_GOOD_ONE = re.compile(
    r"(?:[A-Z][a-z]+ the|The|An?) [\w-]+ (?:ones?|sorts?|kinds?)\b(?! (?:of|who|that|you)\b)"
    r"|[^,.;:–—]*\b(?:is|are|makes?) (?:an?|the) [\w-]+ one\b"
)
_OVER_THE_TOP = re.compile(r"\b(?:over|on|to) the (?:top|other side|rest|others)\b(?! [a-z]*ly\b| of)")
_WAYS, _AS = frozenset(["way", "manner", "fashion"]), frozenset(["as", "that", "you", "for", "to"])
_CONTRAST = frozenset(["but", "though", "although", "even"])  # "…, but test the water all the same"
_HELPERS = bit("helper")
_TIME_WORD = bit("time")
_DAYS = frozenset(["day", "night", "morning", "afternoon", "evening", "week", "weekend", "month", "year", "hour"])
_JOINTS = frozenset(["and", "or", "but", ";", ":", "if", "when", "rather", "than", "what", "each", "while", "because"])
_NAMES_ITS_CASE = bit("condition") | bit("reason")
_FOR_WHAT = frozenset(["about", "to", "with", "whether", "how", "which", "what", "for"])
_CASE = frozenset(["if", "when", "unless", "until", "whenever"])
_STOPS_SHORT = frozenset(["at", "and", ",", ".", "immediately", "straight", "right", "there", "now", "as"])
_BOTH = {"both": "and", "either": "or", "neither": "nor"}
_NEGATION, _PERSON_NOUN = bit("negation"), bit("person_noun")


@gate(scope=Scope.FIRST, needs=_DANGLING | _BEFORE_COMMA)
def dangling_start(sentence: Sentence, _setting: Setting) -> str:
    """It begins with a word that leans on the sentence before it."""
    words = sentence.words
    length = sentence.start_lengths.get(_DANGLING, 0)
    if length and not _has_partner(words):
        return " ".join(words[:length])
    length = sentence.start_lengths.get(_BEFORE_COMMA, 0)
    return words[0] if length and words[length : length + 1] in ([","], [":"], ["–"], ["—"]) else ""


def _has_partner(words: list[str]) -> bool:
    """both … and, either … or, neither … nor: whole in themselves."""
    return words[0] in _BOTH and _BOTH[words[0]] in words[2:12]


@gate(scope=Scope.FIRST, needs=grammar.PRONOUN)
def pronoun_without_noun(sentence: Sentence, _setting: Setting) -> str:
    """It, they or their points at a noun that stands outside."""
    return pointing.dangling_pronoun(sentence)


@gate(scope=Scope.FIRST, needs=grammar.DEMONSTRATIVE | grammar.GENERIC)
def riddle(sentence: Sentence, _setting: Setting) -> str:
    """'This procedure', 'these scars' or a bare 'the process': of what is said outside."""
    return pointing.dangling_generic(sentence)


@gate(scope=Scope.FIRST)
def one_of_what(sentence: Sentence, _setting: Setting) -> str:
    """Its 'one' or 'so' stands for something said before: 'The main one is …', '… is a good one'."""
    if not _ONES.isdisjoint(sentence.words[:4]) or "one" in sentence.words[:12]:
        found = _IS_A_GOOD_ONE.match(sentence.text)
        if found:
            return found[0]
    if sentence.words[-3:-1] == ["for", "one"]:
        return "for one"  # "ask to be referred for one"
    if len(sentence.words) < 2 or sentence.words[-2] not in ("one", "so"):
        return ""
    return " ".join(sentence.words[-3:-1]) if _STANDS_FOR.search(sentence.text[-24:]) else ""


@gate(scope=Scope.FIRST, needs=AUXILIARY)
def most_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Most were caused by two things', 'None is needed': of what was said before."""
    leans = sentence.words[0] in _SHARES and len(sentence.words) > 1 and bool(sentence.masks[1] & AUXILIARY)
    return " ".join(sentence.words[:2]) if leans else ""


@gate(scope=Scope.FIRST, needs=NUMBER_WORD)
def which_of_them(sentence: Sentence, _setting: Setting) -> str:
    """'If one refuses', 'use one', 'between the two': of things that were named before."""
    words, masks = sentence.words, sentence.masks
    for at, word in enumerate(words[:14]):
        if word not in ("one", "two") or not masks[at + 1 : at + 2] or _names_several(sentence, at):
            continue
        before = words[at - 1] if at else ""
        if word == "two" and before == "the" and masks[at + 1] & (MARK | grammar.OPENER | grammar.CONJUNCTION):
            return "the two"
        stands_alone = masks[at + 1] & _AFTER_A_NOUN or "other" in words[at + 1 :]
        if word == "one" and stands_alone and not masks[at - 1 if at else at + 1] & _BEFORE_ONE:
            return f"{before} one".strip()
    return ""


def _names_several(sentence: Sentence, before: int) -> bool:
    """Whether several things of a kind are named before a word: 'plates', 'a pan and a lid'."""
    return any(
        word in ("and", "or", "of") or (word.endswith("s") and len(word) > 3 and not bits & _NOT_SEVERAL)
        for word, bits in zip(sentence.words[:before], sentence.masks[:before], strict=True)
    )


@gate(scope=Scope.FIRST, needs=bit("hangs_on"))
def hangs_on(sentence: Sentence, _setting: Setting) -> str:
    """'While you're at it', 'the higher one', 'the main culprit': of something said before."""
    found = sentence.word_with(bit("hangs_on"))
    if found == "until" and sentence.word_with(_TIME_WORD) and "then" in sentence.words:
        told = next((at for at, bits in enumerate(sentence.masks) if bits & (UNIT | _TIME_WORD)), len(sentence.words))
        return "" if told < sentence.words.index("then") - 1 else found  # "for three months, so keep it up until then"
    return "" if found == "all" and not _CONTRAST.isdisjoint(sentence.words) else found


@gate(scope=Scope.FIRST)
def at_what_time(sentence: Sentence, _setting: Setting) -> str:
    """'Go outdoors that afternoon', 'the tissue then vibrates': after what, was said before."""
    words, masks = sentence.words, sentence.masks
    if "that" not in words and "then" not in words:
        return ""
    for at in range(2, len(words) - 1):
        if words[at] != "that" and words[at] != "then":
            continue
        told = zip(words[: at - 1], masks[: at - 1], strict=True)
        if any(bits & (_TIME_WORD | MARK) or _opens_a_clause(bits) or word in _JOINTS for word, bits in told):
            return ""
        if words[at] == "that" and masks[at + 1] & _TIME_WORD and words[at + 1] in _DAYS:
            return f"that {words[at + 1]}"
        follows_noun = masks[at - 1] & WORD and not masks[at - 1] & (FUNCTION | AUXILIARY | grammar.CONJUNCTION)
        if words[at] == "then" and follows_noun and masks[at + 1] & (VERB_FORM | EITHER_FORM):
            return f"then {words[at + 1]}"
    return ""


@gate(scope=Scope.FIRST, needs=_TIME_WORD)
def before_what(sentence: Sentence, _setting: Setting) -> str:
    """'No steroid cream in the week before, …': before what, was said before."""
    words, masks = sentence.words, sentence.masks
    for at in range(3, len(words) - 1):
        ends = words[at] in ("before", "after") and bool(masks[at + 1] & MARK)
        if (
            ends
            and words[at - 3 : at - 1] in (["in", "the"], ["during", "the"])
            and masks[at - 1] & (_TIME_WORD | UNIT)
        ):
            return f"the {words[at - 1]} {words[at]}"
    return ""


@gate(scope=Scope.FIRST)
def instead_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Chew gum instead': of what, was said before."""
    words, masks = sentence.words, sentence.masks
    at = words.index("instead") if "instead" in words[1:] else 0
    if not at or words[at + 1 : at + 2] == ["of"]:
        return ""
    told = zip(words[:at], masks[:at], strict=True)
    has_other = any(bits & _NEGATION or word in _JOINTS for word, bits in told)
    return "" if has_other else "instead"


def _opens_a_clause(bits: int) -> bool:
    """'If', 'when', 'because'; but not 'in' and 'after', which a thing may follow."""
    return bool(bits & grammar.OPENER) and not bits & grammar.PREPOSITION


@gate(scope=Scope.FIRST, needs=bit("on_top"))
def on_top_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Tablets won't help either': nor does what was spoken of before."""
    words = sentence.words
    at = words.index("either") if "either" in words else 0
    denied = at and any(bits & _NEGATION for bits in sentence.masks[:at])
    return "either" if denied and "or" not in words[at:] else ""


@gate(scope=Scope.FIRST)
def besides_what(sentence: Sentence, _setting: Setting) -> str:
    """'Ask also about tetanus', 'ask as well when it was tuned': besides what was said before."""
    words = sentence.words
    asks_more = words[1:2] == ["also"] or words[1:3] == ["as", "well"]
    return " ".join(words[:3]) if asks_more and grammar.imperative_at(sentence) == 0 else ""


@gate(needs=bit("on_top"))
def either_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Ask before using either': of two things that stand outside."""
    words = sentence.words
    at = words.index("either") if "either" in words else 0
    if not at or at + 1 >= len(words) or not sentence.masks[at + 1] & MARK or {"and", "or"} & set(words[:at]):
        return ""
    return "" if any(bits & _NEGATION for bits in sentence.masks[:at]) else "either"


@gate(needs=grammar.PRONOUN)
def who_is_he(sentence: Sentence, _setting: Setting) -> str:
    """'Let him climb up': he and she need a person, or an animal, before them."""
    if _HE.isdisjoint(sentence.words):
        return ""
    for at, word in enumerate(sentence.words):
        if word in _HE and at:
            return "" if any(bits & _PERSON_NOUN for bits in sentence.masks[:at]) else word
    return ""


_MEASURE_FIRST = re.compile(
    r"(?:about |around |roughly |just |only )?(?:a|an|one|two|three|four|five|six|half an?|\d+)"
    r"(?:(?: or | to |[–-])\w+)? (?:heaped |level |small |large |good )?"
    r"(?:tablespoon|teaspoon|spoonful|capful|drop|pinche?|dash|squirt|dab|blob)s?\b(?! of\b|\w)",
    re.IGNORECASE,
)


@gate(scope=Scope.FIRST, needs=bit("part_of"))
def part_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Set the height so that …', 'Wipe the inside': of a thing that stands outside."""
    words, masks = sentence.words, sentence.masks
    order = grammar.imperative_at(sentence)
    if order < 0:
        return ""
    text = sentence.text
    may_be_over = (
        ("the top" in text and "the bottom" not in text) or "the other" in text or "the rest" in text
    )  # found sooner than by the pattern
    if may_be_over and (over := _OVER_THE_TOP.search(text)):
        return over[0]
    for at in range(order + 1, min(order + 4, len(words) - 1)):
        if not masks[at] & (_FUNCTION_OR_ADJECTIVE) and not masks[at] & _PART_OF:
            return ""  # the order has a thing that it is on
        whole = masks[at + 1] & WORD and not masks[at + 1] & _FUNCTION_OR_ADJECTIVE
        if masks[at] & _PART_OF and words[at - 1] == "the" and words[at + 1] != "of" and not whole:
            return f"the {words[at]}"
    return ""


@gate(scope=Scope.FIRST)
def how_much_of_what(sentence: Sentence, _setting: Setting) -> str:
    """'Two tablespoons in a litre of water', 'three or four drops are enough': of what, was said before."""
    found = _MEASURE_FIRST.match(sentence.text)
    return found[0] if found else ""


@gate(scope=Scope.FIRST)
def such_a_what(sentence: Sentence, _setting: Setting) -> str:
    """'After such an operation, rest': of a kind that was told before."""
    words = sentence.words
    at = words.index("such") if "such" in words else -1
    noun = at + 2
    if at < 0 or words[at + 1 : at + 2] not in (["a"], ["an"]) or noun >= len(words):
        return ""
    told = "as" in words[noun + 1 : noun + 4] or "that" in words[noun:] or words[noun] in words[:at]
    return "" if told else " ".join(words[at : noun + 1])


@gate(scope=Scope.FIRST, needs=VERB | EITHER)
def stop_what(sentence: Sentence, _setting: Setting) -> str:
    """'Stop at once, and …': what, and in which case, was said before."""
    words = sentence.words
    of_nothing = words[0] == "stop" and len(words) > 1 and words[1] in _STOPS_SHORT
    return "stop" if of_nothing and _CASE.isdisjoint(words) else ""


@gate(scope=Scope.FIRST)
def the_same_way(sentence: Sentence, _setting: Setting) -> str:
    """'Pinch in the same way': as in what was said before."""
    words = sentence.words
    if "same" not in words:
        return ""
    places = [at for at, word in enumerate(words[:-2]) if word == "same" and words[at + 1] in _WAYS]
    return next((f"same {words[at + 1]}" for at in places if words[at + 2] not in _AS), "")


@gate(scope=Scope.FIRST, needs=bit("you_start"))
def story(sentence: Sentence, _setting: Setting) -> str:
    """It tells the reader what happened to 'you', as a scene is set."""
    words, masks = sentence.words, sentence.masks
    past = words[0] == "you" and len(words) > 1 and masks[1] & VERB_FORM and not masks[1] & AUXILIARY
    return " ".join(words[:2]) if past else ""


@gate(scope=Scope.FIRST, needs=_HELPERS)
def in_which_case(sentence: Sentence, _setting: Setting) -> str:
    """'Call an ambulance', 'Make an appointment the same week': in which case was said before."""
    order = grammar.imperative_at(sentence)
    if order < 0 or sentence.mask & _NAMES_ITS_CASE or not _FOR_WHAT.isdisjoint(sentence.words[order:]):
        return ""
    if any(bits & grammar.OPENER and not bits & grammar.PREPOSITION for bits in sentence.masks):
        return ""
    near = zip(sentence.words[order + 1 : order + 6], sentence.masks[order + 1 : order + 6], strict=True)
    return next((word for word, bits in near if bits & _HELPERS), "")
