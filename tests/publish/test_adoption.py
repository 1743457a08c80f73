"""A database that went back: nothing that may be out already leaves again, and a person is told what to look at."""

from datetime import datetime, timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.delivery.installation import FILE_NAME
from pipeline.delivery.models import Installation
from pipeline.editorial.actions import schedules
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue
from pipeline.publish.adoption import adopt
from pipeline.publish.publishing import approve_by_person
from pipeline.publish.ticks import tick
from tests.publish.conftest import EDITOR, SUNDAY, TUESDAY_SLOT, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("readers")]
LEAD = TUESDAY_SLOT - timedelta(hours=23)


@pytest.fixture
def restored(newsletter, queue, config, clock):
    """The first issue was sent; the second was composed when the backup was made, whatever became of it since."""
    queue(6)
    for instant in (TUESDAY_SLOT, LEAD + timedelta(weeks=1)):
        clock.move_to(instant)
        tick(config=config, clock=clock)
    (config.var / FILE_NAME).unlink()
    clock.move_to(TUESDAY_SLOT + timedelta(weeks=1, hours=2))
    return newsletter


def adopted(config, clock):
    return adopt(config=config, now=clock(), actor=EDITOR)


def test_until_it_is_adopted_nothing_is_mailed_and_it_says_why(restored, config, clock):
    assert "run.py adopt" in " ".join(tick(config=config, clock=clock))
    assert len(mails(config)) == 5


def test_an_issue_that_may_be_out_already_is_held_until_a_person_looked(restored, config, clock):
    adoption = adopted(config, clock)
    assert adoption.held == (("skin-letter", 2),)
    assert (adoption.paused, adoption.unknown_slots) == ((), ())
    assert adoption.last_mailed_at is not None
    tick(config=config, clock=clock)
    issue = Issue.objects.get(number=2)
    assert issue.state == IssueState.HELD
    assert "may not know that the issue went out" in issue.held_reason
    assert mails(config) == []  # the outbox of before is set aside
    approve_by_person(issue, config=config, now=clock(), actor=EDITOR)
    tick(config=config, clock=clock)
    assert len(mails(config)) == 5


def test_a_slot_of_which_it_knows_nothing_is_named_and_not_made_up_for(restored, config, clock):
    clock.move_to(TUESDAY_SLOT + timedelta(weeks=2, hours=2))
    adoption = adopted(config, clock)
    assert adoption.unknown_slots == (("skin-letter", "2026-12-08T09:00 Europe/Berlin"),)
    tick(config=config, clock=clock)
    assert mails(config) == []
    assert AuditEntry.objects.get(action="schedule.slots_unknown").detail["slots"] == ["2026-12-08T09:00 Europe/Berlin"]


def test_a_slot_that_passed_before_the_last_mail_with_its_issue_still_to_be_made_is_named_too(restored, config, clock):
    Installation.objects.update(seen_at=TUESDAY_SLOT + timedelta(weeks=2, hours=1))  # another newsletter's mail
    clock.move_to(TUESDAY_SLOT + timedelta(weeks=2, hours=2))
    assert adopted(config, clock).unknown_slots == (("skin-letter", "2026-12-08T09:00 Europe/Berlin"),)


def test_an_issue_at_a_moment_of_its_own_is_not_made_up_for_either(newsletter, queue, config, clock):
    queue(4)
    moment = datetime.fromisoformat("2026-11-23T18:00")
    schedules.add_one_off(newsletter=newsletter, nominal=moment, now=SUNDAY, actor=EDITOR)
    (config.var / FILE_NAME).unlink()
    clock.move_to(SUNDAY + timedelta(days=1, hours=8))
    adopted(config, clock)
    tick(config=config, clock=clock)
    assert not Issue.objects.filter(slot_key__startswith="once").exists()


def test_the_next_slot_goes_out_as_ever(restored, config, clock):
    adopted(config, clock)
    clock.move_to(TUESDAY_SLOT + timedelta(weeks=2))
    tick(config=config, clock=clock)
    assert Issue.objects.get(slot_key__startswith="2026-12-08").state == IssueState.PUBLISHED
    assert len(mails(config)) == 5
