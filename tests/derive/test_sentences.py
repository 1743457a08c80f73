"""A hundred sentences that must never be a tip by themselves, and thirty that must be one."""

from pathlib import Path

import pytest

from pipeline.derive.tips import derive
from tests.derive.making import document

FOLDER = Path(__file__).parent / "cases" / "sentences"


def lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def alone(sentence: str) -> list[str]:
    return [tip.text for tip in derive([document(f"Notes on looking after things\n\n{sentence}\n", name="notes.txt")])]


@pytest.mark.parametrize("sentence", lines("never.txt"))
def test_it_is_never_a_tip(sentence: str) -> None:
    assert alone(sentence) == []


@pytest.mark.parametrize("sentence", lines("good.txt"))
def test_it_is_a_tip_to_the_letter(sentence: str) -> None:
    assert alone(sentence) == [sentence]
