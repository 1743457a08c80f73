"""Sentences: the traps of the field, an unseen-text check against nupunkt, and what holds for any text."""

import re
import time
from itertools import pairwise
from pathlib import Path

import nupunkt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.files import find, read_path
from pipeline.documents.model import Span
from pipeline.documents.sentences import split

# Each line is one passage; "|" stands where a sentence ends.
TRAPS = """
Stop retinoids 2-3 wk. before the session.| Ask about the rest.
The sting fades 5 min. in the chair.| Breathe slowly.
Keep the temp. of the water low.| Lukewarm is enough.
Skin sits at approx. 5.5 on the pH scale.| Soap is far above it.
Wear vit. C under sunscreen.| It likes the dark.
Ask your doctor about vitamin D. Avoid guessing the dose.
Vitamins A, C and E. Dermatologists like all three.
Strong acids, e.g. 50% TCA, belong in a clinic.| So do lasers.
Dr. Lee advises patience.| Prof. A. Brown agrees with Dr. Lee.
Some add plasma (PRP).| Others add none.
Needles of 0.5 mm are for home.| Those of 1.5 to 2.5 mm are not.
Read more at www.skin.example/care.html?x=1.2.| Then decide.
"Does it hurt?" asks nearly everyone.| "A little."| Most cope.
Well... perhaps not today.| Then rest… and wait.| Good.
The U.S. Food and Drug Administration cleared it.| It did so in the U.S. Avoid copies.
Let the serum sink in.| Pat the rest dry.
Wait 5 min.| Rinse.
Use min. SPF 30 every day.| Reapply at noon.
Come at 9 a.m. Monday.| Stay until 5 p.m.| The clinic shuts.
Use oils, balms, etc.| Patch-test them all.
No. 7 is a brand.| Does it work?| No.| It only smells nice.
See Fig. 2 and p. 14.| J. Smith et al. (2019) agree.
1. Cleanse.| 2. Pat dry.| 3. Wait.
Redness fades.[3]| It may return.1,2| Be patient.²| Sleep well.
Is the skin broken?!| Then stop!| (See the list below.)| Go on later.
He said "Stop." and left the room.| Nobody asked why.
It is mild (about 5 min.)| The rest is worse.
Scars fade by 2023.| Nobody knows more.
Your skin's pH matters.| pH strips cost little.| eBay sells them.
Lotion by Skin Co. Ltd. is thick.| St. Ives makes scrubs.
Type I. Avoid it all.
"""
JOINED = {
    "Ask your doctor about vitamin D. Avoid guessing the dose.": "Ask your doctor about vitamin D.",
    "Vitamins A, C and E. Dermatologists like all three.": "Vitamins A, C and E.",
    "It did so in the U.S. Avoid copies.": "It did so in the U.S.",
    "Type I. Avoid it all.": "Type I.",
}


def words_of(text: str) -> list[str]:
    return [span.of(text) for span in split(text, 0, len(text))]


@pytest.mark.parametrize("line", TRAPS.strip().splitlines())
def test_a_trap_of_the_field_is_split_where_a_reader_would(line: str) -> None:
    expected: list[str] = []
    for part in re.split(r"\|\s*", line):
        first = JOINED.get(part)
        expected += [first, part.removeprefix(first).strip()] if first else [part]
    assert words_of(line.replace("|", "")) == expected


def test_a_stop_without_a_space_ends_a_sentence_but_not_an_address() -> None:
    assert words_of("Expect some redness.Avoid sun. See skin.Example.com now.") == [
        "Expect some redness.",
        "Avoid sun.",
        "See skin.Example.com now.",
    ]


def test_a_blank_line_ends_a_sentence_without_a_stop() -> None:
    assert words_of("No stop here\n\nand none here") == ["No stop here", "and none here"]


def test_a_line_break_within_hard_wrapped_text_ends_nothing() -> None:
    assert words_of("Rinse with\nwater. Pat\ndry.") == ["Rinse with\nwater.", "Pat\ndry."]


def test_only_the_range_is_split() -> None:
    text = "One. Two. Three. Four."
    assert [span.of(text) for span in split(text, 5, 16)] == ["Two.", "Three."]


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "...", "?! ", "\ufeff", '"'])
def test_next_to_nothing_is_no_error(text: str) -> None:
    assert len(split(text, 0, len(text))) <= 1


PROSE = st.text(alphabet=st.sampled_from("aAbD5 .!?…\n\"')(,-–•[]"), max_size=300)


@given(st.one_of(PROSE, st.text(max_size=300)))
def test_spans_lie_in_order_and_hold_every_character_but_white_space(text: str) -> None:
    spans = split(text, 0, len(text))
    assert all(span.start < span.end for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


@given(PROSE, st.integers(0, 300), st.integers(0, 300))
def test_spans_never_leave_the_range(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    for span in split(text, start, end):
        assert Span(start, start) <= span
        assert span.end <= end


@pytest.mark.parametrize("unit", [".", "a.", '."', ". ", "\n", " ", "?!", "A. ", "[1", ".[1", "e.g. ", "…", "1. "])
def test_hostile_text_takes_time_in_step_with_its_length(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    began = time.process_time()
    split(text, 0, len(text))
    assert time.process_time() - began < 3


def gold() -> list[tuple[str, set[int]]]:
    """Passages with the places where their sentences end, as a reader marked them ("|") before they were split."""
    passages: list[tuple[str, set[int]]] = []
    for line in (Path(__file__).parent / "gold_sentences.txt").read_text(encoding="utf-8").splitlines():
        text, ends = "", set()
        for part in line.split("|"):
            text = f"{text} {part.strip()}".strip()
            ends.add(len(text))
        passages.append((text, ends))
    return passages


def f1(found: list[set[int]], expected: list[set[int]]) -> float:
    right = sum(len(one & other) for one, other in zip(found, expected, strict=True))
    return 2 * right / (sum(map(len, found)) + sum(map(len, expected)))


def test_passages_are_split_where_a_reader_marked_them() -> None:
    texts, expected = zip(*gold(), strict=True)
    found = [{span.end for span in split(text, 0, len(text))} for text in texts]
    assert sum(map(len, expected)) > 120
    assert f1(found, list(expected)) >= 0.98


def nupunkt_ends(text: str) -> set[int]:
    return {start + len(text[start:end].rstrip()) for start, end in nupunkt.sent_spans(text)}


def test_another_splitter_agrees_on_ordinary_prose_and_is_no_better_on_traps() -> None:
    samples = Path(__file__).parents[2] / "tips" / "documents"
    articles = [read_path(path) for path in find(samples)]
    passages = [block.span.of(article.text) for article in articles for _, block in article.blocks()]
    ours = [{span.end for span in split(text, 0, len(text))} for text in passages]
    assert sum(map(len, ours)) > 100
    assert f1(ours, [nupunkt_ends(text) for text in passages]) >= 0.99
    texts, expected = zip(*gold(), strict=True)
    theirs = f1([nupunkt_ends(text) for text in texts], list(expected))
    assert theirs <= f1([{span.end for span in split(text, 0, len(text))} for text in texts], list(expected))
