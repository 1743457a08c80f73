"""Feeds do not change by a byte unless somebody meant it."""

import pytest

from tests.render.golden_feeds import FOLDER, NAMES, golden


@pytest.mark.parametrize("name", NAMES)
def test_a_feed_is_what_it_was(name):
    assert golden()[name] == (FOLDER / name).read_bytes(), "see tests/render/golden_feeds.py"
