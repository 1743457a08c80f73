"""The envelope sender of each delivery: it names it, holds no address, and cannot be made up."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Config
from pipeline.delivery.return_path import delivery_of, return_paths
from pipeline.delivery.wire import bare_address

BOUNCES = "bounces+{token}@news.example"


@given(st.integers(0, 2**62), st.sampled_from([BOUNCES, "{token}@b.news.example", "B-{token}-x@News.example"]))
def test_a_return_path_names_its_delivery_however_a_server_writes_it(delivery_id, pattern):
    path = return_paths(pattern)(delivery_id)
    assert bare_address(path) == path
    assert len(path.partition("@")[0]) <= 64
    for written in (path, path.upper(), f"<{path}>", f" {path.title()} "):
        assert delivery_of(written, pattern) == delivery_id


@given(st.integers(1, 2**40), st.integers(0, 25), st.sampled_from("abcdefghij234567"))
def test_an_altered_one_names_nobody(delivery_id, place, letter):
    path = return_paths(BOUNCES)(delivery_id)
    at = path.index("-") + 1 + place
    forged = path[:at] + letter + path[at + 1 :]
    assert delivery_of(forged, BOUNCES) == (delivery_id if forged == path else None)
    other = return_paths(BOUNCES)(delivery_id + 1)
    swapped = path.partition("-")[0] + "-" + other.partition("-")[2]
    assert delivery_of(swapped, BOUNCES) is None


@given(st.text(max_size=80))
def test_any_other_text_names_nobody(text):
    assert delivery_of(text, BOUNCES) is None


def test_a_key_that_was_rotated_away_still_names(settings):
    path = return_paths(BOUNCES)(7)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    assert return_paths(BOUNCES)(7) != path
    assert delivery_of(path, BOUNCES) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert delivery_of(path, BOUNCES) is None


@pytest.mark.parametrize(
    "bad",
    ["bounces@news.example", "{token}", "{token}{token}@n.example", "n@{token}.example", "zoë+{token}@n.example",
     "b" * 25 + "{token}@n.example", "a b{token}@n.example"],
)  # fmt: skip
def test_an_address_without_room_for_the_token_is_refused(bad):
    with pytest.raises(ValueError, match=re.escape(BOUNCES)):
        Config(bounce_address=bad)


@given(st.integers(0, 2**63 - 1))
def test_the_longest_address_that_is_allowed_makes_a_mailbox_that_is(delivery_id):
    pattern = Config(bounce_address="b" * 24 + "{token}@n.example").bounce_address
    assert len(return_paths(pattern)(delivery_id).partition("@")[0]) <= 64


def test_none_is_no_fault():
    assert Config().bounce_address == ""
    assert return_paths("")(7) == ""
