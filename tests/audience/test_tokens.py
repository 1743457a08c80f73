import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.tokens import (
    TOKEN_CHARS,
    ClickToken,
    FeedToken,
    Keyring,
    Purpose,
    Token,
    TokenError,
    TokenExpiredError,
    make,
    make_click,
    make_many,
    read,
    read_click,
    read_feed,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
KEYS = Keyring(["the key of this year", "the key of last year"])
ids = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**48 - 1))
purposes = st.sampled_from(Purpose)


def made(purpose=Purpose.UNSUBSCRIBE, list_id=3, subscriber_id=77, keys=KEYS, **options):
    return make(purpose, list_id=list_id, subscriber_id=subscriber_id, keys=keys, **options)


@given(ids, purposes)
def test_a_token_says_what_it_was_made_of(pair, purpose):
    token = made(purpose, *pair)
    assert read(token, purpose, keys=KEYS, now=NOW) == Token(*pair)


@given(ids, purposes, st.integers(0, TOKEN_CHARS * 8 - 1))
def test_any_bit_flipped_is_refused(pair, purpose, bit):
    spelled = bytearray(made(purpose, *pair).encode())
    spelled[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TokenError):
        read(spelled.decode("latin-1"), purpose, keys=KEYS, now=NOW)


@given(ids, purposes, st.integers(0, 36 * 8 - 1))
def test_any_bit_flipped_under_the_spelling_is_refused(pair, purpose, bit):
    raw = bytearray(base64.urlsafe_b64decode(made(purpose, *pair)))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TokenError):
        read(base64.urlsafe_b64encode(raw).decode(), purpose, keys=KEYS, now=NOW)


@given(ids)
def test_a_counted_link_says_its_issue_and_number_and_serves_nothing_else(pair):
    token = make_click(issue_id=pair[0], link=pair[1], keys=KEYS)
    assert len(token) == TOKEN_CHARS
    assert read_click(token, keys=KEYS) == ClickToken(*pair)
    for purpose in set(Purpose) - {Purpose.CLICK}:
        with pytest.raises(TokenError):
            read(token, purpose, keys=KEYS, now=NOW)
        with pytest.raises(TokenError):
            read_click(made(purpose, *pair), keys=KEYS)


@given(st.text(max_size=80) | st.text(st.sampled_from("ABCxyz019-_"), min_size=48, max_size=48))
def test_any_other_text_is_refused(text):
    with pytest.raises(TokenError):
        read(text, Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW)


@given(ids, purposes, purposes)
def test_a_token_serves_the_purpose_that_it_was_made_for_and_no_other(pair, one, other):
    token = made(one, *pair)
    if one != other:
        with pytest.raises(TokenError):
            read(token, other, keys=KEYS, now=NOW)


@given(st.lists(ids, min_size=2, max_size=5, unique=True), purposes)
def test_no_two_readers_share_a_token(pairs, purpose):
    assert len({made(purpose, *pair) for pair in pairs}) == len(pairs)


def test_a_token_is_short_and_goes_into_a_url_as_it_is():
    tokens = [made(subscriber_id=number) for number in range(2000)]
    assert {len(token) for token in tokens} == {TOKEN_CHARS}
    assert TOKEN_CHARS <= 60
    assert set("".join(tokens)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_token_in_the_other_base64_alphabet_is_not_the_token():
    token = next(token for number in range(100) if "-" in (token := made(subscriber_id=number)))
    with pytest.raises(TokenError):
        read(token.replace("-", "+"), Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW)


def test_the_ids_cannot_be_read_off_a_token():
    raws = [base64.urlsafe_b64decode(made(subscriber_id=number)) for number in (1, 2, 3)]
    assert all((77).to_bytes(6, "big") not in raw and (1).to_bytes(6, "big") not in raw for raw in raws)
    assert len({raw[20:] for raw in raws}) == 3
    assert all(sum(a != b for a, b in zip(raws[0][4:], raw[4:], strict=True)) > 20 for raw in raws[1:])


def test_a_token_with_an_end_works_until_then_and_not_after():
    token = made(Purpose.CONFIRM, expires_at=NOW + timedelta(days=7))
    assert read(token, Purpose.CONFIRM, keys=KEYS, now=NOW + timedelta(days=7, seconds=-1)) == Token(3, 77)
    with pytest.raises(TokenExpiredError) as caught:
        read(token, Purpose.CONFIRM, keys=KEYS, now=NOW + timedelta(days=7))
    assert caught.value.token == Token(3, 77)


def test_a_token_without_an_end_works_for_ever():
    assert read(made(), Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW + timedelta(days=36500)) == Token(3, 77)


def test_a_key_that_was_rotated_away_still_verifies_and_no_longer_signs():
    old = made(keys=Keyring(["the key of last year"]))
    assert read(old, Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW) == Token(3, 77)
    assert made() != old
    with pytest.raises(TokenError):
        read(made(), Purpose.UNSUBSCRIBE, keys=Keyring(["the key of last year"]), now=NOW)


def test_links_that_were_mailed_with_the_first_make_of_tokens_keep_working():
    """Made by the code of November 2026, which sealed with HMAC-SHA-256."""
    (leave, confirm, click, feed) = (
        "VrK4n_oHICRyLFSlEOTv86Fcr_SgPJlF9o970sH9QsyBE49U",
        "VrK4nza9v9fVCDOpVw425MxHqSYSTiQIa7TCQUu5Kulqz4j6",
        "VrK4n4ITmISnNMbldNqv5d64yUz9WiuV309_DgFlrdOu80jZ",
        "VrK4n3MFxZvzmJgg9yG6Ho0r-iEnZPmJhyC9_BPUjuJ7h8Fo",
    )
    assert read(leave, Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW) == Token(3, 77)
    assert read(confirm, Purpose.CONFIRM, keys=KEYS, now=NOW - timedelta(seconds=1)) == Token(3, 77)
    assert read_click(click, keys=KEYS) == ClickToken(12, 4)
    assert read_feed(feed, keys=KEYS) == FeedToken(3, 77, 2)
    with pytest.raises(TokenError):
        read(leave, Purpose.PREFERENCES, keys=KEYS, now=NOW)
    with pytest.raises(TokenError):
        read(leave, Purpose.UNSUBSCRIBE, keys=Keyring(["the key of this year"]), now=NOW)
    assert made(keys=Keyring(["the key of last year"])) != leave


@given(st.integers(0, 36 * 8 - 1))
def test_any_bit_flipped_of_a_token_of_the_first_make_is_refused(bit):
    raw = bytearray(base64.urlsafe_b64decode("VrK4n_oHICRyLFSlEOTv86Fcr_SgPJlF9o970sH9QsyBE49U"))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TokenError):
        read(base64.urlsafe_b64encode(raw).decode(), Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW)


@given(ids, ids)
def test_parts_of_two_tokens_make_no_third(one, other):
    """Tags and bodies side by side are blocks of their own: none passes for another's."""
    raws = [base64.urlsafe_b64decode(made(Purpose.UNSUBSCRIBE, *pair)) for pair in (one, other)]
    mixed = raws[0][:20] + raws[1][20:]
    if one != other:
        with pytest.raises(TokenError):
            read(base64.urlsafe_b64encode(mixed).decode(), Purpose.UNSUBSCRIBE, keys=KEYS, now=NOW)


def test_an_expired_token_that_was_altered_is_simply_not_ours():
    token = made(Purpose.CONFIRM, expires_at=NOW - timedelta(days=1))
    with pytest.raises(TokenError) as caught:
        read(token[:-1] + ("A" if token[-1] != "A" else "B"), Purpose.CONFIRM, keys=KEYS, now=NOW)
    assert not isinstance(caught.value, TokenExpiredError)


@given(
    purpose=st.sampled_from(list(Purpose)),
    list_id=st.integers(0, 2**32 - 1),
    ids=st.lists(st.integers(0, 2**48 - 1), max_size=5),
    secret=st.text(min_size=1, max_size=80),
)
def test_many_tokens_at_once_are_the_ones_that_are_made_one_by_one(purpose, list_id, ids, secret):
    keys = Keyring([secret])
    assert make_many(purpose, list_id=list_id, subscriber_ids=ids, keys=keys) == [
        make(purpose, list_id=list_id, subscriber_id=number, keys=keys) for number in ids
    ]
