"""A feed of one's own: from a button on the preferences page, for as long as the subscription lasts."""

import json
import re
from html import unescape

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience import actions, tokens
from pipeline.audience.actions.subscriptions import add_subscriber
from pipeline.audience.addresses import parse
from pipeline.audience.models import PrivateFeed, Subscription
from pipeline.audience.tokens import Keyring, Purpose, TokenError
from pipeline.audit.models import AuditEntry
from pipeline.publish import private_feed
from pipeline.publish.site import write_site
from tests.contracts.feed_rules import BREACHES
from tests.publish.story import Story
from tests.web.conftest import NOW
from tests.web.public_reader import Reader, link


@pytest.fixture
def reader(workspace, monkeypatch):
    return Reader(workspace, monkeypatch)


@pytest.fixture
def subscription(letter):
    return add_subscriber(
        mailing_list=letter.mailing_list, address=parse("ada@reader.example"), wording="Yes.", now=NOW, actor="cli",
        source="by hand",
    )[0]  # fmt: skip


@pytest.fixture
def story(letter, workspace):
    told = Story(letter)
    told.issue("Sun", "Sleep")
    told.issue("Sun", "Care")
    write_site(letter, config=workspace, now=NOW)
    return told


def made(reader, subscription, **data) -> list[str]:
    """The addresses that the button gives."""
    answer = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/", data)
    assert answer.status_code == 200
    return [unescape(found) for found in re.findall(r'href="([^"]*/private/[^"]*)"', answer.content.decode())]


def titles(answer):
    return [item["title"] for item in json.loads(answer.content)["items"]]


def test_the_preferences_page_has_one_button_that_makes_the_feed(reader, subscription, story):
    page = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    assert page.count("Make my private feed") == 1
    assert re.findall(r'name="topic" value="(\w+)"', page) == ["care", "sleep", "sun"]
    addresses = made(reader, subscription)
    assert [address.rsplit("/", 1)[1] for address in addresses] == ["feed.xml", "atom.xml", "feed.json"]
    assert made(reader, subscription) == addresses


def test_the_feed_is_valid_in_every_format_and_holds_the_same_entries_as_the_public_one(
    reader, subscription, story, workspace
):
    public = json.loads((workspace.output / "skin-letter" / "feed.json").read_bytes())["items"]
    for address in made(reader, subscription):
        answer = reader.get(address)
        media_type = answer.headers["Content-Type"].split(";")[0]
        assert list(BREACHES[media_type](answer.content)) == []
        assert address.encode() in answer.content
        if media_type == "application/feed+json":
            assert json.loads(answer.content)["items"] == public
        else:
            assert [entry.id for entry in feedparser.parse(answer.content).entries] == [item["id"] for item in public]


def test_the_feed_holds_the_topics_that_were_ticked(reader, subscription, story):
    address = made(reader, subscription, topic=["sun", "care"])[2]
    found = reader.get(address)
    assert {item["tags"][0] for item in json.loads(found.content)["items"]} == {"Sun", "Care"}
    assert len(titles(found)) == 3
    assert json.loads(found.content)["feed_url"] == address


def test_the_topics_can_be_changed_and_the_address_stays(reader, subscription, story):
    before = made(reader, subscription, topic=["sun"])[2]
    assert made(reader, subscription, topic=["sleep"])[2] == before
    assert {item["tags"][0] for item in json.loads(reader.get(before).content)["items"]} == {"Sleep"}
    page = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    assert re.findall(r'value="(\w+)" checked', page) == ["sleep"]


def test_a_topic_that_there_is_not_is_not_kept(reader, subscription, story):
    made(reader, subscription, topic=["sun", "nothing"])
    assert PrivateFeed.objects.get().topics == ["sun"]


def test_a_topic_that_is_gone_is_obeyed_and_nothing_comes_in_its_place(reader, subscription, story):
    address = made(reader, subscription, topic=["sleep"])[2]
    story.correct(next(tip for tip in story.published() if tip.revision.topic == "Sleep"), topic="Sun")
    assert titles(reader.get(address)) == []


def test_what_the_address_asks_for_beside_its_token_changes_nothing(reader, subscription, story):
    address = made(reader, subscription, topic=["sun"])[2]
    assert titles(reader.get(f"{address}?topic=sleep")) == titles(reader.get(address))


def renewed(reader, subscription):
    answer = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/new/")
    assert b"The old ones have ended." in answer.content
    return [unescape(found) for found in re.findall(r'href="([^"]*/private/[^"]*)"', answer.content.decode())]


def test_a_new_address_ends_the_old_one_at_once_and_holds_the_same(reader, subscription, story):
    old = made(reader, subscription, topic=["sun"])[2]
    before = titles(reader.get(old))
    new = renewed(reader, subscription)[2]
    assert new != old
    gone = reader.get(old)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (410, "no-store")
    assert titles(reader.get(new)) == before
    assert made(reader, subscription, topic=["sun"])[2] == new
    assert renewed(reader, subscription)[2] not in (old, new)
    assert reader.get(new).status_code == 410


def test_the_feeds_own_id_outlives_its_address(reader, subscription, story):
    ids = [feedparser.parse(reader.get(made(reader, subscription)[1]).content).feed.id]
    ids.append(feedparser.parse(reader.get(renewed(reader, subscription)[1]).content).feed.id)
    assert ids[0] == ids[1]


def test_who_has_no_feed_gets_no_new_address(reader, subscription, story):
    answer = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/new/")
    assert b"/private/" not in answer.content
    assert not PrivateFeed.objects.exists()


@given(number=st.integers(0, 2**48 - 1), reader_id=st.integers(0, 2**48 - 1), list_id=st.integers(0, 2**32 - 1))
def test_a_feeds_token_says_what_was_put_in_and_no_other_purpose_reads_it(number, reader_id, list_id):
    keys = Keyring(["one secret", "another"])
    token = tokens.make_feed(list_id=list_id, subscriber_id=reader_id, number=number, keys=keys)
    assert tokens.read_feed(token, keys=keys) == tokens.FeedToken(list_id, reader_id, number)
    assert len(token) == tokens.TOKEN_CHARS
    for purpose in set(Purpose) - {Purpose.FEED}:
        with pytest.raises(TokenError):
            tokens.read(token, purpose, keys=keys, now=NOW)


def test_a_reader_can_read_in_place_of_the_mail_and_go_back(reader, subscription, story):
    page = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/", {"instead": "of-mail"}).content.decode()
    assert "No mail goes to you while you read the feed." in page
    subscription.refresh_from_db()
    assert (subscription.channel, subscription.state) == ("feed", "confirmed")
    preferences = reader.get(link(Purpose.PREFERENCES, subscription)).content.decode()
    assert "You read The Skin Letter in your feed, and no mail goes to you." in preferences
    assert 'value="of-mail" checked' in preferences
    page = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/", {}).content.decode()
    assert "The mail comes as before." in page
    subscription.refresh_from_db()
    assert subscription.channel == "mail"
    actions = AuditEntry.objects.filter(subject_kind="subscription").order_by("pk").values_list("action", flat=True)
    assert list(actions)[-3:] == ["feed.made", "subscription.channel_changed", "subscription.channel_changed"]


def test_who_left_while_reading_the_feed_and_subscribes_anew_gets_the_mail(reader, subscription, story, letter):
    reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/", {"instead": "of-mail"})
    who = {"list_id": letter.mailing_list_id, "subscriber_id": subscription.subscriber_id}
    actions.unsubscribe(**who, now=NOW)
    Subscription.objects.update(state="pending")
    actions.confirm(**who, ip=None, now=NOW)
    subscription.refresh_from_db()
    assert (subscription.state, subscription.channel) == ("confirmed", "mail")


def test_a_feed_goes_with_its_reader(reader, subscription, story):
    made(reader, subscription)
    actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="cli")
    assert not PrivateFeed.objects.exists()


def test_two_readers_have_feeds_of_their_own(reader, subscription, story, letter):
    other = add_subscriber(
        mailing_list=letter.mailing_list, address=parse("grace@reader.example"), wording="Yes.", now=NOW, actor="cli",
        source="by hand",
    )[0]  # fmt: skip
    mine, theirs = made(reader, subscription)[1], made(reader, other)[1]
    assert mine != theirs
    ids = [feedparser.parse(reader.get(address).content).feed.id for address in (mine, theirs)]
    assert len(set(ids)) == 2


def test_nothing_of_the_reader_is_in_address_or_feed(reader, subscription, story):
    address = made(reader, subscription)[0]
    assert "ada" not in address
    assert b"ada@" not in reader.get(address).content


def test_a_feed_ends_with_its_subscription_and_comes_back_with_it(reader, subscription, story, letter):
    address = made(reader, subscription)[0]
    who = {"list_id": letter.mailing_list_id, "subscriber_id": subscription.subscriber_id}
    actions.unsubscribe(**who, now=NOW)
    answer = reader.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (410, "text/plain; charset=utf-8")
    assert actions.resubscribe(**who, ip=None, now=NOW)
    assert reader.get(address).status_code == 200
    actions.erase(subscriber_id=subscription.subscriber_id, now=NOW, actor="cli")
    assert reader.get(address).status_code == 410


def test_who_is_not_on_the_list_gets_no_feed(reader, subscription, story, letter):
    actions.unsubscribe(list_id=letter.mailing_list_id, subscriber_id=subscription.subscriber_id, now=NOW)
    answer = reader.post(f"{link(Purpose.PREFERENCES, subscription)}feed/")
    assert b"/private/" not in answer.content


@pytest.mark.parametrize("purpose", [Purpose.PREFERENCES, Purpose.UNSUBSCRIBE, Purpose.CONFIRM])
def test_a_link_that_was_made_for_something_else_opens_no_feed(reader, subscription, story, purpose):
    token = link(purpose, subscription).split("/")[2]
    assert reader.get(f"/private/{token}/feed.xml").status_code == 404


def test_a_feeds_link_opens_nothing_else(reader, subscription, story):
    token = made(reader, subscription)[0].split("/")[-2]
    for page in ("preferences", "unsubscribe", "confirm"):
        assert reader.get(f"/{page}/{token}/").status_code == 404


@pytest.mark.parametrize("name", ["index.html", "issues.xml", "feed.txt", "..", "style.css"])
def test_a_name_that_is_no_feed_is_not_found(reader, subscription, story, name):
    token = made(reader, subscription)[0].split("/")[-2]
    assert reader.get(f"/private/{token}/{name}").status_code == 404


def test_a_reader_that_has_the_newest_gets_304_without_anything_being_made(reader, subscription, story, monkeypatch):
    address = made(reader, subscription)[0]
    first = reader.get(address)
    assert first.headers["Cache-Control"] == "private, max-age=3600"
    assert first.headers["X-Robots-Tag"] == "noindex"
    monkeypatch.setattr(private_feed.PrivateFeed, "written", None)
    again = reader.get(address, if_none_match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_correction_and_an_issue_each_give_another_etag(reader, subscription, story):
    address, seen = made(reader, subscription)[0], set()
    for change in (lambda: None, lambda: story.correct(story.published()[0]), lambda: story.issue("Sun")):
        change()
        seen.add(reader.get(address).headers["ETag"])
    assert len(seen) == 3


def test_a_get_of_the_button_does_nothing(reader, subscription, story):
    assert reader.get(f"{link(Purpose.PREFERENCES, subscription)}feed/").status_code == 405
