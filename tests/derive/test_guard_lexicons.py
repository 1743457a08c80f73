"""The word lists: readable, in one form, and without words that work against each other."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.derive import lexicon_files
from pipeline.derive.guard import check
from pipeline.derive.guard_opposites import opposites
from pipeline.derive.lexicon_files import LexiconError, groups, words
from pipeline.derive.normalise import concept_of, read

FILES = sorted(
    path.relative_to(lexicon_files.FOLDER).with_suffix("").as_posix()
    for folder in ("guard", "claims", "language")
    for path in (lexicon_files.FOLDER / folder).glob("*.txt")
)


@pytest.mark.parametrize("name", FILES)
def test_every_list_is_readable_lower_case_and_explained(name: str) -> None:
    table = groups(name)
    assert table
    assert all(entries for entries in table.values())
    text = (lexicon_files.FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert text.startswith("#")
    for entries in table.values():
        assert all(entry == entry.lower() for entry in entries)


def test_a_word_stands_in_one_line_of_synonyms_alone() -> None:
    counts = Counter(word for lines in groups("guard/synonyms").values() for line in lines for word in line.split())
    assert [word for word, count in counts.items() if count > 1] == []


def test_no_two_opposites_are_synonyms() -> None:
    clashes = {
        (first, second)
        for entry in groups("guard/opposites")["pairs"]
        for first, second in [entry.split()]
        if concept_of(first) == concept_of(second)
    }
    assert clashes == set()


def test_every_opposite_has_its_other_side() -> None:
    table = opposites()
    assert all(word in table[other] for word, others in table.items() for other in others)


def test_no_promise_is_among_the_words_that_add_nothing() -> None:
    outright = {entry for entry in words("guard/strong", "outright") if " " not in entry}
    assert outright & words("guard/plain") <= {
        "best",
        "everyone",
    }  # judged as a promise before it is judged as a new word


def test_no_word_that_reverses_reduces_is_a_synonym_of_one_that_removes() -> None:
    weaker_and_stronger = [("reduce", "eliminate"), ("improve", "cure"), ("suggest", "prove"), ("reduce", "remove")]
    assert all(concept_of(weaker) != concept_of(stronger) for weaker, stronger in weaker_and_stronger)


def test_a_missing_or_broken_list_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon_files, "FOLDER", tmp_path)
    with pytest.raises(LexiconError, match="Put the file back"):
        groups("guard/no-such-list")
    (tmp_path / "loose.txt").write_text("word\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="line 1: 'word' stands before any"):
        groups("loose")


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Don't moisturise", ["do", "not", "moisturize"]),
        ("you can’t", ["you", "can", "not"]),
        ("the skin's colour", ["the", "skin", "color"]),
        ("Put on make-up", ["wear", "makeup"]),
        ("it's 1,5 %", ["it", "is", "1,5", "%"]),
    ],
)
def test_words_come_in_one_form(text: str, forms: list[str]) -> None:
    assert [word.lower for word in read(text)] == forms


def test_spans_point_into_the_text_as_given() -> None:
    text = "Don’t put on make-up: “it's” ½ cup, naïve ﬁne."
    for word in read(text):
        assert text[word.start : word.end]
        assert word.start < word.end <= len(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Rinse. Dry.", 2),
        ("Wait 5 min. Then rinse.", 1),
        ("Use e.g. Oats.", 1),
        ("Try vitamin D. Avoid sun.", 1),
        ("Rinse!\n\nDry", 2),
        ("It is 5.5 ml.", 1),
    ],
)
def test_sentences_end_where_a_reader_would_end_them_or_are_kept_together(text: str, count: int) -> None:
    assert len({word.sentence for word in read(text)}) == count


def test_a_large_text_is_checked_in_good_time() -> None:
    source = " ".join(
        f"Keep plant {number} in pot {number} for {number} days if it may rain." for number in range(2, 150)
    )
    assert check(source, source.replace("may ", "")).findings
