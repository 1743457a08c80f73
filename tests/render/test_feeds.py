"""From issues to feed entries: ids, dates, corrections, withdrawals, and the whole of each tip."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.editorial.content import SourceContent
from pipeline.render.feeds import entries
from pipeline.render.published import Correction, Withdrawal
from tests.contracts.feed_rules import html_breaches
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary, published_tips


def tip_entries(issues, **changes):
    tips = MemoryLibrary(issues, **changes).feed_tips(None, count=entries.TIPS_PER_FEED, after=10_000)
    return entries.tip_entries(issues[0].newsletter, tips, zone=examples.ZONE)


def text_of(html: str) -> str:
    return lxml.html.fragment_fromstring(html, create_parent=True).text_content()


def corrected(issue, place=0, *, days=3, note="", **changes) -> Correction:
    tip = replace(issue.tips[place], revision_hash="f" * 64, **changes)
    return Correction(tip, issue.issued_at + timedelta(days=days), note)


def test_each_published_tip_is_one_entry_with_its_own_id_and_place():
    issues = examples.issues(2)
    made = tip_entries(issues)
    tips = [tip for issue in issues for tip in issue.tips]
    assert {(entry.entry_id, entry.url, entry.title) for entry in made} == {
        (tip.entry_id, tip.permalink, tip.title) for tip in tips
    }
    assert len(made) == 6


def test_the_newest_issue_comes_first_and_its_tips_in_their_order():
    made = tip_entries(examples.issues(2))
    assert [entry.entry_id for entry in made] == [examples.entry_id(number) for number in (6, 7, 8, 3, 4, 5)]


def test_an_entry_appeared_when_its_issue_did():
    issue = examples.issue(4)
    assert {entry.published_at for entry in tip_entries([issue])} == {issue.issued_at}


def test_entries_of_one_issue_differ_in_when_they_changed_by_less_than_a_second():
    issue = examples.issue(1)
    instants = [entry.updated_at for entry in tip_entries([issue])]
    assert len(set(instants)) == 3
    assert all(timedelta() <= instant - issue.issued_at < timedelta(seconds=1) for instant in instants)
    assert instants == sorted(instants, reverse=True)


@given(st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=12), st.data())
def test_no_two_entries_ever_share_an_instant_and_none_changes_before_it_appears(sizes, data):
    issues = [
        examples.issue(
            number,
            tips=tuple(examples.tip(number * 100 + place) for place in range(size)),
            issued_at=examples.FIRST_AT + timedelta(days=data.draw(st.integers(0, 2))),
        )
        for number, size in enumerate(sizes, 1)
    ]
    tips = [tip for issue in issues for tip in issue.tips]
    changed = data.draw(st.lists(st.sampled_from(tips), max_size=5)) if tips else []
    at = examples.FIRST_AT + timedelta(days=1)
    made = published_tips(issues, [Correction(tip, at) for tip in changed])
    assert len({item.updated_at for item in made}) == len(made) == len(tips)
    assert all(item.updated_at >= item.published_at for item in made)
    assert [item.updated_at for item in made] == sorted((item.updated_at for item in made), reverse=True)


def test_a_tip_that_is_used_again_keeps_its_entry_date_and_first_place():
    first = examples.issue(1)
    second = examples.issue(2, tips=(replace(first.tips[0], anchor="tip-elsewhere", permalink="https://x.example/"),))
    before, after = tip_entries([first]), tip_entries([first, second])
    assert after == before


def test_a_tip_that_is_used_again_in_other_words_is_a_correction():
    first = examples.issue(1)
    other = replace(first.tips[0], text="Other words.", revision_hash="e" * 64, permalink="https://x.example/")
    second = examples.issue(2, tips=(other,))
    entry = tip_entries([first, second])[0]
    assert (entry.entry_id, entry.url) == (first.tips[0].entry_id, first.tips[0].permalink)
    assert "Other words." in text_of(entry.html)
    assert (entry.published_at, entry.updated_at) == (first.issued_at, second.issued_at)
    assert entry.corrected


def test_a_correction_keeps_id_and_date_and_moves_the_entry_up():
    issues = examples.issues(2)
    correction = corrected(issues[0], text="Better words.", note="The number was wrong.", days=30)
    entry = tip_entries(issues, corrections=[correction])[0]
    assert (entry.entry_id, entry.published_at) == (issues[0].tips[0].entry_id, issues[0].issued_at)
    assert entry.updated_at == correction.corrected_at
    assert entry.corrected
    assert "Better words." in text_of(entry.html)
    assert "Corrected on October 1, 2026. The number was wrong." in text_of(entry.html)


def test_of_two_corrections_the_later_stands():
    issue = examples.issue(1)
    later, earlier = corrected(issue, text="Later.", days=5), corrected(issue, text="Earlier.", days=2)
    entry = tip_entries([issue], corrections=[later, earlier])[0]
    assert "Later." in text_of(entry.html)
    assert entry.updated_at == later.corrected_at


def test_a_correction_of_a_tip_that_never_appeared_changes_nothing():
    issue = examples.issue(1)
    stranger = Correction(examples.tip(99), issue.issued_at)
    assert tip_entries([issue], corrections=[stranger]) == tip_entries([issue])


def test_a_withdrawal_says_so_in_place_of_the_words():
    issue = examples.issue(1)
    withdrawal = Withdrawal(issue.tips[0].entry_id, issue.issued_at + timedelta(days=2), "The study was retracted.")
    entry = tip_entries([issue], withdrawals=[withdrawal])[0]
    assert entry.title == "Withdrawn: Wear sunscreen on cloudy days"
    assert "Clouds" not in entry.html
    assert "This tip no longer stands." in text_of(entry.html)
    assert "The study was retracted." in text_of(entry.html)
    assert (entry.entry_id, entry.updated_at) == (issue.tips[0].entry_id, withdrawal.withdrawn_at)


def test_a_withdrawn_tip_leaves_the_feed_when_readers_had_a_week_to_hear_of_it():
    issues = examples.issues(3)
    gone = issues[0].tips[0].entry_id
    withdrawal = Withdrawal(gone, issues[0].issued_at + timedelta(days=1))

    def shown(upto: int) -> set[str]:
        return {entry.entry_id for entry in tip_entries(issues[:upto], withdrawals=[withdrawal])}

    assert gone in shown(1)
    assert gone in shown(2)  # six days after
    assert gone not in shown(3)
    assert len(shown(3)) == 8


def test_a_feed_holds_the_newest_fifty():
    made = tip_entries(examples.issues(20))
    assert len(made) == entries.TIPS_PER_FEED == 50
    assert made[0].published_at == examples.issue(20).issued_at


def test_an_old_tip_that_is_corrected_is_in_the_feed_again():
    issues = examples.issues(20)
    made = tip_entries(issues, corrections=[corrected(issues[0], days=365)])
    assert made[0].entry_id == issues[0].tips[0].entry_id
    assert len(made) == 50


def test_an_entry_holds_the_whole_tip():
    tip = examples.tip(
        1,
        link_url="https://skin.example/more?a=1&b=2",
        link_text="More on this",
        picture_url="https://newsletter.example/p.jpg",
        picture_alt='A hand with "cream"',
        sources=(SourceContent("Everyday care", "words", "https://skin.example/source"), SourceContent("A file", "")),
    )
    entry = tip_entries([examples.issue(1, tips=(tip,))])[0]
    html = lxml.html.fragment_fromstring(entry.html, create_parent=True)
    assert html.xpath("//img/@src") == ["https://newsletter.example/p.jpg"]
    assert html.xpath("//img/@alt") == ['A hand with "cream"']
    assert html.xpath("//a/@href") == ["https://skin.example/more?a=1&b=2", "https://skin.example/source"]
    assert [item.text_content() for item in html.xpath("//li")] == ["If the skin stings, stop.", "If not, go on."]
    assert "Source: A file" in html.text_content()
    assert examples.newsletter().advice_note in html.text_content()
    assert entry.picture_url == tip.picture_url
    assert list(html_breaches(entry.html)) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/relative", "//host.example/x"])
def test_no_unsafe_or_relative_address_reaches_a_reader(url):
    tip = examples.tip(1, link_url=url, picture_url=url, sources=(SourceContent("Source", "", url),))
    entry = tip_entries([examples.issue(1, tips=(tip,))])[0]
    assert list(html_breaches(entry.html)) == []
    assert url not in entry.html


@given(examples.TEXT, examples.TEXT)
def test_whatever_staff_type_the_content_is_safe_html(title, note):
    tip = examples.tip(
        1,
        title=title,
        text=note,
        link_text=title,
        link_url=f"https://skin.example/{note}",
        picture_url=f"https://skin.example/{title}",
        picture_alt=note,
        sources=(SourceContent(title, note, note),),
    )
    issue = examples.issue(1, tips=(tip,))
    made = tip_entries([issue], corrections=[corrected(issue, text=note, note=note)])
    whole = entries.issue_entries(
        issue.newsletter, [issue], {tip.entry_id: published_tips([issue])[0]}, zone=examples.ZONE
    )
    for entry in (*made, *whole):
        assert list(html_breaches(entry.html)) == []


def test_a_right_to_left_newsletter_marks_its_content():
    issue = examples.issue(1, newsletter=examples.newsletter(language="ar"))
    assert tip_entries([issue])[0].html.startswith('<div lang="ar" dir="rtl">')


def test_dates_in_entries_follow_language_and_zone():
    issue = examples.issue(1, newsletter=examples.newsletter(language="de"))
    late = Correction(issue.tips[0], datetime(2026, 10, 1, 22, 30, tzinfo=UTC))
    made = published_tips([issue], [late])
    entry = entries.tip_entries(issue.newsletter, made, zone=ZoneInfo("Europe/Berlin"))[0]
    assert "Berichtigt am 2. Oktober 2026." in text_of(entry.html)


def test_an_issue_is_one_entry_with_all_its_tips():
    issues = examples.issues(3)
    tips = {item.tip.entry_id: item for item in published_tips(issues)}
    made = entries.issue_entries(examples.newsletter(), issues, tips, zone=examples.ZONE)
    assert [entry.entry_id for entry in made] == [issue.entry_id for issue in reversed(issues)]
    assert [entry.url for entry in made] == [issue.permalink for issue in reversed(issues)]
    html = lxml.html.fragment_fromstring(made[0].html, create_parent=True)
    assert [item.text_content() for item in html.xpath("//h2")] == [tip.title for tip in issues[2].tips]
    assert made[0].topics == ("Sun", "Routine", "Cleansing")
    assert html.text_content().count(examples.newsletter().advice_note) == 1


def test_the_issues_of_a_corrected_tip_change_and_never_at_one_instant():
    first = examples.issue(1)
    second = examples.issue(2, tips=(first.tips[0],))
    tips = {item.tip.entry_id: item for item in published_tips([first, second], [corrected(first, days=30)])}
    made = entries.issue_entries(examples.newsletter(), [first, second], tips, zone=examples.ZONE)
    assert all(entry.corrected for entry in made)
    assert made[0].updated_at != made[1].updated_at
    assert [entry.published_at for entry in made] == [second.issued_at, first.issued_at]


def test_a_feeds_id_outlives_domain_slug_and_name_and_differs_between_feeds():
    here = examples.newsletter()
    moved = examples.newsletter(site_url="http://other.example/x/", slug="other", name="Other")

    def identity(newsletter, path):
        return entries.channel(newsletter, path=path, title="x").feed_id

    paths = ("feed.xml", "issues.xml", "topics/sun/feed.xml", "topics/routine/feed.xml")
    assert [identity(here, path) for path in paths] == [identity(moved, path) for path in paths]
    assert len({identity(here, path) for path in paths}) == len(paths)
    assert identity(here, "feed.xml") != identity(examples.newsletter(list_id="other.example"), "feed.xml")
    assert identity(here, "feed.xml") == "urn:uuid:2c81f6c5-834b-5be7-a19c-12c3a686e5db"


def test_links_follow_a_newsletter_that_moves_and_ids_stay():
    issues = examples.issues(2)
    moved = examples.newsletter(site_url="https://moved.example/")
    tips = published_tips(issues)
    here = entries.tip_entries(issues[0].newsletter, tips, zone=examples.ZONE)
    there = entries.tip_entries(moved, tips, zone=examples.ZONE)
    assert [entry.entry_id for entry in here] == [entry.entry_id for entry in there]
    assert [entry.updated_at for entry in here] == [entry.updated_at for entry in there]
    assert there[0].url == "https://moved.example/archive/2.html#tip-6"
