"""A hub hears of every feed that changed: once, after the feed is there, with patience, and at nobody's cost."""

from datetime import timedelta

import pytest

from pipeline.delivery.actions import pings
from pipeline.delivery.models import Delivery, HubPing, HubPingState
from pipeline.publish import websub
from pipeline.publish.publishing import publish_now
from pipeline.publish.site import write_site
from pipeline.publish.ticks import housekeeping, tick
from tests.publish.conftest import EDITOR, SUNDAY
from tests.publish.hub import SLOW_ANSWER, running_hub
from tests.publish.story import Story

SITE = "https://newsletter.example/skin-letter/"
WHOLE = {f"{SITE}{name}" for name in
         ("feed.xml", "atom.xml", "feed.json", "issues.xml", "issues-atom.xml", "issues.json")}  # fmt: skip


@pytest.fixture
def hub():
    with running_hub() as running:
        yield running


@pytest.fixture
def config(config, hub):
    return config.model_copy(update={"websub_hub": hub.url})


@pytest.fixture
def story(newsletter):
    return Story(newsletter)


@pytest.fixture
def publish(story, config):
    """publish("Sun") → the issue and its folder, with pings waiting."""

    def _publish(*topics):
        issue = story.issue(*topics)
        write_site(story.newsletter, config=config, now=SUNDAY)
        return issue

    return _publish


def topic_feeds(slug):
    return {f"{SITE}topics/{slug}/{name}" for name in ("feed.xml", "atom.xml", "feed.json")}


def waiting():
    return HubPing.objects.filter(state=HubPingState.WAITING)


def test_a_new_issue_is_told_for_each_feed_that_changed(publish, config, clock, hub):
    publish("Sun", "Sleep")
    assert websub.send_due(config=config, clock=clock) == 12
    assert sorted(hub.heard) == sorted(WHOLE | topic_feeds("sun") | topic_feeds("sleep"))
    hub.heard.clear()
    publish("Sun")
    websub.send_due(config=config, clock=clock)
    assert sorted(hub.heard) == sorted(WHOLE | topic_feeds("sun"))
    assert hub.wrong == []


def test_every_ping_is_kept_with_its_answer(publish, config, clock):
    publish("Sun")
    websub.send_due(config=config, clock=clock)
    assert set(HubPing.objects.values_list("state", "status", "attempts")) == {("accepted", 204, 1)}
    assert not HubPing.objects.filter(finished_at=None).exists()


def test_feeds_name_the_hub_in_every_format(publish, config, hub):
    publish("Sun")
    folder = config.output / "skin-letter"
    for name in ("feed.xml", "atom.xml", "feed.json", "issues.json", "topics/sun/atom.xml"):
        assert hub.url in (folder / name).read_text()


def test_a_feed_is_in_its_place_when_the_hub_is_asked_to_come(story, config, monkeypatch):
    story.issue("Sun")
    seen = []
    monkeypatch.setattr(
        websub, "ask", lambda *_args, **_kwargs: seen.append((config.output / "skin-letter" / "feed.xml").is_file())
    )
    write_site(story.newsletter, config=config, now=SUNDAY)
    assert seen == [True]


def test_a_run_that_changes_nothing_tells_nothing(publish, story, config, clock, hub):
    publish("Sun")
    websub.send_due(config=config, clock=clock)
    hub.heard.clear()
    write_site(story.newsletter, config=config, now=SUNDAY)
    write_site(story.newsletter, config=config, now=SUNDAY, rebuild=True)
    assert not waiting().exists()


def test_a_correction_is_told(publish, story, config, clock, hub):
    publish("Sun", "Sleep")
    websub.send_due(config=config, clock=clock)
    hub.heard.clear()
    story.correct(next(tip for tip in story.published() if tip.revision.topic == "Sun"))
    write_site(story.newsletter, config=config, now=SUNDAY)
    websub.send_due(config=config, clock=clock)
    assert sorted(hub.heard) == sorted(WHOLE | topic_feeds("sun"))


def test_two_changes_before_the_hub_was_told_are_one_ping(publish, config, clock, hub):
    publish("Sun")
    publish("Sun")
    websub.send_due(config=config, clock=clock)
    assert len(hub.heard) == len(set(hub.heard)) == 9


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_hub_that_cannot_now_is_asked_again_and_later_each_time(publish, config, clock, hub, status):
    publish("Sun")
    hub.answers = [(status, {})]
    first = clock.now
    assert websub.send_due(config=config, clock=clock) == 0
    tried = HubPing.objects.get(attempts=1)
    assert (tried.state, tried.status, tried.said) == ("waiting", status, f"The hub answered {status}.")
    assert not waiting().filter(try_at__lt=first + timedelta(minutes=1)).exists()
    assert websub.send_due(config=config, clock=clock) == 0
    hub.answers = [(202, {})]
    clock.move_to(first + timedelta(minutes=2))
    assert websub.send_due(config=config, clock=clock) == 9


def test_a_hub_that_is_down_costs_one_try_for_all_its_feeds(publish, config, clock, hub):
    publish("Sun")
    hub.answers = [(500, {})]
    websub.send_due(config=config, clock=clock)
    assert sorted(HubPing.objects.values_list("attempts", flat=True)) == [0] * 8 + [1]


def test_a_hub_that_says_when_is_asked_then(publish, config, clock, hub):
    publish("Sun")
    hub.answers = [(503, {"Retry-After": "7200"})]
    websub.send_due(config=config, clock=clock)
    assert waiting().order_by("try_at")[0].try_at >= clock.now + timedelta(minutes=119)


@pytest.mark.parametrize("value", ["", "soon", "-1", "1e9", "9" * 40, "Fri, 31 Dec 1999 23:59:59 GMT", "²"])
def test_what_a_hub_says_of_when_is_believed_within_a_day(value):
    wanted = websub._wanted(value, SUNDAY)
    assert wanted is None or SUNDAY < wanted <= SUNDAY + timedelta(days=1)


@pytest.mark.parametrize("status", [301, 307, 400, 403, 404, 410])
def test_a_hub_that_refuses_is_not_asked_again(publish, config, clock, hub, status):
    publish("Sun")
    hub.answers = [(status, {"Location": "http://127.0.0.1:9/"})]
    websub.send_due(config=config, clock=clock)
    assert set(HubPing.objects.values_list("state", "status")) == {("failed", status)}


def test_a_hub_that_is_never_there_is_given_up_after_some_tries(publish, config, clock):
    publish("Sun")
    gone = config.model_copy(update={"websub_hub": "http://127.0.0.1:9/hub"})
    HubPing.objects.exclude(pk=HubPing.objects.first().pk).delete()
    HubPing.objects.update(hub_url=gone.websub_hub)
    for _ in range(20):
        websub.send_due(config=gone, clock=clock)
        clock.move_to(clock.now + timedelta(days=1))
    ping = HubPing.objects.get()
    assert (ping.state, ping.attempts, ping.said) == ("failed", len(pings.DELAYS) + 1, "No answer: ConnectionError.")


def test_a_hub_that_does_not_answer_is_left_in_time(publish, config, clock, hub, monkeypatch):
    publish("Sun")
    monkeypatch.setattr(websub, "TIMEOUT_SECONDS", 0.2)
    hub.answers = [(0, {"seconds": 1})]
    websub.send_due(config=config, clock=clock)
    assert HubPing.objects.get(attempts=1).said == "No answer: not within 0.2 seconds."


def test_a_hub_that_answers_a_byte_at_a_time_is_left_in_time_too(publish, config, clock, hub, monkeypatch):
    """Each byte comes within the limit, and so a limit between bytes would never end."""
    publish("Sun")
    monkeypatch.setattr(websub, "TIMEOUT_SECONDS", 0.5)
    hub.answers = [(-1, {})]
    websub.send_due(config=config, clock=clock)
    assert HubPing.objects.get(attempts=1).said == "No answer: not within 0.5 seconds."
    assert hub.dribbled < len(SLOW_ANSWER)


def test_a_hub_that_was_taken_out_of_the_configuration_is_not_told(publish, config, clock, hub):
    publish("Sun")
    websub.send_due(config=config.model_copy(update={"websub_hub": ""}), clock=clock)
    assert hub.heard == []
    assert set(HubPing.objects.values_list("state", flat=True)) == {"failed"}


def test_a_change_while_the_hub_is_being_told_is_told_again(publish, config, clock, hub):
    issue = publish("Sun")
    ping = pings.take(now=clock())
    pings.ask(newsletter=issue.newsletter, hub_url=hub.url, feed_urls=[ping.feed_url], now=clock())
    pings.accepted(ping=ping, status=204, now=clock())
    ping.refresh_from_db()
    assert ping.state == HubPingState.WAITING


def test_two_runs_at_once_tell_each_feed_once(publish, clock):
    publish("Sun")
    taken = [pings.take(now=clock.now) for _ in range(9)]
    assert len({ping.pk for ping in taken}) == 9
    assert pings.take(now=clock.now) is None


def test_what_a_run_that_died_had_taken_is_taken_again(publish, clock):
    publish("Sun")
    assert pings.take(now=clock.now)
    assert waiting().filter(try_at__gt=clock.now).count() == 1
    clock.move_to(clock.now + pings.LEASE)
    assert sum(pings.take(now=clock.now) is not None for _ in range(10)) == 9


def test_publishing_tells_the_hub_and_a_hub_that_fails_fails_nothing(readers, newsletter, queue, config, clock, hub):
    queue(2)
    hub.answers = [(500, {})]
    outcome = publish_now(newsletter, config=config, clock=clock, actor=EDITOR)
    assert outcome.state == "published"
    assert Delivery.objects.filter(state="accepted").count() == 5
    hub.answers = [(200, {})]
    clock.move_to(clock.now + timedelta(minutes=10))
    assert "WebSub: the hub was told of 12 feeds" in tick(config=config, clock=clock)
    assert len(hub.heard) == len(set(hub.heard)) == 12


def test_without_a_hub_nothing_is_kept_and_no_feed_names_one(story, config):
    quiet = config.model_copy(update={"websub_hub": ""})
    story.issue("Sun")
    write_site(story.newsletter, config=quiet, now=SUNDAY)
    assert not HubPing.objects.exists()
    assert b'rel="hub"' not in (config.output / "skin-letter" / "feed.xml").read_bytes()


def test_old_records_go_and_new_ones_stay(publish, config, clock):
    publish("Sun")
    websub.send_due(config=config, clock=clock)
    housekeeping(now=clock.now + timedelta(days=89))
    assert HubPing.objects.count() == 9
    housekeeping(now=clock.now + timedelta(days=91))
    assert not HubPing.objects.exists()
