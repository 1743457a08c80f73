"""Founding a newsletter: with a list and a schedule of its own, or refused in words."""

from datetime import time

import pytest

from pipeline.audience.addresses import AddressError
from pipeline.audience.models import MailingList
from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions.newsletters import (
    RESERVED_SLUGS,
    NewsletterError,
    pause_schedule,
    update_newsletter,
)
from pipeline.editorial.models import Newsletter, Schedule
from pipeline.editorial.queries import free_slots, rule_of
from pipeline.editorial.slots import ScheduleError
from tests.editorial.conftest import ANNA, NOW, make_newsletter


def test_a_newsletter_comes_with_a_list_and_a_schedule_of_its_own(newsletter):
    assert newsletter.mailing_list.slug == "skin-letter"
    assert rule_of(newsletter).describe() == "every Tuesday at 09:00 (Europe/Berlin)"
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
        ({"sender_address": "letter"}, AddressError, "is not an email address"),
        ({"reply_to": "a@b@c"}, AddressError, "is not an email address"),
        ({"name": "The\x00Letter"}, NewsletterError, "cannot be seen"),
        ({"name": "  "}, NewsletterError, "is missing"),
        ({"sender_name": "x" * 121}, NewsletterError, "more than 120 characters"),
        ({"language": "english!"}, NewsletterError, "language tag"),
        ({"logo_url": "http://x.example/a.png"}, NewsletterError, "https://"),
        ({"design": "../../secret"}, NewsletterError, "templates/email"),
        ({"tips_per_issue": 0}, NewsletterError, "from 1 to 50"),
        ({"approval": "perhaps"}, NewsletterError, "automatic or required"),
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


def test_a_change_names_what_really_changed_and_the_same_again_changes_nothing(newsletter):
    changes = {
        "name": "The Skin Letter",
        "tagline": "One good habit a week",
        "weekdays": "TU,FR",
        "local_time": "07:30",
    }
    changed = update_newsletter(newsletter=newsletter, changes=changes, now=NOW, actor=ANNA)
    assert sorted(changed) == ["local_time", "tagline", "weekdays"]
    assert Schedule.objects.get().local_time == time(7, 30)
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
