"""The registries of gates, scores and window scores: each rule has a name, a reason and a test; its effect shows.

A gate refuses a sentence; a score raises or lowers it. A rule says which bits it `needs`, of the sentence or of where
it stands; where there is none of them it is passed over in one comparison, so that forty rules cost little more than
the few that concern a sentence.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TypeVar

from pipeline.derive.tokens import Sentence, bit


class Scope(StrEnum):
    """Which sentences of a tip a gate looks at."""

    FIRST = "first"
    EVERY = "every"


FIRST, EVERY = Scope.FIRST, Scope.EVERY  # a name of a module is found in a twentieth of the time

AMONG_MYTHS, IN_CONCLUSION, IN_OPENING, HAS_NAMES, HAS_SUBJECT, HAS_HEADING = (
    bit(name) for name in ("among_myths", "in_conclusion", "in_opening", "has_names", "has_subject", "has_heading")
)


@dataclass(slots=True)
class Setting:
    """Where a sentence stands, as far as rules ask; `bits` is the same in a form that a rule can need.

    `subject` holds the stems of what the section and its document are about; `names` words that the document never
    writes small: people, brands, places. `is_opening` says that it stands before the document comes to its sections.
    """

    subject: frozenset[str] = frozenset()
    heading: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    is_myth: bool = False
    is_conclusion: bool = False
    is_opening: bool = False
    bits: int = field(init=False)

    def __post_init__(self) -> None:
        bits = AMONG_MYTHS if self.is_myth else 0
        bits |= IN_CONCLUSION if self.is_conclusion else 0
        bits |= IN_OPENING if self.is_opening else 0
        bits |= HAS_NAMES if self.names else 0
        bits |= HAS_SUBJECT if self.subject else 0
        bits |= HAS_HEADING if self.heading else 0
        self.bits = bits


Test = Callable[[Sentence, Setting], str]
Measure = Callable[[Sentence, Setting], float]


@dataclass(frozen=True, slots=True)
class Gate:
    """`test` returns the words that refuse the sentence, or '' to let it pass; `why` is for a person to read."""

    name: str
    why: str
    scope: Scope
    needs: int
    test: Test


@dataclass(frozen=True, slots=True)
class Score:
    """`measure` returns how strongly the rule applies (0 when it does not), to be multiplied by `weight`."""

    name: str
    why: str
    weight: float
    needs: int
    measure: Measure


@dataclass(slots=True)
class Draft:
    """A window before it is weighed as a whole: its length, and what its sentences scored together.

    `joints` says how each further sentence hangs on the one before it; `opening` is the first one's length.
    """

    length: int
    held: dict[str, float]
    joints: list["Joint"]
    own_tips: int = 1
    contrast_lost: bool = False
    qualifier_lost: bool = False
    opening: int = 0


class Joint(StrEnum):
    LEANS = "leans"
    ADDS_NOTHING = "adds nothing"
    REASON = "reason"
    CLOSE = "close"
    LOOSE = "loose"
    UNRELATED = "unrelated"
    ANOTHER_ORDER = "another order"
    OTHER_ITEM = "other item"


@dataclass(frozen=True, slots=True)
class WindowScore:
    """A score of a whole window: `measure` as in `Score`."""

    name: str
    why: str
    weight: float
    measure: Callable[[Draft], float]
    of_joints: bool


@dataclass(slots=True)
class Refusal:
    gate: str
    why: str
    words: str


Rule = TypeVar("Rule", bound=Gate | Score)


class Rules(list[Rule]):
    """Rules in their order, and which of them a sentence's bits call for, found once for each set of those bits.

    Sentences carry few different sets of the bits that rules need, so that each pays for the rules that concern it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._needed = 0
        self._known: dict[int, tuple[Rule, ...]] = {}

    def append(self, rule: Rule) -> None:
        super().append(rule)
        self._needed |= rule.needs
        self._known.clear()

    def asked(self, mask: int) -> tuple[Rule, ...]:
        """The rules that need nothing or one of these bits, in their order."""
        needed = mask & self._needed
        found = self._known.get(needed)
        if found is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            found = tuple([rule for rule in self if not rule.needs or needed & rule.needs])
            self._known[needed] = found
        return found


_MOST_KEPT = 50_000  # sets of bits: a cache, emptied when full

GATES: list[Gate] = []
_GATES_OF_EVERY: Rules[Gate] = Rules()
_GATES_OF_FIRST: Rules[Gate] = Rules()
SCORES: Rules[Score] = Rules()
WINDOW_SCORES: list[WindowScore] = []


def gate(*, scope: Scope = Scope.EVERY, needs: int = 0) -> Callable[[Test], Test]:
    """Register a gate under its function's name; the docstring's first line is its reason."""

    def register(test: Test) -> Test:
        _register(Gate(_name(test), _reason(test), scope, needs, test))
        return test

    return register


def _register(rule: Gate) -> None:
    GATES.append(rule)
    (_GATES_OF_FIRST if rule.scope is Scope.FIRST else _GATES_OF_EVERY).append(rule)


def score(weight: float, *, needs: int = 0) -> Callable[[Measure], Measure]:
    """Register a score under its function's name; the docstring's first line is its reason."""

    def register(measure: Measure) -> Measure:
        SCORES.append(Score(_name(measure), _reason(measure), weight, needs, measure))
        return measure

    return register


def window_score(
    weight: float, *, of_joints: bool = False
) -> Callable[[Callable[[Draft], float]], Callable[[Draft], float]]:
    """Register a score of whole windows under its function's name; one `of_joints` asks only where two meet."""

    def register(measure: Callable[[Draft], float]) -> Callable[[Draft], float]:
        WINDOW_SCORES.append(WindowScore(_name(measure), _reason(measure), weight, measure, of_joints))
        return measure

    return register


def word_gate(name: str, why: str) -> None:
    """Register a gate that any word or phrase of the group `name` sets off in any sentence of a tip."""
    bits = bit(name)

    def test(sentence: Sentence, _setting: Setting) -> str:
        return sentence.word_with(bits)

    _register(Gate(name.replace("_", " "), why, Scope.EVERY, bits, test))


def word_score(name: str, weight: float, why: str) -> None:
    """Register a score that applies in full wherever a word or phrase of the group `name` stands."""
    SCORES.append(Score(name.replace("_", " "), why, weight, bit(name), lambda _sentence, _setting: 1.0))


def _name(function: Callable[..., object]) -> str:
    return function.__name__.strip("_").replace("_", " ")


def _reason(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def refusal(sentence: Sentence, setting: Setting, scope: Scope) -> Refusal | None:
    """The first gate of this scope that refuses the sentence."""
    gates = _GATES_OF_EVERY if scope is EVERY else _GATES_OF_FIRST
    for rule in gates.asked(sentence.mask | sentence.starts | setting.bits):
        if words := rule.test(sentence, setting):
            return Refusal(rule.name, rule.why, words)
    return None


@cache
def _window_scores(joined: bool) -> tuple[WindowScore, ...]:
    return tuple(rule for rule in WINDOW_SCORES if joined or not rule.of_joints)


def window_points(draft: Draft) -> dict[str, float]:
    """Each window score's points for the draft, those that are not 0."""
    found = {}
    for rule in _window_scores(bool(draft.joints)):
        if measured := rule.measure(draft):
            found[rule.name] = measured * rule.weight
    return found


def points(sentence: Sentence, setting: Setting) -> dict[str, float]:
    """Each score's points for the sentence, those that are not 0."""
    found = {}
    for rule in SCORES.asked(sentence.mask | setting.bits):
        if measured := rule.measure(sentence, setting):
            found[rule.name] = measured * rule.weight
    return found
