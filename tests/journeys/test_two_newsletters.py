"""Two newsletters in one installation: each with its list, schedule, zone, design, tips, numbers and feeds."""

from pathlib import Path

import feedparser
import pytest

from tests.journeys.test_whole_way import SAMPLES, outbox, parsed
from tests.runner import answer, done, found, run

WELLNESS = ("--newsletter", "wellness-letter")
SKIN = ("--newsletter", "skin-letter")
PROOF = ("--source", "the fair", "--consent-date", "2026-01-02", "--wording", "Yes, send it to me.")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """The Skin Letter with five readers, and The Wellness Letter with three, one of whom reads both."""
    workspace = found(tmp_path_factory.mktemp("two"))
    done(workspace, "init", "--further", "--name", "The Wellness Letter", "--sender-address", "well@newsletter.example",
         "--slug", "wellness-letter", "--postal-address", "2 Orchard Road", "--zone", "America/New_York",
         "--schedule", "last Friday of the month at 17:00", "--design", "letter")  # fmt: skip
    others = workspace / "others.csv"
    others.write_text("address\nreader0@reader.example\nw1@reader.example\nw2@reader.example\n", encoding="utf-8")
    done(workspace, "subscribers", "import", others, *WELLNESS, *PROOF)
    done(workspace, "ingest", SAMPLES / "what-microneedling-can-do.txt", *SKIN)
    done(workspace, "ingest", SAMPLES / "what-microneedling-can-do.txt", *WELLNESS)
    for slug in (SKIN, WELLNESS):
        ids = [tip["id"] for tip in answer(workspace, "tips", "list", *slug)][:3]
        done(workspace, "tips", "approve", *ids, "--override", "Read and found right.")
        done(workspace, "publish", "--now", *slug)
    return workspace


def mails_of(home: Path, list_id: str) -> list:
    return [mail for mail in map(parsed, outbox(home)) if list_id in str(mail["List-Id"])]


def test_each_list_is_mailed_by_its_own_newsletter_and_nobody_else(home):
    skin, wellness = (mails_of(home, name) for name in ("skin-letter.", "wellness-letter."))
    assert sorted(str(mail["To"]).split("<")[-1].strip(">") for mail in skin) == [
        f"reader{number}@reader.example" for number in range(5)
    ]
    assert sorted(str(mail["To"]).split("<")[-1].strip(">") for mail in wellness) == [
        "reader0@reader.example", "w1@reader.example", "w2@reader.example",
    ]  # fmt: skip
    assert {str(mail["From"]) for mail in wellness} == {"The Wellness Letter <well@newsletter.example>"}
    assert len(outbox(home)) == 8


def test_each_has_its_own_schedule_in_its_own_zone(home):
    assert "every Tuesday at 09:00 (Europe/Berlin)" in done(home, "schedule", "show", *SKIN)
    assert "on the last Friday of each month at 17:00 (America/New_York)" in done(home, "schedule", "show", *WELLNESS)
    done(home, "schedule", "set", "daily at 7", *WELLNESS)
    assert "every Tuesday at 09:00" in done(home, "schedule", "show", *SKIN)
    assert {slot["key"].split()[1] for slot in answer(home, "plan", "--days", 5, *WELLNESS)["slots"]} == {
        "America/New_York"
    }


def test_each_has_its_own_numbers_pages_and_feeds(home):
    feeds = {slug: feedparser.parse(home / "output" / slug / "feed.xml") for slug in ("skin-letter", "wellness-letter")}
    assert {slug: (feed.bozo, len(feed.entries)) for slug, feed in feeds.items()} == {
        "skin-letter": (False, 3), "wellness-letter": (False, 3)
    }  # fmt: skip
    ids = [{entry.id for entry in feed.entries} for feed in feeds.values()]
    assert ids[0].isdisjoint(ids[1])
    for slug in feeds:
        assert (home / "output" / slug / "archive" / "1.html").exists()
        assert [issue["number"] for issue in answer(home, "issues", "list", "--newsletter", slug)] == [1]


def test_leaving_one_list_leaves_the_other_as_it_is(home):
    both = "reader0@reader.example"
    standings = {
        slug[1]: next(row for row in done(home, "subscribers", "export", *slug).splitlines() if both in row)
        for slug in (SKIN, WELLNESS)
    }
    assert all('"confirmed"' in row for row in standings.values())
    assert "w1@reader.example" not in done(home, "subscribers", "export", *SKIN)


def test_a_command_that_does_not_say_which_is_asked(home):
    for command in (("schedule", "show"), ("plan",), ("publish", "--now")):
        refused = run(home, *command)
        assert refused.returncode == 1
        assert "There are several newsletters: skin-letter, wellness-letter" in refused.stderr


def test_what_each_says_agrees(home):
    assert all(not check["problem"] for check in answer(home, "verify"))
