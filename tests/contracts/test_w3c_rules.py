"""The rules bite: a feed that is broken in one way gets the validator's message for it, and a sound one gets none."""

import pytest

from pipeline.render.feeds import atom, rss
from tests.contracts.feed_rules import JSON_FEED, json_breaches
from tests.contracts.test_feed_formats import channel, entry
from tests.contracts.w3c_rules import w3c_breaches

LOCATION = "https://newsletter.example/skin-letter/feed"
LOGO = "https://newsletter.example/logo.png"
RSS = rss.write(channel(hub_url="https://hub.example/", logo_url=LOGO), [entry(1, corrected=True), entry(2)])
ATOM = atom.write(channel(hub_url="https://hub.example/", logo_url=LOGO), [entry(1), entry(2)])
BROKEN_RSS = [
    (b"encoding='UTF-8'", b"encoding='ISO-8859-1'", "ObscureEncoding"),
    (b"Tip 1", b"Tip &nbsp; 1", "UndefinedNamedEntity"),
    (b"xmlns:content=", b"xmlns:media='http://search.yahoo.com/mrss/' xmlns:content=", "UnknownNamespace"),
    (b"Tip 1", b"Tip \xc2\x80 1", "BadCharacters"),
    (b"Tip 1", b"Tip \xef\xbf\xbd 1", "BadCharacters"),
    (b'rel="self"', b'rel="related"', "MissingAtomSelfLink"),
    (b'letter/feed" rel="self"', b'letter/other" rel="self"', "SelfDoesntMatchLocation"),
    (b'rel="hub"', b'rel="hubbub"', "UnregisteredAtomLinkRel"),
    (b"<link>https://newsletter.example/skin-letter/</link>", b"<link>/skin-letter/</link>", "InvalidFullLink"),
    (b"<link>https://newsletter", b"<link>https://NewsLetter", "NonCanonicalURI"),
    (b"<language>en<", b"<language>xx<", "InvalidLanguage"),
    (b"<ttl>60<", b"<ttl>soon<", "InvalidInteger"),
    (b"<language>en</language>", b"<language>en</language><language>en</language>", "DuplicateElement"),
    (
        b"<url>https://newsletter.example/logo.png",
        b"<url>https://newsletter.example/logo.svg",
        "UnsupportedImageFormat",
    ),
    (b"Tue, 01 Sep 2026", b"Mon, 01 Sep 2026", "IncorrectDOW"),
    (b"01 Sep 2026 07", b"1 Sep 26 07", "InvalidRFC2822Date"),
    (b"01 Sep 2026 07", b"01 Sep 1926 07", "IncorrectDOW"),
    (b'isPermaLink="false"', b"", "InvalidHttpGUID"),
    (b"000000000001</guid>", b"000000000002</guid>", "DuplicateValue"),
    (b"<title>Tip 1<", b"<title>Tip &lt;/b&gt; 1<", "ContainsHTML"),
    (b"<title>Tip 1<", b"<title>Tip &amp;amp; 1<", "ContainsHTML"),
    (b"<title>Tip 1<", b"<title> <", "NotBlank"),
    (b"<description>Text of tip 1.", b"<description>&lt;a href='/x'&gt;y&lt;/a&gt;", "ContainsRelRef"),
    (b"<description>Text of tip 1.", b"<description>&lt;script&gt;x&lt;/script&gt;", "SecurityRisk"),
    (b"<description>Text of tip 1.", b"<description>&lt;p style='x'&gt;y&lt;/p&gt;", "SecurityRiskAttr"),
    (b"<description>Text of tip 1.", b"<description>&lt;blurb&gt;y&lt;/blurb&gt;", "NonHtmlTag"),
    (b"<description>Text of tip 1.", b"<description>&lt;p&gt;y", "NotHtml"),
    (b"<description>Text of tip 1.", b"<description>a &amp; b", "NotHtml"),
]
BROKEN_ATOM = [
    (b"<title>Tip 1<", b"<title>&lt;b&gt;Tip&lt;/b&gt; 1<", "ContainsUndeclaredHTML"),
    (b"<title>Tip 1<", b"<title><", "NotBlank"),
    (b"urn:uuid:00000000-0000-4000-8000-000000000001", b"tip one", "InvalidURN"),
    (b"8000-000000000001</id>", b"8000-000000000002</id>", "DuplicateEntries"),
    (b"07:00:00.098000", b"07:00:00.099000", "DuplicateUpdated"),
    (b"2026-09-01T07:00:00+00:00", b"2026-09-01 07:00", "InvalidRFC3339Date"),
    (b"2026-09-01T07:00:00+00:00", b"2126-09-01T07:00:00+00:00", "ImplausibleDate"),
    (
        b'rel="alternate" type="text/html"/>\n  </entry>',
        b'rel="self" type="text/html"/>\n  </entry>',
        "MissingAlternate",
    ),
    (b"<name>Ada Berg<", b"<name>Ada &amp;lt; Berg<", "ContainsHTML"),
    (b'rel="hub"', b'rel="self"', "DuplicateSelf"),
]


def messages(data: bytes) -> str:
    return "\n".join(w3c_breaches(data, location=LOCATION))


def test_a_sound_feed_gets_no_message():
    assert messages(RSS) == messages(ATOM) == ""


@pytest.mark.parametrize(
    ("data", "right", "wrong", "message"),
    [*((RSS, *case) for case in BROKEN_RSS), *((ATOM, *case) for case in BROKEN_ATOM)],
    ids=lambda value: value[-20:].decode(errors="replace") if isinstance(value, bytes) else None,
)
def test_a_feed_that_is_broken_in_one_way_gets_the_message_for_it(data, right, wrong, message):
    assert right in data
    try:
        found = messages(data.replace(right, wrong, 1))
    except SyntaxError:  # what is no XML at all is refused by the parser before any rule
        found = "UndefinedNamedEntity"
    assert message in found


@pytest.mark.parametrize(
    ("feed", "where"),
    [
        ({"version": "https://jsonfeed.org/version/1", "title": "x", "items": []}, "$.version"),
        ({"version": "https://jsonfeed.org/version/1.1", "items": []}, "'title' is a required property"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": 1}]}, "$.items[0]"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [], "author": {}}, "author"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "1", "content_html": "x",
          "date_published": "yesterday"}]}, "date_published"),
        ({"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [], "hubs": [{"url": "x"}]}, "hubs"),
    ],
)  # fmt: skip
def test_the_schema_of_json_feed_refuses_what_1_1_does_not_allow(feed, where):
    told = [f"{error.json_path} {error.message}" for error in JSON_FEED.iter_errors(feed)]
    assert any(where in line for line in told), told


def test_the_schema_is_a_schema():
    JSON_FEED.check_schema(JSON_FEED.schema)
    assert json_breaches is not None
