"""A newsletter's folder: what is made for each change, and that it is what a rebuild makes, to the byte."""

import json
import os
import shutil

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.publish import feeds_state, site
from pipeline.publish.feeds_library import FeedsLibrary
from pipeline.publish.output import OutputError
from pipeline.publish.site import write_site
from pipeline.render import archive, archive_lists, sitemap
from pipeline.render import site as render_site
from pipeline.render.site import outline
from tests.publish.conftest import SUNDAY, make_newsletter
from tests.publish.story import Story
from tests.render.library import MemoryLibrary

TOPICS = ("Sun", "sun", "Sleep", "Care")


@pytest.fixture
def story(newsletter):
    return Story(newsletter)


@pytest.fixture
def small_pages(monkeypatch):
    """History pages of three tips or two issues, maps of two, an index of three, two issues from one look: every
    border is met soon.
    """
    monkeypatch.setattr(render_site, "_BATCH", 2)
    for module in (render_site, feeds_state, archive_lists):
        monkeypatch.setattr(module, "ISSUES_PER_PART", 3)
    monkeypatch.setattr(archive, "TOPICS_ON_HOME", 1)
    monkeypatch.setattr(render_site, "TOPICS_PER_LIST", 1)
    for module in (render_site, feeds_state):
        monkeypatch.setattr(module, "TIPS_PER_FEED", 3)
        monkeypatch.setattr(module, "ISSUES_PER_FEED", 2)
        monkeypatch.setattr(module, "ISSUES_PER_SITEMAP", 2)
    monkeypatch.setattr(sitemap, "ISSUES_PER_SITEMAP", 2)


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def folder_of(newsletter, config):
    return config.output / newsletter.slug


def rebuilt(newsletter, config):
    """What a rebuild makes in an empty folder; the folder that there is stays as it is."""
    place = folder_of(newsletter, config)
    aside = place.with_name("aside")
    place.rename(aside)
    write_site(newsletter, now=SUNDAY, config=config)
    made = tree(place)
    shutil.rmtree(place)
    aside.rename(place)
    return made


DAYS = st.sampled_from([0, 1, 4, 200])
STEPS = st.lists(
    st.tuples(st.just("issue"), st.lists(st.sampled_from(TOPICS), min_size=1, max_size=3), DAYS)
    | st.tuples(st.just("correct"), st.integers(0, 20), st.sampled_from([None, *TOPICS]))
    | st.tuples(st.just("withdraw"), st.integers(0, 20), st.sampled_from([0, 3]))
    | st.tuples(st.just("write"), st.none(), st.none()),
    min_size=3, max_size=10,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_sequence_of_changes_gives_what_a_rebuild_gives_to_the_byte(db, config, small_pages, steps):
    with transaction.atomic():
        newsletter = make_newsletter()
        story = Story(newsletter)
        for step in steps:
            take(story, step, config)
        write_site(newsletter, now=SUNDAY, config=config)
        assert tree(folder_of(newsletter, config)) == rebuilt(newsletter, config)
        shutil.rmtree(folder_of(newsletter, config))
        transaction.set_rollback(True)


def take(story, step, config):
    kind, what, how = step
    if kind == "write":
        write_site(story.newsletter, now=SUNDAY, config=config)
    elif kind == "issue":
        story.issue(*what, days=how)
        write_site(story.newsletter, now=SUNDAY, config=config)
    elif tips := story.published():
        tip = tips[what % len(tips)]
        if kind == "correct":
            story.correct(tip, topic=how)
        else:
            story.withdraw(tip, days=how)


def test_the_database_says_what_the_frozen_issues_say(story):
    """The rows that are kept up to date, against a second reading of the issues alone."""
    for number in range(5):
        story.issue("Sun", TOPICS[number % 4])
    rows = FeedsLibrary(story.newsletter)
    issues = rows.issues(range(1, 6))
    memory = MemoryLibrary(issues)
    assert rows.newest_issued_at == memory.newest_issued_at
    assert rows.tips_in(issues) == memory.tips_in(issues)
    assert rows.changed_at(1, 5) == memory.changed_at(1, 5)
    for slug in (None, "sun", "sleep"):
        assert rows.last_serial(slug) == memory.last_serial(slug)
        assert rows.feed_tips(slug, count=3, after=4) == memory.feed_tips(slug, count=3, after=4)
        assert rows.tips_numbered(slug, 2, 3) == memory.tips_numbered(slug, 2, 3)
    assert rows.standing_tips("sun", 3) == memory.standing_tips("sun", 3)
    assert rows.topics() == memory.topics()
    assert outline(rows) == outline(memory)
    for issue in issues:
        found = [head and head.number for head in rows.neighbours(issue)]
        assert found == [head and head.number for head in memory.neighbours(issue)]


def test_one_more_issue_makes_its_pages_and_leaves_the_others_untouched(story, config):
    for _ in range(4):
        story.issue("Sun", "Sleep")
    write_site(story.newsletter, now=SUNDAY, config=config)
    story.issue("Sun")
    written = set(write_site(story.newsletter, now=SUNDAY, config=config).written)
    assert written == {
        "archive/5.html", "archive/4.html", "archive/index.html", "index.html", "topics/sun/index.html",
        "sitemaps/pages.xml", "sitemaps/issues-1.xml", site.NOTE,
        "feed.xml", "atom.xml", "feed.json", "issues.xml", "issues-atom.xml", "issues.json",
        "topics/sun/feed.xml", "topics/sun/atom.xml", "topics/sun/feed.json",
    }  # fmt: skip


def test_when_nothing_changed_nothing_is_made(story, config, monkeypatch):
    story.issue("Sun")
    write_site(story.newsletter, now=SUNDAY, config=config)
    monkeypatch.setattr(site, "site_files", None)
    report = write_site(story.newsletter, now=SUNDAY, config=config)
    assert (report.written, report.unchanged) == ([], 0)


def test_a_correction_changes_its_page_and_its_feeds(story, config):
    for _ in range(4):
        story.issue("Sun", "Sleep")
    write_site(story.newsletter, now=SUNDAY, config=config)
    story.correct(story.published()[0], note="The hour was wrong.")
    written = write_site(story.newsletter, now=SUNDAY, config=config).written
    assert {path for path in written if path.startswith("archive")} == {"archive/1.html"}
    assert "topics/sleep/feed.xml" not in written
    entries = json.loads((folder_of(story.newsletter, config) / "feed.json").read_bytes())["items"]
    assert "The hour was wrong." in entries[0]["content_html"]
    assert entries[0]["date_modified"] > entries[0]["date_published"]
    assert "The hour was wrong." in (folder_of(story.newsletter, config) / "archive" / "1.html").read_text()


def test_a_withdrawal_says_so_everywhere_then_leaves_the_feeds(story, config):
    tip = story.issue("Sun", "Sleep").issue_tips.first().tip
    write_site(story.newsletter, now=SUNDAY, config=config)
    story.withdraw(tip, reason="A study disproved it.")
    write_site(story.newsletter, now=SUNDAY, config=config)
    folder = folder_of(story.newsletter, config)
    assert "A study disproved it." in (folder / "feed.xml").read_text()
    assert "A study disproved it." in (folder / "issues.xml").read_text()
    assert "piece 1 of advice" not in "".join(path.read_text() for path in folder.rglob("*.*") if path.is_file())
    story.issue("Sleep", days=9)
    write_site(story.newsletter, now=SUNDAY, config=config)
    assert "A study disproved it." not in (folder / "feed.xml").read_text()
    assert "A study disproved it." in (folder / "archive" / "1.html").read_text()


def test_the_files_of_a_topic_that_is_no_more_go_and_those_of_others_stay(story, config, small_pages):
    tips = [place.tip for place in story.issue("Sun", "Sun", "Sun", "Sleep").issue_tips.all()]
    write_site(story.newsletter, now=SUNDAY, config=config)
    folder = folder_of(story.newsletter, config)
    assert (folder / "topics" / "sun" / "history" / "feed-1.xml").is_file()
    (folder / "photo.jpg").write_bytes(b"picture")
    (folder / "robots.txt").write_bytes(b"words")
    for tip in (tip for tip in tips if tip.revision.topic == "Sun"):
        story.correct(tip, topic="Sleep")
    report = write_site(story.newsletter, now=SUNDAY, config=config)
    assert "topics/sun/feed.xml" in report.removed
    assert not (folder / "topics" / "sun").exists()
    assert (folder / "photo.jpg").read_bytes() == b"picture"
    assert (folder / "robots.txt").exists()


def test_a_rebuild_puts_right_what_was_altered_lost_or_left_over(story, config):
    story.issue("Sun", "Sleep")
    write_site(story.newsletter, now=SUNDAY, config=config)
    folder = folder_of(story.newsletter, config)
    right = tree(folder)
    (folder / "feed.xml").write_bytes(b"altered")
    (folder / "archive" / "1.html").unlink()
    (folder / "archive" / "99.html").write_bytes(b"left over")
    (folder / "topics" / "old").mkdir()
    (folder / "topics" / "old" / "feed.xml").write_bytes(b"left over")
    report = write_site(story.newsletter, now=SUNDAY, config=config, rebuild=True)
    assert tree(folder) == right
    assert set(report.removed) == {"archive/99.html", "topics/old/feed.xml"}


@pytest.mark.parametrize("note", [None, b"", b"[]", b"{}", b'{"parts": {}}', b"\xff", b'{"made_with": 1}'])
def test_a_folder_whose_note_is_lost_or_spoilt_is_made_anew(story, config, note):
    story.issue("Sun")
    write_site(story.newsletter, now=SUNDAY, config=config)
    folder = folder_of(story.newsletter, config)
    right = tree(folder)
    (folder / site.NOTE).unlink() if note is None else (folder / site.NOTE).write_bytes(note)
    (folder / "archive" / "1.html").write_bytes(b"altered")
    write_site(story.newsletter, now=SUNDAY, config=config)
    assert tree(folder) == right


def test_another_domain_colour_or_design_makes_every_page_anew(story, config, monkeypatch):
    story.issue("Sun")
    write_site(story.newsletter, now=SUNDAY, config=config)
    page = folder_of(story.newsletter, config) / "archive" / "1.html"
    moved = config.model_copy(update={"public_url": "https://moved.example"})
    write_site(story.newsletter, now=SUNDAY, config=moved)
    assert "https://moved.example/skin-letter/archive/1.html" in page.read_text()
    story.newsletter.name = "Another Name"
    write_site(story.newsletter, now=SUNDAY, config=moved)
    assert "Another Name" in page.read_text()
    page.write_bytes(b"of the design before")
    monkeypatch.setattr(feeds_state, "_program", lambda _: "another design")
    write_site(story.newsletter, now=SUNDAY, config=moved)
    assert "Another Name" in page.read_text()


def test_a_restored_database_is_written_anew(story, config):
    with transaction.atomic():
        story.issue("Sun")
        story.issue("Sleep")
        write_site(story.newsletter, now=SUNDAY, config=config)
        transaction.set_rollback(True)
    story.issue("Care")
    write_site(story.newsletter, now=SUNDAY, config=config)
    assert tree(folder_of(story.newsletter, config)) == rebuilt(story.newsletter, config)


@pytest.mark.parametrize("at", range(2, 20, 4))
def test_a_run_that_ends_anywhere_is_finished_by_the_next(story, config, monkeypatch, at):
    """The disk fails at the n-th file; the next run makes what a rebuild makes."""
    story.issue("Sun", "Sleep")
    write_site(story.newsletter, now=SUNDAY, config=config)
    story.issue("Sun")
    story.correct(story.published()[0])
    seen, sync = [], os.fsync

    def failing(handle):
        seen.append(handle)
        if len(seen) == at:
            raise OSError(28, "No space left on device")
        sync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    try:
        write_site(story.newsletter, now=SUNDAY, config=config)
    except OutputError:
        write_site(story.newsletter, now=SUNDAY, config=config)
    monkeypatch.setattr(os, "fsync", sync)
    assert tree(folder_of(story.newsletter, config)) == rebuilt(story.newsletter, config)


def test_a_rebuild_tells_of_each_file_as_it_is_made(story, config):
    story.issue("Sun")
    paths = []
    report = write_site(story.newsletter, now=SUNDAY, config=config, rebuild=True, seen=paths.append)
    assert paths == report.written
