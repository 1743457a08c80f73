"""Founding a newsletter: with a list and a schedule of its own, or refused in words."""

from datetime import timedelta

import pytest

from pipeline.audience.addresses import AddressError
from pipeline.audience.models import MailingList
from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions.newsletters import RESERVED_SLUGS, NewsletterError, update_newsletter
from pipeline.editorial.actions.schedules import pause_schedule
from pipeline.editorial.models import Newsletter, Schedule
from pipeline.editorial.queries import free_slots, rule_of
from pipeline.editorial.recurrence_rules import ScheduleError
from pipeline.editorial.recurrence_words import describe
from tests.editorial.conftest import ANNA, NOW, make_newsletter


def test_a_newsletter_comes_with_a_list_and_a_schedule_of_its_own(newsletter):
    assert newsletter.mailing_list.slug == "skin-letter"
    assert describe(rule_of(newsletter)) == "every Tuesday at 09:00 (Europe/Berlin)"
    assert next(free_slots(newsletter, after=NOW)).key == "2026-11-24T09:00 Europe/Berlin"
    assert AuditEntry.objects.get(action="newsletter.created").actor == ANNA


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"slug": "Skin Letter"}, NewsletterError, "cannot be part of an address"),
        ({"slug": "../etc"}, NewsletterError, "cannot be part of an address"),
        ({"slug": ""}, NewsletterError, "cannot be part of an address"),
        ({"slug": "studio"}, NewsletterError, "the installation itself needs"),
        ({"list_id": "skin-letter"}, NewsletterError, "is no list id"),
        ({"list_id": "a b.example"}, NewsletterError, "is no list id"),
        ({"time_zone": "Berlin"}, ScheduleError, "no time zone 'Berlin'"),
        ({"weekdays": "someday"}, ScheduleError, "is no weekday"),
        ({"accent_colour": "red"}, NewsletterError, "Write it as #b4533c"),
        ({"utm_source": "the letter&x=1"}, NewsletterError, "no name for web statistics"),
        ({"claims_region": "xx"}, NewsletterError, "Use one of: eu, uk, us"),
        ({"sender_address": "letter"}, AddressError, "is not an email address"),
        ({"reply_to": "a@b@c"}, AddressError, "is not an email address"),
        ({"name": "The\x00Letter"}, NewsletterError, "cannot be seen"),
        ({"name": "  "}, NewsletterError, "is missing"),
        ({"sender_name": "x" * 121}, NewsletterError, "more than 120 characters"),
        ({"language": "english!"}, NewsletterError, "language tag"),
        ({"logo_url": "http://x.example/a.png"}, NewsletterError, "https://"),
        ({"design": "../../secret"}, NewsletterError, "templates/email"),
        ({"tips_per_issue": 0}, NewsletterError, "from 1 to 50"),
        ({"tips_per_issue": 51}, NewsletterError, "from 1 to 50"),
        ({"lead_time_minutes": -1}, NewsletterError, "from 0 to 40320"),
        ({"lead_time_minutes": 40_321}, NewsletterError, "from 0 to 40320"),
        ({"approval": "perhaps"}, NewsletterError, "automatic or required"),
        ({"slug": "a" * 61}, NewsletterError, "Use up to 60"),
        ({"slug": "skin--letter"}, NewsletterError, "single hyphens"),
        ({"list_id": "a." + "b" * 199}, NewsletterError, "is no list id"),
        ({"tagline": "x" * 201}, NewsletterError, "more than 200 characters"),
        ({"reason": ""}, NewsletterError, "reason is missing"),
        ({"reason": "x" * 501}, NewsletterError, "more than 500 characters"),
        ({"name": "The \u202eLetter"}, NewsletterError, "cannot be seen"),
        ({"postal_address": "1 Orchard Road\x07"}, NewsletterError, "postal address holds"),
        ({"advice_note": "Ask\u2028a doctor"}, NewsletterError, "advice note holds"),
        ({"utm_source": "skin letter"}, NewsletterError, "no name for web statistics"),
        ({"fonts": "Comic Sans"}, NewsletterError, "no fonts 'Comic Sans'"),
        ({"utm_source": "x" * 61}, NewsletterError, "no name for web statistics"),
        ({"claims_region": "mars"}, NewsletterError, "no claims rules for 'mars'"),
    ],
)
@pytest.mark.django_db
def test_what_a_newsletter_cannot_be_is_refused_and_nothing_is_left_behind(changes, error, said):
    with pytest.raises(error, match=said):
        make_newsletter(**changes)
    assert not Newsletter.objects.exists()
    assert not MailingList.objects.exists()


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
@pytest.mark.django_db
def test_no_newsletter_takes_an_address_that_the_installation_needs(slug):
    with pytest.raises(NewsletterError):
        make_newsletter(slug=slug)


def test_two_newsletters_never_share_a_slug_or_a_list_id(newsletter):
    with pytest.raises(NewsletterError, match="already"):
        make_newsletter(list_id="other.newsletter.example")
    with pytest.raises(NewsletterError, match="another newsletter"):
        make_newsletter(slug="other")
    make_newsletter(slug="other", list_id="other.newsletter.example")
    assert Newsletter.objects.count() == 2


def test_what_is_given_is_kept_to_its_very_limits(db):
    newsletter = make_newsletter(
        slug="a" * 60, sender_name="x" * 120, tagline="x" * 200, reason="x" * 500, tips_per_issue=50,
        lead_time_minutes=0, utm_source="x" * 60, list_id="a." + "b" * 198,
    )  # fmt: skip
    stored = Newsletter.objects.get()
    assert stored.slug == stored.mailing_list.slug == "a" * 60
    assert (stored.tips_per_issue, stored.lead_time_minutes) == (50, 0)
    assert (len(stored.sender_name), len(stored.tagline), len(stored.reason)) == (120, 200, 500)
    assert newsletter.list_id == stored.list_id


def test_what_is_typed_is_kept_as_it_is_meant(db):
    make_newsletter(
        name="  The\tSkin  Letter ", list_id="<Skin.Newsletter.Example>", sender_address=" letter@Newsletter.example ",
        postal_address="1 Orchard Road\r\nExampletown\r\n", accent_colour=" #B4533C ", utm_source=" skin-letter ",
        logo_url=" https://x.example/logo.png ", reply_to=" ",
    )  # fmt: skip
    stored = Newsletter.objects.get()
    assert (stored.name, stored.mailing_list.name) == ("The Skin Letter", "The Skin Letter")
    assert stored.list_id == "skin.newsletter.example"
    assert stored.postal_address == "1 Orchard Road\nExampletown"
    assert (stored.accent_colour, stored.utm_source) == ("#B4533C", "skin-letter")
    assert (stored.logo_url, stored.reply_to) == ("https://x.example/logo.png", "")
    assert stored.sender_address == "letter@newsletter.example"


def test_a_newsletter_without_wishes_has_what_the_model_gives(newsletter):
    assert (newsletter.tips_per_issue, newsletter.approval, newsletter.lead_time_minutes) == (3, "automatic", 1440)
    assert (newsletter.language, newsletter.design, newsletter.claims_region) == ("en", "digest", "eu")


def test_slots_are_counted_from_the_start_that_is_given(db):
    newsletter = make_newsletter(starts_at=NOW + timedelta(days=30), local_time="18:15", weekdays="MO,TH")
    assert next(free_slots(newsletter, after=NOW)).key == "2026-12-24T18:15 Europe/Berlin"


def test_a_change_is_made_to_what_is_stored_and_not_to_what_was_read_long_ago(newsletter):
    read_long_ago = Newsletter.objects.get()
    update_newsletter(newsletter=newsletter, changes={"tagline": "New"}, now=NOW, actor=ANNA)
    assert update_newsletter(newsletter=read_long_ago, changes={"tagline": ""}, now=NOW, actor=ANNA) == ["tagline"]
    assert Newsletter.objects.get().tagline == ""
    assert AuditEntry.objects.filter(action="newsletter.changed").count() == 2


def test_a_list_id_that_another_newsletter_has_is_refused_and_the_row_in_hand_keeps_its_own(newsletter):
    other = make_newsletter(slug="other", list_id="other.newsletter.example")
    with pytest.raises(NewsletterError, match="belongs to another newsletter") as refused:
        update_newsletter(newsletter=other, changes={"list_id": newsletter.list_id}, now=NOW, actor=ANNA)
    assert refused.value.field == "list_id"
    assert other.list_id == Newsletter.objects.get(slug="other").list_id == "other.newsletter.example"
    assert update_newsletter(newsletter=other, changes={"list_id": other.list_id}, now=NOW, actor=ANNA) == []


def test_only_what_is_named_of_a_schedule_changes(newsletter):
    before = Schedule.objects.get()
    changed = update_newsletter(newsletter=newsletter, changes={"time_zone": "Asia/Tokyo"}, now=NOW, actor=ANNA)
    after = Schedule.objects.get()
    assert changed == ["time_zone"]
    assert (after.days, after.times, after.time_zone) == (before.days, before.times, "Asia/Tokyo")
    assert AuditEntry.objects.get(action="schedule.changed").detail["fields"] == ["time_zone"]


def test_pausing_twice_is_logged_once_and_another_newsletter_goes_on(newsletter):
    other = make_newsletter(slug="other", list_id="other.newsletter.example")
    for _ in range(2):
        pause_schedule(newsletter=newsletter, paused=True, now=NOW, actor=ANNA)
    assert list(AuditEntry.objects.filter(action__startswith="schedule.").values_list("action", flat=True)) == [
        "schedule.paused"
    ]
    assert rule_of(newsletter) is None
    assert rule_of(other) is not None


def test_a_change_names_what_really_changed_and_the_same_again_changes_nothing(newsletter):
    changes = {
        "name": "The Skin Letter",
        "tagline": "One good habit a week",
        "weekdays": "TU,FR",
        "local_time": "07:30",
    }
    changed = update_newsletter(newsletter=newsletter, changes=changes, now=NOW, actor=ANNA)
    assert sorted(changed) == ["days", "tagline", "times"]
    assert Schedule.objects.get().times == "07:30"
    assert update_newsletter(newsletter=newsletter, changes=changes, now=NOW, actor=ANNA) == []


@pytest.mark.parametrize(
    ("changes", "said"), [({"slug": "other"}, "cannot change"), ({"colour": "#fff000"}, "has no 'colour'")]
)
def test_a_change_that_would_break_links_or_means_nothing_is_refused(newsletter, changes, said):
    with pytest.raises(NewsletterError, match=said):
        update_newsletter(newsletter=newsletter, changes=changes, now=NOW, actor=ANNA)


def test_a_faulty_change_leaves_everything_as_it_was(newsletter):
    with pytest.raises(ScheduleError):
        update_newsletter(
            newsletter=newsletter, changes={"tagline": "New", "time_zone": "Nowhere"}, now=NOW, actor=ANNA
        )
    assert Newsletter.objects.get().tagline == ""


def test_a_paused_schedule_has_no_coming_slots_until_it_is_resumed(newsletter):
    pause_schedule(newsletter=newsletter, paused=True, now=NOW, actor=ANNA)
    assert list(free_slots(newsletter, after=NOW)) == []
    pause_schedule(newsletter=newsletter, paused=False, now=NOW, actor=ANNA)
    assert next(free_slots(newsletter, after=NOW)).key.startswith("2026-11-24")
