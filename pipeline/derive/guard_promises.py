"""What promises in a text, by `lexicons/guard/strong.txt`, and which of those words promise nothing where they stand.

Under a negation none does; 'all day' is a time, 'only about 3 mm' an amount, 'it is best to' advice.
"""

from collections.abc import Iterator
from functools import cache

from pipeline.derive.guard_phrases import Phrase, phrases
from pipeline.derive.guard_polarity import Negator
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.normalise import read

_REACHED = 5  # words between a negator and what it takes back, 'nothing' and its 'should', 'two' and its 'at once'
_TELLS_SOMEONE = frozenset({"ask", "call", "see", "ring", "tell", "phone", "consult", "speak", "talk"})
_NO_PROMISES = frozenset(
    {"synonyms", "outright", "harms", "slightest", "lessens", "no superlative", "extents", "everyday"}
)
_WHO = frozenset({"who", "with", "under", "over", "aged", "younger", "older", "taking", "on", "whose", "below"})
_NOBODY = frozenset({"nobody", "no one"})
_DOUBTS = frozenset({"knows", "really", "yet", "quite"})
_BEFORE_OTHERS = {
    "anywhere": frozenset({"near", "from", "between"}),
    "the one": frozenset({"with", "in", "on", "at", "from", "near", "whose"}),
    "anyone": _WHO,
    "anybody": _WHO,
    "nobody": _DOUBTS,
    "no one": _DOUBTS,
    "total": frozenset({"be", "is", "of", "should", "by", "to"}),
}
"""What is no promise before these: 'anywhere from 1 to 2 bar', 'anyone under 14', 'nobody knows whether …'."""


def promises(one: Reading) -> list[Phrase]:
    """The words that promise something."""
    names = tuple(name for name in groups("guard/strong") if name not in _NO_PROMISES)
    found = phrases(one.words, "guard/strong", *names)
    kept = [phrase for phrase in found if not _harmless(one, phrase)]
    taken = {index for phrase in kept for index in range(phrase.start, phrase.end)}
    more = [*_denials_of_harm(one), *(each for each in superlatives(one) if not _measures(one, each, ""))]
    return [*kept, *(phrase for phrase in more if taken.isdisjoint(range(phrase.start, phrase.end)))]


def _denials_of_harm(one: Reading) -> Iterator[Phrase]:
    """'without any risk', 'free of the slightest pain'."""
    harms, between = _harms(), words("guard/strong", "slightest")
    for index, word in enumerate(one.words):
        if word.lower not in {"no", "without", "zero", "free"}:
            continue
        place = index + 1
        while place < len(one.words) and one.words[place].lower in between | {"from"}:
            place += 1
        if place < len(one.words) and one.words[place].lower in harms:
            yield Phrase(index, place + 1, "safe", f"{word.lower} {one.words[place].lower}")


@cache
def _harms() -> frozenset[str]:
    """The harms as a reading has them: 'side effects' is one word of it."""
    return frozenset(read(entry)[0].lower for entry in words("guard/strong", "harms"))


def superlatives(one: Reading) -> Iterator[Phrase]:
    """'the gentlest soap', 'the most reliable knot'."""
    usual = words("guard/strong", "no superlative")
    for index in range(1, len(one.words)):
        before, word = one.words[index - 1].lower, one.words[index]
        ends = word.lower.endswith("est") and len(word.lower) > 5 and word.lower not in usual
        if ends and before in {"the", "your", "our", "its", "their"}:
            yield Phrase(index, index + 1, "best", word.lower)
        after = one.words[index + 1] if index + 1 < len(one.words) else None
        if (before, word.lower) == ("the", "most") and after is not None and _describes(after.lower):
            yield Phrase(index, index + 2, "best", f"most {after.lower}")


def _describes(lower: str) -> bool:
    """Whether a word is an adjective by its ending: 'the most reliable', not 'the most water'."""
    return lower.endswith(("ble", "ful", "ive", "ous", "ent", "ant", "al", "ic", "ing", "ed", "less", "ly"))


def _harmless(one: Reading, phrase: Phrase) -> bool:
    """A promise under a negation is none; 'all day' and 'at all' are time and emphasis, 'end of' is a place."""
    after = one.words[phrase.end].lower if phrase.end < len(one.words) else ""
    before = one.words[phrase.start - 1].lower if phrase.start else ""
    following = one.words[phrase.end + 1].lower if phrase.end + 1 < len(one.words) else ""
    if phrase.group == "never" and before in {"or", "almost"}:
        return True
    if _counts_time(one, phrase, before, after) or _orders(one, phrase, before, after):
        return True
    if _has_another_sense(phrase, before, after, following) or _measures(one, phrase, before):
        return True
    if phrase.entry == "nothing":
        return not _opens(one, phrase.start)  # 'nothing beats it' praises, 'you pay nothing' counts
    negated = any(
        n.start < phrase.start and phrase.start in _reach(one, n) and not _keeps_off(one, n, phrase)
        for n in one.negators
    )
    return negated and phrase.group not in {"never", "only", "everyone", "will"}


def _orders(one: Reading, phrase: Phrase, before: str, after: str) -> bool:
    """'stop using it' refuses, where 'stops spots' promises; 'remove the lid'; 'it is best to wait' advises."""
    if phrase.entry in {"stop", "stops"} and (after.endswith("ing") or _opens(one, phrase.start)):
        return True
    ordered = _opens(one, phrase.start) or before in {"and", "then", "or"}
    if phrase.entry == "get rid of" and ordered and one.words[phrase.start].lower == "remove":
        return True
    return phrase.entry == "best" and (after in {"to", "not"} or _is_done(after))


def _has_another_sense(phrase: Phrase, before: str, after: str, following: str) -> bool:
    """'for good reception', 'make sure to', 'it only makes it worse', 'the end'."""
    if phrase.entry in {"for good", "for certain"}:  # 'for certain children'
        return after.isalpha() and after not in words("guard/words", "function")
    if phrase.entry == "sure to":
        return before in {"be", "make"}
    if phrase.entry == "only":
        return after in {"make", "makes", "made", "worsen", "worsens"}
    if phrase.entry == "the one" and after == "to":
        return following.partition(" ")[0] in _TELLS_SOMEONE
    if phrase.entry in _BEFORE_OTHERS:  # 'so nobody bills you': what it is done for
        return after in _BEFORE_OTHERS[phrase.entry] or (phrase.entry in _NOBODY and before in {"so", "that"})
    if phrase.entry == "perfectly":
        return after in {"normal", "fine", "usual", "ordinary", "common"}
    if phrase.entry == "fixed":
        return before in {"a", "the", "your", "its"}  # 'a fixed bedtime'
    if phrase.entry == "overnight":
        return after.isalpha() and after not in words("guard/words", "function")  # 'overnight wear'
    if phrase.entry in {"end", "ends"} and after in {"with", "by", "up", "in", "at", "on"}:
        return True
    things = {"end", "ends", "complete", "established", "fast", "stop"}
    return phrase.entry in things and before in {"the", "a", "both", "very"}


def _measures(one: Reading, phrase: Phrase, before: str) -> bool:
    """'Only about 3 mm', 'count on six weeks', 'for every bucket, two …', 'four hours is the longest': an amount."""
    inside = [q for q in one.quantities if one.words[q.start].sentence == one.words[phrase.start].sentence]
    if phrase.entry in {"only", "count on"}:
        return before != "the" and any(phrase.end in {q.first, q.start, q.first - 1} for q in inside)
    if phrase.entry == "every":
        return before == "for" and _opens(one, phrase.start - 1) and any(q.start > phrase.end for q in inside)
    if phrase.entry == "at once":
        before_it = one.words[max(0, phrase.start - _REACHED) : phrase.start]
        return any(word.lower in {"two", "both", "several"} for word in before_it)
    if phrase.entry == "all":
        near = {word.lower for word in one.words[phrase.end : phrase.end + _REACHED]}
        return before in {"is", "are", "be"} and not near.isdisjoint({"need", "needs", "takes"})  # 'is all it needs'
    asked = any(word.lower in {"should", "must"} for word in one.words[phrase.end : phrase.end + _REACHED])
    if phrase.entry == "nothing":
        return asked
    at_the = phrase.start > 1 and one.words[phrase.start - 2].lower == "at"  # 'two years at the longest'
    return phrase.entry in words("guard/strong", "extents") and bool(inside) and (asked or at_the)


def _is_done(lower: str) -> bool:
    return (lower.endswith("ed") and not lower.endswith("eed")) or lower in words("guard/grammar", "participles")


def _counts_time(one: Reading, phrase: Phrase, before: str, after: str) -> bool:
    """'all day', 'all the way', 'every two days', 'not all': no promise that holds for everyone."""
    following = one.words[phrase.end + 1].lower if phrase.end + 1 < len(one.words) else ""
    if phrase.entry == "all" and (
        (after, following) in {("the", "way"), ("the", "same"), ("the", "while")}
        or after in words("guard/grammar", "time nouns")
        or before in {"at", "after", "not", "above", "of", "over"}
        or after in {"they", "you", "it", "we", "round", "around", "over"}  # 'all they need', 'all it takes'
        or (after in {"its", "your", "their", "my", "our", "his", "her"} and following in {"life", "lives", "day"})
    ):
        return True
    nearly = {"not", "if", "when", "whether", "nearly", "almost", "virtually", "practically"}
    some = phrase.entry in {"anyone", "anybody"} and after in {"with", "who", "whose"}  # 'if you have …'
    if phrase.group == "everyone" and (before in nearly or after == "way" or some):
        return True
    if phrase.entry == "every" and after in words("guard/grammar", "seasons"):
        return True
    return phrase.entry == "every" and any(q.start <= phrase.start < q.end for q in one.quantities)


def _keeps_off(one: Reading, negator: Negator, phrase: Phrase) -> bool:
    """'keeps moths off forever' and 'prevents lines permanently' refuse moths and lines, and promise all the same."""
    verb = one.words[negator.start]
    keeper = verb.lower in words("guard/grammar", "keeps off") or verb.stem in {"prevent", "stop"}
    return keeper and any(negator.end <= i < phrase.start for i in one.matter)


def _opens(one: Reading, index: int) -> bool:
    return index == 0 or not one.words[index - 1].is_word


def _reach(one: Reading, negator: Negator) -> range:
    """Where a negator before a promise takes it back: in the same clause, within a few words.

    What is passed over ends with its own words: 'rather than folding them | always saves space'.
    """
    last = start = negator.start
    while last + 1 < len(one.words) and one.clause[last + 1] == one.clause[start] and last - start < _REACHED:
        last += 1
    if one.words[start].lower in {"rather", "instead"} and negator.scope:
        last = min(last, max(negator.scope) + 1)
    return range(start, last + 1)
