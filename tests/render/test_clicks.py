"""Counted links: off unless asked for, the same for every reader, in both parts, and taken away again for looking."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from pipeline.editorial.content import IssueContent
from pipeline.render import preflight
from pipeline.render.clicks import ClickCounter, uncounted
from pipeline.render.email import render_email
from pipeline.render.model import Place, RenderedEmail
from pipeline.render.preflight import MOST_HTML_BYTES, check
from pipeline.render.wording import wording
from tests.render.issues import TEMPLATES, of_first_tip, of_newsletter, rendered, sample, samples

COUNTED = re.compile(r"https://newsletter\.example/click/(\d+)/")


def address(number: int) -> str:
    return f"https://newsletter.example/click/{number}/"


def counted(content: IssueContent) -> RenderedEmail:
    return render_email(content, templates=TEMPLATES, counted_address=address)


def with_every_kind_of_link(**newsletter: str) -> IssueContent:
    text = (
        "See [the *full* guide](https://a.example/?x=1&y=2), <https://bare.example/page>, "
        "[b.example](https://other.example/) or <mailto:a@b.example>."
    )
    content = of_first_tip(sample(), text=text, link_url="https://c.example/", link_text="Elsewhere")
    return of_newsletter(content, **newsletter)


def hrefs(email: RenderedEmail) -> dict[str, str]:
    page = lxml_html.document_fromstring(email.html)
    return {" ".join(link.text_content().split()): str(link.get("href")) for link in page.iter("a")}


@pytest.mark.parametrize("content", dict(samples()).values(), ids=dict(samples()))
def test_nothing_is_counted_unless_it_is_asked_for(content: IssueContent) -> None:
    email = rendered(content)
    assert email.links == ()
    assert "/click/" not in email.html + email.text
    assert "counted" not in email.text


@pytest.mark.parametrize("content", dict(samples()).values(), ids=dict(samples()))
def test_every_design_counts_its_tips_pages_in_both_parts_and_says_so(content: IssueContent) -> None:
    email = counted(content)
    leads_to = {link.counted_url: link.url for link in email.links}
    for part in (email.html, email.text):
        found = {leads_to[match[0]] for match in COUNTED.finditer(part)}
        assert {tip.permalink for tip in content.tips} <= found
    said = wording(content.newsletter.language).counted
    assert said in email.html
    assert said in " ".join(email.text.split())


def test_a_link_of_a_tip_is_one_link_in_both_parts_and_keeps_its_utm_parameters() -> None:
    email = counted(with_every_kind_of_link(utm_source="letter"))
    (link,) = [link for link in email.links if link.url.startswith("https://a.example")]
    assert link.anchor == "tip-1"
    assert link.url == (
        "https://a.example/?x=1&y=2&utm_source=letter&utm_medium=email&utm_campaign=issue-12&utm_content=tip-1"
    )
    assert hrefs(email)["the full guide"] == link.counted_url
    assert f"the full guide ({link.counted_url})" in " ".join(email.text.split())
    assert link.url not in html.unescape(email.html) + email.text


def test_what_names_an_address_leads_there_and_sources_and_a_reader_s_own_links_are_not_counted() -> None:
    email = counted(with_every_kind_of_link())
    found = hrefs(email)
    assert found["https://bare.example/page"] == "https://bare.example/page"
    assert found["b.example"] == "https://other.example/"
    assert found["a@b.example" if "a@b.example" in found else "mailto:a@b.example"] == "mailto:a@b.example"
    assert found["What needling can and cannot do"] == "https://newsletter.example/documents/needling"
    own = {place.marker for place in (Place.PREFERENCES_URL, Place.UNSUBSCRIBE_URL)}
    assert own <= set(found.values())
    assert not own & {link.url for link in email.links}
    assert "https://bare.example/page" in email.text


def test_no_counted_link_holds_anything_of_a_reader() -> None:
    email = counted(with_every_kind_of_link())
    for link in email.links:
        assert COUNTED.fullmatch(link.counted_url)
        assert not any(place.marker in link.url for place in Place)
    assert sorted(re.findall(r"TIPSHEETPLACE[A-Z]+?ENDPLACE", email.html)) == sorted(place.marker for place in Place)


@pytest.mark.parametrize("content", dict(samples()).values(), ids=dict(samples()))
def test_taken_away_again_the_links_are_as_they_were(content: IssueContent) -> None:
    content = of_newsletter(content, utm_source="letter")
    plain, looked_at = rendered(content), uncounted(counted(content))
    one, other = (
        [str(link.get("href")) for link in lxml_html.document_fromstring(email.html).iter("a")]
        for email in (plain, looked_at)
    )
    assert one == other
    assert "/click/" not in looked_at.html + looked_at.text
    assert uncounted(plain) is plain


def test_the_same_content_gives_the_same_bytes_and_numbers() -> None:
    assert counted(with_every_kind_of_link()) == counted(with_every_kind_of_link())
    assert [link.number for link in counted(sample()).links] == list(range(1, len(counted(sample()).links) + 1))


def test_preflight_finds_every_tip_s_page_and_weighs_what_leaves() -> None:
    content = with_every_kind_of_link()
    assert [finding for finding in check(content, counted(content)) if finding.blocks] == []
    long = "https://newsletter.example/click/" + "x" * MOST_HTML_BYTES
    heavy = render_email(content, templates=TEMPLATES, counted_address=lambda number: f"{long}{number}/")
    assert any("Gmail cuts it off" in finding.message for finding in check(content, heavy))
    assert not any("Gmail" in finding.message for finding in check(content, rendered(content)))


def test_a_design_that_leaves_a_tip_s_page_out_is_still_found() -> None:
    content = sample()
    email = counted(content)
    (page,) = [link for link in email.links if link.url == content.tips[0].permalink]
    lost = replace(email, html=email.html.replace(page.counted_url, "https://elsewhere.example/"))
    assert any("does not link to the tip's page" in finding.message for finding in preflight.check(content, lost))


addresses = st.from_regex(
    r"https?://[a-z]{1,8}\.example(/[a-z0-9&'=%~.-]{0,12})?(\?[a-z0-9=&+']{0,12})?", fullmatch=True
)


@given(st.lists(st.tuples(addresses, st.sampled_from(["", "tip-1", "tip-2"])), max_size=12))
def test_one_link_has_one_number_and_the_way_back_is_exact(asked: list[tuple[str, str]]) -> None:
    counter = ClickCounter(address)
    given_out = [counter.link(url, anchor, "words") for url, anchor in asked]
    assert len(counter.links) == len(set(asked))
    email = RenderedEmail(
        "s",
        "".join(f'<a href="{html.escape(url)}">words</a>' for url in given_out),
        "\n".join(given_out),
        links=counter.links,
    )
    back = uncounted(email)
    assert back.text == "\n".join(url for url, _ in asked)
    assert re.findall('href="([^"]*)"', back.html) == [html.escape(url) for url, _ in asked]


@pytest.mark.parametrize(
    ("words", "is_counted"),
    [("our guide", True), ("Note: read this", True), ("e.g. here", True), ("https://a.example/x", False),
     ("www.a.example", False), ("a.example", False), (" a.example/shop now", False), ("", True)],
)  # fmt: skip
def test_words_that_are_an_address_are_kept_true(words: str, is_counted: bool) -> None:
    assert (ClickCounter(address).link("https://a.example/x", "", words) != "https://a.example/x") is is_counted


@pytest.mark.parametrize(
    "url", ["", "mailto:a@b.example", "/guide", "http://[", "javascript:alert(1)", "ftp://a.example/"]
)
def test_only_web_addresses_are_counted(url: str) -> None:
    counter = ClickCounter(address)
    assert counter.link(url, "tip-1", "words") == url
    assert counter.links == ()
