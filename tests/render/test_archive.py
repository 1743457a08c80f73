"""The pages that readers see: what is on them, in whose words, and that every link leads somewhere."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pipeline.editorial.content import SourceContent
from pipeline.render import archive, colours, plain
from pipeline.render.published import Correction, Withdrawal
from tests.render import site_examples as examples
from tests.render.library import published_tips


def site(**changes) -> archive.Site:
    return archive.Site(examples.newsletter(**changes), examples.TEMPLATES, examples.ZONE)


def issue_page(issue, *, where=None, previous=None, following=None, **published):
    tips = {item.tip.entry_id: item for item in published_tips([issue], **published)}
    data = archive.issue_page(where or site(), issue, tips, previous=previous, next=following)
    return lxml.html.document_fromstring(data.decode())


def words(element) -> str:
    return " ".join(element.text_content().split())


def the(page, path: str):
    found = page.xpath(path)
    assert len(found) == 1, f"{path}: {len(found)}"
    return found[0]


def told(page):
    """What the page tells programs, thing by thing."""
    return json.loads(the(page, "//head/script[@type='application/ld+json']").text)["@graph"]


def test_an_issue_has_its_title_number_date_and_introduction():
    page = issue_page(examples.issue(3))
    assert words(the(page, "//h1")) == "Wear sunscreen on cloudy days, and more"
    assert words(the(page, "//*[@class='eyebrow']")) == "Issue 3 · September 15, 2026"
    assert the(page, "//header//time/@datetime") == "2026-09-15"
    assert "three habits" in words(the(page, "//*[@class='lead']/p/strong"))


def test_each_tip_has_a_place_of_its_own_that_its_permalink_leads_to():
    issue = examples.issue(3)
    page = issue_page(issue)
    assert page.xpath("//article/@id") == [tip.anchor for tip in issue.tips]
    assert [tip["url"] for tip in told(page)[0]["hasPart"]] == [tip.permalink for tip in issue.tips]
    assert page.xpath("//nav[@class='contents']//a/@href") == [f"#{tip.anchor}" for tip in issue.tips]


def test_a_tip_shows_topic_words_link_picture_author_and_source():
    tip = examples.tip(
        1,
        link_url="https://skin.example/more",
        link_text="More on this",
        picture_url="https://newsletter.example/p.jpg",
        picture_alt="A hand",
        sources=(SourceContent("Everyday care", "The very words.", "https://skin.example/s"),),
    )
    article = the(issue_page(examples.issue(1, tips=(tip,))), "//article")
    assert words(the(article, ".//h2")) == tip.title
    assert words(the(article, ".//*[@class='topic']")) == "Routine"
    assert [words(item) for item in article.xpath(".//li")] == ["If the skin stings, stop.", "If not, go on."]
    assert words(the(article, ".//a[@href='https://skin.example/more']")) == "More on this"
    assert the(article, ".//img/@alt") == "A hand"
    assert words(the(article, ".//*[@class='source']/p")) == "Source Everyday care"
    assert the(article, ".//*[@class='source']//a/@href") == "https://skin.example/s"
    assert words(the(article, ".//blockquote")) == "The very words."
    assert "By Ada Berg" in words(article)


def test_a_quote_that_the_tip_repeats_is_not_shown_twice():
    tip = examples.tip(
        1,
        text="Wait *two weeks*\nbefore the next. Then go on.",
        sources=(SourceContent("Same", "wait two weeks before the next."), SourceContent("More", "Wait three weeks.")),
    )
    article = the(issue_page(examples.issue(1, tips=(tip,))), "//article")
    assert [words(item) for item in article.xpath(".//*[@class='source']/p")] == ["Source Same", "Source More"]
    assert words(the(article, ".//blockquote")) == "Wait three weeks."


def test_a_link_without_words_says_read_more():
    tip = examples.tip(1, link_url="https://skin.example/more", link_text="")
    assert words(the(issue_page(examples.issue(1, tips=(tip,))), "//p[@class='more']/a")) == "Read more"


def test_an_issue_of_one_tip_needs_no_table_of_contents():
    assert issue_page(examples.issue(1, tips=(examples.tip(1),))).xpath("//nav[@class='contents']") == []


def test_the_note_on_advice_stands_once_on_each_issue():
    page = issue_page(examples.issue(1))
    assert words(the(page, "//aside[@class='advice']/p")) == examples.newsletter().advice_note


def test_a_newsletter_without_a_note_shows_none():
    assert issue_page(examples.issue(1), where=site(advice_note="")).xpath("//aside[@class='advice']") == []


def test_an_issue_leads_to_the_one_before_and_the_one_after():
    one, two, three = examples.issues(3)
    page = issue_page(two, previous=one, following=three)
    assert page.xpath("//nav[@class='neighbours']/a/@href") == ["1.html", "3.html"]
    assert page.xpath("//link[@rel='prev' or @rel='next']/@href") == ["1.html", "3.html"]
    assert issue_page(one).xpath("//nav[@class='neighbours']") == []


def test_every_page_offers_a_subscription():
    page = issue_page(examples.issue(1))
    assert page.xpath("//a[@class='button']/@href") == [examples.newsletter().subscribe_url] * 2


def test_dates_follow_the_zone_that_is_passed_in():
    late = examples.issue(1, issued_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    here = issue_page(late)
    assert "January 1, 2027" in words(the(here, "//*[@class='eyebrow']"))
    there = archive.Site(examples.newsletter(), examples.TEMPLATES, ZoneInfo("America/Los_Angeles"))
    assert "December 31, 2026" in words(the(issue_page(late, where=there), "//*[@class='eyebrow']"))


def test_a_german_newsletter_speaks_german():
    page = issue_page(examples.issue(1), where=site(language="de-AT"))
    assert (page.get("lang"), page.get("dir")) == ("de-AT", "ltr")
    assert "Ausgabe 1 · 1. September 2026" in words(page)
    assert page.xpath("//body//*[@lang]") == []


def test_a_language_without_words_of_its_own_gets_english_marked_as_such():
    page = issue_page(examples.issue(1), where=site(language="ar"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert "سبتمبر" in words(the(page, "//header//time"))
    english = page.xpath("//*[@class='eyebrow']/span")[0]
    assert (words(english), english.get("lang"), english.get("dir")) == ("Issue 1", "en", "ltr")


def test_a_correction_is_told_below_the_new_words():
    issue = examples.issue(1)
    new = replace(issue.tips[0], text="Better words.", revision_hash="f" * 64)
    page = issue_page(issue, corrections=[Correction(new, issue.issued_at + timedelta(days=2), "A wrong number.")])
    article = page.xpath("//article")[0]
    assert words(the(article, ".//*[@class='words']")) == "Better words."
    assert words(the(article, ".//*[@class='notice']")) == "Corrected on September 3, 2026. A wrong number."
    assert told(page)[0]["hasPart"][0]["dateModified"].startswith("2026-09-03")


def test_a_withdrawn_tip_keeps_its_place_and_loses_its_words():
    issue = examples.issue(1)
    gone = Withdrawal(issue.tips[0].entry_id, issue.issued_at + timedelta(days=2), "It was wrong.")
    page = issue_page(issue, withdrawals=[gone])
    article = page.xpath("//article")[0]
    assert article.get("id") == issue.tips[0].anchor
    assert "Withdrawn on September 3, 2026." in words(the(article, ".//*[@class='notice']"))
    assert "It was wrong." in words(article)
    assert "Clouds" not in words(article)
    assert "Source" not in words(article)


def test_a_tip_that_is_used_again_names_and_links_its_first_issue():
    first = examples.issue(1)
    second = examples.issue(2, tips=(first.tips[0],))
    tips = {item.tip.entry_id: item for item in published_tips([first, second])}
    page = lxml.html.document_fromstring(archive.issue_page(site(), second, tips).decode())
    link = the(page, "//*[@class='byline']/a")
    assert (words(link), link.get("href")) == ("First published in issue 1", f"1.html#{first.tips[0].anchor}")


def test_a_tip_leads_to_its_topic_when_it_has_one():
    page = issue_page(examples.issue(1, tips=(examples.tip(1), examples.tip(2, topic_slug=""))))
    assert page.xpath("//*[@class='topic']/a/@href") == ["../topics/routine/index.html"]


def shown_of(issue, **published):
    tips = {item.tip.entry_id: item for item in published_tips([issue], **published)}
    return [tips[tip.entry_id] for tip in issue.tips]


def test_the_landing_page_names_the_latest_tips_as_they_stand():
    issue = examples.issue(1)
    correction = Correction(replace(issue.tips[0], title="A better title"), issue.issued_at)
    gone = Withdrawal(issue.tips[1].entry_id, issue.issued_at)
    tips = shown_of(issue, corrections=[correction], withdrawals=[gone])
    page = lxml.html.document_fromstring(archive.home_page(site(), issue, tips, [], {}).decode())
    titles = [words(item) for item in page.xpath("//section[@class='latest']//span[@class='title']")]
    assert titles == ["A better title", issue.tips[2].title]


def test_what_an_issue_quoted_is_not_quoted_again_once_it_was_withdrawn():
    issue = examples.issue(1, preheader="Wash with lukewarm water", intro="A letter.")
    gone = Withdrawal(issue.tips[2].entry_id, issue.issued_at)
    assert the(issue_page(issue), "//meta[@name='description']/@content") == "Wash with lukewarm water"
    assert the(issue_page(issue, withdrawals=[gone]), "//meta[@name='description']/@content") == "A letter."


def test_a_withdrawn_tip_shows_no_picture_and_leads_to_no_topic():
    tip = examples.tip(1, picture_url="https://newsletter.example/p.jpg")
    issue = examples.issue(1, tips=(tip,))
    page = issue_page(issue, withdrawals=[Withdrawal(tip.entry_id, issue.issued_at)])
    assert page.xpath("//meta[@property='og:image']") == []
    assert page.xpath("//*[@class='topic']/a") == []


def test_the_landing_page_shows_the_latest_issue_and_every_feed():
    issues = list(reversed(examples.issues(8)))
    page = lxml.html.document_fromstring(
        archive.home_page(
            site(), issues[0], shown_of(issues[0]), issues[1:6], {"sun": "Sun", "eye-care": "Éye care"}
        ).decode()
    )
    assert words(the(page, "//h1")) == "The Skin Letter"
    assert the(page, "//section[@class='latest']/h3/a/@href") == "archive/8.html"
    assert page.xpath("//section[@class='latest']//ul//a/@href")[0] == "archive/8.html#tip-24"
    assert page.xpath("//ul[@class='issues']//a/@href") == [f"archive/{number}.html" for number in (7, 6, 5, 4, 3)]
    feeds = page.xpath("//section[@class='feeds']//dd/a/@href")
    assert feeds[:6] == ["feed.xml", "atom.xml", "feed.json", "issues.xml", "issues-atom.xml", "issues.json"]
    assert set(feeds[6:]) >= {"topics/sun/feed.xml", "topics/eye-care/feed.json"}
    topics = ["topics/sun/index.html", "topics/eye-care/index.html"]
    assert page.xpath("//section[@class='feeds']//dt/a/@href") == topics


def test_a_newsletter_without_an_issue_says_that_the_first_is_to_come():
    page = lxml.html.document_fromstring(archive.home_page(site(), None, [], [], {}).decode())
    assert "The first issue is still to come." in words(page)


def test_the_stylesheet_wears_the_newsletters_colours_legibly():
    css = archive.style_sheet(site(accent_colour="#ffd700")).decode()
    palette = colours.palette("#ffd700")
    assert palette.light.accent in css
    assert palette.dark.accent in css
    assert "#ffd700" not in css.split("prefers-color-scheme")[0]  # too pale on paper: darkened until it can be read
    assert "@media print" in css


def test_an_accent_that_is_no_colour_cannot_write_css():
    css = archive.style_sheet(site(accent_colour="red;} body{display:none} a{")).decode()
    assert "display:none}" not in css


HOSTILE_TEXT = examples.TEXT | st.sampled_from(["</main><h1>x</h1>", "' onload='x", "{% now 'Y' %}", '"><script>x'])


@given(title=HOSTILE_TEXT, text=HOSTILE_TEXT, name=HOSTILE_TEXT, url=HOSTILE_TEXT)
def test_whatever_staff_type_a_page_keeps_its_shape(title, text, name, url):
    tip = examples.tip(1, title=title, text=text, topic=name, author=name, picture_alt=title, link_text=title,
                       link_url="https://skin.example/", sources=(SourceContent(name, text),))  # fmt: skip
    issue = examples.issue(1, tips=(tip,), subject=title, preheader=text, intro=text)
    page = issue_page(issue, where=site(name=name, tagline=text, postal_address=text, advice_note=text))
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == len(page.xpath("//article")) == 1
    assert page.xpath("//script[not(@type='application/ld+json')] | //@onload | //style") == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_no_address_on_a_page_runs_anything(url):
    tip = examples.tip(1, link_url=url, picture_url=url, sources=(SourceContent("A source", "x", url),))
    page = issue_page(examples.issue(1, tips=(tip,)), where=site(logo_url=url))
    assert url not in [*page.xpath("//@href"), *page.xpath("//@src"), *page.xpath("//@content")]


def test_programs_are_told_what_the_issue_is_and_where_it_stands():
    page = issue_page(examples.issue(3))
    issue, way = told(page)
    assert (issue["@type"], issue["issueNumber"], issue["name"]) == ("PublicationIssue", 3, examples.issue(3).subject)
    assert issue["datePublished"] == "2026-09-15T07:00:00+00:00"
    assert issue["hasPart"][0]["author"] == {"@type": "Person", "name": "Ada Berg"}
    assert [step["name"] for step in way["itemListElement"]] == [
        "The Skin Letter",
        "Archive",
        examples.issue(3).subject,
    ]


def test_programs_are_told_nothing_of_a_withdrawn_tip():
    issue = examples.issue(1)
    page = issue_page(issue, withdrawals=[Withdrawal(issue.tips[0].entry_id, issue.issued_at)])
    assert [tip["headline"] for tip in told(page)[0]["hasPart"]] == [tip.title for tip in issue.tips[1:]]


def test_programs_are_told_how_the_site_is_searched():
    where = archive.Site(examples.newsletter(), examples.TEMPLATES, examples.ZONE, "https://newsletter.example/search/")
    page = lxml.html.document_fromstring(archive.home_page(where, None, [], [], {}).decode())
    assert told(page)[0]["potentialAction"]["target"]["urlTemplate"] == "https://newsletter.example/search/?q={q}"
    bare = lxml.html.document_fromstring(archive.home_page(site(), None, [], [], {}).decode())
    assert "potentialAction" not in told(bare)[0]


@settings(deadline=None)
@given(HOSTILE_TEXT, HOSTILE_TEXT)
def test_what_programs_are_told_is_json_that_ends_nothing(title, author):
    issue = examples.issue(1, tips=(examples.tip(1, title=title, author=author),), subject=title)
    page = issue_page(issue)
    article = told(page)[0]["hasPart"][0]
    assert article.get("headline", "") == plain.one_line(title)
    assert article.get("author", {}).get("name", "") == plain.one_line(author)


def test_a_site_with_many_topics_names_some_and_leads_to_all():
    topics = {f"topic-{number}": f"Topic {number:03}" for number in range(300)}
    data = archive.home_page(site(), None, [], [], topics)
    page = lxml.html.document_fromstring(data.decode())
    assert len(page.xpath("//section[@class='feeds']//dt/a")) == archive.TOPICS_ON_HOME
    assert the(page, "//p[@class='more']/a/@href") == "topics/index.html"


@pytest.mark.parametrize(("name", "letter"), [("The Skin Letter", "T"), ("\u201eÜber\u201c Haut", "Ü"), ("…", "")])
def test_the_icon_is_the_first_letter_in_the_newsletters_colour(name, letter):
    icon = etree.fromstring(archive.icon(site(name=name, accent_colour="#004488")))
    assert (icon.findtext("{*}text") or "") == letter
    assert icon.find("{*}rect").get("fill") == "#004488"
