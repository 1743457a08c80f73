"""Short clauses out of a sentence, for titles: its order, its statement, its condition.

Each function gives the clause in the sentence's own words, or '' where none can be had that is whole and says no more
than the sentence does.
"""

from pipeline.derive import grammar, pointing
from pipeline.derive.cuts import (
    ENDS_BADLY,
    LONGEST_CLAUSE,
    LONGEST_TITLE,
    SHORTEST_CUT_WORDS,
    Spares,
    aside_end,
    clause_begin,
    clause_follows,
    cut,
    group,
    ties,
)
from pipeline.derive.grammar import ANY_VERB
from pipeline.derive.tokens import (
    AUXILIARY,
    DIGIT,
    EITHER,
    NUMBER_WORD,
    TABLE,
    TOKEN,
    VERB,
    Sentence,
    bit,
    read_sentence,
)
from pipeline.documents.model import Span

_SHORTEST_STATEMENT_WORDS = 5
_LONGEST_STATEMENT = 76  # characters of one that is cut
_LONGEST_ASIDE = 5  # words and commas
NEGATIVE_ORDERS, POOR_SUBJECTS = group("negative_orders"), group("poor_subjects")
TIED_OPENERS = group("tied_openers")
PARTICLES = frozenset(["away", "back", "up", "down", "out", "off", "over", "on", "in", "again"])
_LIMITS = NEGATIVE_ORDERS | {"every", "each", "daily", "weekly", "monthly", "twice", ",", ";", ":"}
"""What an order may not hold to be told as 'when to': a ban, a frequency, a second part."""
_ASKING = frozenset(["ask", "check", "find", "decide", "know", "wonder", "test", "judge", "expect"])
_CALLING = frozenset(
    ["call", "see", "tell", "contact", "go", "stop", "seek", "get", "visit", "speak", "phone", "ring", "have"]
)
_BEING = frozenset(
    ["have", "are", "want", "can", "cannot", "can't", "must", "need", "like", "prefer", "live", "own", "use"]
)
PREPOSITION_OR_CONJUNCTION = grammar.PREPOSITION | grammar.CONJUNCTION
_SHORTEST_CASE_WORDS = 4
LONGEST_CASE = 44  # characters of a case; what comes behind is left to the text
_SPARED_OF_A_CASE = frozenset(["after", "for", "or", "in", "at", "during", "while", "with", "before", "because", "by"])
_AT_ONCE = (["at", "once"], ["straight", "away"], ["right", "away"])
_APPROXIMATES = frozenset(["about", "around", "roughly", "say", "ideally", "preferably", "usually", "generally", "or"])
_MODALS = frozenset(["must", "should", "can", "has", "needs"])
_READY = frozenset(["ready", "done", "ripe", "due", "finished", "safe", "cooked", "fit", "needed", "enough"])
_NO_START = grammar.OPENER | grammar.NEGATION


def order(sentence: Sentence, longest: int = LONGEST_CLAUSE) -> str:
    """The order as a short clause ("Keep the treated area clean"); '' when it cannot be cut without saying more.

    A clause of more than `longest` characters is cut before a phrase that can be spared.
    """
    at = grammar.imperative_at(sentence)
    places = list(TOKEN.finditer(sentence.text)) if at >= 0 else []
    if at < 0 or len(places) != len(sentence.words):
        return ""
    begin = clause_begin(sentence, at)
    if begin and sentence.words[0] in TIED_OPENERS and sentence.words[:2] != ["as", "for"]:
        return order_with_opener(sentence)
    negative = any(word in NEGATIVE_ORDERS for word in sentence.words[begin : at + 1])
    end = cut(sentence, places, begin, longest, Spares.OTHERS if negative else Spares.PHRASES)
    line = _without_commas(sentence.text[places[begin].start() : end]) if end else ""
    return line[:1].upper() + line[1:]


def order_with_opener(sentence: Sentence) -> str:
    """The order with the clause that opens it ("In hot weather, put the beans in the fridge"); '' without one."""
    at = grammar.imperative_at(sentence)
    places = list(TOKEN.finditer(sentence.text)) if at > 0 else []
    if at <= 0 or len(places) != len(sentence.words) or not (begin := clause_begin(sentence, at)):
        return ""
    if sentence.words[:2] == ["as", "for"]:
        return ""  # "As for the eyes, …" turns to them
    negative = any(word in NEGATIVE_ORDERS for word in sentence.words[begin : at + 1])
    spares = Spares.OTHERS if negative else Spares.PHRASES
    end = cut(sentence, places, begin, LONGEST_CLAUSE - places[begin].start(), spares)
    return sentence.text[:end] if end else ""


def without_aside(sentence: Sentence) -> Sentence | None:
    """The sentence less the aside in its first clause ("a door's width, about a metre, from …"); None without one."""
    places = list(TOKEN.finditer(sentence.text))
    comma = next((at for at, word in enumerate(sentence.words) if word == ","), 0)
    end = aside_end(sentence, comma) if comma and len(places) == len(sentence.words) else 0
    if not end or sentence.words[comma + 1] not in _APPROXIMATES:
        return None
    return read_sentence(sentence.text[: places[comma].start()] + sentence.text[places[end - 1].end() :], sentence.span)


def how_to(sentence: Sentence) -> str:
    """ "How to find out whether a wall is damp", out of "To find out whether a wall is damp, tape …"."""
    words, at = sentence.words, grammar.imperative_at(sentence)
    places = list(TOKEN.finditer(sentence.text)) if at > 0 and words[0] == "to" else []
    if not places or len(places) != len(words) or not sentence.masks[1] & (VERB | EITHER):
        return ""
    begin = clause_begin(sentence, at)
    if {"it", "them"} & set(words[:begin]):
        return ""  # "How to test it": what, is named behind
    line = f"How {sentence.text[:1].lower()}{sentence.text[1 : places[begin - 1].start()]}".rstrip(" ,")
    return line if len(line.split()) >= SHORTEST_CUT_WORDS and len(line) <= LONGEST_CLAUSE and not leans(line) else ""


def whole_statement(sentence: Sentence) -> str:
    """A statement with the clause that opens it ("If a heap smells, it needs air"); '' without one."""
    if not sentence.masks[0] & grammar.OPENER or grammar.imperative_at(sentence) >= 0 or "," not in sentence.words:
        return ""
    if sentence.words[0] in ("every", "each", "between"):
        return ""
    places = list(TOKEN.finditer(sentence.text))
    begin = sentence.words.index(",") + 1
    if len(places) != len(sentence.words) or begin < 3 or begin + 2 >= len(places):
        return ""
    end = cut(sentence, places, begin)
    line = sentence.text[:end]
    return line if end and len(line) <= LONGEST_CLAUSE and grammar.subject_end(sentence) and not leans(line) else ""


def order_at(sentence: Sentence) -> int:
    """The index of the order's verb, or -1."""
    return grammar.imperative_at(sentence)


def is_order(heading: str) -> bool:
    """Whether a heading is an order ("Look after the skin")."""
    return grammar.imperative_at(read_sentence(heading, Span(0, 0))) >= 0


def leans(line: str) -> bool:
    """Whether a title would point back to something that is not in it."""
    read = read_sentence(line, Span(0, 0))
    if pointing.dangling_pronoun(read) or read.starts & bit("dangling_start"):
        return True
    return any(
        bits & grammar.DEMONSTRATIVE and read.words[at : at + 2] != ["such", "as"] for at, bits in enumerate(read.masks)
    )


def _without_commas(line: str) -> str:
    return line.replace(" –", ",").strip(" ,")


def statement(sentence: Sentence, longest: int = LONGEST_CLAUSE) -> str:
    """The first clause of a statement, verb and hedge included, where it is short enough and whole."""
    end_of_subject = grammar.subject_end(sentence)
    first = sentence.masks[0]
    if not end_of_subject or first & grammar.OPENER or sentence.words[0] in POOR_SUBJECTS:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return ""
    denied = any(bits & grammar.NEGATION for bits in sentence.masks[: end_of_subject + 2])
    advises = sentence.mask & bit("advice") and not denied
    end = cut(sentence, places, 0, longest, Spares.PHRASES if advises else Spares.NOTHING)
    end = end or cut(sentence, places, 0, min(longest, _LONGEST_STATEMENT), Spares.ADDED)
    if not end or end <= places[end_of_subject].end():
        return ""
    line = sentence.text[:end]
    before, _, after = line.partition(", ")
    if after and sentence.text[end:].lstrip().startswith(("and", "or", ",")):
        return ""  # "is common, mostly painless | and …"
    parts_adjectives = bool(TABLE[before.lower().split()[-1]] & grammar.ADJECTIVE)  # "shallow, rolling scars"
    if after and not parts_adjectives and not {"and", "or"} & set(after.split()):
        return ""  # "You should be able to fit a hand, upright"
    return line if not leans(line) and len(line.split()) >= _SHORTEST_STATEMENT_WORDS else ""


def when_to(sentence: Sentence) -> str:
    """ "When to throw a starter away", out of "Throw a starter away if it shows …"; '' where the order forbids."""
    at, words = grammar.imperative_at(sentence), sentence.words
    end = next((later for later in range(at + 1, len(words)) if _opens_condition(sentence, later)), 0)
    places = list(TOKEN.finditer(sentence.text))
    if words[0] in _ASKING or (
        words[0] not in _CALLING and words[end + 1 : end + 2] == ["you"] and _is_of_you(words, end)
    ):
        return ""  # "Ask the vet if …" is whether; "Use soap if you have dry skin" is for whom
    if _says_no_more(words, end) or (words[0] == "ask" and words[end] == "when"):
        return ""  # "Ask when it was last tuned" is a question
    at_once = words[end - 2 : end] in _AT_ONCE
    if at or not end or len(places) != len(words) or (_is_loose_end(sentence, end) and not at_once):
        return ""
    end = _before_aside(sentence, end)
    end -= 2 if words[end - 2 : end] in _AT_ONCE else 1 if words[end - 1] == "immediately" else 0
    line = f"When to {sentence.text[:1].lower()}{sentence.text[1 : places[end - 1].end()]}"
    for place, (word, bits) in enumerate(zip(words[:end], sentence.masks[:end], strict=True)):
        if ties(words, place) or word in _LIMITS or bits & DIGIT:
            return ""
    return line if len(line) <= LONGEST_TITLE and not leans(line) else ""


def _says_no_more(words: list[str], at: int) -> bool:
    """'Lift furniture when you move it', '… when you book': the case says no more than the order."""
    if words[at + 1 : at + 2] != ["you"]:
        return False
    stop = at + 4 if words[at + 3 : at + 4] in (["it"], ["them"]) else at + 3
    return words[stop : stop + 1] in ([","], ["."], [])


def _opens_condition(sentence: Sentence, at: int) -> bool:
    words, following = sentence.words, sentence.masks[at + 1] if at + 1 < len(sentence.masks) else 0
    if words[at] == "once" and (
        following & (PREPOSITION_OR_CONJUNCTION | bit("time")) or words[at + 1 : at + 2] == ["a"]
    ):
        return False  # "once on a Sunday", "once or twice"
    if words[at] == "when" and sentence.masks[at - 1] & bit("time") and {"the", "on"} & set(words[at - 3 : at - 1]):
        return False  # "on the days when you walk"
    return words[at] in ("if", "when", "once") and words[at - 1 : at + 1] != ["at", "once"]


def _is_of_you(words: list[str], at: int) -> bool:
    """Whether a condition says whom the order is for: "if you have dry skin"."""
    return words[at] == "if" and words[at + 2 : at + 3] != [] and words[at + 2] in _BEING


def _before_aside(sentence: Sentence, end: int) -> int:
    """Where the words end before a short aside between commas: "Call the clinic at once, day or night, if …"."""
    aside = sentence.words.index(",") if "," in sentence.words[:end] else end
    is_aside = sentence.words[end - 1] == "," and 1 < end - aside <= _LONGEST_ASIDE
    return aside if is_aside and not any(bits & ANY_VERB for bits in sentence.masks[aside:end]) else end


def _is_loose_end(sentence: Sentence, end: int) -> bool:
    """Whether the words before `end` break off: on a conjunction, an 'even', an 'only'; or 'once' counts."""
    if sentence.words[end - 1] == "with":
        return False  # "ready to bake with"
    return bool(sentence.masks[end - 1] & ENDS_BADLY and sentence.words[end - 1] not in PARTICLES) or (
        sentence.words[end] == "once" and sentence.words[end + 1 : end + 2] in (["a"], ["every"], ["in"])
    )


def _may_be_left_out(sentence: Sentence, at: int) -> bool:
    """Whether a case is whole without what begins at a place: "if a pipe drips | in the night".

    What narrows it, or stands beside it, stays: "if you can run for 30 minutes", "if your skin is brown or black".
    """
    words, masks = sentence.words, sentence.masks
    is_whole = not masks[at - 1] & (ENDS_BADLY | AUXILIARY) or words[at - 1] in PARTICLES
    is_whole = is_whole and words[at - 2] != "to"  # "if you borrow to pay | for food"
    is_listed = words[at] == "or" and "," in words[:at]
    narrows = words[at] == "or" or (words[at] == "for" and bool(masks[at + 1] & (NUMBER_WORD | DIGIT)))
    return words[at] in _SPARED_OF_A_CASE and is_whole and not (is_listed or narrows)


def _case_ends(sentence: Sentence, comma: int) -> bool:
    """Whether a case ends at the comma: another clause follows, or no list that could go on."""
    following = sentence.words[comma + 1 : comma + 6]
    return clause_follows(sentence, comma) or not {"and", "or"}.intersection(following)


def condition(sentence: Sentence, longest: int = LONGEST_CASE) -> str:
    """The condition that opens the sentence ("If keloids run in your family"); '' where it is too long or leans."""
    if sentence.words[0] not in ("if", "when", "once") or "," not in sentence.words:
        return ""
    places = list(TOKEN.finditer(sentence.text))
    comma = next((at for at, word in enumerate(sentence.words) if word == "," and _case_ends(sentence, at)), 0)
    if comma < _SHORTEST_CASE_WORDS or len(places) != len(sentence.words):
        return ""
    end = comma
    for at in range(comma - 1, _SHORTEST_CASE_WORDS, -1):
        if places[end - 1].end() > longest and _may_be_left_out(sentence, at):
            end = at
    line = sentence.text[: places[end - 1].end()]
    return line if len(line) <= LONGEST_CLAUSE and not leans(line) else ""


def what_to_do(sentence: Sentence) -> str:
    """ "What to do if a pipe drips", out of "If a pipe drips, turn …"; '' where no order follows."""
    line = condition(sentence) if sentence.words[0] in ("if", "when") and grammar.imperative_at(sentence) > 0 else ""
    return f"What to do {line[:1].lower()}{line[1:]}" if line else ""


def time_of(sentence: Sentence) -> str:
    """ "When a starter is ready to bake with", out of "A starter is ready to bake with when it doubles …"."""
    end_of_subject, words = grammar.subject_end(sentence), sentence.words
    at = next(
        (at for at, word in enumerate(words) if word in ("when", "once", "if") and _opens_condition(sentence, at)), 0
    )
    if any(bits & grammar.NEGATION for bits in sentence.masks[:at]) or (at and _is_loose_end(sentence, at)):
        return ""
    places = list(TOKEN.finditer(sentence.text))
    if not end_of_subject or at < end_of_subject + 2 or "," in words[:at] or len(places) != len(words):
        return ""
    if words[end_of_subject] not in _MODALS and _READY.isdisjoint(words[end_of_subject:at]):
        return ""  # "Oil is flammable when …" is no time
    if not sentence.masks[end_of_subject] & AUXILIARY or words[0] in POOR_SUBJECTS or sentence.masks[0] & _NO_START:
        return ""
    line = f"When {sentence.text[:1].lower()}{sentence.text[1 : places[at - 1].end()]}"
    return line if len(line) <= LONGEST_TITLE and not leans(line) else ""
