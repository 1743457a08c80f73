"""Tips from documents, whole: what holds for every tip, on any text."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.derive import edits
from pipeline.derive.gates import LONGEST, SHORTEST_ALONE
from pipeline.derive.model import Candidate, Source
from pipeline.derive.tips import derive
from pipeline.documents.model import Document
from tests.derive.making import document, under
from tests.derive.score import cases

DEV = [made for made, _ in cases("dev")]

OPENINGS = [
    "",
    "However, ",
    "Additionally, ",
    "In summary, ",
    "Therefore, ",
    "As with any tool, ",
    "It's worth noting that ",
]
SENTENCES = [
    "Wash the brushes once a week with a mild soap and warm water.",
    "They dry best on their side, because water runs out of the handle.",
    "Damp brushes may grow mould within two or three days.",
    "Some people believe that vinegar is enough!",
    "Do brushes need oil?",
    "Never leave a brush to stand in solvent overnight; the hairs bend and stay bent.",
    "Subscribe to our newsletter for more.",
    "If a brush has gone stiff, soak it in warm vinegar for about half an hour.",
    "This works for rollers too.",
    "Store brushes flat, or hang them up by the handle, away from heaters and the sun.",
    "In some cases the glue gives way after several years of use.",
]
HEADINGS = ["Brushes", "CARE OF BRUSHES", "Conclusion", "How often?", "Myths", "About us", "Drying and storing"]

texts = st.lists(
    st.one_of(
        st.lists(
            st.tuples(st.sampled_from(OPENINGS), st.sampled_from(SENTENCES)).map("".join),
            min_size=1,
            max_size=5,
        ).map(" ".join),
        st.sampled_from(HEADINGS).map(lambda heading: f"## {heading}"),
        st.lists(st.sampled_from(SENTENCES), min_size=2, max_size=4).map(
            lambda each: "\n".join(f"- {one}" for one in each)
        ),
        st.text(st.characters(exclude_categories=("C",)), max_size=60),
    ),
    min_size=1,
    max_size=8,
).map("\n\n".join)


def every_source(tips: list[Candidate]) -> list[Source]:
    return [source for tip in tips for source in (tip.source, *tip.also)]


def check(tips: list[Candidate], documents: list[Document]) -> None:
    """What holds for every tip."""
    by_name = {made.name: made for made in documents}
    for source in every_source(tips):
        made = by_name[source.document]
        assert made.text[source.start : source.end] == source.quote
        assert (source.sha256, source.canonical_sha256) == (made.sha256, made.canonical_sha256)
    for tip in tips:
        assert tip.text == edits.replay(tip.source.quote, tip.edits)
        assert SHORTEST_ALONE <= len(tip.text) <= LONGEST
        assert tip.title
        assert tip.topic
        assert not re.search(r"[?!]", tip.title)
    titles = [tip.title.lower() for tip in tips]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("made", DEV, ids=lambda made: made.name)
def test_every_span_reproduces_its_source_and_every_text_its_edits(made: Document) -> None:
    tips = derive([made])
    assert len(tips) >= 5
    check(tips, [made])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_any_text_gives_sound_tips_or_none(text: str) -> None:
    made = document(f"# Notes\n\n{text}", name="any.md")
    check(derive([made]), [made])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts, st.integers(min_value=1, max_value=4))
def test_a_limit_is_kept_and_takes_from_the_top(text: str, limit: int) -> None:
    made = document(f"# Notes\n\n{text}", name="any.md")
    few, all_of_them = derive([made], limit=limit), derive([made])
    assert len(few) <= limit
    assert [tip.text for tip in few] == [tip.text for tip in all_of_them[:limit]]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_no_tip_ever_holds_what_no_tip_may(text: str) -> None:
    for tip in derive([document(f"# Notes\n\n{text}", name="any.md")]):
        assert not re.search(r"[?!]|Subscribe|believe that", tip.text)
        assert not re.match(r"(?:They|This|However|Therefore|As with|Additionally|In summary)\b", tip.text)


def _derived_elsewhere(seed: str, paths: list[Path]) -> str:
    code = (
        "import sys, json, dataclasses; from pathlib import Path; from pipeline.documents import read;"
        "from pipeline.derive.tips import derive;"
        "made = [read(Path(p).read_bytes(), name=Path(p).name) for p in sys.argv[1:]];"
        "print(json.dumps([dataclasses.asdict(tip) for tip in derive(made)]))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, *map(str, paths)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_same_documents_give_the_same_tips_under_every_hash_seed() -> None:
    folder = Path(__file__).parent / "cases" / "dev"
    paths = [path for path in sorted(folder.iterdir()) if path.suffix != ".labels"]
    first, *others = (_derived_elsewhere(seed, paths) for seed in ("0", "1", "4242"))
    assert len(json.loads(first)) > 40
    assert all(other == first for other in others)


def test_a_run_leaves_nothing_behind_that_changes_the_next() -> None:
    alone = derive([DEV[0]])
    derive(DEV)
    assert derive([DEV[0]]) == alone


def test_no_document_and_an_empty_one_give_no_tips() -> None:
    assert derive([]) == []
    assert derive([document("# Nothing here\n\nJust a line.\n")]) == []


def test_few_good_tips_are_not_filled_up_with_poor_ones() -> None:
    fluff = "A comprehensive approach plays a vital role in achieving optimal outcomes for various aspects of life."
    good = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
    tips = derive([under("Brushes", fluff, good)], limit=5)
    assert [tip.text for tip in tips] == [good]


def test_a_prefix_is_taken_off_and_recorded() -> None:
    text = (
        "Additionally, wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
    )
    tips = derive([under("Brushes", text)])
    assert tips[0].text == "W" + text.removeprefix("Additionally, w")
    assert tips[0].edits == ("removed 'Additionally, '", "began with a capital")


def test_however_is_taken_off_with_a_note_of_the_contrast() -> None:
    text = "However, brushes that have gone stiff can be softened if they are left in warm vinegar for half an hour."
    tips = derive([under("Brushes", text)])
    assert tips[0].text.startswith("Brushes that have gone stiff")
    assert "contrasts with the sentence before" in tips[0].edits[0]


def test_a_qualifier_comes_along() -> None:
    claim = "Soak stiff brushes in warm vinegar for half an hour, which softens most kinds of old paint."
    qualifier = "However, brushes with natural hair should not be soaked for longer than ten minutes."
    tips = derive([under("Brushes", f"{claim} {qualifier}")])
    assert tips[0].text == f"{claim} {qualifier}"


def test_a_qualifier_that_does_not_fit_is_flagged() -> None:
    claim = (
        "Soak stiff brushes in warm vinegar for half an hour, which softens most kinds of old paint and varnish, "
        "then comb the hairs with a steel comb and rinse them under the tap until the water runs clear again."
    )
    qualifier = (
        "However, " + "brushes with natural hair should not be soaked for longer than ten minutes, " * 2 + "if at all."
    )
    tips = derive([under("Brushes", f"{claim} {qualifier}")])
    assert tips[0].text == claim
    assert tips[0].flags[0].startswith("a qualifier follows")


def test_a_hedge_is_never_taken_off() -> None:
    text = "In some cases, the glue of a brush may give way after several years of use in strong solvents."
    assert [tip.text for tip in derive([under("Brushes", text)])] == [text]


def test_a_list_of_fragments_is_one_tip_with_its_intro() -> None:
    items = "- strong solvents\n- open fires and heaters\n- direct sun in summer\n- damp cellars in winter"
    tips = derive([under("Brushes", f"Keep good brushes away from these four things:\n\n{items}")])
    text = (
        "Keep good brushes away from these four things: strong solvents, open fires and heaters, "
        "direct sun in summer and damp cellars in winter."
    )
    assert [tip.text for tip in tips] == [text]
    assert tips[0].edits == (edits.JOINED_INTRO,)


def test_an_item_with_a_label_gives_the_label_to_the_title() -> None:
    flat = "Lay wet brushes on their side on a wire rack, because water that runs down loosens the glue."
    hung = "Hang dry brushes up by the handle, away from the sun and from heaters, if you need them in spring."
    tips = derive([under("Brushes", f"- **Drying flat:** {flat}\n- **Storing:** {hung}")])
    assert {tip.title: tip.text for tip in tips} == {"Brushes: drying flat": flat, "Brushes: storing": hung}


def test_a_label_stays_where_the_item_would_be_too_short_without_it() -> None:
    item = "Storing over winter: Hang dry brushes up by the handle, away from the sun and heaters."
    tips = derive([under("Brushes", f"- {item} Twice.\n- Wash brushes after each use.")])
    assert all(len(tip.text) >= SHORTEST_ALONE for tip in tips)


def test_a_boilerplate_section_gives_nothing() -> None:
    text = "Wash the brushes once a week with a mild soap and warm water, so that no mould can grow in them."
    assert derive([under("Privacy policy", text)]) == []
    assert derive([under("Brushes", text)])
