"""The audit log: who did what to what, and when; only ever added to, and never said of what did not happen."""

import inspect
from datetime import UTC, datetime

import pytest
from django.db import transaction

from pipeline.audit import actions
from pipeline.audit.actions import record
from pipeline.audit.models import AuditEntry
from tests import rules

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HASH = "ab" * 32


def approved(**changes):
    record(**{"now": NOW, "actor": "anna", "action": "tip.approved", "subject_kind": "tip", "subject_id": 7, **changes})


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_what_and_when():
    approved(hash_before="", hash_after=HASH, before="in_review", after="approved")
    entry = AuditEntry.objects.get()
    assert (entry.at, entry.actor, entry.action) == (NOW, "anna", "tip.approved")
    assert (entry.subject_kind, entry.subject_id) == ("tip", "7")
    assert (entry.hash_before, entry.hash_after) == ("", HASH)
    assert entry.detail == {"before": "in_review", "after": "approved"}
    assert str(entry) == "2026-11-24 09:00 anna: tip.approved tip 7"


@pytest.mark.django_db
def test_the_same_thing_done_twice_is_two_entries_in_their_order():
    approved()
    approved(actor="ben")
    assert list(AuditEntry.objects.order_by("pk").values_list("actor", flat=True)) == ["anna", "ben"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_was_never_done_and_is_not_said():
    with transaction.atomic():
        approved()
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_the_history_of_one_subject_is_found_by_an_index():
    history = AuditEntry.objects.filter(subject_kind="tip", subject_id="7")
    assert "audit_subject" in history.explain()


def test_there_is_one_way_to_write_and_none_to_change_or_delete():
    public = [name for name, value in vars(actions).items() if inspect.isfunction(value) and not name.startswith("_")]
    assert public == ["record"]
    breaches = [line for name, source in rules.modules() for line in rules.audit_edits(name, source)]
    assert breaches == []
