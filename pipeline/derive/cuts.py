"""Where a clause may be cut to make a title: only where nothing that it hangs on is lost.

A condition, a restriction or a negation stays, or there is no cut. The words that decide: lexicons/tips/clauses.txt.
"""

import re
from enum import Enum

from pipeline.derive import grammar
from pipeline.derive.grammar import ANY_VERB
from pipeline.derive.tokens import (
    ADJECTIVE_VERB,
    AUXILIARY,
    DIGIT,
    EITHER,
    FUNCTION,
    MARK,
    NUMBER_WORD,
    VERB,
    VERB_FORM,
    Sentence,
    bit,
    entries,
)

LONGEST_TITLE = 66
"""Characters of a title that is cut short; a whole clause may have a few more."""
LONGEST_CLAUSE = 88
SHORTEST_CUT_WORDS = 4
_REASONS = (["because"], ["since"], ["so"], ["as"], ["which"])
_SHORTER_IF_JOINED = 20  # characters by which two orders must be shorter than one may be
_LONGEST_ASIDE = 4  # words between two commas, behind which the clause goes on
_SHORT_CLAUSE_WORDS = 6  # a clause of so few may keep its 'so that'


def group(name: str) -> frozenset[str]:
    """The words of a group of lexicons/tips/clauses.txt."""
    return frozenset(entries("clauses", name))


NEEDS_PLACE = group("needs_place")
"""Acts that are whole only with where, to what or with what."""
_PLACES = frozenset(
    ["in", "into", "on", "onto", "at", "under", "over", "behind", "between", "around", "with", "from", "to"]
)


TIES = group("ties")
_WHERE = frozenset(["indoors", "outdoors", "inside", "outside", "together", "overnight", "alone", "raw", "straight"])
_STRONG_ENDS, _WEAK_ENDS, _SUBCLAUSES = group("strong_ends"), group("weak_ends"), group("subclauses")
_TIMES, _ADDITIONS = group("times"), group("additions")
_PAIRS = frozenset(["between", "both", "from", "equal"])  # their 'and' joins two that belong together
_TIME_OR_UNIT = bit("time") | bit("unit")
_BEFORE_A_VERB = grammar.ADVERB | grammar.NEGATION
ENDS_BADLY = FUNCTION | AUXILIARY
for _name in ("preposition", "determiner", "conjunction", "adverb"):
    ENDS_BADLY |= bit(_name)


class Spares(Enum):
    """What may be left out to make a clause short: examples, further things that it forbids, the phrase at its end."""

    NOTHING = "nothing"
    EXAMPLES = "examples"
    OTHERS = "others"
    ADDED = "added"
    PHRASES = "phrases"


def cut(
    sentence: Sentence,
    places: list[re.Match[str]],
    begin: int,
    longest: int = LONGEST_CLAUSE,
    spares: Spares = Spares.NOTHING,
) -> int:
    """Where the clause may end as a title, in characters; 0 when no end is good.

    The end of the clause, when that is near enough. Else the last place before what can be spared; never one that a
    condition or a restriction hangs on.
    """
    words = sentence.words
    start = places[begin].start()
    clause = clause_end(sentence, begin)
    clause = _joined(sentence, places, start + longest - _SHORTER_IF_JOINED, clause)
    if words[clause : clause + 1] == [","] and words[clause + 1 : clause + 2] and words[clause + 1] in TIES:
        may_wait = spares is Spares.PHRASES and words[clause + 1] in _TIMES
        return _end_at(places, start, clause, longest) if may_wait else 0
    if words[clause : clause + 1] and words[clause] in TIES and ties(words, clause):
        return 0
    if clause - begin < _SHORT_CLAUSE_WORDS and _needs_more(words, clause):
        clause = next((at for at in range(clause + 4, len(words)) if _clause_ends(sentence, at)), len(words))
    if words[clause : clause + 1] == [","] and _is_half_of_two(sentence, begin, clause):
        return 0
    whole = _end_at(places, start, clause, longest)
    if whole or spares is Spares.NOTHING:
        return whole
    for at in range(clause - 1, begin + SHORTEST_CUT_WORDS - 1, -1):
        if places[at - 1].end() - start <= (
            longest if spares is Spares.ADDED else min(longest, LONGEST_TITLE)
        ) and _may_be_spared(sentence, begin, at, clause, spares):
            return places[at - 1].end()
    return 0


def clause_end(sentence: Sentence, begin: int) -> int:
    """The index at which the clause that begins there ends."""
    passed = 0
    for at in range(begin + 2, len(sentence.words)):
        if at >= passed and _clause_ends(sentence, at):
            passed = aside_end(sentence, at)
            if not passed:
                return at
    return len(sentence.words)


def aside_end(sentence: Sentence, comma: int) -> int:
    """The index behind an aside after which the clause goes on; 0 where none begins at the comma.

    "Ride at least a door's width, about a metre, from parked cars" goes on behind it.
    """
    words, masks = sentence.words, sentence.masks
    end = next((at for at in range(comma + 2, min(comma + _LONGEST_ASIDE + 2, len(words))) if words[at] == ","), 0)
    if words[comma] != "," or not end or end + 1 >= len(words) or words[end + 1] in (*_ADDITIONS, *TIES, *_TIMES):
        return 0
    goes_on = masks[end + 1] & grammar.PREPOSITION and not masks[comma + 1] & (grammar.CONJUNCTION | ANY_VERB)
    return end + 1 if goes_on and not any(bits & ANY_VERB for bits in masks[comma:end]) else 0


def _joined(sentence: Sentence, places: list[re.Match[str]], limit: int, clause: int) -> int:
    """The end of the next order, where it follows on an 'and' and both are short: "Make the dough and freeze it"."""
    words, masks = sentence.words, sentence.masks
    at = clause + 1 if words[clause : clause + 2] == [",", "and"] else clause
    if words[at : at + 1] != ["and"] or not masks[at + 1] & (VERB | EITHER):
        return clause
    end = next((later for later in range(at + 2, len(words)) if _clause_ends(sentence, later)), len(words))
    goes_on = words[end : end + 1] == [","] and words[end + 1 : end + 2] not in _REASONS
    is_tied = any(words[later] in TIES for later in (end, end + 1) if later < len(words))
    return clause if goes_on or is_tied or places[end - 1].end() > limit else end


def _needs_more(words: list[str], clause: int) -> bool:
    """Whether a clause of few words goes on: "Turn the clock so that …", "Press on the lip: …"."""
    return words[clause : clause + 2] == ["so", "that"] or words[clause : clause + 1] == [":"]


def _end_at(places: list[re.Match[str]], start: int, at: int, longest: int) -> int:
    """The end of the word before `at`, where the clause is short enough for a title; else 0."""
    end = places[at - 1].end()
    return end if end - start <= longest else 0


def _may_be_spared(sentence: Sentence, begin: int, at: int, clause: int, spares: Spares) -> bool:
    """Whether the words from `at` on can go: no condition among them, and nothing begun before them left unfinished."""
    words, masks = sentence.words, sentence.masks
    if masks[at - 1] & (ENDS_BADLY | NUMBER_WORD | DIGIT) or _breaks_off(sentence, at):
        return False
    if any(ties(words, later) and words[later] not in _TIMES for later in range(at, clause)) or aside_end(sentence, at):
        return False
    if words[at : at + 2] == ["such", "as"]:
        return not _is_half_of_two(sentence, begin, at - 1)
    if words[at + 1 : at + 2] in (["which"], ["whom"]):
        return False  # "in the order | in which …"
    if any(words[early : early + 2] == ["so", "that"] for early in range(begin, at)):
        return False
    is_and = words[at] == "and" and not _PAIRS.intersection(words[begin:at])
    if spares is Spares.ADDED:
        return is_and
    if spares is Spares.OTHERS:
        return words[at] == "," and _ends_in_list(sentence, at, clause, "or")
    return spares is Spares.PHRASES and _is_spare_phrase(sentence, begin, at, clause, is_and=is_and)


def _is_spare_phrase(sentence: Sentence, begin: int, at: int, clause: int, *, is_and: bool) -> bool:
    """Whether an order can do without the phrase, or the further things, that begin at `at`."""
    words, masks = sentence.words, sentence.masks
    if words[at] == ",":
        if _is_half_of_two(sentence, begin, at):
            return False
        if _ends_in_list(sentence, at, clause, "and"):
            return True
        first_comma = "," not in words[begin:at]
        return first_comma and bool(masks[at + 1] & (grammar.ADJECTIVE | grammar.CONJUNCTION | VERB_FORM))
    if is_and and "," not in words[begin:at]:
        return not masks[at + 1] & ANY_VERB
    if any(ties(words, early) or words[early] in _SUBCLAUSES for early in range(begin + 1, at)):
        return False
    if words[begin] in NEEDS_PLACE and words[at] in _PLACES:
        inside = zip(words[begin + 1 : at], masks[begin + 1 : at], strict=True)
        if not any(bits & grammar.PREPOSITION and word not in ("of", "as") for word, bits in inside):
            return False  # "Leave alcohol | in the cupboard", "Mix one part of moist | with two of dry"
    return words[at] in _WEAK_ENDS or words[at : at + 2] in (["rather", "than"], ["instead", "of"])


def _is_half_of_two(sentence: Sentence, begin: int, comma: int) -> bool:
    """Whether an act that needs two things has its second behind the comma: "Mix greens, such as grass, with …"."""
    words = sentence.words
    if words[begin] not in NEEDS_PLACE or "with" in words[begin:comma]:
        return False
    return any(words[at : at + 2] in ([",", "with"], [",", "into"]) for at in range(comma + 1, len(words)))


def _breaks_off(sentence: Sentence, at: int) -> bool:
    """Whether the words before `at` wait for what follows: "two weeks | before a wedding", "a block, placed | on"."""
    words, masks = sentence.words, sentence.masks
    if words[at] == "to" and masks[at - 1] & VERB_FORM:
        return True  # "to get used | to"
    if words[at] in ("before", "after"):
        return bool(masks[at - 1] & _TIME_OR_UNIT)
    return bool(masks[at - 1] & VERB_FORM) and words[at - 2] == ","


def _is_list_of_verbs(sentence: Sentence, comma: int) -> bool:
    """Whether an order forbids several acts in one ("Don't wax, pluck or thread"): all of them, or none."""
    words, masks = sentence.words, sentence.masks
    if not any(word in ("don't", "not", "never") for word in words[max(0, comma - 4) : comma]):
        return False
    following = words[comma + 1 : comma + 6]
    return "or" in following[:4] and not any(
        bits & MARK for bits in masks[comma + 1 : comma + 1 + following.index("or")]
    )


def opens_list(words: list[str], comma: int) -> str:
    """The 'and' or 'or' before the last thing of the list that the comma opens; '' where it opens none.

    An order to do with all of several things, cut to the first, says less and no more; so does a ban on any of them.
    """
    following = words[comma + 1 : comma + 14]
    ends = [word for word in following if word in ("and", "or", ".", ";", ":")]
    return ends[0] if "," not in words[:comma] and ends and ends[0] in ("and", "or") else ""


def _ends_in_list(sentence: Sentence, comma: int, clause: int, conjunction: str) -> bool:
    """Whether the list is the end of its clause: "vitamin C, acids or retinol | on needled skin" goes on."""
    if opens_list(sentence.words, comma) != conjunction:
        return False
    last = sentence.words.index(conjunction, comma)
    if not _WHERE.isdisjoint(sentence.words[last + 1 : clause]):
        return False  # "a generator, a grill or a stove | indoors"
    return not any(bits & grammar.PREPOSITION for bits in sentence.masks[last + 1 : clause])


def ties(words: list[str], at: int) -> bool:
    """Whether a condition or a restriction begins here; 'rather than' and 'once a week' are none."""
    if words[at] == "if" and words[at + 1 : at + 3] in (
        ["you", "want"],
        ["you", "like"],
        ["you", "wish"],
        ["you", "prefer"],
    ):
        return False  # a wish, not a condition
    if words[at] == "once" and words[at + 1 : at + 2] in (["a"], ["every"], ["in"]):
        return False
    return words[at] in TIES and words[at - 1 : at + 1] not in (["rather", "than"], ["at", "once"])


def _clause_ends(sentence: Sentence, at: int) -> bool:
    """Whether the clause ends before this word: a mark, or a conjunction that opens another clause."""
    word, masks = sentence.words[at], sentence.masks
    if masks[at] & MARK:
        if word == "." and len(sentence.words[at - 1]) == 1 and at + 1 < len(masks):
            return False  # "e.g."
        return word in ".;:–—" or (word == "," and clause_follows(sentence, at))
    if word == "which" and masks[at - 1] & grammar.PREPOSITION:
        return False  # "in the order in which …"
    if word in _STRONG_ENDS and sentence.words[at - 1] in ("or", "and"):
        return False  # "every month or so"
    if word in _STRONG_ENDS:
        return word != "since" or not masks[at - 1] & VERB_FORM  # "has been used since the spring"
    if word != "and" or at + 1 >= len(masks) or at <= 2:
        return False
    if masks[at + 1] & ADJECTIVE_VERB:
        return False  # "… and wet snow"
    if masks[at - 2] & AUXILIARY and masks[at + 1] & (VERB | EITHER):
        return False  # "may swell and bleed"
    if masks[at + 1] & VERB_FORM:
        return any(bits & AUXILIARY for bits in masks[:at])  # "should be tightened and checked …"
    return bool(masks[at + 1] & (VERB | EITHER)) or sentence.words[at + 1] in ("that", "whenever")


def clause_follows(sentence: Sentence, comma: int) -> bool:
    """Whether a comma parts clauses rather than the things of a list."""
    words, masks = sentence.words[comma + 1 : comma + 4], sentence.masks[comma + 1 : comma + 4]
    if not words:
        return True
    if _is_list_of_verbs(sentence, comma) or _parts_adjectives(sentence, comma):
        return False
    if words[0] in ("and", "or", "but", "then") and len(words) > 1:
        if (
            words[0] in ("but", "then")
            or words[1] == "only"
            or masks[1] & (VERB | EITHER | AUXILIARY | grammar.NEGATION | grammar.PRONOUN | grammar.OPENER)
        ):
            return True
        return words[0] == "and" and "," not in sentence.words[:comma] and _verb_follows(sentence, comma + 2)
    if masks[0] & VERB or (masks[0] & EITHER and words[1:2] not in ([","], ["and"], ["or"])):
        return True
    if words[0] in ("a", "an") and not opens_list(sentence.words, comma):
        return True  # "…, a sugar that the body makes"
    return words[0] in _STRONG_ENDS or words[0] in _ADDITIONS or bool(masks[0] & (grammar.OPENER | grammar.PRONOUN))


def _parts_adjectives(sentence: Sentence, comma: int) -> bool:
    """Whether a comma stands between two words on how one thing is: "a cool, damp cloth", though one may damp."""
    adjective = grammar.ADJECTIVE | ADJECTIVE_VERB
    before, after = sentence.masks[max(0, comma - 3) : comma], sentence.masks[comma + 1 : comma + 3]
    are_both = len(after) > 1 and bool(before[-1] & adjective and after[0] & adjective)
    return are_both and bool(before[-2] & grammar.DETERMINER) and not after[1] & (FUNCTION | MARK | grammar.PREPOSITION)


def _verb_follows(sentence: Sentence, start: int) -> bool:
    """Whether another subject has its verb close behind: "…, and inflamed gums can …"."""
    for at in range(start, min(start + 8, len(sentence.masks))):
        if sentence.masks[at] & MARK:
            return False
        if sentence.masks[at] & AUXILIARY or (at > start and sentence.masks[at] & VERB_FORM):
            return True
    return False


def clause_begin(sentence: Sentence, at: int) -> int:
    """The index of the order's first word: back from the verb over "do not", "never", "gently"."""
    begin = at
    while begin and (sentence.masks[begin - 1] & _BEFORE_A_VERB or sentence.words[begin - 1] in ("do", "please")):
        begin -= 1
    return begin
