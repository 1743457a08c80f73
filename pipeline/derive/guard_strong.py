"""strong_claim: the text promises where the source does not.

A word of `lexicons/guard/strong.txt` in the text must have its like in the source. Under a negation it promises
nothing ('not guaranteed'), and advice to avoid may say 'never' where the source says 'do not'.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.derive.guard_pair import Pair, finding, replace
from pipeline.derive.guard_phrases import Phrase
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_promises import promises, superlatives
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import stem

_DENIED, _LESSENED = 3, 5  # words between a denial and what it denies, and between a lessening and its object


_SPARES = re.compile(r"\b(?:(?:do|does)(?: not|n['’]t) (?:need|have) to|need(?: not|n['’]t)|no need to) ([a-z]+)")
_BANS = re.compile(r"(?:^|[.;:!?,] ?|\band )(?:do not|don['’]t|never) ([a-z]+)")
_ALL = frozenset({"all", "every", "everything", "everyone", "everybody"})


def check(pair: Pair) -> Iterator[Finding]:
    """Each promise of the text that the source does not make."""
    told = _groups_of(pair.source)
    for phrase in promises(pair.text):
        if not pair.is_fresh(phrase.start) or _covered(pair, phrase, told):
            continue
        said = pair.text.span(phrase.start, phrase.end)
        linked = next((pair.links[i] for i in _beside(pair, phrase) if i in pair.links), None)
        yield finding(
            FindingKind.STRONG_CLAIM,
            Verdict.WARN if phrase.group in words("guard/grammar", "milder promises") else Verdict.BLOCK,
            f"'{said}' promises more than the source does.",
            pair.source.clause_text(linked) if linked is not None else "",
            said,
            _suggestion(pair, phrase, linked),
        )
    yield from _made_none(pair)
    yield from _made_nothing(pair)
    yield from _made_a_ban(pair)
    yield from _made_never(pair)
    yield from _made_exact(pair)
    yield from _made_sole(pair)


def _made_none(pair: Pair) -> Iterator[Finding]:
    """'keeps the walls free of mould' where the source only reduces it."""
    for index in range(len(pair.text.words)):
        near = [j for j in pair.text.matter if index < j <= index + _DENIED and j in pair.links]
        if not _denies(pair.text, index) or not near or not pair.is_fresh(index):
            continue
        source = pair.links[near[0]]
        lessened = [i for i in pair.source.in_clause(source) if source - _LESSENED <= i < source and _lessens(pair, i)]
        if lessened and pair.source.polarity[source] is not Polarity.NEGATIVE:
            message = (
                f"The source only says '{pair.source.words[lessened[-1]].text}'; the text says that there is none."
            )
            yield _beyond(pair, source, pair.text.span(index, near[0] + 1), message)


def _made_nothing(pair: Pair) -> Iterator[Finding]:
    """'A thief will get none of it' where the source says that he does not get all of it."""
    told = next((j for j, word in enumerate(pair.text.words) if word.lower in {"none", "nothing"}), None)
    if told is None or not pair.is_fresh(told):
        return
    for negator in pair.source.negators:
        most = [i for i in range(negator.end, len(pair.source.words)) if pair.source.words[i].lower in _ALL]
        here = [i for i in most if pair.source.clause[i] == pair.source.clause[negator.start]]
        here = [i for i in here if pair.source.words[i - 1].lower != "at"]  # 'none at all'
        if here and pair.source.words[here[0]].stem not in pair.text.stems:
            message = "The source only says that it is not all of them; the text says that it is none."
            yield _beyond(pair, here[0], pair.text.clause_text(told), message)


def _made_a_ban(pair: Pair) -> Iterator[Finding]:
    """'Do not peel them' where the source says that they need not be peeled."""
    banned = [stem(found[1]) for found in _BANS.finditer(pair.text.text.lower())]
    if not banned:
        return
    for found in _SPARES.finditer(pair.source.text.lower()):
        place = next(i for i, word in enumerate(pair.source.words) if word.start >= found.start(1))
        told = next((j for j in pair.back.get(place, ()) if pair.text.words[j].stem in banned), None)
        if told is not None and pair.is_fresh(told):
            message = "The source says that nobody needs to; the text forbids it."
            yield _beyond(pair, place, pair.text.clause_text(told), message)


def _made_exact(pair: Pair) -> Iterator[Finding]:
    """'tells you exactly how damp it is' where the source's word is 'a rough idea'."""
    rough = {word.text for word in pair.source.words if word.lower in words("guard/directions", "rough")}
    for index, word in enumerate(pair.text.words):
        exact = word.lower in words("guard/directions", "exact") and pair.text.polarity[index] is Polarity.POSITIVE
        if rough and exact and pair.is_fresh(index) and word.concept not in pair.source_concepts:
            yield finding(
                FindingKind.STRONG_CLAIM,
                Verdict.BLOCK,
                f"'{word.text}' promises more than the source's '{min(rough)}'.",
                pair.source.text,
                word.text,
                pair.source.text,
            )


def _made_sole(pair: Pair) -> Iterator[Finding]:
    """'the cause of it' where the source's words are 'one of the causes of it'."""
    for index in range(len(pair.source.words) - 2):
        shared = [word.lower for word in pair.source.words[index : index + 2]] == ["one", "of"]
        noun = next((i for i in pair.source.matter if index + 2 <= i <= index + _LESSENED), None)
        if not shared or noun is None or not pair.source.words[noun].lower.endswith("s"):
            continue
        for told in pair.back.get(noun, ()):
            before = {word.lower for word in pair.text.words[max(0, told - _LESSENED) : told]}
            alone = not pair.text.words[told].lower.endswith("s") and "the" in before and "of" not in before
            if alone and pair.is_fresh(told):
                message = f"The source says '{pair.source.span(index, noun + 1)}'; the text says that there is one."
                yield _beyond(pair, noun, pair.text.clause_text(told), message)


def _made_never(pair: Pair) -> Iterator[Finding]:
    """'Short nails do not break' where the source says that they break less often."""
    for negator in pair.text.negators:
        told = [j for j in negator.scope if j in pair.links][:1]
        if pair.text.words[negator.start].lower not in {"not", "never", "no"} or not pair.is_fresh(negator.start):
            continue
        for j in told:
            source = pair.links[j]
            after = pair.source.words[source + 1 : source + _DENIED + 2]
            less = next((w for w in after if w.lower in words("guard/directions", "less so")), None)
            compares = {word.lower for word in pair.text.words[j : j + _LESSENED + 1]}  # 'does not slip as easily'
            if (
                less is not None
                and less.stem not in pair.text.stems
                and compares.isdisjoint({"as", "so", "that"})
                and pair.source.polarity[source] is Polarity.POSITIVE
            ):
                message = f"The source only says '{less.text}'; the text says that it does not happen."
                yield _beyond(pair, source, pair.text.span(negator.start, j + 1), message)


def _beyond(pair: Pair, source: int, said: str, message: str) -> Finding:
    """The finding that what the text says goes beyond the source's word at that place."""
    here = pair.source.clause_text(source), said, pair.source.sentence_text(source)
    return finding(FindingKind.STRONG_CLAIM, Verdict.BLOCK, message, *here)


def _denies(one: Reading, index: int) -> bool:
    lower = one.words[index].lower
    cannot = lower == "not" and index > 0 and one.words[index - 1].lower in {"can", "could"}
    return cannot or lower in {"no", "without", "free", "zero", "never"}


def _lessens(pair: Pair, index: int) -> bool:
    stems = {stem(word) for word in groups("guard/strong")["lessens"]}
    return pair.source.words[index].stem in stems and pair.source.words[index].stem not in pair.text.stems


def authored(one: Reading) -> Iterator[Finding]:
    """Promises in a text that has no source: the strongest words alone, since nothing speaks against the others."""
    for phrase in promises(one):
        if phrase.entry in _outright():
            said = one.span(phrase.start, phrase.end)
            yield finding(
                FindingKind.STRONG_CLAIM,
                Verdict.WARN,
                f"'{said}' is a promise that needs proof. Say what is usual, or name the evidence.",
                "",
                said,
            )


@cache
def _outright() -> frozenset[str]:
    return frozenset(groups("guard/strong")["outright"])


@cache
def _covers() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Group → the plain words of a source that stand behind it."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for entry in groups("guard/strong")["synonyms"]:
        plain, group = (part.strip() for part in entry.split("|"))
        table.setdefault(group, []).append(tuple(plain.split()))
    return {group: tuple(entries) for group, entries in table.items()}


def _groups_of(one: Reading) -> frozenset[str]:
    """The groups that the source's own words stand behind."""
    found = {phrase.group for phrase in promises(one)} - {"best", "only"}  # of these each word counts for itself
    lowers = tuple(word.lower for word in one.words)
    for group, entries in _covers().items():
        places = (i for entry in entries for i in range(len(lowers)) if lowers[i : i + len(entry)] == entry)
        if any(not _counted(one, i) for i in places):
            found.add(group)
    if any(one.words[n.start - k].lower == "so" for n in one.negators for k in range(1, min(7, n.start + 1))):
        found.add("prevent")  # 'so that nobody trips'
    if any(one.words[n.start].lower in words("guard/grammar", "keeps off") for n in one.negators):
        found.add("prevent")  # 'keeps pests away'
    if any(word == "or" and not {"will", "may"}.isdisjoint(lowers[i : i + 7]) for i, word in enumerate(lowers)):
        found.add("prevent")  # 'cover it, or it will boil over'
    return frozenset(found)


def _counted(one: Reading, index: int) -> bool:
    """'most people', 'some parts': stands behind no promise for all."""
    return any(hedge.end == index and hedge.group.startswith(("quantity", "rare")) for hedge in one.hedges)


def _covered(pair: Pair, phrase: Phrase, told: frozenset[str]) -> bool:
    """Whether the source says as much."""
    stems = {word.stem for word in pair.source.words}
    said = {word.stem for word in pair.text.words[phrase.start : phrase.end]}
    if said <= stems and not _only_denied(pair, phrase):
        return True
    if phrase.entry in {"better than", "beat", "beats"} and "than" in stems:
        return True  # another comparison of the source's, in other words
    if phrase.entry == "only" and (_waits_for(pair, phrase) or _next_lower(pair.text, phrase.end) == "then"):
        return True  # 'let it settle, and only then oil it'
    if (phrase.group == "absolute" and _rarely(pair.text, phrase)) or _is_a_superlative_too(pair, phrase):
        return True
    if phrase.group == "must" and _is_no_more_than_needed(pair, phrase):
        return True
    if phrase.entry in {"must", "will"} and _forbids(pair.text, phrase):
        linked = [pair.links[j] for j in _beside(pair, phrase) if j in pair.links]
        denied = any(pair.source.polarity[i] is not Polarity.POSITIVE for i in linked)
        if denied or phrase.entry == "must":
            return denied
    if phrase.group == "will":
        return _states_outright(pair, phrase)
    if phrase.group == "never":
        always = {word.lower for word in pair.source.words} & {"times", "always", "constantly", "continually"}
        return _refused(pair, phrase) or (phrase.group in told and bool(always))  # 'hay at all times', 'never runs out'
    return phrase.group in told


def _next_lower(one: Reading, index: int) -> str:
    return one.words[index].lower if index < len(one.words) else ""


def _rarely(one: Reading, phrase: Phrase) -> bool:
    """'It seldom takes it out altogether'."""
    sentence = one.words[phrase.start].sentence
    before = (hedge for hedge in one.hedges if hedge.start < phrase.start and hedge.group.startswith("rare"))
    return any(one.words[hedge.start].sentence == sentence for hedge in before)


def _is_a_superlative_too(pair: Pair, phrase: Phrase) -> bool:
    is_other = phrase.group == "best" and phrase.entry not in groups("guard/strong")["best"]
    return is_other and _compares_all(pair.source)


def _is_no_more_than_needed(pair: Pair, phrase: Phrase) -> bool:
    """'You will seldom have to', and 'is necessary' for the source's 'needed'."""
    needed = phrase.entry in {"necessary", "required", "needed"}
    asked = {word.stem for word in pair.source.words} & {"need", "necessari", "requir"}
    return bool(needed and asked) or any(
        hedge.end == phrase.start and hedge.group.startswith("rare") for hedge in pair.text.hedges
    )


def _compares_all(one: Reading) -> bool:
    """'the most productive time', 'the hardest': one superlative may be told by another."""
    return any(phrase.group == "best" for phrase in superlatives(one))


def _only_denied(pair: Pair, phrase: Phrase) -> bool:
    """'This does not prove that it prevents colds' stands behind no 'prevents' that the text tells outright."""
    one, stems = pair.source, {word.stem for word in pair.text.words[phrase.start : phrase.end]}
    sentence = pair.text.words[phrase.start].sentence
    denies = any(pair.text.words[n.start].sentence == sentence for n in pair.text.negators)
    if denies or phrase.group in {"never", "only", "everyone", "will", "safe"} or not stems:
        return False
    places = [i for i, word in enumerate(one.words) if word.stem in stems and word.is_content]
    waits = any(word.lower in {"until", "before", "unless"} for word in one.words)
    return bool(places) and not waits and all(one.polarity[i] is not Polarity.POSITIVE for i in places)


def _waits_for(pair: Pair, phrase: Phrase) -> bool:
    """'Only once it is dry' for 'let it dry before'."""
    sentence = pair.text.words[phrase.start].sentence
    after = {word.lower for word in pair.text.words[phrase.end :] if word.sentence == sentence}
    waits = {"before", "until", "unless", "first", "without", "not", "never"}
    said = {word.lower for word in pair.source.words}
    if said & {"best", "better", "mostly", "mainly"} - {word.lower for word in pair.text.words}:
        return False  # 'works best when' is no 'works only if'
    return not after.isdisjoint({"once", "after", "when", "if"}) and not said.isdisjoint(waits)


def _forbids(one: Reading, phrase: Phrase) -> bool:
    """'must never' asks for no more than 'should never' or 'do not'."""
    return phrase.end < len(one.words) and one.words[phrase.end].lower in {"not", "never"}


def _states_outright(pair: Pair, phrase: Phrase) -> bool:
    """'will' says no more than a source that states the same with no hedge."""
    heads = _beside(pair, phrase)[:1]
    if any(pair.text.clause[h.start] == pair.text.clause[phrase.start] for h in pair.text.hedges):
        return True
    told = pair.text.in_sentence(pair.text.words[phrase.start].sentence)
    sentences = {pair.source.words[pair.links[j]].sentence for j in told if j in pair.links}
    if sentences and not any(pair.source.words[hedge.start].sentence in sentences for hedge in pair.source.hedges):
        return True
    hedged = {pair.source.clause[hedge.end - 1] for hedge in pair.source.hedges}
    return any(j in pair.links and pair.source.clause[pair.links[j]] not in hedged for j in heads)


def _refused(pair: Pair, phrase: Phrase) -> bool:
    """'never do' for the source's 'do not do', 'never beyond ten minutes' for 'for ten minutes at most'."""
    sentence = pair.text.words[phrase.start].sentence
    limits = [q for q in pair.text.quantities if q.start > phrase.end and pair.text.words[q.start].sentence == sentence]
    most = [q for q in pair.source.quantities if q.bound == "most"]
    if any((q.low, q.dimension) == (other.low, other.dimension) for q in limits if q.bound == "over" for other in most):
        return True
    if any(pair.text.words[j].lower == "again" for j in pair.text.in_clause(phrase.start)):
        return False  # 'you will never lie awake again'
    linked = [pair.links[j] for j in _beside(pair, phrase) if j in pair.links]
    if any(pair.source.polarity[i] is Polarity.NEGATIVE for i in linked[:2]):
        return True
    if linked and _refuses_nothing(pair, phrase):
        return False
    told = pair.text.in_sentence(pair.text.words[phrase.start].sentence)  # '…, but never below zero'
    sentences = {pair.source.words[pair.links[j]].sentence for j in told if j in pair.links}
    return any(pair.source.words[n.start].sentence in sentences for n in pair.source.negators)


def _refuses_nothing(pair: Pair, phrase: Phrase) -> bool:
    """Whether the source tells plainly of what follows 'never': it speaks of something else that is not to be done."""
    following = [j for j in pair.text.in_clause(phrase.start) if j >= phrase.end and j in pair.text.matter]
    return any(pair.source.polarity[pair.links[j]] is Polarity.POSITIVE for j in following if j in pair.links)


def _beside(pair: Pair, phrase: Phrase) -> list[int]:
    """The text's words of substance after the promise, then those before it, in its clause."""
    clause = pair.text.clause[phrase.start]
    inside = [i for i in pair.text.matter if pair.text.clause[i] == clause]
    return [i for i in inside if i >= phrase.end] + [i for i in inside if i < phrase.start][::-1]


def _suggestion(pair: Pair, phrase: Phrase, linked: int | None) -> str:
    """The text without the promising adverb; else the source's own sentence."""
    said = pair.text.span(phrase.start, phrase.end)
    if said.endswith("ly") or phrase.group in {"always", "absolute", "degree"}:
        return " ".join(replace(pair.text.text, said, "").split()).replace(" ,", ",").replace(" .", ".")
    return pair.source.sentence_text(linked) if linked is not None else ""
