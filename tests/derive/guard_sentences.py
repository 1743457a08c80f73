"""Tip sentences made from parts, for the property tests: each part is known, so that it can be taken out again."""

from dataclasses import dataclass

from hypothesis import strategies as st

SUBJECTS = (
    "Clay masks",
    "Tomato plants",
    "Sourdough loaves",
    "Older dogs",
    "Index funds",
    "Wool blankets",
    "Disc brakes",
)
EFFECTS = (
    "irritate the scalp", "lose their leaves", "collapse in the oven", "sleep through the afternoon",
    "recover from a shock", "shrink in the dryer", "squeal on wet roads", "attract moths",
)  # fmt: skip
ORDERS = (
    "rinse the brush", "water the fern", "knead the dough", "brush the coat", "move the savings", "air the blanket",
    "clean the rotor", "sharpen the blade",
)  # fmt: skip
MODALS = ("may", "might", "could", "can")
ADVERBS = ("sometimes", "often", "usually", "generally", "occasionally", "typically", "frequently")
QUANTIFIERS = ("Some", "Many", "Most", "Certain")
NEGATIONS = ("do not", "don't", "never")
CONDITIONS = (
    "if the weather turns cold", "unless the label forbids it", "when the owner is away", "as long as the lamp is off",
    "until the swelling is gone", "once the paint has dried", "provided that the filter is new",
)  # fmt: skip
UNITS = ("minutes", "hours", "days", "weeks", "grams", "centimetres", "drops", "percent")


@dataclass(frozen=True)
class Made:
    """A sentence, and the same without its part."""

    whole: str
    without: str


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


hedged = st.one_of(
    st.builds(
        lambda s, h, e: Made(f"{s} {h} {e}.", f"{s} {e}."),
        st.sampled_from(SUBJECTS), st.sampled_from((*MODALS, *ADVERBS)), st.sampled_from(EFFECTS),
    ),
    st.builds(
        lambda q, s, e: Made(f"{q} {s.lower()} {e}.", f"{s} {e}."),
        st.sampled_from(QUANTIFIERS), st.sampled_from(SUBJECTS), st.sampled_from(EFFECTS),
    ),
    st.builds(
        lambda s, e: Made(f"In some cases, {s.lower()} {e}.", f"{s} {e}."),
        st.sampled_from(SUBJECTS), st.sampled_from(EFFECTS),
    ),
)  # fmt: skip

negated = st.one_of(
    st.builds(
        lambda n, o: Made(_capital(f"{n} {o}."), _capital(f"{o}.")),
        st.sampled_from(NEGATIONS), st.sampled_from(ORDERS),
    ),
    st.builds(
        lambda s, n, e: Made(f"{s} {n} {e}.", f"{s} {e}."),
        st.sampled_from(SUBJECTS), st.sampled_from(("do not", "rarely", "never")), st.sampled_from(EFFECTS),
    ),
)  # fmt: skip

conditional = st.one_of(
    st.builds(
        lambda o, c: Made(_capital(f"{o} {c}."), _capital(f"{o}.")),
        st.sampled_from(ORDERS), st.sampled_from(CONDITIONS),
    ),
    st.builds(
        lambda o, c: Made(_capital(f"{c}, {o}."), _capital(f"{o}.")),
        st.sampled_from(ORDERS), st.sampled_from(CONDITIONS),
    ),
)  # fmt: skip

numbers = st.integers(min_value=2, max_value=60)


@st.composite
def numbered(draw: st.DrawFn) -> Made:
    """A sentence with a number and a unit, and the same without them."""
    order, unit = draw(st.sampled_from(ORDERS)), draw(st.sampled_from(UNITS))
    number = draw(numbers)
    return Made(_capital(f"{order} with {number} {unit} to spare."), _capital(f"{order}."))


@st.composite
def renumbered(draw: st.DrawFn) -> Made:
    """A sentence with a number, and the same with another number (`without`)."""
    order, unit = draw(st.sampled_from(ORDERS)), draw(st.sampled_from(UNITS))
    first, second = draw(st.lists(numbers, min_size=2, max_size=2, unique=True))
    frame = draw(st.sampled_from(("{o} for {n} {u}.", "{o} after {n} {u}.", "wait {n} {u}, then {o}.")))
    return Made(*(_capital(frame.format(o=order, u=unit, n=n)) for n in (first, second)))


whole = st.one_of(hedged, negated, conditional, numbered(), renumbered()).map(lambda made: made.whole)
tips = st.lists(whole, min_size=1, max_size=3).map(" ".join)
