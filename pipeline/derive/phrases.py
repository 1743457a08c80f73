"""Short phrases out of a sentence, for titles: what it is about, what its order is on, the things that it names."""

import re
from collections.abc import Iterator

from pipeline.derive import grammar
from pipeline.derive.clauses import PARTICLES, POOR_SUBJECTS, leans
from pipeline.derive.cuts import ENDS_BADLY, LONGEST_TITLE, SHORTEST_CUT_WORDS, clause_begin, opens_list, ties
from pipeline.derive.tokens import (
    AUXILIARY,
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
_LONGEST_LIST_WORDS = 12  # and marks
_GENERIC = bit("generic_noun") | bit("abstract")
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


def about(sentence: Sentence) -> str:
    """What the first sentence is about: its subject's noun phrase, up to seven words; '' when it is no plain one.

    A phrase that opens the sentence is left out: "In some cases, the glue of a brush may …" is about the glue.
    """
    end, masks = grammar.subject_end(sentence), sentence.masks
    places = list(TOKEN.finditer(sentence.text)) if end else []
    if not end or len(places) != len(sentence.words) or grammar.imperative_at(sentence) >= 0:
        return ""
    begin = 0
    if masks[0] & grammar.OPENER:
        begin = sentence.words.index(",") + 1 if "," in sentence.words[:end] else end
    if sentence.words[begin] in POOR_SUBJECTS:
        return ""
    while begin < end and masks[begin] & (bit("determiner") | FUNCTION | grammar.ADVERB | bit("hedge")):
        if masks[begin] & (grammar.NEGATION | grammar.PRONOUN):
            return ""  # "Don't block the vents" is not about blocking them
        begin += 1
    end = _phrase_end(sentence, begin, end)
    if not 0 < end - begin <= _LONGEST_LIST_WORDS:
        return ""
    return sentence.text[places[begin].start() : places[end - 1].end()]


def _phrase_end(sentence: Sentence, begin: int, end: int) -> int:
    """Where a subject's phrase ends: before a mark or a clause; a long one before a further preposition."""
    masks, words, verb = sentence.masks, sentence.words, end
    stops = (at for at in range(begin, end) if masks[at] & MARK or words[at] in ("that", "which", "who", "also"))
    end = next(stops, end)
    if words[end] == "," and opens_list(words, end):
        return _list_end(sentence, end, verb) if verb - begin <= _LONGEST_LIST_WORDS else begin
    if end - begin > _LONGEST_PHRASE_WORDS:
        near = range(begin + _LONGEST_PHRASE_WORDS, begin + 1, -1)
        end = next((at for at in near if masks[at] & grammar.PREPOSITION), end)
    if masks[end - 1] & GERUND and words[end - 2] in ("and", "or"):
        end -= 2  # "ripe seeds or creeping | roots"
    if masks[end - 1] & grammar.ADJECTIVE and masks[end - 2] & (grammar.PREPOSITION | grammar.OPENER):
        end -= 2  # "leaves and stems after warm | nights"
    while end > begin and masks[end - 1] & (ENDS_BADLY | VERB_FORM):
        end -= 1
    return end


def _list_end(sentence: Sentence, comma: int, verb: int) -> int:
    """Where a subject of several things ends: of several the first is not what a sentence is about; 0 for no list."""
    masks, words = sentence.masks, sentence.words
    last = next((at for at in range(comma, verb) if words[at] in ("and", "or")), 0)
    if not last or masks[last + 1] & (grammar.PRONOUN | bit("determiner")):
        return 0
    return next((at for at in range(last + 2, verb) if masks[at] & (VERB_FORM | grammar.PREPOSITION)), verb)


def object_of_order(sentence: Sentence) -> str:
    """What an order is on that cannot be cut ("Don't compost weeds that have gone to seed, unless …"); '' for none."""
    at, words, masks = grammar.imperative_at(sentence), sentence.words, sentence.masks
    places = list(TOKEN.finditer(sentence.text)) if at >= 0 else []
    if at < 0 or len(places) != len(words) or clause_begin(sentence, at):
        return ""
    begin = at + 1
    while begin < len(words) and masks[begin] & (bit("determiner") | grammar.ADVERB):
        begin += 1
    end = next((to for to in range(begin, len(words)) if masks[to] & MARK or ties(words, to)), begin)
    while end > begin and masks[end - 1] & ENDS_BADLY:
        end -= 1
    if PARTICLES.intersection(words[begin:end]) - {"in", "on", "over"}:
        return ""
    if not SHORTEST_CUT_WORDS <= end - begin <= 2 * _LONGEST_PHRASE_WORDS:
        return ""
    line = sentence.text[places[begin].start() : places[end - 1].end()]
    if "every" in words[begin:end]:
        return ""
    return "" if masks[begin] & (grammar.PREPOSITION | grammar.PRONOUN | VERB) or leans(line) else line


def about_which(sentence: Sentence) -> str:
    """The subject with the clause that narrows it ("A ripe tomato that cannot be eaten in time"); '' without one."""
    words, masks = sentence.words, sentence.masks
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
