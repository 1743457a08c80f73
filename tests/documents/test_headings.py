"""Headings in whole articles of plain text, counted."""

import pytest

from tests.documents.score_headings import score


@pytest.mark.parametrize("part", ["dev", "once"])
def test_hardly_a_heading_is_made_up_or_missed(part: str) -> None:
    found = score(part)
    assert found.right >= 45
    assert found.precision >= 0.98, found.extra
    assert found.recall >= 0.95, found.missed
