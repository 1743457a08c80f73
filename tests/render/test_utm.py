"""UTM parameters: where a newsletter wants them, and nowhere else; and nothing that tells readers apart."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from pipeline.editorial.content import IssueContent
from pipeline.render.model import Place
from pipeline.render.preflight import check
from pipeline.render.utm import tagged, untagged
from tests.render.issues import of_first_tip, of_newsletter, rendered, sample, samples

ALL = "utm_source=letter&utm_medium=email&utm_campaign=issue-12&utm_content=tip-1"


def tag(url: str, source: str = "letter") -> str:
    return tagged(url, source=source, issue_number=12, anchor="tip-1")


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://a.example", f"https://a.example?{ALL}"),
        ("https://a.example/x?", f"https://a.example/x?{ALL}"),
        ("https://a.example/x?b=1&c=%20#top", f"https://a.example/x?b=1&c=%20&{ALL}#top"),
        ("https://a.example/#/route?x=1", f"https://a.example/?{ALL}#/route?x=1"),
        (" http://localhost/x ", f"http://localhost/x?{ALL}"),
    ],
)
def test_a_web_address_keeps_all_that_it_had(url: str, becomes: str) -> None:
    assert tag(url) == becomes


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "/guide", "http://[", "https://a.example/?utm_source=own", "ftp://a.example/"]
)
def test_what_is_no_web_address_or_carries_its_own_stays_as_it_is(url: str) -> None:
    assert tag(url) == url


def test_without_a_source_nothing_is_added() -> None:
    assert tag("https://a.example", source="") == "https://a.example"
    assert "utm_" not in rendered(sample()).html


@given(
    st.from_regex(r"https://[a-z]{1,8}\.example(/[a-z%20.~-]{0,12})?(\?[a-z0-9=&+]{0,12})?(#[a-z?&/]{0,12})?",
                  fullmatch=True)
)  # fmt: skip
def test_taking_the_parameters_away_gives_the_address_back(url: str) -> None:
    before, after = urlsplit(url), urlsplit(tag(url))
    assert after[:3] == before[:3]
    assert after.fragment == before.fragment
    assert re.sub(r"&?utm_\w+=[^&]*", "", after.query) == before.query
    assert tag(tag(url)) == tag(url)
    assert untagged(tag(url)) == untagged(url)
    assert "utm_" not in untagged(tag(url))


def with_parameters() -> IssueContent:
    content = of_first_tip(
        sample(), text="See [the guide](https://a.example/?x=1&y=2) or write to <mailto:a@b.example>."
    )
    content = of_first_tip(content, link_url="https://b.example/", link_text="Elsewhere")
    return of_newsletter(content, utm_source="letter")


def links(content: IssueContent) -> dict[str, str]:
    page = lxml_html.document_fromstring(rendered(content).html)
    return {" ".join(link.text_content().split()): str(link.get("href")) for link in page.iter("a")}


def test_links_of_the_tips_say_newsletter_issue_and_tip() -> None:
    found = links(with_parameters())
    guide = parse_qs(urlsplit(found["the guide"]).query)
    assert guide == {"x": ["1"], "y": ["2"], "utm_source": ["letter"], "utm_medium": ["email"],
                     "utm_campaign": ["issue-12"], "utm_content": ["tip-1"]}  # fmt: skip
    assert found["Elsewhere"].endswith(ALL)
    assert found["mailto:a@b.example"] == "mailto:a@b.example"


def test_sources_the_reader_s_own_links_and_the_text_part_stay_plain() -> None:
    content = with_parameters()
    found = links(content)
    assert found["What needling can and cannot do"] == "https://newsletter.example/documents/needling"
    assert {place.marker for place in (Place.PREFERENCES_URL, Place.UNSUBSCRIBE_URL)} <= set(found.values())
    assert "utm_" not in rendered(content).text


def test_preflight_still_finds_every_tip_s_page() -> None:
    assert check(with_parameters(), rendered(with_parameters())) == []


@pytest.mark.parametrize("content", dict(samples()).values(), ids=dict(samples()))
def test_no_picture_tells_readers_apart_and_none_is_invisible(content: IssueContent) -> None:
    html = rendered(of_newsletter(content, utm_source="letter")).html
    loading = re.findall(r'(?:src|srcset|background|poster)="([^"]*)"|url\(([^)]*)\)', html)
    for address in ("".join(found) for found in loading):
        assert "?" not in address
        assert not any(place.marker in address for place in Place)
    for picture in lxml_html.document_fromstring(html).iter("img"):
        assert int(str(picture.get("width"))) >= 44
        assert not re.search(
            r"(?:^|;)\s*(?:display:\s*none|(?:max-)?(?:height|width):\s*[01]px)", str(picture.get("style"))
        )


def test_what_differs_between_readers_is_the_greeting_and_their_own_two_links() -> None:
    html = rendered(replace(sample())).html
    assert sorted(re.findall(r"TIPSHEETPLACE[A-Z]+?ENDPLACE", html)) == sorted(place.marker for place in Place)
