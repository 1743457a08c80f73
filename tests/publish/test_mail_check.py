"""`doctor --mail`, `doctor --received` and the domain: what stands between a mail and the inbox, and what to do."""

import email
from contextlib import suppress
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.mail_check import NotAMailError, aligned, examine_domain, read_received, send_check
from tests.dns_server import answering
from tests.publish.conftest import mails

SIGNED = (
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=news.letter.org; s=k1;\r\n"
    "\th=from:to:subject:date:list-unsubscribe:\r\n\t list-unsubscribe-post; bh=abc=; b=def=\r\n"
)
VERDICTS = (
    "Authentication-Results: mx.reader.example; spf=pass smtp.mailfrom=letter@letter.org;\r\n"
    " dkim=pass header.d=news.letter.org; dmarc=pass (p=NONE) header.from=letter.org\r\n"
)
REST = (
    "From: The Letter <letter@letter.org>\r\nTo: ada@reader.example\r\nSubject: x\r\n"
    "List-Unsubscribe: <https://letter.org/u/abc>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nHello\r\n"
)


MORE = "List-Unsubscribe: <https://x.org/>\r\n"


def graded(text: str) -> dict[str, str]:
    """subject → grade; the worst one where a subject has several."""
    order = ["good", "note", "bad"]
    found: dict[str, str] = {}
    for finding in read_received(text.encode()):
        found[finding.subject] = max(found.get(finding.subject, "good"), finding.grade, key=order.index)
    return found


def test_a_mail_that_arrived_as_it_should_is_good_in_all() -> None:
    assert graded(VERDICTS + SIGNED + REST) == {
        "List-Unsubscribe": "good", "List-Unsubscribe-Post": "good", "DKIM": "good", "SPF": "good", "DMARC": "good",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "subject", "said"),
    [
        ("list-unsubscribe-post;", "x;", "DKIM", "does not cover list-unsubscribe-post"),
        ("; d=news.letter.org", "; d=provider.net", "DKIM", "is not of letter.org"),
        (SIGNED, "", "DKIM", "carries no signature"),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", "", "List-Unsubscribe-Post", "there is: none"),
        ("One-Click\r\n", "one-click\r\n", "List-Unsubscribe-Post", "exactly"),
        ("<https://letter.org/u/abc>", "<mailto:leave@letter.org>", "List-Unsubscribe", "one https link"),
        ("<https://letter.org/u/abc>", "<http://letter.org/u/abc>", "List-Unsubscribe", "one https link"),
        ("<https://letter.org/u/abc>", "<https://a.org/>, <https://b.org/>", "List-Unsubscribe", "one https link"),
        ("<https://letter.org/u/abc>", "=?utf-8?q?=3Chttps?=", "List-Unsubscribe", "one https link"),
        ("List-Unsubscribe: <", f"{MORE}List-Unsubscribe: <", "List-Unsubscribe", "one field"),
        ("dmarc=pass", "dmarc=fail", "DMARC", "says: fail"),
        (" dkim=pass header.d=news.letter.org;", "", "DKIM", "says: none"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_what_to_do(before: str, after: str, subject: str, said: str) -> None:
    text = (VERDICTS + SIGNED + REST).replace(before, after, 1)
    faults = [finding for finding in read_received(text.encode()) if finding.grade == "bad"]
    assert [finding.subject for finding in faults] == [subject]
    assert said in faults[0].message
    assert faults[0].remedy


def test_a_second_signature_may_be_the_one_that_counts() -> None:
    provider = SIGNED.replace("d=news.letter.org", "d=provider.net")
    assert graded(VERDICTS + provider + SIGNED + REST)["DKIM"] == "good"


def test_a_verdict_that_the_sender_wrote_below_the_server_s_own_proves_nothing() -> None:
    failed = VERDICTS.replace("=pass", "=fail")
    assert graded(failed + VERDICTS + SIGNED + REST)["DMARC"] == "bad"


def test_a_server_that_does_not_say_is_a_note() -> None:
    assert graded(SIGNED + REST)["Authentication-Results"] == "note"


@given(st.binary(max_size=400))
def test_whatever_file_is_given_is_read_or_refused_with_what_to_do(data: bytes) -> None:
    with suppress(NotAMailError):
        assert all(finding.message for finding in read_received(data))


def test_a_file_that_is_no_mail_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotAMailError, match="Save the mail as it arrived"):
        list(read_received(b"Dear all,\n\nhello"))


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [("letter.org", "letter.org", True), ("news.letter.org", "letter.org", True), ("letter.org", "other.org", False),
     ("a.co.uk", "b.co.uk", False), ("x.a.co.uk", "a.co.uk", True), ("", "letter.org", False)],
)  # fmt: skip
def test_domains_of_one_organisation_are_aligned(one: str, other: str, is_so: bool) -> None:
    assert aligned(one, other) is is_so


def test_a_domain_that_publishes_both_is_good() -> None:
    records = {
        "letter.org": "v=spf1 ip4:192.0.2.1 -all",
        "_dmarc.letter.org": "v=DMARC1; p=none; rua=mailto:a@letter.org",
    }
    with answering(records) as resolver:
        found = {finding.subject: finding for finding in examine_domain("letter.org", resolver=resolver)}
    assert {subject: finding.grade for subject, finding in found.items()} == {"SPF": "good", "DMARC": "good"}
    assert "v=spf1 ip4:192.0.2.1 -all" in found["SPF"].message


def test_a_domain_that_publishes_nothing_is_told_what_to_publish() -> None:
    with answering({"quiet.org": "hello"}) as resolver:
        found = {finding.subject: finding for finding in examine_domain("quiet.org", resolver=resolver)}
    assert {finding.grade for finding in found.values()} == {"note"}
    assert "v=spf1 include:" in found["SPF"].remedy
    assert "_dmarc.quiet.org" in found["DMARC"].remedy


@pytest.mark.parametrize("domain", ["newsletter.example", "a.test", "localhost", "printer.local"])
def test_a_domain_that_no_dns_knows_is_not_asked_about(domain: str) -> None:
    assert list(examine_domain(domain)) == []


def test_the_mail_to_look_at_leaves_with_the_fields_that_are_looked_for(newsletter, config, clock):
    said = send_check(newsletter, address="ada@reader.example", config=config, clock=clock)
    assert "doctor --received" in said
    (path,) = mails(config)
    found = {finding.subject: finding.grade for finding in read_received(path.read_bytes())}
    assert found["List-Unsubscribe"] == found["List-Unsubscribe-Post"] == "good"
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert message["To"] == "ada@reader.example"
    assert "doctor --received FILE" in message.get_body(("plain",)).get_content()
