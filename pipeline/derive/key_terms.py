"""The plain noun phrase that a sentence is on, for titles: its order's object, its subject, what its opener holds."""

import re

from pipeline.derive import grammar
from pipeline.derive.clauses import PARTICLES, leans
from pipeline.derive.phrases import is_many
from pipeline.derive.tokens import (
    AUXILIARY,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    MARK,
    NUMBER_WORD,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)

_LONGEST_PHRASE_WORDS, _LONGEST_LIST_WORDS = 7, 12
_BEFORE_A_NOUN = bit("determiner") | bit("preposition") | bit("adjective")
_NO_KEY = FUNCTION | VERB_FORM | NUMBER_WORD | bit("vague_noun") | bit("generic_noun") | bit("abstract") | bit("time")
_NO_KEY |= bit("unit") | grammar.ADVERB | grammar.ADJECTIVE | bit("hedge")
_LONGEST_MENTION = 3
_MANY = frozenset(["children", "feet", "teeth", "women", "men", "mice"])
_ENDS_A_MENTION = MARK | FUNCTION | AUXILIARY | grammar.PREPOSITION | grammar.CONJUNCTION
_AFTER_A_VERB = _BEFORE_A_NOUN | FUNCTION | grammar.OPENER | grammar.ADVERB | MARK
_NEAR = 6  # words before the comma of "In a cold kitchen, …"
_WHERE = frozenset(["sideways", "apart", "upright", "outside", "indoors", "outdoors", "ahead", "overnight", "abroad"])
_ARTICLES = frozenset(["a", "an", "the"])
_NO_ACTS = frozenset(["be", "let", "have"])
_OPENS_A_CLAUSE = frozenset(["that", "whether", "if", "how", "what"])
_POINTS = grammar.PRONOUN | grammar.DEMONSTRATIVE | grammar.NEGATION
_BEFORE_A_KEY = bit("determiner") | grammar.ADVERB | bit("hedge") | NUMBER_WORD
_AFTER_A_SUBJECT = AUXILIARY | VERB | VERB_FORM | EITHER_FORM | grammar.PREPOSITION


def key_of(sentence: Sentence) -> str:
    """The plain noun phrase that a sentence is on: what its order is done to, or its subject; '' where none is sure."""
    words, masks = sentence.words, sentence.masks
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(words):
        return ""
    if line := _opener_s_noun(sentence, places):
        return line
    at = grammar.imperative_at(sentence)
    if words[1:2] in (["percent"], ["%"]) or words[1:3] == ["per", "cent"] or words[2:3] == ["percent"]:
        return ""  # "About 85 percent of the diet should be hay"
    begin = _key_begin(sentence, at)
    end = _key_end(sentence, begin) if begin >= 0 else begin
    if begin >= 0 and words[end : end + 1] == [","]:
        end = _key_list_end(sentence, begin, end)
    if not 0 <= begin < end or words[begin] == "of" or (masks[begin] & VERB and not masks[begin] & EITHER):
        return ""  # "Don't wax, pluck or thread", "Get out of wet kit", "The two want …"
    acts_on = end < len(words) and words[end - 2 : end - 1] in (["and"], ["or"]) and masks[end - 1] & EITHER
    if acts_on and masks[end] & (grammar.PREPOSITION | grammar.ADVERB):
        return ""  # "Suck ice and stick | to soft food"
    follows_well = at >= 0 or end >= len(words) or bool(masks[end] & (_AFTER_A_SUBJECT | MARK))
    of_one = words[begin - 1 : begin] == ["the"] and "of" in words[begin:end]  # "the itch of the second week"
    line = sentence.text[places[begin - of_one].start() : places[end - 1].end()]
    return line if _is_thing(sentence, begin, end) and follows_well and not leans(line) and " " in line else ""


def mention(sentence: Sentence) -> str:
    """The first things that a sentence names, in the plural: "decongestant sprays", "air bricks"; '' for none.

    Surer than `key_of` and says less: it ends on the first plural, whatever may follow.
    """
    words, masks = sentence.words, sentence.masks
    places = list(TOKEN.finditer(sentence.text))
    begin = _key_begin(sentence, grammar.imperative_at(sentence)) if len(places) == len(words) else -1
    if begin < 0:
        return ""
    for at in range(begin, min(begin + _LONGEST_MENTION, len(words) - 1)):
        if masks[at] & _ENDS_A_MENTION or words[at] in PARTICLES:
            return ""
        if is_many(words[at]) or words[at] in _MANY:
            may_be_verb = masks[at] & (VERB_FORM | EITHER_FORM) and masks[at + 1] & _AFTER_A_VERB
            names = not masks[at] & (_NO_KEY & ~VERB_FORM) and words[at + 1] != "of" and not may_be_verb
            return sentence.text[places[begin].start() : places[at].end()] if names else ""
    return ""


def _key_begin(sentence: Sentence, order: int) -> int:
    """Where the phrase begins behind an order's verb, or at the head of a statement; -1 where it cannot be told."""
    words, masks = sentence.words, sentence.masks
    if order >= 0 and (words[order] in _NO_ACTS or words[order + 1] in _OPENS_A_CLAUSE):
        return -1
    begin = order + 1
    while begin < len(words) and (masks[begin] & _BEFORE_A_KEY or words[begin] in PARTICLES):
        if masks[begin] & _POINTS or words[begin] in ("it", "them"):
            return -1
        begin += 1
    near = words[: min(grammar.subject_end(sentence) or _NEAR, _NEAR)]
    if order < 0 and masks[0] & grammar.PREPOSITION and "," not in near:
        return -1  # "In hot weather suet melts …": where the one ends and the other begins cannot be told
    is_order_unknown = order < 0 and begin == 0 and bool(masks[0] & (VERB | EITHER))
    return -1 if is_order_unknown or words[0] == "there" else begin


def _is_thing(sentence: Sentence, begin: int, end: int) -> bool:
    """Whether the last word names something, and is no verb that is not known ("antihistamine tablets act")."""
    word, bits = sentence.words[end - 1], sentence.masks[end - 1]
    no_key = _NO_KEY & ~VERB_FORM if is_many(word) else _NO_KEY
    follows_many = end - begin > 1 and is_many(sentence.words[end - 2])
    inside = zip(sentence.words[begin : end - 1], sentence.words[begin + 1 : end], strict=True)
    if any(each in _ARTICLES and before != "of" for before, each in inside):
        return False  # "paper map and a compass", of which its own article was taken
    says_where = word.endswith(("ly", "wards")) or word in _WHERE
    return bool(bits & WORD) and not bits & no_key and not says_where and not follows_many


def _opener_s_noun(sentence: Sentence, places: list[re.Match[str]]) -> str:
    """ "salary sacrifice", of "With salary sacrifice you pay less": what a sentence says of whom or what it holds."""
    words, masks = sentence.words, sentence.masks
    if words[0] not in ("with", "for", "on", "in", "under"):
        return ""
    begin = 1 + bool(masks[1] & bit("determiner"))
    end = next((at for at in range(begin, min(begin + 6, len(words))) if words[at] in (",", "you")), begin)
    inside = (
        masks[at] & (AUXILIARY | FUNCTION | grammar.PREPOSITION) and words[at] != "of" for at in range(begin, end)
    )
    is_thing = end > begin and not any(inside) and masks[end - 1] & WORD and not masks[end - 1] & (_NO_KEY & ~VERB_FORM)
    line = sentence.text[places[begin].start() : places[end - 1].end()] if is_thing else ""
    return line if " " in line or "-" in line else ""


def _key_list_end(sentence: Sentence, begin: int, comma: int) -> int:
    """Where a list of things ends, of which the first is not what the sentence is on; `begin` where none is sure."""
    words, masks = sentence.words, sentence.masks
    last = next((at for at in range(comma, min(comma + 9, len(words))) if words[at] in ("and", "or")), 0)
    if not last:
        return comma
    if any(masks[at] & grammar.PREPOSITION and words[at] != "of" for at in range(comma, last)):
        return begin
    if any(masks[at] & (grammar.PRONOUN | AUXILIARY | VERB_FORM) for at in range(comma, last)):
        return begin
    end = _key_end(sentence, last + 1)
    is_list = all(masks[at] & MARK == 0 or words[at] == "," for at in range(comma, last))
    return end if is_list and last + 1 < end <= begin + _LONGEST_LIST_WORDS and words[end : end + 1] != [","] else begin


def _key_end(sentence: Sentence, begin: int) -> int:
    """Where a plain noun phrase ends: before a mark, a verb, a preposition other than 'of', a clause."""
    words, masks = sentence.words, sentence.masks
    for at in range(begin, min(begin + _LONGEST_PHRASE_WORDS, len(words))):
        if words[at] == "of" or (words[at] in ("and", "or") and not masks[at + 1] & (VERB | grammar.PRONOUN)):
            continue
        if masks[at] & (MARK | AUXILIARY | FUNCTION | grammar.OPENER | grammar.PREPOSITION) or words[at] in PARTICLES:
            return at
        if at > begin and _is_verb(sentence, at):
            return at
    return begin


def _is_verb(sentence: Sentence, at: int) -> bool:
    """Whether a word behind a noun is the verb of it: "lips | swell", "terracotta | dries out", but "peels | can"."""
    bits, before = sentence.masks[at], sentence.words[at - 1]
    following = sentence.masks[at + 1] if at + 1 < len(sentence.masks) else MARK
    if grammar.imperative_at(sentence) >= 0:
        return bool(bits & VERB_FORM) and not sentence.words[at].endswith("s")
    if bits & (VERB_FORM | EITHER_FORM):
        if following & AUXILIARY and sentence.words[at].endswith("s"):
            return False
        many = sentence.words[at].endswith("s") and not following & (grammar.PREPOSITION | _BEFORE_A_NOUN | FUNCTION)
        return not many
    of_one = before in ("a", "an") or sentence.masks[at - 1] & grammar.ADJECTIVE
    return bool(bits & (VERB | EITHER)) and (is_many(before) or (bool(bits & VERB) and not of_one))
