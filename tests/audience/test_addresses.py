import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.audience.addresses import (
    NAME_MAX_CHARS,
    AddressError,
    PersonNameError,
    clean_name,
    hash_key,
    parse,
)
from pipeline.errors import TipsheetError

ATEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"
mailboxes = st.text(st.sampled_from(ATEXT), min_size=1, max_size=20)
domains = st.sampled_from(["example.com", "EXAMPLE.org", "mail.example.net", "exämple.de", "例え.jp", "faß.example"])
addresses = st.builds("{}@{}".format, mailboxes, domains)
LINE_BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"]
CONTROLS = [*LINE_BREAKS, "\0", "\t", "\x1b", "\x7f"]


def attempt(function, text, **options):
    """(what came back, '') or (None, the refusal)."""
    try:
        return function(text, **options), ""
    except TipsheetError as error:
        return None, str(error)


@given(addresses)
def test_the_key_of_a_key_is_itself(text):
    once = parse(text)
    assert parse(once.key).key == once.key
    assert parse(once.address) == once


@given(st.builds("{}@{}".format, mailboxes, st.sampled_from(["example.com", "EXAMPLE.org"])))
def test_two_spellings_that_differ_in_case_alone_are_one_mailbox(text):
    assert parse(text.upper()).key == parse(text.lower()).key == parse(text.swapcase()).key


@given(addresses)
def test_what_is_kept_is_ascii_and_fits_in_a_header_as_it_stands(text):
    kept = parse(text)
    assert kept.address.isascii()
    assert kept.key.isascii()
    assert kept.key == kept.key.lower()


@given(addresses, st.sampled_from(CONTROLS), st.data())
def test_an_address_with_a_control_character_anywhere_is_refused(text, control, data):
    place = data.draw(st.integers(0, len(text)))
    with pytest.raises(AddressError, match=r"line break|control character"):
        parse(text[:place] + control + text[place:])


@given(st.text(max_size=300))
def test_any_text_is_an_address_or_refused_with_a_reason_on_one_line(text):
    kept, refusal = attempt(parse, text, unicode_mailboxes=True)
    assert refusal.isprintable()
    assert len(refusal) < 400
    assert kept is None or not set(kept.address) & set("".join(CONTROLS) + " ")
    assert kept is None or len(kept.key) <= 320


def test_the_mailbox_is_kept_as_typed_and_the_domain_goes_to_a_labels():
    assert parse("  Ada.Lovelace@Exämple.DE ").address == "Ada.Lovelace@xn--exmple-cua.de"
    assert parse("Ada.Lovelace@Exämple.DE").key == "ada.lovelace@xn--exmple-cua.de"


def test_idna_2008_keeps_the_sharp_s_which_idna_2003_made_into_two_letters():
    assert parse("ada@faß.example").key == "ada@xn--fa-hia.example"


def test_a_dot_or_a_plus_tag_makes_another_mailbox():
    assert len({parse(text).key for text in ("ada@example.com", "a.da@example.com", "ada+tips@example.com")}) == 3


@pytest.mark.parametrize(
    "text",
    ["", "   ", "ada", "ada@", "@example.com", "ada@example", "ada@-example.com", "a b@example.com",
     "Ada <ada@example.com>", '"a b"@example.com', "ada@[192.0.2.1]", "ada@example..com", "ada@example.com,bob@x.org",
     "ada@localhost", "ada@😀.example", "ada@xn--a.example", f"{'a' * 65}@example.com", f"a@{'b' * 250}.com",
     "ada@exa\udce4mple.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    with pytest.raises(AddressError):
        parse(text)


def test_a_unicode_mailbox_needs_a_provider_that_takes_it():
    with pytest.raises(AddressError, match="cannot deliver"):
        parse("käthe@example.com")
    assert parse("Käthe@example.com", unicode_mailboxes=True).key == "käthe@example.com"


def test_the_message_says_what_is_wrong_and_shows_what_was_typed():
    with pytest.raises(AddressError, match=r"'ada\.example\.com' is not an email address: .*@-sign"):
        parse("ada.example.com")
    with pytest.raises(AddressError, match=r"'ada\\nBcc: b@c\.de@example\.com' holds a line break \(U\+000A\)"):
        parse("ada\nBcc: b@c.de@example.com")


@given(addresses, addresses)
def test_only_one_mailbox_has_the_same_hash(one, another):
    keys = parse(one).key, parse(another).key
    assume(keys[0] != keys[1])
    assert hash_key(keys[0], b"secret") != hash_key(keys[1], b"secret")


def test_the_hash_is_keyed_and_holds_nothing_of_the_address():
    made = hash_key("ada@example.com", b"secret")
    assert len(made) == 64
    assert int(made, 16)
    assert made != hash_key("ada@example.com", b"another secret")
    assert made == hash_key("ada@example.com", b"secret")


@given(st.text(max_size=150))
def test_a_name_is_fit_for_a_header_or_refused(text):
    name, refusal = attempt(clean_name, text)
    assert refusal.isprintable()
    assert name is None or len(name) <= NAME_MAX_CHARS
    assert name is None or name == clean_name(name)
    assert name is None or len(name.splitlines()) <= 1


@pytest.mark.parametrize("bad", [*CONTROLS, "\u202e", "\u2066"])
def test_a_name_cannot_break_or_turn_a_header_round(bad):
    with pytest.raises(PersonNameError):
        clean_name(f"Ada{bad}Bcc: eve@example.com")


def test_names_of_all_scripts_are_kept():
    for name in ("Zoë O’Neill", "李小龍", "محمد", "می\u200cخواهم", "Ngô Thị"):
        assert clean_name(f"  {name} ") == name
