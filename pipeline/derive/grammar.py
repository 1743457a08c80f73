"""What little grammar the rules need, read off a sentence's bits: orders, subjects, what a word points back to.

There is no parser here. Each question is answered from the first clause's words and the verb lists, which is enough
for the way in which advice is written and costs a few comparisons a sentence.
"""

from itertools import pairwise

from pipeline.derive.tokens import (
    ADJECTIVE_VERB,
    AUXILIARY,
    COMMA,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    STEMS,
    UNIT,
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
_SURE_VERB = VERB_FORM | AUXILIARY
_CLAUSE_END = COMMA | MARK
_OPENS_A_CLAUSE = MARK | OPENER | CONJUNCTION
_COLONS = frozenset([":", ";"])
_ORDER_FOLLOWS = frozenset([":", ";", "–", "—", "so"])
_ORDER_TAILS = frozenset(["your", "up", "out", "off", "down", "over", "away", "back"])
_EXPLETIVE_AFTER = frozenset(
    ["rains", "rain", "snows", "hot", "cold", "dark", "freezes", "matters", "easier", "harder", "possible"]
)
_TAKE_EXPLETIVE = frozenset(["make", "find", "think", "consider", "help", "if", "say", "mean"])
_NO_NOUN = FUNCTION | VERB | VERB_FORM | AUXILIARY | ADVERB | OPENER | NUMBER_WORD | ADJECTIVE | bit("time") | UNIT
_USES = frozenset(
    ["use", "using", "used", "apply", "applying", "applied", "try", "trying", "start", "starting", "stop", "stopping"]
)
_HARM = bit("safety")
_TIME = bit("time")
_AFTER_AN_ORDER = DETERMINER | ADVERB | PREPOSITION
_ARTICLES = frozenset(
    ["a", "an", "the", "your", "this", "that", "these", "those", "its", "their", "no", "every", "each"]
)
_PLURAL = frozenset(["they", "them", "their", "theirs", "they're", "themselves"])
_PLURAL_NOUNS = frozenset(
    [
        "people",
        "children",
        "clothes",
        "men",
        "women",
        "teeth",
        "feet",
        "mice",
        "cattle",
        "anyone",
        "someone",
        "everyone",
        "person",
        "and",
        "nobody",
        "skincare",
    ]
)
_PROHIBITIONS = frozenset(["avoid", "skip", "stop", "refrain", "pause"])
_EXPLAINED_BY = (["of"], ["that"], ["you"], ["for"], ["to"], ["in"], ["between"])
_LOOK_BACK = frozenset(
    [
        "he",
        "she",
        "him",
        "his",
        "hers",
        "her",
        "it",
        "its",
        "it's",
        "they",
        "them",
        "their",
        "theirs",
        "they're",
        "itself",
        "themselves",
    ]
)


def has_verb(sentence: Sentence) -> bool:
    """Whether a word can be the sentence's verb; right behind 'a soft …' a word that may be one is a noun."""
    if sentence.mask & (VERB | _SURE_VERB):
        return True
    return bool(sentence.mask & ANY_VERB) and (
        sentence.words[0] not in ("a", "an") or any(_may_be_verb(sentence, at) for at in range(1, len(sentence.masks)))
    )


def _may_be_verb(sentence: Sentence, at: int) -> bool:
    before = sentence.words[at - 1] in _ARTICLES or sentence.masks[at - 1] & (ADJECTIVE | DETERMINER | PREPOSITION)
    return bool(sentence.masks[at] & ANY_VERB) and not before


def imperative_at(sentence: Sentence) -> int:
    """The index of the verb of an order ("Rinse …", "Do not pick …", "If it stings, rinse …"), or -1."""
    if sentence.order_at is None:
        sentence.order_at = _find_order(sentence)
    return sentence.order_at


def _find_order(sentence: Sentence) -> int:
    index = _order_from(sentence, 0)
    if index >= 0 or not sentence.masks or not sentence.masks[0] & (OPENER | ADVERB):
        return index
    for position, bits in enumerate(sentence.masks[:24]):
        if bits & COMMA and position > 0 and (index := _order_from(sentence, position + 1)) >= 0:
            return index
    return _order_after_time(sentence)


def _order_after_time(sentence: Sentence) -> int:
    """The order behind a time, or a 'for whom', without a comma: "Every 20 minutes look at …", "For palms use a …"."""
    masks = sentence.masks
    for at in range(2, min(7, len(masks) - 1)):
        if masks[at] & (MARK | AUXILIARY):
            return -1
        if not masks[at] & (VERB | EITHER) or not masks[at + 1] & _AFTER_AN_ORDER:
            continue
        if masks[at - 1] & _TIME or (sentence.words[0] == "for" and sentence.words[at - 1].endswith("s")):
            return at if not masks[at] & EITHER or masks[at + 1] & (DETERMINER | ADVERB) else -1
    return -1


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
                return _order_from(sentence, index + 1) >= 0
        elif word in _ORDER_FOLLOWS and _order_from(sentence, index + 1) >= 0:
            return True
    return False


def is_prohibition(sentence: Sentence) -> bool:
    """Whether its order is not to do something."""
    at = imperative_at(sentence)
    if at < 0:
        return False
    return sentence.words[at] in _PROHIBITIONS or bool(
        {"not", "never", "don't"} & set(sentence.words[max(0, at - 2) : at])
    )


def _order_from(sentence: Sentence, start: int) -> int:
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
    return index if masks[index] & VERB and words[index + 1] not in ("of", ":") else -1


def _verb_follows_not(sentence: Sentence, index: int) -> bool:
    """Whether the noun-or-verb at `index` must be the verb: an article follows, or no other verb in its clause."""
    masks, words = sentence.masks, sentence.words
    following, next_word = masks[index + 1], words[index + 1]
    if next_word in ("of", "is", "are", ":"):
        return False
    if following & (DETERMINER | GERUND) or next_word in _ORDER_TAILS:
        return True
    if masks[index] & ADJECTIVE_VERB:
        return bool(following & (ADVERB | OPENER))
    if following & EITHER_FORM and index + 2 < len(masks) and masks[index + 2] & (DETERMINER | VERB | EITHER | ADVERB):
        return False  # "Sleep needs change with age"
    return not _verb_before_clause_ends(sentence, index)


def _verb_before_clause_ends(sentence: Sentence, index: int) -> bool:
    words, masks = sentence.words, sentence.masks
    for position in range(index + 1, min(index + 14, len(masks))):
        bits = masks[position]
        if (
            bits & _CLAUSE_END
            or (bits & OPENER and not bits & PREPOSITION)
            or words[position] in ("and", "or", "that", "which")
        ):
            return False
        if bits & (_SURE_VERB | VERB) and not masks[position - 1] & PREPOSITION:
            return True  # "on treated areas" has no verb of its own
    return False


def subject_end(sentence: Sentence) -> int:
    """The index of the first clause's verb: what stands before it is the subject; 0 when there is none."""
    words, masks = sentence.words, sentence.masks
    for index, bits in enumerate(masks[:24]):
        if not index or words[index - 1] == "to":
            continue
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
            if words[noun].endswith("s"):
                return index  # "vitamin C serums turn", "older dogs often sleep"
    return 0


def _later_verb(sentence: Sentence, index: int) -> int:
    """The sure verb close behind a word that only may be one: "ice pick scars are"."""
    for later in range(index + 1, min(index + 4, len(sentence.masks))):
        bits = sentence.masks[later]
        if bits & (_SURE_VERB):
            return later
        if bits & (PREPOSITION | DETERMINER | MARK | OPENER):
            return 0
    return 0


def dangling_pronoun(sentence: Sentence) -> str:
    """The first it, they, their … with no noun before it that it could mean; '' when each has one."""
    if sentence.loose_pronoun is None:
        sentence.loose_pronoun = _find_loose_pronoun(sentence) if sentence.mask & PRONOUN else ""
    return sentence.loose_pronoun


def _find_loose_pronoun(sentence: Sentence) -> str:
    if sentence.words[0] in _LOOK_BACK and not _is_expletive(sentence, 0):
        return sentence.words[0]  # no noun stands before it
    return _pronoun_before_its_noun(sentence)


def _pronoun_before_its_noun(sentence: Sentence) -> str:
    words, masks = sentence.words, sentence.masks
    noun_seen = plural_seen = False
    order = imperative_at(sentence)
    has_subject = order < 0 and not masks[0] & OPENER
    verb = subject_end(sentence) if has_subject else 0
    no_noun = _NO_NOUN | _is_used(sentence)
    in_first_clause = bool(verb)  # there, what follows the verb is no noun for "it" to mean
    last = _last_look_back(words)
    for index in range(last + 1):
        word, bits = words[index], masks[index]
        if in_first_clause and index > verb and bits & _OPENS_A_CLAUSE and not bits & PREPOSITION:
            in_first_clause = False
        if word in _LOOK_BACK and not _is_expletive(sentence, index) and not _is_named_after(sentence, index):
            if not (plural_seen if word in _PLURAL else noun_seen) or _is_object_of_all_before(sentence, index, order):
                return word
        elif in_first_clause and index > verb:
            if not noun_seen and bits & WORD and not bits & no_noun:  # after a colon "it" may be what was acted on
                noun_seen = not _COLONS.isdisjoint(words[index:last])
            continue
        elif (not bits & no_noun or word in _PLURAL_NOUNS) and bits & WORD and index != order:
            plural = word in _PLURAL_NOUNS or (word.endswith("s") and not word.endswith("ss"))
            if word == "and":
                plural_seen = plural_seen or noun_seen  # two things are several
                continue
            plural_seen = plural_seen or plural
            noun_seen = noun_seen or not in_first_clause or not plural
            if plural_seen and noun_seen and not has_subject:
                return ""  # all that follows has a noun that it can mean
    return ""


def _last_look_back(words: list[str]) -> int:
    """The index of the last word that points back, -1 without one: what stands behind it is of no interest."""
    return next((at for at in range(len(words) - 1, -1, -1) if words[at] in _LOOK_BACK), -1)


def _is_named_after(sentence: Sentence, index: int) -> bool:
    """ "Once they are cut, tomatoes belong in the fridge": the clause in front looks ahead to its own subject."""
    words, masks = sentence.words, sentence.masks
    comma = next((at for at in range(index, len(masks)) if masks[at] & COMMA), 0)
    if not masks[0] & OPENER or index > 3 or not comma or _order_from(sentence, comma + 1) >= 0:
        return False
    noun = next((at for at in range(comma + 1, len(masks)) if not masks[at] & (DETERMINER | ADJECTIVE)), 0)
    named = bool(noun) and bool(masks[noun] & WORD) and not masks[noun] & (_NO_NOUN | PRONOUN | DEMONSTRATIVE)
    return named and words[noun].endswith("s") == (words[index] in _PLURAL) and bool(subject_end(sentence))


def _is_used(sentence: Sentence) -> int:
    """What is no noun for "it" to mean, where "it" is used, applied or tried: an action, a harm ("redness")."""
    if _USES.isdisjoint(sentence.words):
        return 0
    for before, word in pairwise(sentence.words):
        if word in ("it", "them") and before in _USES:
            return GERUND | EITHER | EITHER_FORM | _HARM
    return 0


def _is_object_of_all_before(sentence: Sentence, index: int, order: int) -> bool:
    """ "Snow and sand throw it back": the one noun before is the verb's subject, which "it" cannot be."""
    if sentence.words[index] not in ("it", "them"):
        return False
    if order >= 0:
        return _is_laid_on(sentence, index, order)
    if sentence.masks[0] & OPENER:
        return False
    verb = subject_end(sentence)
    return bool(verb) and verb < index <= verb + 2 and not any(bits & MARK for bits in sentence.masks[verb:index])


def _is_laid_on(sentence: Sentence, index: int, order: int) -> bool:
    """ "Rub a thin coat of oil over it": what the order lays on "it" is something else, and no noun stands before."""
    if order > 2 or not sentence.masks[index - 1] & PREPOSITION or "with" in sentence.words[order:index]:
        return False
    between = sentence.masks[order + 1 : index - 1]
    return not any(bits & (MARK | CONJUNCTION | OPENER & ~PREPOSITION) or bits & _SURE_VERB for bits in between)


def _is_expletive(sentence: Sentence, index: int) -> bool:
    """Whether "it" stands for what follows: "it is best to", "it takes … to", "if it rains"."""
    if sentence.words[index] not in ("it", "it's"):
        return False
    if index and sentence.masks[index - 1] & (VERB | EITHER) and sentence.words[index - 1] not in _TAKE_EXPLETIVE:
        return False  # "bring it just to the boil"
    following = sentence.words[index + 1 : index + 9]
    if any(word in _EXPLETIVE_AFTER for word in following[:3]) and following[:1] != ["has"]:
        return True  # but "it has gone dark" is a thing
    return any(word in ("to", "that", "if", "when", "while") for word in following[1:])


def dangling_generic(sentence: Sentence) -> str:
    """The first "this procedure", "these scars", "the process" whose noun nothing before it explains, or ''."""
    words, masks = sentence.words, sentence.masks
    for index, bits in enumerate(masks if sentence.mask & DEMONSTRATIVE else masks[:3]):
        if bits & DEMONSTRATIVE:
            noun = _noun_after(sentence, index)
            if words[index] == "such" and (words[index + 1 : index + 2] == ["as"] or index > 2):
                continue
            if (noun and _named_before(sentence, index, noun)) or ":" in words[index:-2]:
                continue
            if words[index] == "those" and words[index + 1 : index + 2] in (["who"], ["with"], ["of"], ["in"]):
                continue
            if words[index : index + 2] == ["those", "that"] and index > 3:
                continue  # "…, even those that you wore once": of the things before it
            if words[index] == "this" and not noun and index > 3:
                continue  # "… , and this keeps" has its clause before it
            return " ".join(words[index : index + 2])
        follows = words[index + 1 : index + 2]
        if bits & GENERIC and 0 < index <= 2 and words[index - 1] == "the" and follows not in _EXPLAINED_BY:
            return f"the {words[index]}"
    return ""


def _noun_after(sentence: Sentence, index: int) -> str:
    """The head of the short noun phrase after a demonstrative: its last plain word before a verb or mark."""
    head = ""
    for word, bits in zip(sentence.words[index + 1 : index + 5], sentence.masks[index + 1 : index + 5], strict=True):
        if not bits & WORD or bits & (FUNCTION | AUXILIARY) or (head and bits & (VERB | VERB_FORM)):
            break
        head = word
    return head


def _named_before(sentence: Sentence, index: int, noun: str) -> bool:
    stem = STEMS[noun]
    return any(STEMS[word] == stem or (len(stem) > 3 and word.startswith(stem)) for word in sentence.words[:index])
