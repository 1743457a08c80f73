"""Where a hedge stands, what it holds back, and where the text tells that."""

from dataclasses import dataclass

from pipeline.derive.duplicates_related import related
from pipeline.derive.guard_pair import Pair
from pipeline.derive.guard_phrases import Phrase
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words
from pipeline.derive.normalise import is_plain

_ASIDE = 7  # words of an aside between commas
_SCOPE = 5  # words of substance that a hedge holds back


@dataclass(frozen=True, slots=True)
class Hedge:
    """One hedge, or several side by side."""

    kind: str
    level: int
    start: int
    end: int
    words: tuple[str, ...]


def clusters(hedges: tuple[Phrase, ...]) -> list[Hedge]:
    """Hedges, those side by side as one."""
    result: list[Hedge] = []
    for phrase in hedges:
        kind, level = phrase.group.split(".")
        if result and phrase.start - result[-1].end == 0 and kind != "degree" and result[-1].kind != "degree":
            last = result[-1]
            strongest = last if last.level <= int(level) else Hedge(kind, int(level), 0, 0, ())
            if (
                last.words == ("can",) and kind == "frequency" and int(level) > 1
            ):  # 'it can often be mended', 'it is often mended'
                strongest = Hedge(kind, int(level), 0, 0, ())
            result[-1] = Hedge(strongest.kind, strongest.level, last.start, phrase.end, (*last.words, phrase.entry))
        else:
            result.append(Hedge(kind, int(level), phrase.start, phrase.end, (phrase.entry,)))
    return result


def scope(one: Reading, hedge: Hedge) -> list[int]:
    """The words of substance that a hedge holds back, the head first."""
    if hedge.kind == "quantity" and _trails(one, hedge):
        return [i for i in one.matter if i < hedge.start and one.words[i].sentence == one.words[hedge.start].sentence][
            : -_SCOPE - 1 : -1
        ]
    start = _past_aside(one, hedge)
    after = [i for i in one.matter if i >= start and one.clause[i] == one.clause[hedge.end - 1]]
    if not after:  # 'It works, sometimes.'
        before = [i for i in one.matter if i < hedge.start and one.clause[i] == one.clause[hedge.start]]
        after = before[::-1]
    if not after and hedge.kind in {"frequency", "modality"}:
        after = [i for i in one.matter if i >= hedge.end and one.words[i].sentence == one.words[hedge.start].sentence]
    limit = 1 if hedge.kind == "degree" else _SCOPE
    return after[:limit]


def _past_aside(one: Reading, hedge: Hedge) -> int:
    """Where the words go on that a hedge holds back: 'may, in certain people, stain' holds back the staining."""
    near = range(hedge.end + 1, min(hedge.end + _ASIDE, len(one.words)))
    opens = hedge.end < len(one.words) and one.words[hedge.end].text == "," and hedge.kind == "modality"
    closing = [i for i in near if one.words[i].text == ","]
    return closing[0] + 1 if opens and closing else hedge.end


def _trails(one: Reading, hedge: Hedge) -> bool:
    """'… in some people.': the phrase closes its clause and holds back what stands before it."""
    rest = [i for i in one.matter if i >= hedge.end and one.clause[i] == one.clause[hedge.end - 1]]
    before = one.words[hedge.start - 1].lower if hedge.start else ""
    preposition = before in words("guard/grammar", "prepositions") - words("guard/grammar", "joins")
    return preposition and len(rest) <= 2 and any(i < hedge.start for i in one.matter)


def anchors(pair: Pair, hedge: Hedge) -> list[int]:
    """The text's words that state what the hedge holds back; none where the text does not.

    What it only asks for ('How long does it last? Usually a year.') is not stated, where a hedge follows.
    """
    told, asked = _anchors(pair, hedge), pair.text.asked
    stated = [j for j in told if pair.text.words[j].sentence not in asked]
    if stated or not told or pair.source.asked:
        return stated or told
    return told if all(pair.text.words[other.start].sentence in asked for other in pair.text.hedges) else []


def _anchors(pair: Pair, hedge: Hedge) -> list[int]:
    held = scope(pair.source, hedge)
    matter = _brought_about(pair.source, held)
    return _told_of(pair, hedge, held) or _told_of(pair, hedge, matter) or _told_in_other_words(pair, hedge, matter)


def _told_in_other_words(pair: Pair, hedge: Hedge, matter: list[int]) -> list[int]:
    """'May help prevent injuries' and 'stops you getting hurt': all that the hedge holds back is told by its like."""
    if hedge.words[0] not in {"may", "might", "could"} or pair.text.hedges:
        return []
    weighty = [i for i in matter if not is_plain(pair.source.words[i])]
    told = [_like(pair, i) for i in weighty]
    return [j for j in told if j is not None] if told and None not in told else []


def _like(pair: Pair, index: int) -> int | None:
    """The text's first word that is the source's, or a related one."""
    lower = pair.source.words[index].lower
    free = (j for j in pair.fresh if j not in pair.links and related(lower, pair.text.words[j].lower))
    return next(iter(pair.back.get(index, ())), next(free, None))


def _told_of(pair: Pair, hedge: Hedge, held: list[int]) -> list[int]:
    light = words("guard/grammar", "passed over")
    heads = [i for i in held if pair.source.words[i].concept not in light][:1] or held[:1]
    before = [i for i in held if i < heads[0]] if heads else []
    if heads and heads[0] in pair.back and (hedge.kind != "quantity" or pair.kept(held) > 0.4):
        return [j for i in (*before, heads[0]) for j in pair.back.get(i, ())]
    share = pair.kept(held)
    if len(held) > 1 and (share > 0.5 or (share == 0.5 and len(held) < 4)):
        return [j for i in held for j in pair.back.get(i, ())]
    people = bool(held) and pair.source.words[held[0]].lower in words("guard/conditions", "people")
    if hedge.kind == "quantity" and people and len(held) > 2 and pair.kept(held[1:]) > 0.5:
        return [j for i in held[1:] for j in pair.back.get(i, ())]  # 'some people get a mild headache'
    return _subject_told(pair, hedge, held)


def _brought_about(one: Reading, held: list[int]) -> list[int]:
    """'May stop the shells from cracking' holds back that they do not crack, 'may cause dryness' the dryness."""
    starts = {negator.start for negator in one.negators}
    brings = words("guard/directions", "brings about")
    return [i for i in held if i not in starts and one.words[i].lower not in brings]


def _all_but_the_verb(pair: Pair, hedge: Hedge, held: list[int]) -> list[int]:
    """'Shop brands are often made by the same producers', 'shop brands come from the same producers'."""
    sentence = pair.source.words[hedge.start].sentence
    subject = [i for i in pair.source.in_sentence(sentence) if i < hedge.start][-1:]
    rest = held[1:2]
    told = bool(subject) and bool(rest) and subject[0] in pair.back and pair.kept(rest) == 1
    kept = any(word.lower in hedge.words for word in pair.text.words)
    return pair.back[subject[0]] if told and hedge.kind == "frequency" and not kept else []


def _subject_told(pair: Pair, hedge: Hedge, held: list[int]) -> list[int]:
    """'Swelling usually goes down by Friday', 'expect the swelling to be gone by Friday': its verb was exchanged."""
    if hedge.kind == "quantity" and len(held) > 1:  # 'helps some people against gnats', 'helps against gnats'
        around = [*[i for i in pair.source.matter if i < hedge.start][-1:], held[1]]
        return [j for i in around for j in pair.back.get(i, ())] if pair.kept(around) == 1 else []
    if hedge.kind not in {"modality", "frequency"}:
        return []
    if len(held) > 1:
        return _all_but_the_verb(pair, hedge, held)
    clause = [i for i in pair.source.in_sentence(pair.source.words[hedge.start].sentence) if i not in held]
    if _gives_a_reason(pair.source, hedge):
        return []  # 'keep it off broken skin, because it can sting'
    subjects = [i for i in clause if i < hedge.start]
    if hedge.words[0] in {"may", "might", "could"}:  # 'router speeds could drop', 'the router slows down'
        told = [i for i in subjects if i in pair.back][-1:]
        return pair.back[told[0]] if told and pair.kept(clause) >= 0.5 else []
    if subjects and subjects[-1] in pair.back and pair.kept(clause) >= 0.6:
        return pair.back[subjects[-1]]
    return []


def _gives_a_reason(one: Reading, hedge: Hedge) -> bool:
    """Whether the hedge is of a clause that only says why: 'because it can sting'."""
    opener = one.words[max(0, hedge.start - 2)].lower
    return opener in {"because", "since", "as"} and one.words[hedge.start - 1].lower in {"it", "they", "this", "these"}
