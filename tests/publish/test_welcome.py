"""Welcoming new readers: each step once, at the reader's pace, by the ledger, and never a tip that they had."""

import email
import email.policy
import io
import itertools
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audience.actions.importing import ConsentProof, import_csv
from pipeline.audience.actions.subscriptions import LeftError, add_subscriber, resubscribe, unsubscribe
from pipeline.audience.addresses import parse
from pipeline.audience.models import Subscription
from pipeline.delivery.actions import welcome as actions
from pipeline.delivery.models import (
    Delivery,
    Message,
    MessageKind,
    MessageState,
    MessageTip,
    WelcomeMail,
    WelcomeSequence,
)
from pipeline.editorial.actions import newsletters, schedules
from pipeline.editorial.actions.issues import NothingToSendError
from pipeline.editorial.actions.rules import choose_welcome_tips, update_rules
from pipeline.editorial.models import Issue, Tip
from pipeline.publish import mailing, welcome, withdrawals
from pipeline.publish.publishing import publish_now
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, mails, make_newsletter
from tests.publish.test_publishing import now_out

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def rule(newsletter, clock, **changes):
    update_rules(newsletter=newsletter, changes={k: str(v) for k, v in changes.items()}, now=clock(), actor=EDITOR)


@pytest.fixture
def published(newsletter, queue, config, clock):
    """Four published tips in two issues, and welcoming switched on afterwards: three mails, two days between them."""
    made = queue(4)
    now_out(newsletter, config, clock)
    clock.move_to(SUNDAY + timedelta(minutes=5))
    now_out(newsletter, config, clock, another=True)
    clock.move_to(SUNDAY + DAY)
    schedules.pause_schedule(newsletter=newsletter, paused=True, now=clock(), actor=EDITOR)
    rule(newsletter, clock, welcome_mails=3, welcome_days=2)
    return [tip.pk for tip in made]


def joins(newsletter, clock, name="new"):
    return add_subscriber(
        mailing_list=newsletter.mailing_list, address=parse(f"{name}@reader.example"), wording="Yes, send it to me.",
        now=clock(), actor=EDITOR, source="by hand",
    )[0].subscriber  # fmt: skip


def given_tips(reader):
    return list(WelcomeMail.objects.filter(subscriber=reader).order_by("step").values_list("tip_id", flat=True))


def ticks(config, clock, days, every=DAY):
    """Ticks for so many days; what each of them said."""
    end, said = clock.now + timedelta(days=days), []
    while clock.now < end:
        said += tick(config=config, clock=clock)
        clock.move_to(clock.now + every)
    return said


def test_a_new_reader_gets_one_tip_at_a_time_at_the_newsletters_pace(newsletter, published, config, clock):
    reader = joins(newsletter, clock)
    ticks(config, clock, days=9)
    sent = list(WelcomeMail.objects.filter(subscriber=reader).order_by("step"))
    assert [mail.step for mail in sent] == [1, 2, 3]
    assert [(mail.planned_at - sent[0].planned_at).days for mail in sent] == [0, 2, 4]
    assert len(set(given_tips(reader))) == 3
    assert Delivery.objects.filter(subscriber=reader, state="accepted").count() == 3
    assert Message.objects.filter(kind=MessageKind.WELCOME, state=MessageState.FINISHED).count() == 3
    assert WelcomeSequence.objects.get(subscriber=reader).next_at is None


def test_readers_of_before_and_imported_ones_are_not_new(newsletter, readers, published, config, clock):
    proof = ConsentProof(source="the old tool", given_at=SUNDAY, wording="Yes, send it to me.")
    file = io.BytesIO(b"email\nimported@reader.example\n")
    import_csv(file=file, mailing_list=newsletter.mailing_list, proof=proof, now=clock(), actor=EDITOR)
    assert tick(config=config, clock=clock) == []
    assert not WelcomeMail.objects.exists()


def test_who_undoes_an_unsubscription_is_not_new(newsletter, readers, published, config, clock):
    reader = newsletter.mailing_list.subscriptions.first().subscriber_id
    unsubscribe(list_id=newsletter.mailing_list_id, subscriber_id=reader, now=clock())
    resubscribe(list_id=newsletter.mailing_list_id, subscriber_id=reader, ip=None, now=clock())
    tick(config=config, clock=clock)
    assert not WelcomeMail.objects.exists()


def test_who_joins_in_one_tick_shares_one_message_and_each_has_a_row(newsletter, published, config, clock):
    for number in range(4):
        joins(newsletter, clock, f"new{number}")
    said = tick(config=config, clock=clock)
    assert "skin-letter: 4 welcome mails planned" in said
    message = Message.objects.get(kind=MessageKind.WELCOME)
    assert (message.planned_count, message.state) == (4, MessageState.FINISHED)


def test_the_mail_is_the_newsletters_own_with_the_way_out_and_links_to_the_tips_first_page(
    newsletter, published, config, clock
):
    reader = joins(newsletter, clock)
    tick(config=config, clock=clock)
    (path,) = mails(config)
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    tip = Tip.objects.get(pk=given_tips(reader)[0])
    assert message["Subject"] == tip.revision.title
    assert message["List-Id"] == '"The Skin Letter" <skin-letter.newsletter.example>'
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = message.get_body(("html",)).get_content()
    assert tip.permalink in html.replace("&amp;", "&")
    assert "You are new to The Skin Letter." in html
    assert ">Welcome<" in html
    assert "Issue 1" not in html
    assert "1 Orchard Road" in html


def test_staff_choose_which_tips_and_in_which_order(newsletter, published, config, clock):
    a, b, _, d = published
    choose_welcome_tips(newsletter=newsletter, tip_ids=[d, a, b], now=clock(), actor=EDITOR)
    rule(newsletter, clock, welcome_choice="chosen")
    reader = joins(newsletter, clock)
    ticks(config, clock, days=6)
    assert given_tips(reader) == [d, a, b]


def test_the_best_by_score_come_first(newsletter, published, config, clock):
    for score, tip_id in enumerate(published):
        tip = Tip.objects.get(pk=tip_id)
        tip.revision.score = score / 10
        tip.revision.save()
    reader = joins(newsletter, clock)
    ticks(config, clock, days=6)
    assert given_tips(reader) == list(reversed(published))[:3]


def test_a_tip_that_came_by_an_issue_meanwhile_is_not_given_again_and_the_other_way_round(
    newsletter, published, queue, config, clock
):
    reader = joins(newsletter, clock)
    rule(newsletter, clock, short_queue="reuse", reuse_after_months=1, welcome_days=40)
    tick(config=config, clock=clock)
    (first,) = given_tips(reader)
    clock.move_to(clock.now + timedelta(days=35))
    other = joins(newsletter, clock, "other")
    rule(newsletter, clock, welcome_mails=0)  # only the first of the two is welcomed
    outcome = now_out(newsletter, config, clock, another=True)
    issue = Issue.objects.order_by("number").last()
    brings = set(issue.issue_tips.values_list("tip_id", flat=True))
    assert first in brings
    row = Delivery.objects.get(message__issue=issue, subscriber=reader)
    assert (row.state, row.reason) == ("excluded", "had one of the tips before")
    assert Delivery.objects.get(message__issue=issue, subscriber=other).state == "accepted"
    assert outcome.sums.adds_up
    rule(newsletter, clock, welcome_mails=3)
    had = actions._had([other.pk], published)
    assert had[other.pk] == brings


def test_regular_issues_wait_for_the_end_of_the_welcome_where_the_newsletter_says_so(
    newsletter, published, queue, config, clock
):
    rule(newsletter, clock, welcome_pauses_issues="yes", welcome_mails=1)
    queue(4)  # after the first four, with the same words again two of them come round
    reader = joins(newsletter, clock)
    now_out(newsletter, config, clock, another=True)
    issue = Issue.objects.order_by("number").last()
    row = Delivery.objects.get(message__issue=issue, subscriber=reader)
    assert (row.state, row.reason) == ("excluded", "is still being welcomed")
    tick(config=config, clock=clock)
    assert WelcomeSequence.objects.get(subscriber=reader).next_at is None


def test_who_leaves_gets_no_further_mail(newsletter, published, config, clock):
    reader = joins(newsletter, clock)
    tick(config=config, clock=clock)
    unsubscribe(list_id=newsletter.mailing_list_id, subscriber_id=reader.pk, now=clock())
    ticks(config, clock, days=9)
    assert len(given_tips(reader)) == 1
    assert WelcomeSequence.objects.get(subscriber=reader).next_at is None


def test_who_leaves_between_plan_and_sending_is_suppressed_with_the_reason(newsletter, published, config, clock):
    reader = joins(newsletter, clock)
    list(welcome.plan_due(newsletter, config=config, clock=clock))
    unsubscribe(list_id=newsletter.mailing_list_id, subscriber_id=reader.pk, now=clock())
    mailing.send(config=config, clock=clock)
    assert list(Delivery.objects.values_list("state", "reason")) == [("suppressed", "unsubscribed")]
    assert mails(config) == []


def test_a_long_sleep_brings_one_mail_and_not_all_of_them(newsletter, published, config, clock):
    reader = joins(newsletter, clock)
    tick(config=config, clock=clock)
    clock.move_to(clock.now + timedelta(days=60))
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    assert len(given_tips(reader)) == 2


def test_fewer_tips_than_mails_end_the_welcome(newsletter, published, config, clock):
    choose_welcome_tips(newsletter=newsletter, tip_ids=published[:1], now=clock(), actor=EDITOR)
    rule(newsletter, clock, welcome_choice="chosen")
    reader = joins(newsletter, clock)
    ticks(config, clock, days=9)
    assert given_tips(reader) == published[:1]
    assert WelcomeSequence.objects.get(subscriber=reader).next_at is None


def test_a_withdrawn_tip_welcomes_nobody_and_its_waiting_mail_is_cancelled(newsletter, published, config, clock):
    choose_welcome_tips(newsletter=newsletter, tip_ids=published[:2], now=clock(), actor=EDITOR)
    rule(newsletter, clock, welcome_choice="chosen")
    joins(newsletter, clock)
    list(welcome.plan_due(newsletter, config=config, clock=clock))
    said = withdrawals.withdraw(tip_id=published[0], reason="Wrong.", now=clock(), actor=EDITOR)
    assert said == ["a welcome mail with it is cancelled"]
    mailing.send(config=config, clock=clock)
    assert mails(config) == []
    ticks(config, clock, days=5)
    assert list(WelcomeMail.objects.order_by("step").values_list("tip_id", flat=True)) == published[:2]
    assert len(mails(config)) == 1


def test_without_a_postal_address_nobody_is_welcomed_and_it_says_what_to_do(newsletter, published, config, clock):
    newsletters.update_newsletter(newsletter=newsletter, changes={"postal_address": ""}, now=clock(), actor=EDITOR)
    newsletter.refresh_from_db()
    joins(newsletter, clock)
    (said,) = tick(config=config, clock=clock)
    assert "no welcome was sent" in said
    assert "postal address" in said
    assert not WelcomeMail.objects.exists()


class PowerCutError(Exception):
    """What a killed process looks like from within: nothing after this statement is done."""


def cut_at(number):
    """Let so many statements through, and no further one."""
    seen = itertools.count(1)

    def wrapper(execute, sql, params, many, context):
        if next(seen) > number:
            raise PowerCutError
        return execute(sql, params, many, context)

    return wrapper


def test_a_run_that_ends_at_any_statement_is_finished_by_the_next_and_each_mail_is_planned_once(
    newsletter, published, config, clock
):
    joins(newsletter, clock, "a")
    joins(newsletter, clock, "b")
    for number in itertools.count(1):
        try:
            with connection.execute_wrapper(cut_at(number)):
                list(welcome.plan_due(newsletter, config=config, clock=clock))
        except PowerCutError:
            connection.close()
            assert WelcomeMail.objects.count() == Delivery.objects.filter(message__kind="welcome").count()
            if WelcomeMail.objects.exists():
                break  # the mails are committed; what is cut from here on is only the look for more
        else:
            break
    assert number > 10
    tick(config=config, clock=clock)
    tick(config=config, clock=clock)
    assert (
        WelcomeMail.objects.count() == Delivery.objects.filter(state="accepted", message__kind="welcome").count() == 2
    )


def test_another_newsletters_readers_are_not_welcomed_by_this_one(newsletter, published, config, clock):
    other = make_newsletter(slug="other", list_id="other.newsletter.example")
    reader = joins(other, clock)
    ticks(config, clock, days=3)
    assert given_tips(reader) == []


steps = st.lists(st.tuples(st.sampled_from(["join", "tick", "issue", "leave"]), st.integers(0, 2)), max_size=9)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(story=steps)
def test_whatever_happens_no_reader_is_sent_a_tip_twice_or_a_step_twice(newsletter, published, config, clock, story):
    for each in (WelcomeMail, WelcomeSequence):
        each.objects.all().delete()
    Delivery.objects.filter(subscriber__address__startswith="who").delete()
    Subscription.objects.filter(subscriber__address__startswith="who").delete()
    rule(newsletter, clock, short_queue="reuse", reuse_after_months=1, welcome_days=1)
    for what, who in story:
        clock.move_to(clock.now + timedelta(days=20))
        if what == "join":
            with suppress(LeftError):  # only the reader comes back
                joins(newsletter, clock, f"who{who}")
        elif what == "tick":
            tick(config=config, clock=clock)
        elif what == "leave":
            for subscription in Subscription.objects.filter(subscriber__address=f"who{who}@reader.example"):
                unsubscribe(list_id=newsletter.mailing_list_id, subscriber_id=subscription.subscriber_id, now=clock())
        else:
            with suppress(NothingToSendError):
                publish_now(newsletter, config=config, clock=clock, actor=EDITOR, another=True)
    got = [
        (delivery.subscriber_id, each.tip_id)
        for delivery in Delivery.objects.filter(state="accepted", subscriber__address__startswith="who")
        for each in MessageTip.objects.filter(message=delivery.message_id)
    ]
    assert len(got) == len(set(got))
