"""The bytes that leave, header by header: whatever a newsletter, an issue, its addresses and its readers are called, in
any script, and links of any length up to 900 characters. From an issue's content, through rendering, to one reader.
"""

import email
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.delivery.compiled import RecipientValues, compile_message
from pipeline.delivery.wire import URL_MAX, MessageError
from pipeline.render.email import HeaderError
from tests.render.issues import of_newsletter, rendered, sample

SENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CONTENT = sample()
ONCE = ["Date", "From", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID", "Subject", "To",
        "Feedback-ID", "MIME-Version", "Content-Type"]  # fmt: skip
ALWAYS = {*ONCE, "Reply-To", "List-Archive", "Archived-At", "Content-Language"}
FIELD = re.compile(rb"([!-9;-~]+): (.*)", re.DOTALL)

# Letters of every script, signs and emoji, and what looks like an encoded word, an address, a header or a place.
SCRIPTS = st.sampled_from([
    "Grüße", "日本語のお便り", "نشرة البشرة", "Новости", "עלון", "हिन्दी", "ไทย", "한국어",
    "\U0001d516kin",
    "\U0001f469\u200d\U0001f52c", "=?utf-8?q?x?=", "a@b.example", "Bcc: x", '"', "\\", "<>", ",", ";", "a" * 90,
])  # fmt: skip
line = st.lists(SCRIPTS | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20), max_size=6)
names = line.map(" ".join)
url_tails = st.integers(1, URL_MAX - 26).flatmap(
    lambda size: st.text("abcXYZ019-._~:/?#[]@!$&'()*+,;=%", min_size=size, max_size=size)
)
urls = url_tails.map(lambda tail: f"https://newsletter.example/{re.sub(r'=+[?]', '?', tail)}"[:URL_MAX])
breaks = st.sampled_from(["\r", "\n", "\r\n", "\v", "\f", "\x00", "\x85", "\u2028", "\u2029"])
READER = {
    "greeting": "Hello Ada,",
    "unsubscribe_url": "https://a.example/u/x",
    "preferences_url": "https://a.example/p/x",
}
USUAL = READER | {"subject": CONTENT.subject, "name": "Ada", "sender_name": "The Skin Letter",
                  "site_url": CONTENT.newsletter.site_url}  # fmt: skip


def fields(data: bytes) -> list[tuple[str, bytes]]:
    """The header fields as they stand in the bytes, unfolded and nothing decoded; read by nobody's parser but this."""
    head = data.partition(b"\r\n\r\n")[0]
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head)
    found = []
    for raw in unfolded.split(b"\r\n"):
        match = FIELD.fullmatch(raw)
        assert match, raw
        found.append((match[1].decode("ascii"), match[2]))
    return found


def field(data: bytes, name: str) -> bytes:
    (value,) = [value for found, value in fields(data) if found.lower() == name.lower()]
    return value


anything = st.fixed_dictionaries(
    {"subject": names, "name": names, "sender_name": names, "greeting": names, "unsubscribe_url": urls,
     "preferences_url": urls}
)  # fmt: skip


def mail(values: dict[str, str], *, reader: int = 17, address: str = "ada@reader.example") -> bytes:
    """The mail as one reader is sent it; `name` is the newsletter's, and the reader's too."""
    given_values = USUAL | values
    newsletter = {key: given_values[key] for key in ("name", "sender_name", "site_url")}
    content = of_newsletter(replace(CONTENT, subject=given_values["subject"] or "x"), **newsletter)
    message = compile_message(
        rendered(content), from_name=content.newsletter.sender_name, from_address="letter@newsletter.example",
        reply_to="office@newsletter.example", list_id=content.newsletter.list_id, list_name=content.newsletter.name,
        message_key="issue:12", sent_date=SENT,
    )  # fmt: skip
    own = {key: given_values[key] for key in ("name", *READER)}
    return message.assemble(RecipientValues(delivery_id=reader, address=address, **own))


@given(anything)
@settings(max_examples=60, deadline=None)
def test_rule_1_one_https_link_to_leave_and_its_one_click_companion(values: dict[str, str]) -> None:
    data = mail(values)
    assert field(data, "List-Unsubscribe") == f"<{values['unsubscribe_url']}>".encode("ascii")
    assert field(data, "List-Unsubscribe-Post") == b"List-Unsubscribe=One-Click"
    assert b"ada@reader.example" not in field(data, "List-Unsubscribe")


@given(anything)
@settings(max_examples=60, deadline=None)
def test_rule_2_no_encoded_word_in_what_programs_read(values: dict[str, str]) -> None:
    for name, value in fields(mail(values)):
        if name.startswith("List-") or name in {"Message-ID", "Feedback-ID", "Archived-At"}:
            assert b"=?" not in value, name


@given(st.integers(1, URL_MAX), st.sampled_from(["site_url", "unsubscribe_url", "preferences_url"]))
@settings(max_examples=60, deadline=None)
def test_rule_2_holds_for_links_of_every_length(size: int, where: str) -> None:
    url = ("https://newsletter.example/" + "a" * URL_MAX)[:size]
    try:
        data = mail({where: url})
    except MessageError:
        assert size <= len("https://")  # no address yet
        return
    for name, value in fields(data):
        assert b"=?" not in value or name == "Subject", name
    if where == "unsubscribe_url":
        assert field(data, "List-Unsubscribe") == f"<{url}>".encode()
    if where == "site_url":
        assert field(data, "List-Archive") == f"<{url}>".encode()


@pytest.mark.parametrize("where", ["site_url", "unsubscribe_url", "preferences_url"])
def test_rule_2_a_link_that_is_too_long_is_refused_and_never_cut(where: str) -> None:
    with pytest.raises((MessageError, HeaderError)):
        mail({where: "https://newsletter.example/" + "a" * URL_MAX})


@given(anything)
@settings(max_examples=60, deadline=None)
def test_rule_3_every_field_once_one_sender_and_what_was_typed(values: dict[str, str]) -> None:
    data = mail(values)
    found = [name for name, _ in fields(data)]
    assert sorted(found) == sorted(ALWAYS)
    assert field(data, "From").count(b"<letter@newsletter.example>") == 1 or values["sender_name"].strip() == ""
    parsed = email.message_from_bytes(data, policy=policy.compat32)
    if "=?" not in values["subject"]:
        wanted = " ".join(values["subject"].split()) or "x"
        assert "".join(str(make_header(decode_header(parsed["Subject"]))).split()) == "".join(wanted.split())
    modern = email.message_from_bytes(data, policy=policy.default)
    assert [address.addr_spec for address in modern["From"].addresses] == ["letter@newsletter.example"]
    assert [address.addr_spec for address in modern["To"].addresses] == ["ada@reader.example"]


@given(anything, st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1))
@settings(max_examples=40, deadline=None)
def test_rule_3_a_message_id_is_stable_for_a_reader_and_no_two_share_one(
    values: dict[str, str], one: int, other: int
) -> None:
    first = field(mail(values, reader=one), "Message-ID")
    assert first == field(mail(values, reader=one), "Message-ID")
    assert (first == field(mail(values, reader=other), "Message-ID")) == (one == other)
    assert re.fullmatch(rb"<[!-;=?-~]+@newsletter\.example>", first)


@given(anything)
@settings(max_examples=40, deadline=None)
def test_rule_3_what_identifies_the_list_tells_nothing_of_the_reader(values: dict[str, str]) -> None:
    one, other = mail(values), mail(values, reader=18, address="zoe@reader.example")
    for name in ("Feedback-ID", "List-Id", "List-Archive", "Archived-At", "List-Unsubscribe-Post"):
        assert field(one, name) == field(other, name)
    assert field(one, "List-Id").endswith(f"<{CONTENT.newsletter.list_id}>".encode())
    assert "Auto-Submitted" not in dict(fields(one))


@given(anything)
@settings(max_examples=60, deadline=None)
def test_rule_4_text_before_html_in_quoted_printable_on_short_lines(values: dict[str, str]) -> None:
    data = mail(values)
    assert data.isascii()
    assert all(len(part) <= 998 for part in data.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    message = email.message_from_bytes(data, policy=policy.default)
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in parts:
        assert part.get_content_charset() == "utf-8"
        assert part["Content-Transfer-Encoding"] == "quoted-printable"
    text = parts[0].get_content().replace("\r\n", "\n")
    assert values["unsubscribe_url"] in text
    for tip in CONTENT.tips:
        assert tip.title in " ".join(text.split())
        assert tip.permalink in text


@given(st.sampled_from(["greeting", "unsubscribe_url", "preferences_url", "name"]), names, breaks, names)
@settings(max_examples=60, deadline=None)
def test_rule_5_a_line_end_in_a_reader_s_value_refuses_that_mail(where: str, one: str, end: str, other: str) -> None:
    message = compile_message(
        rendered(CONTENT), from_name="Letter", from_address="letter@newsletter.example",
        list_id="a.newsletter.example", message_key="issue:12", sent_date=SENT,
    )  # fmt: skip
    own = {"name": "Ada", **READER, where: f"{one}{end}Bcc: {other}"}
    with pytest.raises(MessageError):
        message.assemble(RecipientValues(delivery_id=1, address="ada@reader.example", **own))


@given(st.sampled_from(["from_name", "list_name", "subject", "from_address", "reply_to", "list_id"]), breaks, names)
@settings(max_examples=60, deadline=None)
def test_rule_5_a_line_end_of_staff_never_makes_a_field(where: str, end: str, other: str) -> None:
    arguments = {"from_name": "Letter", "from_address": "letter@newsletter.example", "list_name": "Letter",
                 "reply_to": "", "list_id": "a.newsletter.example"}  # fmt: skip
    look = rendered(CONTENT)
    if where == "subject":
        look = replace(look, subject=f"x{end}Bcc: {other}")
    else:
        arguments[where] += f"{end}Bcc: {other}"
    try:
        message = compile_message(look, **arguments, message_key="issue:12", sent_date=SENT)
    except MessageError:
        return
    assert where == "list_name"  # which is left out where it cannot stand
    data = message.assemble(RecipientValues(delivery_id=1, address="ada@reader.example", name="Ada", **READER))
    assert {name for name, _ in fields(data)} <= ALWAYS
    assert b"Bcc" not in field(data, "List-Id")
