"""What little grammar the rules need, read off a sentence's bits: orders, verbs, subjects.

There is no parser here. Each question is answered from the first clause's words and the verb lists, which is enough
for the way in which advice is written and costs a few comparisons a sentence.
"""

from pipeline.derive.tokens import (
    ADJECTIVE_VERB,
    AUXILIARY,
    COMMA,
    DIGIT,
    EITHER,
    EITHER_FORM,
    ENDS_SENTENCE,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    ORDERS_BARE,
    PAST_FORM,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)

ADVERB, DETERMINER, OPENER, PREPOSITION = bit("adverb"), bit("determiner"), bit("opener"), bit("preposition")
CONJUNCTION, NEGATION, GENERIC, DEMONSTRATIVE = (
    bit("conjunction"),
    bit("negation"),
    bit("generic_noun"),
    bit("demonstrative"),
)
PRONOUN, ADJECTIVE = bit("pronoun"), bit("adjective")
ANY_VERB = VERB | EITHER | VERB_FORM | EITHER_FORM | AUXILIARY
SURE_VERB = VERB_FORM | AUXILIARY
_CLAUSE_END = COMMA | MARK
_ORDER_FOLLOWS = frozenset([":", ";", "–", "—", "so"])
_ORDER_TAILS = frozenset(["your", "up", "out", "off", "down", "over", "away", "back"])
_TIME = bit("time")
_PLACES = frozenset(["in", "on", "at"])
_AFTER_AN_ORDER = DETERMINER | ADVERB | PREPOSITION
_ARTICLES = frozenset(
    ["a", "an", "the", "your", "this", "that", "these", "those", "its", "their", "no", "every", "each"]
)
_TELLS_HOW = ADVERB | bit("condition") | NUMBER_WORD | DIGIT | bit("time")
_BY_WHAT = frozenset(["with", "by", "outside", "outdoors", "away", "well"])
_NEW_SUBJECTS = frozenset(["that", "which", "who", "whose", "you", "it", "they", "we", "he", "she"])
_NOT_IN_A_SERIES = MARK | OPENER | CONJUNCTION | VERB | EITHER | ADVERB | PREPOSITION | FUNCTION
_WAS = bit("was")
_SUBJECTS = frozenset(
    ["and", "who", "which", "that", "it", "he", "she", "they", "this", "these", "those", "each", "one"]
)
_PLURALS = frozenset(
    ["people", "children", "men", "women", "teeth", "feet", "mice", "geese", "cattle", "larvae", "algae", "bacteria"]
)
_HAS = frozenset(["has", "have"])  # behind a past: "The shed left on the ninth and has not been seen since"
_BEEN = frozenset(["been", "being", "be"])
_BEFORE_AN_OBJECT = frozenset(["the", "your", "a", "an", "any", "all", "each"])
_NO_BASE_FORM = ("s", "ed", "ing", "ly", "side", "neath", "amid")
_PROHIBITIONS = frozenset(["avoid", "skip", "stop", "refrain", "pause"])
_FORBIDS = frozenset(["not", "never", "don't"])


def has_verb(sentence: Sentence) -> bool:
    """Whether a word can be the sentence's verb: no infinitive, and right behind 'a soft …' no noun that may be one."""
    if not sentence.mask & ANY_VERB:
        return False
    words, masks = sentence.words, sentence.masks
    if sentence.mask & (VERB | SURE_VERB) and "to" not in words:
        return True
    sure = VERB | SURE_VERB if words[0] in ("a", "an") else ANY_VERB
    if masks[0] & (VERB | SURE_VERB):
        return True
    for at, bits in enumerate(masks):
        if bits & sure and at and words[at - 1] != "to":
            return True
    return imperative_at(sentence) >= 0 or any(_may_be_verb(sentence, at) for at in range(1, len(masks)))


def only_describes(sentence: Sentence) -> bool:
    """Whether its one verb is that of a clause at its end: "Drying on a radiator, which bakes in creases."."""
    words, masks = sentence.words, sentence.masks
    at = words.index("which") if "which" in words else 0
    if at < 2 or words[at - 1] != "," or words[:at].count(",") > 1 or any(bits & COMMA for bits in masks[at:]):
        return False
    if any("'" in word for word in words[:at]):
        return False  # "There's also a dry type, which …"
    first = 1 if masks[0] & GERUND else 0
    return imperative_at(sentence) < 0 and not any(_may_be_verb(sentence, place) for place in range(first or 1, at))


def _may_be_verb(sentence: Sentence, at: int) -> bool:
    before, bits = sentence.words[at - 1], sentence.masks[at - 1]
    return bool(sentence.masks[at] & ANY_VERB) and not (
        before == "to" or before in _ARTICLES or bits & (ADJECTIVE | DETERMINER | PREPOSITION)
    )


def imperative_at(sentence: Sentence) -> int:
    """The index of the verb of an order ("Rinse …", "Do not pick …", "If it stings, rinse …"), or -1."""
    if sentence.order_at is None:
        sentence.order_at = _find_order(sentence)
    return sentence.order_at


def _find_order(sentence: Sentence) -> int:
    index = order_from(sentence, 0)
    if index >= 0 or not sentence.masks or not sentence.masks[0] & (OPENER | ADVERB):
        return index
    for position, bits in enumerate(sentence.masks[:24]):
        if bits & COMMA and position > 0 and (index := order_from(sentence, position + 1)) >= 0:
            return index
    return _order_after_time(sentence)


def _order_after_time(sentence: Sentence) -> int:
    """The order behind a time, or a 'for whom', without a comma: "Every 20 minutes look at …", "For palms use a …"."""
    masks = sentence.masks
    for at in range(2, min(7, len(masks) - 1)):
        if masks[at] & (MARK | AUXILIARY):
            return -1
        if sentence.words[0] in _PLACES and sentence.words[at] == "use" and _is_thing(masks[at + 1]):
            return at  # "In a cold kitchen use lukewarm water"
        if not masks[at] & (VERB | EITHER) or not masks[at + 1] & _AFTER_AN_ORDER:
            continue
        if masks[at - 1] & _TIME or (sentence.words[0] == "for" and sentence.words[at - 1].endswith("s")):
            return at if not masks[at] & EITHER or masks[at + 1] & (DETERMINER | ADVERB) else -1
    return -1


def _is_thing(bits: int) -> bool:
    return bits == WORD or bool(bits & ADJECTIVE)


def gives_order(sentence: Sentence) -> bool:
    """Whether there is an order anywhere: at the head, after an opening clause, after a colon, after 'so'."""
    if imperative_at(sentence) >= 0:
        return True
    words = sentence.words
    if _ORDER_FOLLOWS.isdisjoint(words):
        return False
    for index, word in enumerate(words[1:-2], start=1):
        if word == "so":
            if words[index - 1] == "," and sentence.masks[index + 1] & (VERB | EITHER | NEGATION):
                return order_from(sentence, index + 1) >= 0
        elif word in _ORDER_FOLLOWS and order_from(sentence, index + 1) >= 0:
            return True
    return False


def is_prohibition(sentence: Sentence) -> bool:
    """Whether its order is not to do something."""
    at = imperative_at(sentence)
    if at < 0:
        return False
    return sentence.words[at] in _PROHIBITIONS or not _FORBIDS.isdisjoint(sentence.words[max(0, at - 2) : at])


def order_from(sentence: Sentence, start: int) -> int:
    words, masks = sentence.words, sentence.masks
    index = start
    if words[index : index + 2] == ["do", "not"]:
        index += 2
    elif index < len(words) and words[index] in ("don't", "never", "always", "please", "let", "be"):
        if words[index] in ("let", "be"):
            return index if index == 0 or words[index] == "let" else -1
        index += 1
    forbids = index > start and words[index - 1] in ("not", "don't")
    while index < len(words) - 1 and masks[index] & ADVERB and not masks[index] & (VERB | EITHER):
        index += 1
    if index >= len(words) - 1:
        return -1
    if masks[index] & EITHER:
        return index if index > start or _verb_follows_not(sentence, index) else -1
    if forbids and masks[index] & WORD and not masks[index] & FUNCTION:
        return index  # after "do not" stands a verb, known or not
    if masks[index] == WORD and words[index + 1] in _BEFORE_AN_OBJECT and not words[index].endswith(_NO_BASE_FORM):
        return index  # "Declutter the loft": no list holds all verbs, but no noun stands before an article
    return index if masks[index] & VERB and words[index + 1] not in ("of", ":") else -1


def _verb_follows_not(sentence: Sentence, index: int) -> bool:
    """Whether the noun-or-verb at `index` must be the verb: an article follows, or no other verb in its clause."""
    masks, words = sentence.masks, sentence.words
    following, next_word = masks[index + 1], words[index + 1]
    if next_word == "," and not (masks[index + 2 : index + 3] and masks[index + 2] & (VERB | EITHER)):
        return False  # "Stress, sore throats and smoking …", but "Stop, look and listen"
    if next_word in ("of", "is", "are", ":") or words[index : index + 1] == words[index + 2 : index + 3]:
        return False
    if masks[index] & ADJECTIVE_VERB:
        return _is_adjective_no_more(sentence, index)
    if following & (DETERMINER | GERUND) or next_word in _ORDER_TAILS:
        return True
    beyond = masks[index + 2] if following & EITHER_FORM and index + 2 < len(masks) else 0
    if beyond & (DETERMINER | VERB | EITHER | ADVERB) or (beyond and words[index + 2] == "as"):
        return False  # "Sleep needs change with age", "Work counts as heavy if …"
    return not _has_finite_verb(sentence, index)


def _is_adjective_no_more(sentence: Sentence, index: int) -> bool:
    """ "Dry the plate", "Dry laundry outside with a fan", but not "Dry skin needs oil", "Dry skin on the shins"."""
    following = sentence.masks[index + 1]
    if following & (DETERMINER | ADVERB | OPENER) or sentence.words[index + 1] in _ORDER_TAILS:
        return True
    if not sentence.masks[index] & ORDERS_BARE or not following & WORD or following & (GERUND | FUNCTION):
        return False
    if sentence.words[index + 2 : index + 3] == [","]:
        return False  # "Dry air, swollen ankles and a lost night"
    rest = zip(sentence.words[index + 2 :], sentence.masks[index + 2 :], strict=True)
    told_how = any(bits & _TELLS_HOW or word in _BY_WHAT or word.endswith("ly") for word, bits in rest)
    return told_how and not _has_finite_verb(sentence, index)


_BEFORE_A_THING = frozenset(["after", "before"])
_OF_A_PLACE = frozenset(["above", "below", "under", "over", "within", "around", "between", "beyond", "through"])
_BEFORE_A_STATE = frozenset(["become", "becomes", "get", "gets", "stay", "stays", "feel", "feels"])  # "become infected"
_SEVERAL = frozenset(["feet", "teeth", "people", "children", "men", "women", "mice", "larvae", "geese", "lice"])


def _has_finite_verb(sentence: Sentence, index: int) -> bool:
    """Whether the clause that the word at `index` opens has a verb further on, so that the word is its subject's."""
    words, masks = sentence.words, sentence.masks
    for at in range(index + 1, min(index + 16, len(masks))):
        bits = masks[at]
        of_a_thing = (
            words[at] in _BEFORE_A_THING
            and at + 1 < len(masks)
            and not masks[at + 1] & (FUNCTION | GERUND | DETERMINER)
        )
        is_place = at == index + 1 and words[at] in _OF_A_PLACE  # "water above 55 degrees | will kill the yeast"
        if words[at] in _NEW_SUBJECTS or (bits & OPENER and not bits & PREPOSITION and not (of_a_thing or is_place)):
            return False  # but "Surface water after heavy rain | can flood a house"
        if bits & _CLAUSE_END and words[at] not in ("°", "%", "-"):
            follows = masks[at + 1] if words[at] == "," and at + 1 < len(masks) else MARK
            if follows & ADJECTIVE or not follows & _NOT_IN_A_SERIES:
                continue  # "Cold weather, dry air and heating can …"
            return False
        if words[at] in ("and", "or"):
            if (at + 1 < len(masks) and masks[at + 1] & (VERB | NEGATION)) or words[at + 1 : at + 2] == ["then"]:
                return False  # a second order
        elif bits & ANY_VERB and _is_finite(sentence, at, index):
            return True
    return False


def _is_finite(sentence: Sentence, at: int, head: int) -> bool:
    """Whether a word that can be a verb is the verb of what stands before it, and no noun and no participle."""
    words, masks, bits = sentence.words, sentence.masks, sentence.masks[at]
    before = at - 1
    while before > head and masks[before] & ADVERB and not masks[before] & PREPOSITION:
        before -= 1  # "free accounts often hold"
    after = masks[at + 1] if at + 1 < len(words) else 0
    if bits & AUXILIARY:
        return True
    if masks[before] & (PREPOSITION | DETERMINER | ADJECTIVE) or _is_participle(sentence, before):
        return False  # "on treated areas", "in zipped bags", "a right angle"
    if bits & VERB_FORM and not words[at].endswith("s"):
        return bool(after & DETERMINER) and before > head  # "soiled spots", "clothes treated with …"
    is_several = words[before].endswith("s") or words[before] in _SEVERAL
    if bits & (VERB | VERB_FORM):
        return is_several or not bits & VERB or not after & ENDS_SENTENCE  # "with the door shut."
    goes_on = bool(after & (DETERMINER | ADVERB | ADJECTIVE)) or (bool(after & WORD) and not after & FUNCTION)
    if bits & EITHER_FORM:
        return not is_several and (goes_on or bool(masks[head] & ADJECTIVE_VERB))
    if is_several:
        return before > head and (not after & (MARK | ENDS_SENTENCE) or words[at + 1] == ":")  # "Warm feet help: …"
    return at > head + 2 and bool(after & (ADJECTIVE | DETERMINER))


def _is_participle(sentence: Sentence, at: int) -> bool:
    return bool(sentence.masks[at] & VERB_FORM) and sentence.words[at].endswith(("ed", "en"))


def subject_end(sentence: Sentence) -> int:
    """The index of the first clause's verb: what stands before it is the subject; 0 when there is none."""
    if sentence.verb_at is None:
        sentence.verb_at = _find_verb(sentence)
    return sentence.verb_at


def _find_verb(sentence: Sentence) -> int:
    words, masks = sentence.words, sentence.masks
    for index, bits in enumerate(masks[:24]):
        if not index or words[index - 1] == "to":
            continue
        if (
            bits & VERB_FORM
            and masks[index + 1 : index + 2]
            and masks[index + 1] & AUXILIARY
            and words[index].endswith("s")
        ):
            continue  # "deep phenol peels can affect"
        if bits & EITHER_FORM and index + 1 < len(masks) and masks[index + 1] & EITHER and not masks[index + 1] & MARK:
            continue  # "nasal sprays need"
        if bits & (VERB_FORM | AUXILIARY) and not masks[index - 1] & PREPOSITION and words[index - 1] not in _ARTICLES:
            is_noun = words[index - 1] == "," or (index == 1 and masks[0] & ADJECTIVE)
            is_noun = is_noun or words[index + 1 : index + 2] == ["by"]  # "cloths used by a guest"
            if bits & AUXILIARY or not is_noun:  # "Yoghurt, cooked meat and eggs should …", "Wet leaves invite …"
                return index
            continue
        if (
            bits & (VERB | EITHER_FORM)
            and not masks[index - 1] & (PREPOSITION | ADJECTIVE)
            and words[index - 1] not in _ARTICLES
        ):
            return _later_verb(sentence, index) or index
        if bits & EITHER and not bits & ADJECTIVE_VERB and index > 1:
            noun = index - 2 if masks[index - 1] & ADVERB else index - 1
            if words[noun].endswith("s") or words[noun] in _PLURALS:
                return index  # "vitamin C serums turn", "older dogs often sleep"
    return 0


def _later_verb(sentence: Sentence, index: int) -> int:
    """The sure verb close behind a word that only may be one: "ice pick scars are"."""
    for later in range(index + 1, min(index + 4, len(sentence.masks))):
        bits = sentence.masks[later]
        if bits & (SURE_VERB):
            return later
        if bits & (PREPOSITION | DETERMINER | MARK | OPENER):
            return 0
    return 0


def is_past(sentence: Sentence) -> bool:
    """Whether all its verbs tell of what was: "A museum fitted sensors and counted the moths"."""
    words, masks = sentence.words, sentence.masks
    if "you" in words or "your" in words or imperative_at(sentence) >= 0:
        return False
    past = or_participle = False  # "Chargers left in the wall use …"
    for at, bits in enumerate(masks):
        if bits & _WAS:
            past = True
        elif bits & AUXILIARY and words[at] not in _BEEN and not (past and words[at] in _HAS):
            return False
        elif bits & (ANY_VERB & ~AUXILIARY) and at and words[at - 1] not in ("to", "than"):
            tense = _tense(sentence, at, or_participle)
            follows = masks[at + 1] if at + 1 < len(masks) else 0
            or_participle = or_participle or bool(tense == "past" and follows & PREPOSITION)
            if tense == "present":
                return False
            past = past or tense == "past"
    return past


def _tense(sentence: Sentence, at: int, or_participle: bool) -> str:
    """'past' or 'present' for the verb of a clause, '' for what is a noun, an infinitive or a participle there."""
    words, masks, bits = sentence.words, sentence.masks, sentence.masks[at]
    before = masks[at - 1]
    if words[at - 1] not in _SUBJECTS and (
        before & (PREPOSITION | DETERMINER | ADJECTIVE | AUXILIARY | NEGATION | FUNCTION)
        or words[at - 1].endswith("'s")
    ):
        return ""  # "like spilt paint"
    if words[at - 1] in _BEFORE_A_STATE:
        return ""
    if bits & PAST_FORM:
        return "" if before & GERUND else "past"  # "using recommended creams"
    if bits & (VERB_FORM | VERB):
        return "present"
    after = masks[at + 1] if at + 1 < len(masks) else 0
    goes_on = bool(after & (DETERMINER | ADVERB | ADJECTIVE | PREPOSITION)) or (after & WORD and not after & FUNCTION)
    agrees = or_participle or words[at].endswith("s") != words[at - 1].endswith("s")
    return "present" if goes_on and agrees and before & WORD and not before & FUNCTION else ""
