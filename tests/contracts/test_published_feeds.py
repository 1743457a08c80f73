"""Every feed of three sites, as a validator and a reader see them: the demo, a larger sample, and hostile words."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache

import feedparser
import pytest

from pipeline.render.published import Correction, Withdrawal
from pipeline.render.site import SiteMaker, outline, site_files
from tests.contracts.feed_rules import BREACHES
from tests.contracts.w3c_rules import w3c_breaches
from tests.render import site_examples as examples
from tests.render.library import MemoryLibrary
from tests.runner import done

HUB = "https://hub.example/"
MEDIA_TYPES = {"feed.xml": "application/rss+xml", "issues.xml": "application/rss+xml",
               "atom.xml": "application/atom+xml", "issues-atom.xml": "application/atom+xml",
               "feed.json": "application/feed+json", "issues.json": "application/feed+json"}  # fmt: skip


def laid_out(newsletter, library):
    maker = SiteMaker(newsletter, library, examples.TEMPLATES, examples.ZONE, HUB)
    return {item.path: item.data for item in site_files(maker, outline(library))}


@cache
def larger():
    """Two hundred tips, with corrections and withdrawals among them, and full pages of history."""
    issues = examples.issues(70)
    last = issues[-1].issued_at
    corrections = [
        Correction(replace(issue.tips[0], text="Better.", revision_hash="f" * 64), last + timedelta(hours=issue.number))
        for issue in issues[::7]
    ]
    withdrawals = [Withdrawal(issue.tips[1].entry_id, last + timedelta(days=1), "No.") for issue in issues[::9]]
    return laid_out(examples.newsletter(), MemoryLibrary(issues, corrections, withdrawals))


@cache
def hostile():
    """Each hostile text in every place where staff can type, in an issue of its own."""
    issues = [_hostile_issue(number, text) for number, text in enumerate(examples.HOSTILE, 1)]
    newsletter = examples.newsletter(
        name=" ".join(examples.HOSTILE[:6]), tagline=examples.HOSTILE[3], advice_note=examples.HOSTILE[4],
        sender_name=examples.HOSTILE[1], logo_url="https://newsletter.example/logo.webp",
    )  # fmt: skip
    last = issues[-1].issued_at
    corrections = [Correction(issues[0].tips[0], last, examples.HOSTILE[3])]
    withdrawals = [Withdrawal(issues[1].tips[0].entry_id, last, examples.HOSTILE[8])]
    return laid_out(newsletter, MemoryLibrary(issues, corrections, withdrawals))


def _hostile_issue(number, text):
    tip = examples.tip(
        number, title=text[:200], text=text, topic=text[:80], topic_slug=f"topic-{number}", author=text[:120],
        link_url=f"https://skin.example/{text[:200]}", link_text=text[:200], picture_alt=text[:300],
        picture_url=f"https://skin.example/{text[:100]}.png",
        sources=(examples.SourceContent(text[:200], text, f"https://skin.example/?{text[:100]}"),),
    )  # fmt: skip
    return examples.issue(
        number, tips=(tip, examples.tip(number + 100)), subject=text[:200], preheader=text, intro=text
    )


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    home = tmp_path_factory.mktemp("demo") / "home"
    done(home.parent, "demo", "--dir", home)
    root = home / "output" / "skin-letter"
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture(params=["demo", "larger", "hostile"])
def files(request):
    made = {"larger": larger, "hostile": hostile}.get(request.param)
    return made() if made else request.getfixturevalue("demo")


def feeds(files):
    for path, data in files.items():
        if path.startswith("sitemaps/"):
            continue
        name = path.rsplit("/", 1)[-1]
        stem, _, number = name.rsplit(".", 1)[0].rpartition("-")
        live = f"{stem}.{name.rsplit('.', 1)[1]}" if number.isdigit() else name
        if media_type := MEDIA_TYPES.get(live):
            yield path, data, media_type


def test_no_validator_has_anything_to_say(files):
    said = {path: list(BREACHES[media_type](data)) for path, data, media_type in feeds(files)}
    assert len(said) >= 15
    assert {path: lines for path, lines in said.items() if lines} == {}


def test_every_feed_says_where_it_is(files):
    for path, data, media_type in feeds(files):
        if media_type.endswith("xml"):
            location = examples.SITE_URL + path
            assert [line for line in w3c_breaches(data, location=location) if "SelfDoesntMatch" in line] == []
        else:
            assert json.loads(data)["feed_url"] == examples.SITE_URL + path


def test_feedparser_reads_every_feed_without_complaint(files):
    for path, data, media_type in feeds(files):
        if media_type.endswith("xml"):
            parsed = feedparser.parse(data)
            assert not parsed.bozo, path
            assert len(parsed.entries) == data.count(b"<item>") + data.count(b"<entry>"), path
            assert all(entry.id.startswith("urn:uuid:") and entry.title and entry.link for entry in parsed.entries)


def test_the_formats_of_a_feed_hold_the_same_entries(files):
    for path, data, media_type in feeds(files):
        if not media_type.endswith("json"):
            continue
        ids = [item["id"] for item in json.loads(data)["items"]]
        stem = path.removesuffix(".json")
        for other in (f"{stem}.xml", stem.replace("feed", "atom").replace("issues", "issues-atom") + ".xml"):
            assert [entry.id for entry in feedparser.parse(files[other]).entries] == ids, other
