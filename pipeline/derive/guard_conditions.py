"""lost_condition: what the source says of some cases alone, the text says of all.

Three ways to lose one: a clause (if, unless, until, when, for people with) that is gone while its main clause is
told; a restrictor beside a noun that is told ('oral', 'diluted'); a following sentence that takes something back
('However, …').
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_condition_clauses import Condition, compounds, conditions, missing_part
from pipeline.derive.guard_limiting_words import firm_limits, limits, limits_of_text
from pipeline.derive.guard_numbers_check import counts_years, told_by_daytimes
from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import Phrase, phrases
from pipeline.derive.guard_polarity import Polarity
from pipeline.derive.guard_quantity import Quantity
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import groups, words
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.normalise import Word, is_plain, sentences

_MAIN_TOLD = 0.6
_LOOSE_TOLD = 0.7  # of a time or a relative clause, which may be mere description
_CONDITION_TOLD = 0.34
_TIMES = frozenset({"when", "whenever", "while", "once", "as soon as"})
_ASKS = ("if", "unless", "only", "provid", "as long", "so long", "once")


def check(pair: Pair) -> Iterator[Finding]:
    """Conditions, restrictors and qualifying sentences that were left out."""
    for condition in conditions(pair.source):
        if not pair.is_used(condition.start) and _lost(pair, condition):
            yield missing_part(pair, condition.start, condition.end, condition.main)
    for phrase in phrases(pair.source.words, "guard/conditions", "restrictors", "phrases"):
        if not (_is_part(pair.source, phrase.start) or pair.is_used(phrase.start)):
            yield from _restrictor(pair, phrase)
    for phrase in compounds(pair.source):
        if not pair.is_used(phrase.start):
            yield from _restrictor(pair, phrase)
    yield from _cut_off(pair)
    yield from _unprepared(pair)
    yield from _only(pair)
    yield from _taken_back(pair)


def unlimited(pair: Pair) -> Iterator[Finding]:
    """Each *if*, *unless* or *provided* of which no word is told, by a text that limits nothing in any words."""
    told = Counter(firm_limits(pair.text.words))
    for condition in conditions(pair.source):
        asks = condition.opener.startswith(("if", "unless", "provid", "as long", "so long", "only"))
        gone = not any(_is_told(pair, i) or _told_otherwise(pair, i) for i in condition.held)
        limited = told - Counter(firm_limits(_besides(pair, condition)))  # what is above 0
        if asks and gone and not limited and not pair.is_used(condition.start) and _lost(pair, condition):
            yield missing_part(pair, condition.start, condition.end, condition.main)


def _is_part(one: Reading, index: int) -> bool:
    """'nine in the morning', 'by and large': whether the word is part of a number or a hedge."""
    number = any(quantity.start <= index < quantity.end for quantity in one.quantities)
    return number or any(hedge.start <= index < hedge.end for hedge in one.hedges)


def _lost(pair: Pair, condition: Condition) -> bool:
    """The main clause is told, and the condition is not."""
    loose = condition.opener in words("guard/grammar", "times") or condition.opener in {"who", "that"}
    loose = loose and condition.opener != "once"  # which asks, and does not describe
    if _main_told(pair, condition) < (_LOOSE_TOLD if loose else _MAIN_TOLD):
        return False
    own = [i for i in condition.held if not _common(pair, i)]
    if (_asked_for(pair, own) or _asked_without(pair, condition)) and not _halved(pair, condition):
        return False
    inside = [q for q in pair.source.quantities if condition.start <= q.start < condition.end]
    counted = [q for q in inside if any(_tells(pair, other, q) for other in pair.text.quantities)]
    numbers = [q for q in inside if q in counted or not q.weak]
    kept = len(counted)
    kept += sum(1 for i in own if _is_told(pair, i) or _told_otherwise(pair, i))
    of_people = condition.opener.endswith("who")
    if own and (numbers or of_people or condition.opener in _TIMES):  # 'drivers aged 70': those of substance count
        own = [i for i in own if not is_plain(pair.source.words[i])] or own
        kept = len(counted) + sum(1 for i in own if _is_told(pair, i) or _told_otherwise(pair, i))
    told = kept / (len(own) + len(numbers)) if own else 1.0
    if not own or all(is_plain(pair.source.words[i]) for i in own):
        if any(pair.text.words[j].sentence in pair.text.asked for j in pair.links):
            return False  # 'if you take them' and 'On biotin? …'
        told = 1.0 if not condition.opener.startswith(_ASKS) else told
    gone = told < _CONDITION_TOLD or (told < 1 and not numbers and _unsaid(pair, condition, own))
    return _halved(pair, condition) or _widened(pair, condition) or (gone and not _said_again(pair, condition))


def _asked_for(pair: Pair, own: list[int]) -> bool:
    """'if the skin looks red' and 'Redness? …': a question of the text has one of the condition's words of weight."""
    weighty = [i for i in own if not is_plain(pair.source.words[i])][-1:]  # what is said of its subject
    return any(pair.text.words[j].sentence in pair.text.asked for i in weighty for j in pair.back.get(i, ()))


def _asked_without(pair: Pair, condition: Condition) -> bool:
    """'unless rain is forecast' and 'No rain on the way? …'."""
    told = [j for i in condition.held for j in pair.back.get(i, ()) if pair.text.words[j].sentence in pair.text.asked]
    return condition.opener == "unless" and any(pair.text.polarity[j] is Polarity.NEGATIVE for j in told)


def _main_told(pair: Pair, condition: Condition) -> float:
    """How much of what the condition holds for is told; of 'buy it if you bake; it is cheap', half a sentence."""
    marks = [i for i, word in enumerate(pair.source.words) if word.text == ";"]
    start = max((i for i in marks if i < condition.start), default=-1)
    end = min((i for i in marks if i >= condition.end), default=len(pair.source.words))
    part = [i for i in condition.main if start < i < end]
    return max(pair.kept(condition.main), pair.kept(part), _of_weight(pair, condition))


def _of_weight(pair: Pair, condition: Condition) -> float:
    """The same of the words of weight alone: 'take no more than' and 'have no more than' tell one thing."""
    if any(word.text == "?" for word in pair.text.words):
        return 0.0  # 'Out in the open? …' is a condition of its own
    weighty = [i for i in condition.main if not is_plain(pair.source.words[i])]
    if len(weighty) >= 3 or condition.opener in {"who", "that"}:
        return pair.kept(weighty)
    if not weighty or not condition.opener.startswith(_ASKS):
        return 0.0
    begun = any(_is_told(pair, i) and not _common(pair, i) for i in condition.held)
    return pair.kept(weighty) if begun or _all_counted(pair, condition) else 0.0


def _all_counted(pair: Pair, condition: Condition) -> bool:
    """Whether the text has every number that the source has outside the condition."""
    outside = [q for q in pair.source.quantities if not condition.start <= q.start < condition.end]
    return bool(outside) and all(any(q.meets(other) for other in pair.text.quantities) for q in outside)


def _unsaid(pair: Pair, condition: Condition, own: list[int]) -> bool:
    """Whether only the condition's subject went over into the order: 'while the glue is wet, wipe it off'.

    Its last word is what it says of the subject; a text with no limit of any kind does not say it in other words.
    """
    last = max(own)
    if _is_told(pair, last) or _told_otherwise(pair, last) or condition.opener in {"who", "that"}:
        return False
    if condition.opener in words("guard/conditions", "fronted") and any(_is_told(pair, i) for i in own):
        return False  # 'in shared kitchens, …' and 'in a shared fridge'
    told = Counter(limits_of_text(pair, own))
    rest = limits(_besides(pair, condition))
    return not told - Counter(word for word in rest if word not in {"who", "that"})


def _besides(pair: Pair, condition: Condition) -> list[Word]:
    """The source's words but for the condition's own."""
    return [word for i, word in enumerate(pair.source.words) if not condition.start <= i < condition.end]


def _halved(pair: Pair, condition: Condition) -> bool:
    """'if it is sealed and kept free from frost' → 'if it is sealed': of two things asked for, one is gone."""
    if not condition.opener.startswith(("if", "when", "once", "provid", "as long", "so long", "only", "unless")):
        return False
    joints = [i for i in range(condition.start, condition.end) if pair.source.words[i].lower == "and"]
    parts = [[i for i in condition.held if a < i < b] for a, b in pairwise([condition.start, *joints, condition.end])]
    parts = [[i for i in part if not (is_plain(pair.source.words[i]) or _common(pair, i))] or part for part in parts]
    short = any(len(part) < 2 for part in parts)  # 'if the smell and the colour …': any new word may tell one of them
    strange = [j for j in pair.fresh if j not in pair.links and (short or not is_plain(pair.text.words[j]))]
    if len(parts) < 2 or not all(parts) or strange:
        return False
    if len(parts[0]) > 2 and len(parts[1]) == 1:
        parts[0] = parts[0][1:]  # 'if the dog has eaten grapes and is vomiting': both speak of the dog
    told = [any(_is_told(pair, i) or _told_otherwise(pair, i) for i in part) for part in parts]
    return any(told) and not all(told)


def _widened(pair: Pair, condition: Condition) -> bool:
    """'when you have cut diseased branches' → 'when you have cut branches': the text changed nothing else in it."""
    asks = condition.opener.startswith(("if", "when", "once", "unless", "provid", "as long", "so long"))
    kept = any(word.lower == condition.opener.split()[0] for word in pair.text.words)
    if not (asks and kept) or any(j not in pair.links for j in pair.fresh):
        return False
    for first, second in pairwise(condition.held):
        noun = second in pair.back and second == first + 1
        gone = not (_is_told(pair, first) or _told_otherwise(pair, first) or is_plain(pair.source.words[first]))
        if noun and gone and not pair.source.words[first].lower.endswith(("ing", "ly")):
            return True
    return False


def _is_told(pair: Pair, index: int) -> bool:
    """Whether a changed sentence of the text has the source's word; one that was taken over tells its own."""
    return index in pair.back or pair.source.words[index].concept in pair.fresh_concepts


def _tells(pair: Pair, ours: Quantity, theirs: Quantity) -> bool:
    return ours.meets(theirs) or counts_years(pair.text, ours, theirs)


def _told_otherwise(pair: Pair, index: int) -> bool:
    """Whether a word of the text that stands for no other of the source says the same ('travel' and 'on a trip').

    Or its opposite: 'it rusts if it is left wet' and 'dry it, or it will rust'.
    """
    word = pair.source.words[index]
    free = [pair.text.words[j] for j in pair.fresh if j not in pair.links]
    return any(related(word.lower, other.lower) or other.stem in opposites_of(word.stem) for other in free)


def _common(pair: Pair, index: int) -> bool:
    """Whether the word stands in the main clause as well, so that its presence tells nothing of the condition."""
    concept, sentence = pair.source.words[index].concept, pair.source.words[index].sentence
    same = [i for i in pair.source.in_sentence(sentence) if pair.source.words[i].concept == concept]
    return len(same) > 1


def _said_again(pair: Pair, condition: Condition) -> bool:
    """Whether the text has a condition of its own, in other words, by the same main clause."""
    main = {j for i in condition.main for j in pair.back.get(i, ())}
    theirs = {pair.source.words[i].concept for i in condition.held}
    for other in conditions(pair.text):
        concepts = {pair.text.words[i].concept for i in other.held}
        same = other.opener == condition.opener
        anew = any(i not in pair.links for i in other.held if same or i in pair.fresh)
        answers = anew and not _faces(condition, other)
        says_so = bool(main & set(other.main)) and (answers or (same and bool(concepts & theirs)))
        if says_so and not _is_of_another(pair, condition, other):
            return True
    return False


def _is_of_another(pair: Pair, condition: Condition, other: Condition) -> bool:
    """Whether the text's condition is that of another one of the source: 'after giving blood' tells no 'if …'."""
    if not condition.opener.startswith(_ASKS):
        return False
    told = {pair.text.words[i].concept for i in other.held}
    theirs = {pair.source.words[i].concept for i in condition.held}
    for each in conditions(pair.source):
        shared = {pair.source.words[i].concept for i in each.held} & told - theirs
        if each.start != condition.start and each.opener == other.opener != condition.opener and shared:
            return True
    return False


def _faces(condition: Condition, other: Condition) -> bool:
    """Whether one of the two waits for what the other comes before."""
    earlier = {"before", "until", "till", "unless"}
    return (condition.opener in earlier) != (other.opener in earlier)


def _restrictor(pair: Pair, phrase: Phrase) -> Iterator[Finding]:
    """A narrowing word that is gone from beside its noun."""
    if phrase.group == "phrases":
        sentence = pair.source.words[phrase.start].sentence
        main = list(pair.source.in_sentence(sentence))
        main = [i for i in main if not phrase.start <= i < phrase.end]
        counted = any(told_by_daytimes(pair.source, q) for q in pair.text.quantities)
        told = _same_told(pair, phrase) or _word_told(pair, phrase)
        if not told and not counted and main and pair.kept(main) >= _MAIN_TOLD:
            yield missing_part(pair, phrase.start, phrase.end, tuple(main))
        return
    if any(pair.survives(i) for i in range(phrase.start, phrase.end) if pair.source.words[i].is_content):
        return
    if phrase.start > 1 and pair.source.words[phrase.start - 1].text == ",":  # 'lavender oil, diluted in almond oil, …'
        front = phrase.start - 2
        if front in pair.back and pair.source.clause[front] == pair.source.clause[phrase.start]:
            yield missing_part(pair, phrase.start, phrase.end, (front,))
        return
    beside = [i for i in pair.source.matter if i >= phrase.end]
    if phrase.entry.endswith("ly"):  # 'newly planted trees'
        beside = [i for i in beside if not pair.source.words[i].lower.endswith(("ed", "en", "wn", "id"))]
    noun = next(iter(beside), None)
    if _same_told(pair, phrase):
        return
    between = [word.lower for word in pair.source.words[phrase.end : noun]] if noun is not None else []
    if not words("guard/grammar", "prepositions").isdisjoint(between):
        return  # 'you can tell that it is ripe by the stem'
    near = noun is not None and noun - phrase.end <= 2 and pair.source.clause[noun] == pair.source.clause[phrase.start]
    if near and noun in pair.back and pair.source.words[noun].stem not in words("guard/grammar", "measures"):
        yield missing_part(pair, phrase.start, phrase.end, (noun,))


def _same_told(pair: Pair, phrase: Phrase) -> bool:
    """Whether the text has the phrase, or one that narrows in the same way."""
    lines = (line.split(" | ") for line in groups("guard/conditions")["same"])
    said = next((line for line in lines if phrase.entry in line), [phrase.entry])
    text = f" {' '.join(word.lower for word in pair.text.words)} "
    return any(f" {other} " in text for other in said)


def _word_told(pair: Pair, phrase: Phrase) -> bool:
    """'in hot weather' and 'when it is hot': its first word of substance is told, and was not said of anything else."""
    first = next((i for i in pair.source.matter if phrase.start <= i < phrase.end), None)
    return first is not None and _is_told(pair, first) and not _common(pair, first)


def _cut_off(pair: Pair) -> Iterator[Finding]:
    """A sentence that ends where the source goes on 'in acid soil', 'on damp skin': nothing else was changed."""
    for theirs in sentences(pair.source.words):
        stems = [word.stem for word in theirs if word.is_word]
        for ours in sentences(pair.text.words):
            told = [word.stem for word in ours if word.is_word]
            rest = _to_the_mark([word for word in theirs if word.is_word][len(told) :], pair.source)
            cut = ours[0].sentence not in pair.settled and 2 <= len(rest) <= 5 and stems[: len(told)] == told
            if cut and len(told) >= 2 and rest[0].lower in words("guard/conditions", "places"):
                start = next(i for i, word in enumerate(pair.source.words) if word is rest[0])
                held = [i for i in pair.source.matter if i >= start and pair.source.words[i].end <= rest[-1].end]
                if held:
                    main = [i for i in pair.source.matter if i < start]
                    yield missing_part(pair, start, start + len(rest), main)


def _to_the_mark(rest: list[Word], one: Reading) -> list[Word]:
    """The words up to the next comma or other mark."""
    for place, (first, second) in enumerate(pairwise(rest)):
        if not one.text[first.end : second.start].isspace():
            return rest[: place + 1]
    return rest


def _unprepared(pair: Pair) -> Iterator[Finding]:
    """'Unplug it before you change the blades' → 'Change the blades': told without what has to come first."""
    waits = words("guard/grammar", "waits") | {"until", "unless", "without", "ahead"}
    if any(word.lower in waits for word in pair.text.words):
        return
    for condition in conditions(pair.source):
        told = [i for i in condition.held if i in pair.back]
        counted = any(condition.start in {q.end, q.last} for q in pair.source.quantities)  # 'six weeks before'
        if condition.opener != "before" or counted or pair.is_used(condition.start):
            continue
        if len(told) < max(2, len(condition.held)):
            continue
        if condition.main[0] < condition.start and not pair.survives(condition.main[0]):
            yield missing_part(pair, condition.main[0], condition.start + 1, condition.held)


def _only(pair: Pair) -> Iterator[Finding]:
    """'Only adults may ride' → 'Adults may ride'."""
    told = {word.lower for word in pair.text.words}
    if "to" in told and told & {"stick", "leave"}:
        return  # 'stick to what the maker recommends'
    if "for" in told and told & {"keep", "reserve", "save", "leave"}:
        return  # 'keep the good knives for fish'
    if told & {"until", "before", "wait"}:
        return  # 'only once it is dry', 'wait until it is dry'
    if told & {"only", "just", "solely", "exclusively", "unless", "no", "nothing", "alone"}:
        return
    if "all" in told and told & {"need", "needs", "takes"}:
        return  # 'is all they need'
    if "be" in told and "to" in told and told & {"must", "have", "has", "need", "needs"}:
        return  # 'to open it you have to be the owner'
    for index, word in enumerate(pair.source.words):
        before = pair.source.words[index - 1] if index else None
        opens = before is None or not before.is_word or before.lower in {"may", "can", "should", "must"}
        near = range(index + 1, index + 4)  # 'only trained staff': any of these may be what is told
        noun = next((i for i in pair.source.matter if i in near and i in pair.back), None)
        if word.lower == "only" and opens and noun is not None and not pair.is_used(index):
            yield missing_part(pair, index, index + 1, (noun,))


def _taken_back(pair: Pair) -> Iterator[Finding]:
    """A sentence of the source that takes back what the text's last sentence tells, and that the text leaves out."""
    firsts: dict[int, int] = {}
    for index, word in enumerate(pair.source.words):
        if word.is_word:
            firsts.setdefault(word.sentence, index)
    told = {pair.source.words[i].sentence for i in pair.back} | pair.used
    closing = phrases(pair.source.words, "guard/conditions", "phrases")
    excepts = {phrase.start for phrase in closing if phrase.entry.startswith(("this ", "that ", "it "))}
    for sentence, first in firsts.items():
        turns = pair.source.words[first].lower in words("guard/grammar", "takes back") or first in excepts
        if not turns or sentence == 0:
            continue
        before = pair.source.in_sentence(sentence - 1)
        matter = pair.source.in_sentence(sentence)
        kept = (sentence - 1) in pair.used or pair.kept(before) >= _MAIN_TOLD
        if kept and matter and sentence not in told & {sentence} and not any(i in pair.back for i in matter):
            yield finding(
                FindingKind.LOST_CONDITION,
                Verdict.WARN,
                "The source's next sentence takes something back, and is missing.",
                pair.source.sentence_text(first),
                pair.text.text,
                f"{pair.text.text} {pair.source.sentence_text(first)}",
            )
