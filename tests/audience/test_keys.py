"""Where the secrets come from, and what a rotation changes."""

import pytest

from pipeline.audience import keys
from pipeline.audience.tokens import Purpose, TokenError, make, read
from pipeline.config import ConfigError
from pipeline.settings import _secret_keys
from tests.audience.people import NOW


def unsubscribe_token():
    return make(Purpose.UNSUBSCRIBE, list_id=1, subscriber_id=2, keys=keys.keyring())


def test_links_of_before_a_rotation_keep_working_and_addresses_keep_their_hash(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    token, hashed = unsubscribe_token(), keys.address_hash("ada@example.com")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert read(token, Purpose.UNSUBSCRIBE, keys=keys.keyring(), now=NOW).subscriber_id == 2
    assert unsubscribe_token() != token
    assert keys.address_hash("ada@example.com") == hashed


def test_a_key_that_was_taken_out_verifies_nothing_more(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    token = unsubscribe_token()
    settings.SECRET_KEY = "new"
    with pytest.raises(TokenError):
        read(token, Purpose.UNSUBSCRIBE, keys=keys.keyring(), now=NOW)


def test_links_and_hashes_and_sessions_do_not_share_a_key(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    secret = keys.hash_secret()
    key = keys.keyring().current
    derived = [secret, *key.tag_keys.values(), *key.mask_keys.values()]
    assert len(set(derived)) == 1 + 2 * len(Purpose)
    assert b"old" not in derived


def test_the_file_holds_one_key_a_line_the_newest_first(tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("new\nold\n")
    assert _secret_keys(file) == ["new", "old"]


def test_the_key_is_made_on_first_use_for_its_owner_alone(tmp_path):
    file = tmp_path / "var" / "secret_key"
    (made,) = _secret_keys(file)
    assert len(made) > 80
    assert _secret_keys(file) == [made]
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_empty_file_is_an_error_that_says_what_it_would_break(tmp_path):
    file = tmp_path / "secret_key"
    file.write_text("\n")
    with pytest.raises(ConfigError, match="links that were mailed stop working"):
        _secret_keys(file)
