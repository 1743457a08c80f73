"""Short phrases out of a sentence, for titles: what it is about, what its order is on, the things that it names."""

import re
from collections.abc import Iterator

from pipeline.derive import grammar
from pipeline.derive.clauses import PARTICLES, POOR_SUBJECTS, leans
from pipeline.derive.cuts import (
    ENDS_BADLY,
    LONGEST_TITLE,
    NEEDS_PLACE,
    SHORTEST_CUT_WORDS,
    clause_begin,
    opens_list,
    ties,
)
from pipeline.derive.grammar import ANY_VERB
from pipeline.derive.tokens import (
    AUXILIARY,
    DIGIT,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
)

_LONGEST_PHRASE_WORDS = 7
_MORE_VERBS = ANY_VERB & ~AUXILIARY
_AFTER_A_VERB = bit("determiner") | bit("preposition") | bit("adverb") | bit("adjective") | FUNCTION | GERUND
_BANS = frozenset(["don't", "do", "never"])
_PEOPLE = frozenset(["people", "children", "men", "women", "teeth", "feet", "you", "they"])
_PART_OF_NAMES = frozenset(["even", "only", "well", "still", "first", "daily", "together"])
_LONGEST_LIST_WORDS = 12  # and marks
_GENERIC = bit("generic_noun") | bit("abstract")
_SUBCLAUSES = frozenset(["while", "when", "if", "because", "since", "until", "once", "although", "so"])
_BEFORE_A_NOUN = bit("determiner") | bit("preposition") | bit("adjective")
_NO_KEY_WORD = FUNCTION | VERB | VERB_FORM | NUMBER_WORD
for _name in (
    "abstract",
    "hedge",
    "time",
    "adverb",
    "opener",
    "preposition",
    "marketing",
    "consult",
    "unit",
    "vague_noun",
):
    _NO_KEY_WORD |= bit(_name)

_NO_OBJECT = frozenset(["that", "whether", "if", "sure", "certain", "anything", "something", "everything", "nothing"])
_NUMBERS = frozenset(["two", "three", "four", "five", "six", "half"])
_PARTS = frozenset(["half", "third", "quarter", "majority", "minority"])
_COMPARED = frozenset(["longer", "shorter", "higher", "lower", "less", "fewer"])
_SHARES = frozenset(["some", "most", "many", "few", "several"])
_ASIDES = frozenset(["mostly", "mainly", "especially", "particularly", "chiefly", "often"])
_PERSONS = frozenset(["people", "women", "men", "children", "users", "patients", "parents", "dogs", "cats"])
_CASES = frozenset(["when", "if", "until", "while", "once", "where", "because", "unless"])


def about(sentence: Sentence, *, articled: bool = False) -> str:
    """What the first sentence is about: its subject's noun phrase, up to seven words; '' when it is no plain one.

    With `articled` an article before it stays: "a fed starter".

    A phrase that opens the sentence is left out: "In some cases, the glue of a brush may …" is about the glue.
    """
    end, masks = grammar.subject_end(sentence), sentence.masks
    places = list(TOKEN.finditer(sentence.text)) if end else []
    if not end or len(places) != len(sentence.words) or grammar.imperative_at(sentence) >= 0:
        return ""
    begin = _behind_opener(sentence, end) if masks[0] & grammar.OPENER else 0
    if sentence.words[begin] in POOR_SUBJECTS or sentence.words[begin] in ("everyone's", "everybody's", "nobody's"):
        return ""
    while begin < end and masks[begin] & (bit("determiner") | FUNCTION | grammar.ADVERB | bit("hedge")):
        if masks[begin] & (grammar.NEGATION | grammar.PRONOUN):
            return ""  # "Don't block the vents" is not about blocking them
        begin += 1
    is_noun = masks[end + 1] & AUXILIARY or (masks[end + 1] & _MORE_VERBS and _has_other_verb(sentence, end + 1))
    is_noun = is_noun or _does_so_often(sentence, end + 1) or sentence.words[end + 1 : end + 3] == ["such", "as"]
    may_be_noun = is_many(sentence.words[end]) or (masks[end] & EITHER and masks[end + 1] & AUXILIARY)
    if may_be_noun and not masks[end] & AUXILIARY and is_noun:
        end += 1  # "Paper and tea bags made with plastic do not …", "Citrus peel can …"
    elif is_many(sentence.words[end]) and not masks[end] & AUXILIARY:
        end = _behind_its_place(sentence, end)
    is_share = sentence.words[begin + 1 : begin + 2] in (["percent"], ["per"], ["%"])  # "85 percent of the diet"
    is_share = is_share or sentence.words[begin] in _PARTS  # "half of people with rosacea"
    is_share = is_share or sentence.words[begin] in _COMPARED  # "longer naps": than which?
    poor = is_share or _is_noun_taken_for_verb(sentence, begin, end) or _is_counted(sentence, begin)
    if poor or _is_order_of_two(sentence, begin, end):
        return ""
    verb, end = end, _phrase_end(sentence, begin, end)
    if not _is_sure(sentence, begin, end, verb) or not _CASES.isdisjoint(sentence.words[begin:end]):
        return ""  # "A gurgle from the bath when the sink | is filled": the verb is the case's
    article = sentence.words[begin - 1] if begin else ""
    if articled and (article in ("a", "an") or (article == "the" and "of" in sentence.words[begin:end])):
        begin -= 1  # "the itch of the second week"
    return sentence.text[places[begin].start() : places[end - 1].end()]


def _behind_opener(sentence: Sentence, end: int) -> int:
    """Where the subject begins behind what opens the sentence, and behind its aside: "In a few, mostly men, the …"."""
    begin = sentence.words.index(",") + 1 if "," in sentence.words[:end] else end
    has_aside = sentence.words[begin] in _ASIDES and "," in sentence.words[begin:end]
    return sentence.words.index(",", begin) + 1 if has_aside else begin


def _is_order_of_two(sentence: Sentence, begin: int, end: int) -> bool:
    """Whether what was taken for a subject is an order: "Set cordons 45 cm apart and bush plants at least …"."""
    may_order = bool(sentence.masks[0] & (VERB | EITHER)) and not sentence.masks[0] & grammar.ADJECTIVE
    return begin == 0 and may_order and "and" in sentence.words[:end]


def _is_counted(sentence: Sentence, begin: int) -> bool:
    """Whether the phrase says less without the word before it: "two | short sessions", "most | people with curls"."""
    before = sentence.words[begin - 1] if begin else ""
    return before in _NUMBERS or (before in _SHARES and sentence.words[begin] in _PERSONS)


def _is_noun_taken_for_verb(sentence: Sentence, begin: int, verb: int) -> bool:
    """Whether what was taken for the verb is none: "a slight | tingle that …", "superficial | peels, such as …"."""
    words, bits = sentence.words, sentence.masks[verb]
    of_one = bool(begin) and words[begin - 1] in ("a", "an")
    is_base = bool(bits & VERB) and not bits & (VERB_FORM | AUXILIARY)
    before_comma = is_many(words[verb]) and not bits & AUXILIARY and words[verb + 1 : verb + 2] == [","]
    return (of_one and is_base) or before_comma


def _is_sure(sentence: Sentence, begin: int, end: int, verb: int) -> bool:
    """Whether the words are a phrase, as far as bits tell: "a new starter often bubbles" missed its verb."""
    masks, words = sentence.masks, sentence.words
    if any(words[at - 1] in _PEOPLE and masks[at] & (VERB | EITHER) for at in range(begin + 1, end)):
        return False  # "most people need two weeks"
    adverbs = (masks[at] & grammar.ADVERB and words[at] not in _PART_OF_NAMES for at in range(begin, end))
    if not 0 < end - begin <= _LONGEST_LIST_WORDS or any(adverbs):
        return False
    if begin == 0 and masks[0] & (VERB | EITHER) and masks[1] & (bit("preposition") | bit("determiner")):
        return False  # "Lie on your side with knees bent …"
    if words[end] == "," and end - begin == 1:
        return False  # "an itchy, raised rash"
    if (
        words[end] in ("that", "who")
        or masks[end - 1] & (grammar.ADJECTIVE | NUMBER_WORD | DIGIT)
        or (end - begin > 1 and is_many(words[end - 2]))
    ):
        return False  # "antihistamine tablets act within …"
    following = masks[verb + 1] if verb + 1 < len(masks) else 0
    if end == verb == begin + 1 and masks[verb] & EITHER_FORM and following & WORD and not following & _AFTER_A_VERB:
        return False  # "Decongestant sprays unblock …"
    ends_in_verb = bool(masks[end - 1] & EITHER_FORM) and end == verb  # "Psoriasis causes raised patches"
    return not (ends_in_verb and masks[verb] & VERB_FORM and not masks[verb] & AUXILIARY)


def _behind_its_place(sentence: Sentence, at: int) -> int:
    """The verb behind a noun that was taken for it: "dark plastic pots on a hot balcony | may"; `at` where none is."""
    masks, words = sentence.masks, sentence.words
    verb = next((to for to in range(at + 1, len(masks)) if masks[to] & AUXILIARY), 0)
    between = range(at + 1, verb)
    ends = any(masks[to] & (MARK | grammar.CONJUNCTION) or words[to] in ("that", "which", "who") for to in between)
    return verb if len(between) > 1 and masks[at + 1] & grammar.PREPOSITION and not ends else at


def _does_so_often(sentence: Sentence, at: int) -> bool:
    """Whether a verb follows with its 'often' in front: "eye drops | often work"."""
    told = sentence.masks[at : at + 2]
    often = len(told) > 1 and bool(told[0] & (grammar.ADVERB | bit("hedge")) and told[1] & (VERB | EITHER))
    return often and not told[1] & (VERB_FORM | AUXILIARY)


def _has_other_verb(sentence: Sentence, at: int) -> bool:
    """Whether the first clause has its verb at or behind a place: one that is sure, or the base form of many."""
    clause = next((to for to in range(at, len(sentence.masks)) if sentence.masks[to] & MARK), len(sentence.masks))
    if sentence.masks[at] & VERB and not sentence.masks[at] & VERB_FORM:
        return True  # "zinc creams | need longer"
    return any(bits & AUXILIARY for bits in sentence.masks[at:clause])


def is_many(word: str) -> bool:
    """Whether a word has the form of a plural, or of a verb in -s."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def who_should(sentence: Sentence) -> str:
    """ "Who should ask a doctor first", out of "Anyone with diabetes should ask a doctor first"; '' for others."""
    words, masks = sentence.words, sentence.masks
    if words[0] not in _ANYONE or words[1:2] not in (["with"], ["who"], ["whose"], ["on"], ["under"], ["over"]):
        return ""
    at = next((at for at, word in enumerate(words) if word in ("should", "must", "shouldn't") and at > 1), 0)
    places = list(TOKEN.finditer(sentence.text))
    if not at or len(places) != len(words):
        return ""
    end = next((to for to in range(at + 2, len(words)) if masks[to] & MARK or words[to] in _CLAUSES), len(words))
    behind = sentence.text[places[end - 1].end() : places[end - 1].end() + 2]
    if len(behind.strip()) > 1 and not behind[0].isspace():
        end = at  # "a long-pulsed Nd:YAG laser"
    if {"it", "them"} & set(words[at:end]):
        return ""  # "should mention it to the dentist"
    line = f"Who {sentence.text[places[at].start() : places[end - 1].end()]}"
    return line if len(line) <= LONGEST_TITLE and len(line.split()) > 3 and not masks[end - 1] & _WAITS else ""


_ANYONE = frozenset(["anyone", "anybody", "people", "those", "everyone", "women", "men", "children", "patients"])
_WAITS = ENDS_BADLY & ~grammar.ADVERB
_CLAUSES = frozenset(["because", "since", "so", "as", "before", "after", "until", "when", "if", "unless", "and"])


def _phrase_end(sentence: Sentence, begin: int, end: int) -> int:
    """Where a subject's phrase ends: before a mark or a clause; a long one before a further preposition."""
    masks, words, verb = sentence.masks, sentence.words, end
    stops = (at for at in range(begin, end) if masks[at] & MARK or words[at] in ("that", "which", "who", "also"))
    end = next(stops, end)
    if words[end] == "," and opens_list(words, end):
        return _list_end(sentence, end, verb) if verb - begin <= _LONGEST_LIST_WORDS else begin
    if masks[begin] & GERUND and masks[begin + 1] & grammar.PREPOSITION:
        return end  # "Going to bed with a wet scalp" is not on going to bed
    if end - begin > _LONGEST_PHRASE_WORDS:
        near = range(begin + _LONGEST_PHRASE_WORDS, begin + 1, -1)
        end = next((at for at in near if masks[at] & grammar.PREPOSITION), end)
    is_verb_next = end < len(masks) and bool(masks[end] & (AUXILIARY | VERB | VERB_FORM | EITHER_FORM))
    if masks[end - 1] & GERUND and words[end - 2] in ("and", "or") and not is_verb_next:
        end -= 2  # "ripe seeds or creeping | roots", but "repeated wetting and drying | is"
    if masks[end - 1] & grammar.ADJECTIVE and masks[end - 2] & (grammar.PREPOSITION | grammar.OPENER):
        end -= 2  # "leaves and stems after warm | nights"
    while end > begin and masks[end - 1] & (ENDS_BADLY | VERB_FORM) and not is_many(words[end - 1]):
        end -= 1
    return end


def _list_end(sentence: Sentence, comma: int, verb: int) -> int:
    """Where a subject of several things ends: of several the first is not what a sentence is about; 0 for no list."""
    masks, words = sentence.masks, sentence.words
    last = next((at for at in range(comma, verb) if words[at] in ("and", "or")), 0)
    if not last or masks[last + 1] & (grammar.PRONOUN | bit("determiner")):
        return 0
    if masks[last + 1] & grammar.ADJECTIVE and (last + 2 >= verb or masks[last + 2] & MARK):
        return 0  # "Hog hair, stiff and cheap, …" is no list of things
    if {"that", "which", "who"}.intersection(words[last:verb]):
        return 0
    return next((at for at in range(last + 2, verb) if masks[at] & (VERB_FORM | grammar.PREPOSITION)), verb)


def object_of_order(sentence: Sentence) -> str:
    """What an order is on that cannot be cut ("Don't compost weeds that have gone to seed, unless …"); '' for none."""
    at, words, masks = grammar.imperative_at(sentence), sentence.words, sentence.masks
    places = list(TOKEN.finditer(sentence.text)) if at >= 0 else []
    if at < 0 or len(places) != len(words) or (clause_begin(sentence, at) and words[0] not in _BANS):
        return ""
    begin = at + 1
    opens_badly = words[begin : begin + 1] and words[begin] in _NO_OBJECT
    if opens_badly or words[at : at + 3] == ["have", "a", "word"]:
        return ""  # "Check that the card's limit covers the deposit" is not on the card's limit
    while begin < len(words) and masks[begin] & (bit("determiner") | grammar.ADVERB):
        begin += 1
    end = next((to for to in range(begin, len(words)) if masks[to] & MARK or ties(words, to)), begin)
    while end > begin and masks[end - 1] & ENDS_BADLY:
        end -= 1
    if PARTICLES.intersection(words[begin:end]) - {"in", "on", "over"}:
        return ""
    narrowed = next((to for to in range(begin, end) if words[to] in ("that", "which", "who")), end)
    if {"into", "onto", "to"}.intersection(words[begin:narrowed]):
        return ""  # "Stuff damp leaves into a bag …" is not on leaves into a bag
    inside = zip(words[begin:end], masks[begin:end], strict=True)
    if words[at] in NEEDS_PLACE and any(bits & grammar.PREPOSITION and word != "of" for word, bits in inside):
        return ""  # "Add bark to a heap that …" is not on bark to a heap
    if not SHORTEST_CUT_WORDS <= end - begin <= 2 * _LONGEST_PHRASE_WORDS:
        return ""
    line = sentence.text[places[begin].start() : places[end - 1].end()]
    if "every" in words[begin:end] or masks[begin] & (GERUND | NUMBER_WORD) or words[begin] in ("least", "most"):
        return ""
    no_thing = masks[begin] & (grammar.PREPOSITION | grammar.PRONOUN | VERB) or words[begin] in ("before", "after")
    return "" if no_thing or leans(line) else line


def about_which(sentence: Sentence) -> str:
    """The subject with the clause that narrows it ("A ripe tomato that cannot be eaten in time"); '' without one."""
    words, masks = sentence.words, sentence.masks
    if grammar.imperative_at(sentence) >= 0:
        return ""  # "Check that the bank belongs to …"
    at = next((at for at, word in enumerate(words[:7]) if word in ("that", "which", "who") and at), 0)
    places = list(TOKEN.finditer(sentence.text))
    if not at or len(places) != len(words) or masks[0] & grammar.OPENER or words[0] in POOR_SUBJECTS:
        return ""
    if at > 1 and masks[at - 1] & (VERB | VERB_FORM | EITHER_FORM) and words[at] == "that":
        return ""  # "scans suggest that …"
    for end in range(at + 3, min(at + 13, len(words))):
        adverbs = [masks[back] & grammar.ADVERB or words[back] in ("most", "least") for back in range(at, end)]
        before = at + max((back for back, adverb in enumerate(adverbs) if not adverb), default=0)
        if masks[end] & MARK and words[end] != ",":
            return ""
        is_verb = masks[end] & (AUXILIARY | VERB | VERB_FORM) and not masks[end - 1] & grammar.PREPOSITION
        ended = is_verb and before > at + 1 and not masks[before] & (AUXILIARY | FUNCTION)
        goes_on = words[end] == "," and masks[end - 1] & grammar.ADJECTIVE and {"and", "or"} & set(words[end : end + 5])
        if goes_on or _SUBCLAUSES.intersection(words[at + 1 : end]):
            return ""
        if ended or words[end] == ",":
            line = sentence.text[: places[end - 1].end()]
            return line if len(line) <= LONGEST_TITLE and not leans(line) else ""
    return ""


def things(sentence: Sentence) -> Iterator[str]:
    """The sentence's short noun phrases, in order, as far as bits tell: adjectives and nouns side by side."""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return
    order = grammar.imperative_at(sentence)
    run: list[int] = []
    for at, (word, bits) in enumerate(zip(sentence.words, sentence.masks, strict=True)):
        if run and bits & EITHER and sentence.words[at - 1].endswith("s"):
            yield from _phrase_of(sentence, places, run)  # "studies look …": the verb ends the phrase
            run = []
        elif (
            bits & WORD
            and at != order
            and not bits & _NO_KEY_WORD
            and word not in PARTICLES
            and len(word) > 2
            and not word.endswith("ly")
        ):
            run.append(at)
            continue
        yield from _phrase_of(sentence, places, run)
        run = []
    yield from _phrase_of(sentence, places, run)


def _is_noun(sentence: Sentence, at: int) -> bool:
    """Whether a word alone is a noun, as far as the word before it tells."""
    before = at == 0 or bool(sentence.masks[at - 1] & _BEFORE_A_NOUN)
    return before and not sentence.masks[at] & EITHER and not sentence.words[at].endswith("'s")


def _phrase_of(sentence: Sentence, places: list[re.Match[str]], run: list[int]) -> Iterator[str]:
    if run and run[0] and sentence.words[run[0] - 1] == "to":
        run = run[1:]
    if all(sentence.masks[at] & (_GENERIC | grammar.ADJECTIVE) for at in run):
        return
    while run and sentence.masks[run[-1]] & (grammar.ADJECTIVE | GERUND | EITHER_FORM):
        run = run[:-1]
    if len(run) == 1 and not _is_noun(sentence, run[0]):
        return
    if run and len(run) <= 3:
        yield sentence.text[places[run[0]].start() : places[run[-1]].end()]
