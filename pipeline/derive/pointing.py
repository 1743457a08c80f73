"""What a word points back to: "it", "they" and "these scars" need their noun in the sentence, or before it."""

from pipeline.derive import grammar
from pipeline.derive.grammar import (
    ADJECTIVE,
    ADVERB,
    CONJUNCTION,
    DEMONSTRATIVE,
    DETERMINER,
    GENERIC,
    OPENER,
    PREPOSITION,
    PRONOUN,
)
from pipeline.derive.tokens import (
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

_OPENS_A_CLAUSE = MARK | OPENER | CONJUNCTION
_COLONS = frozenset([":", ";"])
_EXPLETIVE_AFTER = frozenset(
    [
        *(
            "rains",
            "rain",
            "raining",
            "snows",
            "snowing",
            "hot",
            "cold",
            "dark",
            "freezes",
            "freezing",
            "windy",
            "frosty",
        ),
        *("humid", "sunny", "icy", "stormy", "foggy", "cloudy", "late", "early", "winter", "summer"),
        *("matters", "easier", "harder", "possible"),
    ]
)
_BEFORE_A_THING = frozenset(
    [
        "through",
        "with",
        "on",
        "over",
        "under",
        "into",
        "of",
        "from",
        "at",
        "around",
        "behind",
        "beside",
        "near",
        "inside",
    ]
)
_WHAT_FOLLOWS = frozenset(["to", "that", "if", "when", "while"])
_TAKE_EXPLETIVE = frozenset(["make", "find", "think", "consider", "help", "if", "say", "mean"])
_NO_NOUN = FUNCTION | VERB | VERB_FORM | AUXILIARY | ADVERB | OPENER | NUMBER_WORD | ADJECTIVE | bit("time") | UNIT
_USES = frozenset(
    ["use", "using", "used", "apply", "applying", "applied", "try", "trying", "start", "starting", "stop", "stopping"]
)
_HARM = bit("safety")
_PLURAL = frozenset(["they", "them", "their", "theirs", "they're", "themselves"])
_NEAREST = frozenset(["nearest", "latest", "best", "biggest", "largest", "smallest", "oldest", "newest", "closest"])
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


_ONE_IN_S = ("us", "is", "lens", "gas", "bias", "series", "species")  # "a lens"; a virus, a crisis
_THING = frozenset(["it", "its", "it's", "itself"])
_HELPER = bit("helper")  # "See a doctor if it lasts": the doctor is no it
_MAY_BE_EITHER = VERB | VERB_FORM


def dangling_pronoun(sentence: Sentence) -> str:
    """The first it, they, their … with no noun before it that it could mean; '' when each has one."""
    if sentence.loose_pronoun is None:
        sentence.loose_pronoun = _find_loose_pronoun(sentence) if sentence.mask & PRONOUN else ""
    return sentence.loose_pronoun


def _find_loose_pronoun(sentence: Sentence) -> str:
    if sentence.words[0] in _LOOK_BACK and not _is_expletive(sentence, 0):
        return sentence.words[0]  # no noun stands before it
    places = [at for at, word in enumerate(sentence.words) if word in _LOOK_BACK]
    return _pronoun_before_its_noun(sentence, places) if places else ""


def _pronoun_before_its_noun(sentence: Sentence, places: list[int]) -> str:
    words, masks = sentence.words, sentence.masks
    noun_seen = plural_seen = helper_seen = False
    order = grammar.imperative_at(sentence)
    has_subject = order < 0 and not masks[0] & OPENER
    verb = grammar.subject_end(sentence) if has_subject else 0
    no_noun = _NO_NOUN | _is_used(words, places)
    no_noun_at_first = no_noun & ~EITHER_FORM
    in_first_clause = bool(verb)  # there, what follows the verb is no noun for "it" to mean
    last = places[-1]  # what stands behind it is of no interest
    for index in range(last + 1):
        word, bits = words[index], masks[index]
        if in_first_clause and index > verb and bits & _OPENS_A_CLAUSE and not bits & PREPOSITION:
            in_first_clause = False
        if word in _LOOK_BACK and not _is_expletive(sentence, index) and not _is_named_after(sentence, index):
            is_meant = plural_seen if word in _PLURAL else noun_seen or (helper_seen and word not in _THING)
            if not is_meant or _is_object_of_all_before(sentence, index, order):
                return word
        elif in_first_clause and index > verb:
            if not noun_seen and bits & WORD and not bits & no_noun:  # after a colon "it" may be what was acted on
                noun_seen = not _COLONS.isdisjoint(words[index:last])
            continue
        elif (
            bits & WORD
            and index != order
            and not (bits & EITHER and words[index + 1] in ("it", "them"))  # "gloves, lift it"
            and not (0 <= order == index - 1 and _names_a_kind(sentence, index))
            and not (word.endswith("est") and word in _NEAREST)
            and (
                not bits & (no_noun_at_first if in_first_clause else no_noun)
                or word in _PLURAL_NOUNS
                or (bits & _MAY_BE_EITHER and _is_noun(sentence, index))
            )
        ):
            plural = word in _PLURAL_NOUNS or (word.endswith("s") and not word.endswith("ss"))
            if word == "and":
                plural_seen = plural_seen or noun_seen  # two things are several
                continue
            plural_seen = plural_seen or plural
            is_several = plural and not word.endswith(_ONE_IN_S)
            helper_seen = helper_seen or bool(bits & _HELPER)
            noun_seen = noun_seen or not (is_several or bits & _HELPER)
            if plural_seen and noun_seen:
                return _subjects_object(sentence, [at for at in places if at > index]) if has_subject else ""
    return ""


def _names_a_kind(sentence: Sentence, index: int) -> bool:
    """Whether the word only says of what kind the noun behind it is: "gardening gloves"."""
    following = sentence.masks[index + 1] if index + 1 < len(sentence.masks) else 0
    is_noun = bool(following & WORD) and not following & (_NO_NOUN | EITHER_FORM)
    return is_noun and sentence.words[index + 1].endswith("s") and not sentence.words[index + 1].endswith(_ONE_IN_S)


def _subjects_object(sentence: Sentence, places: list[int]) -> str:
    """The first of these that stands for what its verb's subject cannot be, where nouns of all kinds stand before."""
    found = (at for at in places if _is_object_of_all_before(sentence, at, -1) and not _is_expletive(sentence, at))
    return next((sentence.words[at] for at in found), "")


def _is_noun(sentence: Sentence, index: int) -> bool:
    """Whether what may be a verb's form is a noun where it stands: "out of bags", "deep peels can", "the wraps"."""
    words, masks = sentence.words, sentence.masks
    if not masks[index] & _MAY_BE_EITHER or masks[index] & FUNCTION or words[index].endswith(("ed", "ing")):
        return False
    after = masks[index + 1] if index + 1 < len(masks) else 0
    before = masks[index - 1] if index and words[index - 1] != "to" else 0
    return bool(before & (DETERMINER | PREPOSITION | ADJECTIVE)) or bool(after & AUXILIARY and before & ~FUNCTION)


def _is_named_after(sentence: Sentence, index: int) -> bool:
    """ "Once they are cut, tomatoes belong in the fridge": the clause in front looks ahead to its own subject."""
    words, masks = sentence.words, sentence.masks
    if index > 3 or not masks[0] & OPENER:
        return False
    comma = next((at for at in range(index, len(masks)) if masks[at] & COMMA), 0)
    if not comma or grammar.order_from(sentence, comma + 1) >= 0:
        return False
    noun = next((at for at in range(comma + 1, len(masks)) if not masks[at] & (DETERMINER | ADJECTIVE)), 0)
    named = bool(noun) and bool(masks[noun] & WORD) and not masks[noun] & (_NO_NOUN | PRONOUN | DEMONSTRATIVE)
    return named and words[noun].endswith("s") == (words[index] in _PLURAL) and bool(grammar.subject_end(sentence))


def _is_used(words: list[str], places: list[int]) -> int:
    """What is no noun for "it" to mean, where "it" is used, applied or tried: an action, a harm ("redness")."""
    for at in places:
        if at and words[at - 1] in _USES and words[at] in ("it", "them"):
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
    verb = grammar.subject_end(sentence)
    return bool(verb) and verb < index <= verb + 2 and not any(bits & MARK for bits in sentence.masks[verb:index])


def _is_laid_on(sentence: Sentence, index: int, order: int) -> bool:
    """ "Rub a thin coat of oil over it": what the order lays on "it" is something else, and no noun stands before."""
    if order > 2 or not sentence.masks[index - 1] & PREPOSITION or "with" in sentence.words[order:index]:
        return False
    between = sentence.masks[order + 1 : index - 1]
    ends = CONJUNCTION | grammar.SURE_VERB
    return not any(
        bits & ends or (bits & MARK and not bits & COMMA) or (bits & OPENER and not bits & PREPOSITION)
        for bits in between
    )


def _is_expletive(sentence: Sentence, index: int) -> bool:
    """Whether "it" stands for what follows: "it is best to", "it takes … to", "if it rains"."""
    if sentence.words[index] not in ("it", "it's"):
        return False
    if index and sentence.masks[index - 1] & (VERB | EITHER) and sentence.words[index - 1] not in _TAKE_EXPLETIVE:
        return False  # "bring it just to the boil"
    if index and sentence.words[index - 1] in _BEFORE_A_THING:
        return False  # "go through it twice a year"
    following = sentence.words[index + 1 : index + 9]
    if not _EXPLETIVE_AFTER.isdisjoint(following[:3]) and following[0] != "has":
        return True  # but "it has gone dark" is a thing
    return any(
        word in _WHAT_FOLLOWS and _looks_ahead(sentence, index + 2 + at) for at, word in enumerate(following[1:])
    )


def _looks_ahead(sentence: Sentence, at: int) -> bool:
    """Whether "it" stands for what this word opens: "to do", "that …", and not "to the second knuckle"."""
    following = sentence.masks[at + 1 : at + 2]
    return sentence.words[at] != "to" or any(not bits & (DETERMINER | NUMBER_WORD) for bits in following)


def dangling_generic(sentence: Sentence) -> str:
    """The first "this procedure", "these scars", "the process" whose noun nothing before it explains, or ''."""
    words, masks = sentence.words, sentence.masks
    for index, bits in enumerate(masks if sentence.mask & DEMONSTRATIVE else masks[:3]):
        if bits & DEMONSTRATIVE:
            noun = _noun_after(sentence, index)
            if words[index] == "such" and _is_explained(sentence, index, noun):
                continue
            if (noun and _named_before(sentence, index, noun)) or ":" in words[index:-2]:
                continue
            if words[index] == "those" and words[index + 1 : index + 2] in (
                ["who"],
                ["with"],
                ["of"],
                ["in"],
                ["for"],
                ["from"],
            ):
                continue
            if words[index : index + 2] == ["those", "that"] and index > 3:
                continue  # "…, even those that you wore once": of the things before it
            joined = index > 3 and sentence.masks[index - 1] & (MARK | CONJUNCTION | OPENER)
            if words[index] in ("this", "these") and not noun and joined:
                continue  # "… , and this keeps" has its clause before it
            return " ".join(words[index : index + 2])
        if not bits & GENERIC or not 0 < index <= 2 or words[index - 1] != "the" or _names_another(sentence, index):
            continue  # "the practice question" is no bare "the practice"
        if words[index + 1 : index + 2] not in _EXPLAINED_BY:
            return f"the {words[index]}"
    return ""


def _is_explained(sentence: Sentence, index: int, noun: str) -> bool:
    """Whether 'such' looks ahead ("such as", "such a … that") or has its kind in a clause before it."""
    if sentence.words[index + 1 : index + 2] in (["as"], ["a"], ["an"]) or not noun:
        return True
    return index > 2 and any(bits & MARK for bits in sentence.masks[:index])


def _names_another(sentence: Sentence, index: int) -> bool:
    """Whether a noun stands right behind the one at `index`, which only narrows it."""
    bits = sentence.masks[index + 1] if index + 1 < len(sentence.masks) else 0
    if not bits & WORD or bits & (FUNCTION | VERB | VERB_FORM | EITHER_FORM | ADVERB | ADJECTIVE):
        return False
    return not (bits & EITHER and sentence.words[index].endswith("s"))


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
