"""The archive's pages that list: everything is found on them, and none of them ever grows large."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.render import archive, archive_lists
from pipeline.render.archive_lists import TOPICS_PER_LIST
from pipeline.render.published import Correction, IssueHead, Withdrawal
from pipeline.render.site import EVERYTHING, Outline, SiteMaker, _index_pages, outline, site_files
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary
from tests.render.page_rules import LARGEST_BYTES
from tests.render.test_archive import site, the, words

WIDEST = "🧴" * 200  # four bytes each, as long as a subject or a title may be


def index_pages(issues, zone=examples.ZONE):
    """The pages of the archive's index alone, by path."""
    library = MemoryLibrary(issues)
    maker = SiteMaker(examples.newsletter(), library, examples.TEMPLATES, zone)
    files = site_files(maker, outline(library))
    return {item.path: item.data for item in files if re.fullmatch(r"archive/(index|part-\d+)\.html", item.path)}


def parsed(data: bytes):
    return lxml.html.document_fromstring(data.decode())


def rows(page) -> list[int]:
    return [int(href.removesuffix(".html")) for href in page.xpath("//ul[@class='issues']//a/@href")]


def test_the_index_lists_issues_by_month_newest_first():
    pages = index_pages(examples.issues(8))
    assert list(pages) == ["archive/index.html"]
    page = parsed(pages["archive/index.html"])
    assert [words(item) for item in page.xpath("//h2")] == ["October 2026", "September 2026"]
    assert rows(page) == list(range(8, 0, -1))
    assert words(page.xpath("//ul[@class='issues']/li")[0]).endswith("Issue 8 · October 20, 2026")


def test_an_archive_without_an_issue_says_that_the_first_is_to_come():
    assert "The first issue is still to come." in index_pages([])["archive/index.html"].decode()


def test_a_long_archive_is_told_in_parts_that_hold_every_issue():
    pages = index_pages(examples.issues(230))
    assert sorted(pages) == ["archive/index.html", "archive/part-1.html", "archive/part-2.html"]
    assert rows(parsed(pages["archive/part-1.html"])) == list(range(100, 0, -1))
    assert rows(parsed(pages["archive/part-2.html"])) == list(range(200, 100, -1))
    assert rows(parsed(pages["archive/index.html"])) == list(range(230, 130, -1))


def test_the_parts_lead_to_each_other_and_to_the_index():
    pages = {path: parsed(data) for path, data in index_pages(examples.issues(230)).items()}

    def onward(name):
        return [
            (words(link), link.get("href"))
            for link in pages[f"archive/{name}.html"].xpath("//nav[@class='neighbours']/a")
        ]

    assert onward("index") == [("Earlier issues", "part-2.html")]
    assert onward("part-2") == [("Earlier issues", "part-1.html"), ("Later issues", "index.html")]
    assert onward("part-1") == [("Later issues", "part-2.html")]
    assert words(the(pages["archive/part-1.html"], "//h1")) == "September 2026 – July 2028"


def test_the_index_leads_to_the_first_issue_of_each_year():
    pages = {path: parsed(data) for path, data in index_pages(examples.issues(230)).items()}
    links = pages["archive/index.html"].xpath("//nav[@class='years']/a")
    assert [words(link) for link in links] == ["2026", "2027", "2028", "2029", "2030", "2031"]
    for link in links:
        path, _, month = link.get("href").partition("#")
        there = pages[f"archive/{path or 'index.html'}"]
        assert words(there.xpath(f"//*[@id='{month}']")[0]).endswith(words(link))


def test_a_part_stays_as_it_is_when_more_is_published():
    before, after = index_pages(examples.issues(230)), index_pages(examples.issues(299))
    assert before["archive/part-1.html"] == after["archive/part-1.html"]
    assert before["archive/part-2.html"] == after["archive/part-2.html"]


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 320), st.data())
def test_every_issue_is_on_a_page_in_whatever_order_they_appeared(count, data):
    days = data.draw(st.lists(st.integers(0, 40), min_size=count, max_size=count))
    issues = [
        IssueHead(number, "A subject", examples.FIRST_AT + timedelta(days=day)) for number, day in enumerate(days, 1)
    ]
    library = HeadsOnly(issues)
    maker = SiteMaker(examples.newsletter(), library, examples.TEMPLATES, examples.ZONE)
    parts = Outline({}, library.last_number // archive_lists.ISSUES_PER_PART, {})
    pages = list(_index_pages(maker, maker.pages, parts, EVERYTHING))
    assert {number for item in pages for number in rows(parsed(item.data))} == set(range(1, count + 1))


class HeadsOnly:
    """The part of a library that lists need."""

    def __init__(self, issues):
        self._issues = sorted(issues, key=lambda issue: (issue.issued_at, issue.number), reverse=True)
        self.last_number = len(issues)

    newest_heads = MemoryLibrary.newest_heads
    heads_numbered = MemoryLibrary.heads_numbered
    oldest_since = MemoryLibrary.oldest_since


def test_a_year_begins_when_it_begins_for_the_newsletter():
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    issues = [examples.issue(number, issued_at=at + timedelta(seconds=number)) for number in range(1, 102)]
    for zone, year in (("Europe/Berlin", "2027"), ("America/New_York", "2026")):
        page = parsed(index_pages(issues, ZoneInfo(zone))["archive/index.html"])
        assert words(the(page, "//nav[@class='years']/a")) == year


def test_no_list_ever_grows_larger_than_a_page_may_be():
    """A hundred years of a daily newsletter whose subjects are as long and as wide as they can be."""
    heads = [IssueHead(n, WIDEST, examples.FIRST_AT + timedelta(days=n)) for n in range(36_500, 0, -1)]
    years = [(2026 + n, heads[-1]) for n in range(101)]
    where = site(name="🧴" * 120, tagline=WIDEST, advice_note=WIDEST)
    wide = tuple(examples.tip(n, title=WIDEST, text=WIDEST * 20) for n in range(51))
    tips = MemoryLibrary([examples.issue(1, tips=wide)]).tips_numbered(None, 1, 51)
    topics = {f"{'護' * 78}{n}": f"{'護' * 78}{n}" for n in range(900)}  # each character is nine in an address
    sizes = {
        "index": len(archive_lists.index_page(where, heads[:100], parts=365, years=years)),
        "part": len(archive_lists.part_page(where, 7, heads[:100], parts=365)),
        "topics": len(archive_lists.topics_page(where, 2, list(topics.items())[:TOPICS_PER_LIST], lists=9)),
        "topic": len(archive_lists.topic_page(where, "sun", WIDEST[:80], tips)),
        "home": len(archive.home_page(where, examples.issue(1), [], heads[:5], topics)),
    }
    assert {name: size for name, size in sizes.items() if size > LARGEST_BYTES} == {}


def test_a_list_shortens_a_subject_that_is_very_long():
    page = parsed(archive_lists.index_page(site(), [IssueHead(1, "word " * 40, examples.FIRST_AT)]))
    assert 100 < len(words(the(page, "//ul[@class='issues']//strong"))) <= 120


def topic_page(issues, **published):
    tips = MemoryLibrary(issues, **published).standing_tips("sun", archive_lists.TIPS_ON_TOPIC + 1)
    return parsed(archive_lists.topic_page(site(), "sun", "Sun", tips))


def test_a_topics_page_lists_its_newest_tips_where_they_stand():
    page = topic_page(examples.issues(3))
    assert words(the(page, "//h1")) == "Sun"
    assert page.xpath("//ul[@class='issues']//a/@href") == [
        f"../../archive/{number}.html#tip-{number * 3}" for number in (3, 2, 1)
    ]
    first = words(page.xpath("//ul[@class='issues']/li")[0])
    assert first.startswith("Wear sunscreen on cloudy days")
    assert "Put on SPF 30 or more." in first
    assert first.endswith("Issue 3 · September 15, 2026")
    assert page.xpath("//p[@class='more']") == []


def test_a_topics_page_offers_the_topics_own_feeds():
    page = topic_page(examples.issues(1))
    own = ["feed.xml", "atom.xml", "feed.json"]
    assert page.xpath("//p[@class='follow']/a/@href") == own
    assert page.xpath("//link[@rel='alternate']/@href")[:3] == own
    assert page.xpath("//link[@rel='alternate']/@title")[0] == "The Skin Letter: Sun (RSS)"


def test_a_long_topic_shows_fifty_and_says_where_the_others_are():
    page = topic_page(examples.issues(60))
    assert len(page.xpath("//ul[@class='issues']/li")) == archive_lists.TIPS_ON_TOPIC
    assert words(the(page, "//p[@class='more']/a")) == "Earlier tips are in the archive"


def test_a_topics_page_leaves_withdrawn_tips_out_and_corrected_ones_in_their_order():
    issues = examples.issues(3)
    correction = Correction(issues[0].tips[0], issues[2].issued_at + timedelta(days=1))
    gone = Withdrawal(issues[1].tips[0].entry_id, issues[2].issued_at)
    page = topic_page(issues, corrections=[correction], withdrawals=[gone])
    assert [href.split("#")[1] for href in page.xpath("//ul[@class='issues']//a/@href")] == ["tip-9", "tip-3"]


@pytest.mark.parametrize(("count", "lists"), [(0, 0), (20, 0), (21, 1), (60, 1), (61, 2), (121, 3)])
def test_all_topics_are_listed_by_name_as_soon_as_the_landing_page_cannot_name_them(count, lists):
    topics = {f"t{number}": f"Topic {count - number:03}" for number in range(count)}
    tips = tuple(examples.tip(n, topic=name, topic_slug=slug) for n, (slug, name) in enumerate(topics.items()))
    library = MemoryLibrary([examples.issue(1, tips=tips)])
    maker = SiteMaker(examples.newsletter(), library, examples.TEMPLATES, examples.ZONE)
    files = {item.path: item.data for item in site_files(maker, outline(library))}
    pages = [path for path in files if re.fullmatch(r"topics/index(-\d+)?\.html", path)]
    assert len(pages) == lists
    named = [words(link) for path in pages for link in parsed(files[path]).xpath("//ul[@class='names']//a")]
    assert named == (sorted(topics.values()) if lists else [])
