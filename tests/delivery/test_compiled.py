"""The compiled message against the standard library: what a recipient gets is what an EmailMessage built by hand
would have given, for any name, link and script; and the bytes keep their limits.
"""

import email
import html
import re
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.delivery.compiled import CompiledMessage, RecipientValues, compile_message
from pipeline.delivery.wire import MessageError, bare_address, bare_addresses, plain_lines, quoted_value
from pipeline.render.model import Place, RenderedEmail

SENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLACES = [place.marker for place in Place]
VALUES = RecipientValues(
    delivery_id=17,
    address="ada@example.org",
    name="Ada Lovelace",
    greeting="Hello Ada Lovelace,",
    unsubscribe_url="https://newsletter.example/unsubscribe/AbC-_123/",
    preferences_url="https://newsletter.example/preferences/AbC-_123/",
)

printable = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])
one_line = st.text(printable, max_size=120)
# White space at either end, and runs of it, are not part of a name or a subject: every parser is free to fold them.
tidy = one_line.map(lambda text: " ".join(text.split()))
prose = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
bodies = st.lists(st.one_of(prose, st.sampled_from(PLACES)), max_size=8).map("".join)
url_characters = st.text("abcXYZ019-._~:/?#[]@!$&'()*+,;=%", min_size=1, max_size=870)
urls = url_characters.map(lambda tail: f"https://newsletter.example/{re.sub(r'=+[?]', '?', tail)}")
local_parts = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,10})?", fullmatch=True)
values = st.builds(
    RecipientValues,
    delivery_id=st.integers(1, 2**63 - 1),
    address=local_parts.map(lambda local: f"{local}@reader.example"),
    name=tidy,
    greeting=one_line,
    unsubscribe_url=urls,
    preferences_url=urls,
)


def compiled(rendered: RenderedEmail, **changes: object) -> CompiledMessage:
    arguments: dict[str, object] = {
        "from_name": "The Skin Letter",
        "from_address": "hello@newsletter.example",
        "reply_to": "office@newsletter.example",
        "list_id": "skin.newsletter.example",
        "list_name": "The Skin Letter",
        "message_key": "issue:1",
        "sent_date": SENT,
    }
    return compile_message(rendered, **{**arguments, **changes})  # type: ignore[arg-type]


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def filled(text: str, values: RecipientValues, *, escape: bool) -> str:
    """The body as a person would write it for this reader."""
    for place in Place:
        value = getattr(values, place.value)
        text = text.replace(place.marker, html.escape(value) if escape else value)
    return text


def by_hand(rendered: RenderedEmail, values: RecipientValues) -> EmailMessage:
    """The same mail by the standard library's builder."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = rendered.subject
    message["From"] = Address("The Skin Letter", addr_spec="hello@newsletter.example")
    message["To"] = Address(values.name, addr_spec=values.address)
    message["Reply-To"] = Address(addr_spec="office@newsletter.example")
    message["Date"] = SENT
    message["List-Unsubscribe"] = f"<{values.unsubscribe_url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(filled(rendered.text, values, escape=False), cte="quoted-printable")
    message.add_alternative(filled(rendered.html, values, escape=True), subtype="html", cte="quoted-printable")
    return message


def recipient(message: EmailMessage) -> tuple[str, str]:
    """Name and address in To, by the standard library's older parser: the newer one (3.11) puts a space between two
    encoded words of a name, against RFC 2047 §6.2.
    """
    raw = email.message_from_bytes(message.as_bytes(policy=policy.compat32))["To"]
    name, address = parseaddr(raw)
    return str(make_header(decode_header(name))), address


def content(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


RENDERED = RenderedEmail(
    subject="Three small habits",
    html=f'<p>{PLACES[0]}</p><a href="{PLACES[1]}">Leave</a><a href="{PLACES[2]}">Choose</a>\n',
    text=f"{PLACES[0]}\n\nLeave: {PLACES[1]}\nChoose: {PLACES[2]}\n",
)


@settings(deadline=None)
@given(values=values, text=bodies, page=bodies, subject=tidy)
@example(values=VALUES, text=".\n..\nFrom me \n\t\n" + PLACES[0], page=PLACES[1] + PLACES[1], subject="=?utf-8?q?x?=")
def test_each_recipient_gets_what_the_standard_library_would_have_built(values, text, page, subject):
    rendered = RenderedEmail(subject, page, text)
    ours, theirs = parsed(compiled(rendered).assemble(values)), by_hand(rendered, values)
    assert ours["Subject"] == subject
    if "=?" not in subject:  # the standard library takes words that look encoded for encoded; ours says what was typed
        assert ours["Subject"] == theirs["Subject"]
    for field in ("From", "Reply-To", "Date", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert [str(value) for value in ours.get_all(field, [])] == [str(theirs[field])], field
    assert recipient(ours) == (values.name, values.address)
    assert content(ours, "plain") == content(theirs, "plain")
    assert content(ours, "html") == content(theirs, "html")
    assert [part.get_content_type() for part in ours.iter_parts()] == ["text/plain", "text/html"]


@settings(deadline=None)
@given(values=values, text=bodies, page=bodies, subject=one_line)
def test_no_line_is_too_long_begins_with_a_dot_or_is_other_than_ascii(values, text, page, subject):
    data = compiled(RenderedEmail(subject, page, text)).assemble(values)
    assert data.isascii()
    assert data.endswith(b"\r\n")
    head, _, body = data.partition(b"\r\n\r\n")
    assert max(len(line) for line in head.split(b"\r\n")) <= 998
    assert max([len(line) for line in head.split(b"\r\n") if b"=?" in line], default=0) <= 76
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert not any(line.startswith((b".", b"From ")) for line in data.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)


@settings(deadline=None)
@given(values=values, text=bodies, page=bodies, address=st.sampled_from(["", "zoë@example.org"]))
def test_the_parts_of_a_message_say_what_the_whole_is(values, text, page, address):
    values = values._replace(address=address or values.address)
    message = compiled(RenderedEmail("Subject", page, text))
    made, whole = message.spliced(values), message.assemble(values)
    assert b"".join(made.parts) == whole
    assert made.size_bytes == len(whole)
    assert made.is_ascii == whole.isascii()
    assert made.own == b"\n".join(made.parts[1::2])
    assert {id(part) for part in made.parts[::2]} == {id(segment) for segment in message.segments}


@settings(deadline=None)
@given(
    url=st.integers(1, 900).map(lambda length: ("https://n.example/" + "u" * 900)[: max(length, 12)]),
    list_name=st.text(max_size=60),
)
def test_list_headers_never_hold_an_encoded_word(url, list_name):
    data = compiled(RENDERED, list_name=list_name).assemble(
        RecipientValues(1, "a@b.example", "", "Hello,", url, "https://n.example/p/")
    )
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    for line in head.split("\r\n"):
        if line.startswith(("List-", "Message-ID", "Feedback-ID")):
            assert "=?" not in line
    assert head.count("\r\nList-Unsubscribe: ") == head.count("\r\nList-Unsubscribe-Post: ") == 1
    assert f"\r\nList-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in head
    assert "<skin.newsletter.example>" in head


@settings(deadline=None)
@given(values=values, text=bodies)
def test_a_stored_message_comes_back_as_it_was(values, text):
    message = compiled(RenderedEmail("Subject", text, text))
    again = CompiledMessage.from_bytes(message.to_bytes())
    assert again == message
    assert again.content_hash == message.content_hash
    assert again.assemble(values) == message.assemble(values)


@settings(deadline=None)
@given(at=st.integers(0, 400), byte=st.integers(0, 255))
def test_stored_bytes_that_were_altered_are_refused_or_have_another_hash(at, byte):
    message = compiled(RENDERED)
    data = bytearray(message.to_bytes())
    data[at] = byte
    try:
        again = CompiledMessage.from_bytes(bytes(data))
    except MessageError:
        return
    assert again == message or again.content_hash != message.content_hash


@pytest.mark.parametrize("head", ["", "1", "[]", "null", '{"format":"tipsheet-message-1","spots":[],"lengths":[]}'])
def test_bytes_that_are_no_stored_message_are_refused(head):
    with pytest.raises(MessageError, match="compile it again"):
        CompiledMessage.from_bytes(head.encode() + b"\nrest")


def test_the_same_message_compiled_twice_has_the_same_bytes():
    assert compiled(RENDERED).to_bytes() == compiled(RENDERED).to_bytes()
    assert compiled(RENDERED).to_bytes() != compiled(RENDERED, message_key="issue:2").to_bytes()


def test_a_message_id_belongs_to_one_message_and_one_recipient_and_tells_no_address():
    first = parsed(compiled(RENDERED).assemble(VALUES))["Message-ID"]
    assert first == parsed(compiled(RENDERED).assemble(VALUES))["Message-ID"]
    other_recipient = RecipientValues(18, "bob@example.org", "", "Hello,", "", "")
    assert first != parsed(compiled(RENDERED).assemble(other_recipient))["Message-ID"]
    assert first != parsed(compiled(RENDERED, message_key="issue:2").assemble(VALUES))["Message-ID"]
    assert re.fullmatch(r"<17\.[0-9a-f]{32}@newsletter\.example>", first)


@pytest.mark.parametrize(
    "breaker", ["\r", "\n", "\r\nBcc: x@y.example", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
)
@pytest.mark.parametrize("field", ["name", "greeting", "address", "unsubscribe_url", "preferences_url"])
def test_a_line_break_in_a_recipients_value_is_refused(field, breaker):
    hurt = {**{name: getattr(VALUES, name) for name in VALUES._fields}, field: getattr(VALUES, field) + breaker + "x"}
    with pytest.raises(MessageError):
        compiled(RENDERED).assemble(RecipientValues(**hurt))


@pytest.mark.parametrize("breaker", ["\r", "\n", "\x00", "\x0b", "\u2028"])
@pytest.mark.parametrize("field", ["from_name", "from_address", "reply_to", "list_id"])
def test_a_line_break_in_the_senders_values_is_refused(field, breaker):
    with pytest.raises(MessageError):
        compiled(RENDERED, **{field: f"news{breaker}letter"})


@pytest.mark.parametrize("subject", ["a\nb", "a\r\nBcc: x@y.example", "a\u2028b", "a\x00b", f"for {PLACES[0]}"])
def test_a_subject_with_a_line_break_or_a_marker_is_refused(subject):
    with pytest.raises(MessageError):
        compiled(RenderedEmail(subject, "<p>x</p>", "x"))


@pytest.mark.parametrize(
    "header", [("To", "x@y.example"), ("list-unsubscribe", "<https://x>"), ("X Y", "1"), ("X-A", "1\n2")]
)
def test_a_design_cannot_set_the_deliverys_own_headers(header):
    with pytest.raises(MessageError):
        compiled(RenderedEmail("s", "<p>x</p>", "x", headers=(header,)))


@pytest.mark.parametrize("value", ["<https://bücher.example/>", f"<https://n.example/{'u' * 990}>"])
def test_a_list_header_of_a_design_is_never_made_an_encoded_word(value):
    with pytest.raises(MessageError, match="List-Archive must be plain ASCII"):
        compiled(RenderedEmail("s", "<p>x</p>", "x", headers=(("List-Archive", value),)))


def test_a_subject_that_is_mostly_ascii_stays_readable_and_another_script_is_short():
    heads = [
        bytes(compiled(RenderedEmail(subject, "", "")).segments[1]) for subject in ("Weeks · before", "护肤小贴士")
    ]
    assert b"Subject: =?utf-8?q?Weeks_=C2=B7_before?=\r\n" in heads[0]
    assert b"Subject: =?utf-8?b?" in heads[1]


def test_a_designs_own_headers_are_carried():
    data = compiled(RenderedEmail("s", "<p>x</p>", "x", headers=(("X-Issue", "Grüße"),))).assemble(VALUES)
    assert parsed(data)["X-Issue"] == "Grüße"


def test_a_marker_of_no_known_place_is_refused():
    with pytest.raises(MessageError, match="nothing fills"):
        compiled(RenderedEmail("s", "<p>TIPSHEETPLACEOTHERENDPLACE</p>", "x"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.example/",
        "https://x.example/=?utf-8?q?x?=",
        "//x.example/",
        "https://x.example/a b",
        "https://x/<>",
        "https://ü.example/",
        "https://x/" + "u" * 900,
    ],
)
def test_a_link_that_cannot_stand_in_a_header_is_refused(url):
    with pytest.raises(MessageError, match="unsubscribe link"):
        compiled(RENDERED).assemble(RecipientValues(1, "a@b.example", "", "", url, ""))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "ada@exa mple.org",
        "ada@-x.example",
        "zoë @example.org",
        "zoë@exa mple.org",
        "zo<ë@example.org",
        ".zoë@example.org",
        "<a@b.example>",
        "a@b.example,c@d.example",
        "a@" + "b" * 330 + ".example",
    ],
)
def test_an_address_that_no_header_can_carry_is_refused(address):
    with pytest.raises(MessageError, match="cannot be mailed"):
        compiled(RENDERED).assemble(RecipientValues(1, address, "", "", "", ""))


def test_a_mailbox_outside_ascii_is_for_providers_that_take_it():
    with pytest.raises(MessageError, match="its mailbox has letters outside ASCII"):
        bare_address("zoë@bücher.example")
    assert bare_address("zoë@bücher.example", unicode_mailboxes=True) == "zoë@xn--bcher-kva.example"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=160) | st.text(".From &=a", max_size=160))
@example("a" * 73 + ".b")
@example("a" * 73 + "From x")
@example("." + "a" * 80)
@example("a" * 73)
@example("a" * 147)
def test_what_is_plain_at_one_look_is_what_a_closer_look_makes_of_it(value):
    if lines := plain_lines(value):
        assert lines == quoted_value(value) == quoted_value(html.escape(value))


SPELLINGS = [
    "ada@example.org", '"a b"@example.org', "ada@bücher.example", "zoë@example.org", "no address", "",
    "ada@example.org\nbob@example.org", "ada@example.org\n", "x" * 316 + "@a.b", "x" * 317 + "@a.b",
]  # fmt: skip


@given(addresses=st.lists(st.sampled_from(SPELLINGS), max_size=4), unicode_mailboxes=st.booleans())
def test_addresses_looked_at_together_are_what_each_is_by_itself(addresses, unicode_mailboxes):
    def said(look):
        try:
            return look()
        except MessageError as error:
            return str(error)

    options = {"unicode_mailboxes": unicode_mailboxes}
    alone = said(lambda: [bare_address(address, **options) for address in addresses])
    assert said(lambda: bare_addresses(addresses, **options)) == alone


def test_an_internationalised_domain_is_written_in_a_labels():
    message = parsed(compiled(RENDERED).assemble(RecipientValues(1, "ada@bücher.example", "", "", "", "")))
    assert message["To"].addresses[0].addr_spec == "ada@xn--bcher-kva.example"


def test_a_mail_without_a_list_has_no_list_headers_and_a_confirmation_says_that_it_is_automatic():
    message = parsed(compiled(RENDERED, list_id="", auto_submitted=True).assemble(VALUES))
    assert not [name for name in message if name.startswith(("List-", "Feedback"))]
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsed(compiled(RENDERED).assemble(VALUES))["Auto-Submitted"] is None


def test_names_in_html_are_escaped_and_in_text_are_not():
    hostile = RecipientValues(1, "a@b.example", "x", 'Hello <b>"Ada" & Bob</b>,', "", "")
    message = parsed(compiled(RENDERED).assemble(hostile))
    assert "Hello &lt;b&gt;&quot;Ada&quot; &amp; Bob&lt;/b&gt;," in content(message, "html")
    assert 'Hello <b>"Ada" & Bob</b>,' in content(message, "plain")


def test_a_body_never_holds_the_boundary():
    token = compiled(RENDERED).segments[0]
    assert token  # the boundary begins with "=_", which quoted-printable never writes
    data = compiled(RenderedEmail("s", "=_0123\n--=_", "--=_\n=_")).assemble(VALUES)
    boundary = parsed(data).get_boundary()
    assert boundary is not None
    assert data.count(b"\r\n--" + boundary.encode()) == 3
