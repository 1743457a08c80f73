"""The whole folder of a newsletter: every file, in order, the same bytes each time, every link leading somewhere."""

import json
import re
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from pipeline.render.feeds import formats
from pipeline.render.published import Correction, Withdrawal
from pipeline.render.site import SiteMaker, outline, site_files
from tests.contracts.feed_readers import READERS
from tests.contracts.feed_rules import BREACHES
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary
from tests.render.page_rules import page_breaches


def made(issues, newsletter=None, *, hub_url="", search_url="", **changes):
    library = MemoryLibrary(issues, **changes)
    maker = SiteMaker(
        newsletter or examples.newsletter(), library, examples.TEMPLATES, examples.ZONE, hub_url, search_url
    )
    return list(site_files(maker, outline(library)))


def laid_out(issues, newsletter=None, **changes) -> dict[str, bytes]:
    return {item.path: item.data for item in made(issues, newsletter, **changes)}


def feeds_of(files: dict[str, bytes]):
    """(path, format) of every feed that readers subscribe to."""
    for path in files:
        for item in formats():
            if path.rsplit("/", 1)[-1] in {item.file_name, item.issues_file_name}:
                yield path, item


def test_a_site_is_all_its_pages_and_feeds():
    files = laid_out(examples.issues(2))
    topics = {
        f"topics/{slug}/{name}"
        for slug in ("sun", "routine", "cleansing")
        for name in ("index.html", "feed.xml", "atom.xml", "feed.json")
    }
    assert set(files) == topics | {
        "index.html", "style.css", "icon.svg", "sitemap.xml", "sitemaps/pages.xml", "sitemaps/issues-1.xml",
        "archive/index.html", "archive/1.html", "archive/2.html",
        "feed.xml", "atom.xml", "feed.json", "issues.xml", "issues-atom.xml", "issues.json",
    }  # fmt: skip


def test_no_file_comes_twice():
    paths = [item.path for item in made(examples.issues(60))]
    assert len(paths) == len(set(paths))


def test_pages_come_before_feeds_and_the_feed_of_all_tips_last():
    files = laid_out(examples.issues(3))
    paths = list(files)
    feeds = {path for path, _ in feeds_of(files)}
    assert paths[0] == "style.css"
    assert set(paths[-3:]) == {"feed.xml", "atom.xml", "feed.json"}
    assert set(paths[-len(feeds) :]) == feeds


@pytest.mark.parametrize("count", [0, 1, 8, 120])
def test_every_page_is_sound_and_every_link_on_it_leads_somewhere(count):
    files = laid_out(examples.issues(count))
    breaches = {
        path: found
        for path in files
        if path.endswith(".html") and (found := list(page_breaches(path, files, examples.SITE_URL)))
    }
    assert breaches == {}


@pytest.mark.parametrize("count", [0, 1, 60])
def test_every_feed_is_valid_and_says_where_it_is(count):
    files = laid_out(examples.issues(count), hub_url="https://hub.example/")
    for path, item in feeds_of(files):
        assert list(BREACHES[item.media_type](files[path])) == [], path
        found = READERS[item.media_type](files[path])
        assert found.feed_url == examples.SITE_URL + path
        home = found.home_url.removeprefix(examples.SITE_URL)
        assert home == (path.rsplit("/", 1)[0] + "/index.html" if "topics" in path else "")
        assert found.hub_url == "https://hub.example/"


def test_a_tip_has_the_same_id_and_link_in_every_feed():
    files = laid_out(examples.issues(2))
    seen = defaultdict(set)
    for path, item in feeds_of(files):
        for entry in READERS[item.media_type](files[path]).entries:
            seen[entry.title if "issues" not in path else f"issue {entry.url}"].add((entry.entry_id, entry.url))
    tips = {tip.title: {(other.entry_id, other.permalink) for issue in examples.issues(2) for other in issue.tips
                        if other.title == tip.title} for tip in examples.issue(1).tips}  # fmt: skip
    assert {title: found for title, found in seen.items() if not title.startswith("issue ")} == tips
    assert all(len(found) == 1 for title, found in seen.items() if title.startswith("issue "))


def test_every_entry_leads_to_a_place_that_there_is():
    files = laid_out(examples.issues(4))
    for path, item in feeds_of(files):
        for entry in READERS[item.media_type](files[path]).entries:
            page, _, anchor = entry.url.removeprefix(examples.SITE_URL).partition("#")
            assert page in files
            assert not anchor or f'id="{anchor}"'.encode() in files[page]


def test_a_topics_feed_holds_its_tips_alone():
    files = laid_out(examples.issues(3))
    for item in formats():
        found = READERS[item.media_type](files[f"topics/sun/{item.file_name}"])
        assert found.title == "The Skin Letter: Sun"
        assert {entry.topics for entry in found.entries} == {("Sun",)}
        assert len(found.entries) == 3


def test_a_renamed_topic_goes_by_its_newest_name():
    old = examples.issue(1, tips=(examples.tip(1, topic="Sun", topic_slug="sun"),))
    new = examples.issue(2, tips=(examples.tip(2, topic="Sunshine", topic_slug="sun"),))
    files = laid_out([new, old])
    assert READERS["application/feed+json"](files["topics/sun/feed.json"]).title == "The Skin Letter: Sunshine"


def test_the_same_issues_in_any_order_give_the_same_bytes():
    issues = examples.issues(5)
    assert laid_out(issues) == laid_out(list(reversed(issues)))


def test_one_more_issue_changes_its_neighbour_the_indexes_and_the_feeds_alone():
    before, after = laid_out(examples.issues(6)), laid_out(examples.issues(7))
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed == {
        "archive/7.html",
        "archive/6.html",
        "archive/index.html",
        "index.html",
        "sitemaps/pages.xml",
        "sitemaps/issues-1.xml",
        "topics/sun/index.html",
        "topics/routine/index.html",
        "topics/cleansing/index.html",
    } | {path for path, _ in feeds_of(after)}


def test_a_correction_changes_its_page_and_its_feeds_alone():
    issues = examples.issues(8)
    new = replace(issues[2].tips[0], text="Better.", revision_hash="f" * 64)
    correction = Correction(new, issues[-1].issued_at + timedelta(days=1))
    before, after = laid_out(issues), laid_out(issues, corrections=[correction])
    changed = {path for path in after if before[path] != after[path]}
    assert changed == {
        "archive/3.html", "sitemaps/issues-1.xml", "topics/sun/index.html",
        "feed.xml", "atom.xml", "feed.json", "issues.xml", "issues-atom.xml",
        "issues.json", "topics/sun/feed.xml", "topics/sun/atom.xml", "topics/sun/feed.json",
    }  # fmt: skip


def test_corrected_and_withdrawn_sites_are_as_sound_as_any():
    issues = examples.issues(3)
    new = replace(issues[0].tips[0], text="Better.", revision_hash="f" * 64)
    files = laid_out(
        issues,
        corrections=[Correction(new, issues[2].issued_at, "It said less before.")],
        withdrawals=[Withdrawal(issues[2].tips[1].entry_id, issues[2].issued_at + timedelta(days=1))],
    )
    for path, item in feeds_of(files):
        assert list(BREACHES[item.media_type](files[path])) == [], path
    for path in files:
        if path.endswith(".html"):
            assert list(page_breaches(path, files, examples.SITE_URL)) == [], path


def mapped(files) -> dict[str, str]:
    """The last change of each page that the sitemap's parts name."""
    parts = [url[0].text.removeprefix(examples.SITE_URL) for url in etree.fromstring(files["sitemap.xml"])]
    rows = [(url[0].text, url.findtext("{*}lastmod")) for part in parts for url in etree.fromstring(files[part])]
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_the_sitemap_names_every_page_once_with_its_last_change():
    issues = examples.issues(110)
    files = laid_out(issues)
    pages = mapped(files)
    wanted = {examples.SITE_URL + path for path in files if path.endswith(".html") and path != "index.html"}
    assert set(pages) == wanted | {examples.SITE_URL}
    assert pages[f"{examples.SITE_URL}archive/110.html"] == issues[-1].issued_at.date().isoformat()


def test_the_sitemap_dates_a_corrected_page_by_its_correction():
    issues = examples.issues(3)
    correction = Correction(issues[0].tips[1], issues[0].issued_at + timedelta(days=90))
    pages = mapped(laid_out(issues, corrections=[correction]))
    assert pages[f"{examples.SITE_URL}archive/1.html"] == correction.corrected_at.date().isoformat()


def test_a_feed_in_a_browser_wears_the_sites_stylesheet():
    files = laid_out(examples.issues(1))
    assert b'<?xml-stylesheet type="text/css" href="style.css"?>' in files["feed.xml"]
    assert b'<?xml-stylesheet type="text/css" href="../../style.css"?>' in files["topics/sun/atom.xml"]


@pytest.mark.parametrize("language", ["ar", "de", "ja", "en-GB", "zz-unknown"])
def test_a_site_is_sound_in_any_language(language):
    newsletter = examples.newsletter(language=language)
    issues = [replace(issue, newsletter=newsletter) for issue in examples.issues(2)]
    files = laid_out(issues, newsletter)
    for path, item in feeds_of(files):
        assert list(BREACHES[item.media_type](files[path])) == [], path
    for path in files:
        if path.endswith(".html"):
            assert list(page_breaches(path, files, examples.SITE_URL)) == [], path


def test_a_topic_in_another_script_has_addresses_that_any_reader_takes():
    issue = examples.issue(1, tips=(examples.tip(1, topic="العناية", topic_slug="العناية"),))
    files = laid_out([issue])
    for item in formats():
        found = READERS[item.media_type](files[f"topics/العناية/{item.file_name}"])
        assert found.feed_url.isascii()
    assert list(page_breaches("index.html", files, examples.SITE_URL)) == []


def walk(files, live, link):
    """The paths of a feed and of its history, from the newest page to the oldest, as a reader follows the links."""
    path, seen = live, []
    while path:
        seen.append(path)
        path = link(files[path])
    return seen


def previous_in_xml(data):
    links = etree.fromstring(data).iter("{http://www.w3.org/2005/Atom}link")
    found = [item.get("href") for item in links if item.get("rel") == "prev-archive"]
    return found[0].removeprefix(examples.SITE_URL) if found else ""


def previous_in_json(data):
    return json.loads(data).get("next_url", "").removeprefix(examples.SITE_URL)


@pytest.mark.parametrize(
    ("live", "link"),
    [
        ("feed.xml", previous_in_xml),
        ("atom.xml", previous_in_xml),
        ("feed.json", previous_in_json),
        ("topics/sun/atom.xml", previous_in_xml),
        ("issues.xml", previous_in_xml),
        ("issues.json", previous_in_json),
    ],
)
def test_the_whole_history_can_be_walked_and_every_entry_is_in_it(live, link):
    issues = examples.issues(70)
    files = laid_out(issues)
    item = next(item for path, item in feeds_of(files) if path == live)
    pages = walk(files, live, link)
    entries = [entry for path in pages for entry in READERS[item.media_type](files[path]).entries]
    wanted = {tip.entry_id for issue in issues for tip in issue.tips if "sun" not in live or tip.topic_slug == "sun"}
    if "issues" in live:
        wanted = {issue.entry_id for issue in issues}
    assert {entry.entry_id for entry in entries} == wanted
    assert len(pages) == 1 + len(wanted) // (20 if "issues" in live else 50)


def test_every_page_of_history_is_valid_and_names_its_neighbours():
    files = laid_out(examples.issues(70), hub_url="https://hub.example/")
    pages = {path: item for path in files for item in formats() if "history/" in path and _is(path, item)}
    assert len(pages) == 3 * (4 + 3 * 1 + 3)
    for path, item in pages.items():
        assert list(BREACHES[item.media_type](files[path])) == [], path
    links = {
        link.get("rel"): link.get("href").removeprefix(examples.SITE_URL)
        for link in etree.fromstring(files["history/atom-2.xml"]).findall("{*}link")
    }
    assert links["prev-archive"] == "history/atom-1.xml"
    assert links["next-archive"] == "history/atom-3.xml"
    assert links["current"] == "atom.xml"
    assert links["self"] == "history/atom-2.xml"


def _is(path, item):
    return any(
        path.rsplit("/", 1)[-1].startswith(name.rsplit(".", 1)[0] + "-") and path.endswith(name.rsplit(".", 1)[1])
        and re.sub(r"-\d+(?=\.)", "", path.rsplit("/", 1)[-1]) == name
        for name in (item.file_name, item.issues_file_name)
    )  # fmt: skip


def test_a_full_page_of_history_stays_as_it_is_when_more_is_published():
    before, after = laid_out(examples.issues(40)), laid_out(examples.issues(60))
    assert before["history/feed-1.xml"] == after["history/feed-1.xml"]
    changed = {path for path in before if "history" in path and before[path] != after[path]}
    assert changed == {"history/feed-2.xml", "history/atom-2.xml", "history/issues-2.xml", "history/issues-atom-2.xml"}


def test_a_page_of_history_belongs_to_its_feed_by_id():
    files = laid_out(examples.issues(20))
    ids = {etree.fromstring(files[path]).findtext("{*}id") for path in ("atom.xml", "history/atom-1.xml")}
    assert len(ids) == 1
