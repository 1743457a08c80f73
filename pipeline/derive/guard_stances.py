"""Whether a sentence asks for something, forbids it, allows it or says that it need not be: and whether both do alike.

Word by word a free rewording hides a flip: *it is not necessary to soak lentils* and *give lentils a soak*, *avoid
storing lenses in tap water* and *you can keep lenses in tap water*. So each sentence is read as a whole: what it asks,
and of what. Two that speak of the same things and ask the contrary are a flip, whatever the verbs are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby

from pipeline.derive.guard_pair import Pair, finding
from pipeline.derive.guard_phrases import phrases
from pipeline.derive.guard_reading import Reading
from pipeline.derive.lexicon_files import words as listed
from pipeline.derive.model import Finding, FindingKind, Verdict
from pipeline.derive.tokens import EITHER, TABLE, VERB

_ENOUGH, _FEWEST = 0.75, 2  # of the words that are denied must be told on the other side


class Stance(Enum):
    """What a sentence asks of the reader."""

    DO = "asks for"
    DO_NOT = "forbids"
    NEED_NOT = "spares the reader"
    MAY = "allows"


_STANCES = {"spares": Stance.NEED_NOT, "forbids": Stance.DO_NOT, "asks": Stance.DO, "allows": Stance.MAY}
_CONTRARY = {
    frozenset((Stance.DO, Stance.DO_NOT)),
    frozenset((Stance.DO, Stance.NEED_NOT)),
    frozenset((Stance.DO_NOT, Stance.MAY)),
}
_DENYING = (Stance.DO_NOT, Stance.NEED_NOT)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A sentence of `one` with its stance: the words of substance that it is on, and its verb, if it is an order."""

    one: Reading
    stance: Stance
    at: int
    matter: tuple[int, ...]
    verb: int | None = None

    @property
    def sentence(self) -> int:
        return self.one.words[self.at].sentence


def check(pair: Pair) -> Iterator[Finding]:
    """Each sentence of the text that asks the contrary of the source's sentence on the same things."""
    theirs = [asked for asked in _asked(pair.source) if not pair.is_used(asked.at)]
    for ours in _asked(pair.text) if theirs else ():
        for other in theirs if pair.is_fresh(ours.at) else ():
            contrary = frozenset((ours.stance, other.stance)) in _CONTRARY
            if contrary and _are_on_the_same(pair, ours, other):
                yield _flip(pair, ours, other)


def _flip(pair: Pair, ours: _Asked, other: _Asked) -> Finding:
    return finding(
        FindingKind.DROPPED_NEGATION if other.stance in _DENYING else FindingKind.ADDED_NEGATION,
        Verdict.BLOCK,
        f"The source {other.stance.value} this, the text {ours.stance.value} it.",
        pair.source.clause_text(other.at),
        pair.text.clause_text(ours.at),
        pair.source.sentence_text(other.at),
    )


def _are_on_the_same(pair: Pair, ours: _Asked, other: _Asked) -> bool:
    """Whether what one side denies is told on the other, which neither denies anything nor sets a limit of its own."""
    denies, plain = (ours, other) if ours.stance in _DENYING else (other, ours)
    general = _of_any_use(denies)
    orders = denies.stance is Stance.DO_NOT and plain.stance is Stance.DO  # 'do not wax before sanding': sand first
    matter = [i for i in denies.matter if i != general]
    told = [i for i in matter if _is_told(pair, denies, i, plain, in_main=orders)]
    if orders and len(told) == len(matter) == 1 and _share_a_case(pair, denies, plain):
        return not _is_limited(plain, denies)  # 'put cream on while the skin is damp', "don't put cream on while …"
    if len(told) < _FEWEST or len(told) < _ENOUGH * len(matter) or _is_limited(plain, denies):
        return False
    if plain.verb is None or _is_told(pair, plain, plain.verb, denies, in_main=orders):
        return True
    return len(told) == len(matter) and general is not None  # 'rinse it with vinegar', 'put no vinegar on it'


def _share_a_case(pair: Pair, denies: _Asked, plain: _Asked) -> bool:
    """Whether both sentences name the same case behind what they ask: two words of substance of it at least."""
    here = [i for i, word in enumerate(denies.one.words) if word.sentence == denies.sentence and i > denies.matter[-1]]
    told = [i for i in here if i in denies.one.matter and _is_told(pair, denies, i, plain, in_main=False)]
    return len(told) >= _FEWEST and len(told) == sum(i in denies.one.matter for i in here)


def _of_any_use(denies: _Asked) -> int | None:
    """The verb of a ban on every use of a thing, by its place: 'put no vinegar on it', 'it should not travel in it'."""
    words = denies.one.words
    after = next((i for i in range(denies.at, len(words)) if words[i].is_content), denies.at)
    return after if words[after].lower in listed("guard/stances", "any use") else None


def _is_told(pair: Pair, here: _Asked, index: int, there: _Asked, *, in_main: bool) -> bool:
    """Whether the word is linked to one of the other sentence, or of its main clause."""
    is_text = here.one is pair.text
    linked = [pair.links[index]] if is_text and index in pair.links else [] if is_text else pair.back.get(index, [])
    if in_main:
        return not set(linked).isdisjoint(there.matter)
    return any(there.one.words[each].sentence == there.sentence for each in linked)


def _is_limited(plain: _Asked, denies: _Asked) -> bool:
    words = plain.one.words
    against = (n.start for n in plain.one.negators if words[n.start].sentence == plain.sentence)
    if any(words[at - 1].lower != "to" or not at for at in against):
        return True  # but 'pay it in full to avoid interest' asks no less to pay it
    said = {word.lower for word in plain.one.words if word.sentence == plain.sentence}
    told = {word.lower for word in denies.one.words if word.sentence == denies.sentence}
    return not (said - told).isdisjoint(listed("guard/stances", "limits"))


def _asked(one: Reading) -> Iterator[_Asked]:
    """The sentences of a text that ask one thing of the reader, and no other."""
    light = listed("guard/stances", "light")
    for number, members in groupby(range(len(one.words)), key=lambda index: one.words[index].sentence):
        main = _main(one, list(members)) if number not in one.asked else []
        stance, at, end = _stance(one, main)
        if stance is None:
            continue
        matter = [i for i in main if i in one.matter and one.words[i].lower not in light]
        if stance in _DENYING:
            matter = [i for i in matter if i >= end or one.words[i].lower in {"off", "bad"}]
        order = at if at == end and one.words[at].lower not in light else None
        yield _Asked(one, stance, at, tuple(matter), order)


def _main(one: Reading, places: Sequence[int]) -> list[int]:
    """The words of a sentence without the cases and reasons that stand in clauses of their own."""
    kept: list[int] = []
    is_aside = one.words[places[0]].lower in listed("guard/stances", "opens aside")
    for index in places:
        word = one.words[index]
        if is_aside:
            is_aside = word.text != ","
        elif kept and word.lower in listed("guard/stances", "opens reason"):
            break
        else:
            kept.append(index)
    return kept


def _stance(one: Reading, main: Sequence[int]) -> tuple[Stance | None, int, int]:
    """The one stance of a clause with the words that say it, from one up to another; None where it has none or two.

    An order has no words for it: then both are its verb.
    """
    words = [one.words[index] for index in main]
    if any(word.lower in listed("guard/stances", "unsure") for word in words):
        return None, 0, 0
    found = [
        each for each in phrases(words, "guard/stances", *_STANCES) if not _states(words[: each.start], each.entry)
    ]
    if found:
        first = found[0]
        same = len({each.group for each in found}) == 1
        return (_STANCES[first.group] if same else None), main[first.start], main[first.end - 1] + 1
    is_order = bool(words) and TABLE[words[0].lower] & (VERB | EITHER)
    if not is_order or any(n.start in main for n in one.negators):
        return None, 0, 0
    return Stance.DO, main[0], main[0]


def _states(before: Sequence[object], entry: str) -> bool:
    """'Travel adapters do not change the voltage': a thing that does not, and nothing forbidden."""
    lowers = [getattr(word, "lower", "") for word in before]
    return (
        entry in listed("guard/stances", "of the reader")
        and bool(lowers)
        and lowers[-1] not in {"you", ",", "so", "and"}
    )
