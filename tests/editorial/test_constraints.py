"""What the database itself refuses, whoever writes to it."""

import pytest
from django.db import IntegrityError, transaction

from pipeline.editorial.models import Document, Issue, IssueTip, Newsletter, Provenance, QueueEntry, Tip, TipRevision
from tests.editorial.conftest import NOW


@pytest.fixture
def tip(write):
    return write()


@pytest.fixture
def stored(db):
    return Document.objects.create(
        name="a.txt", location="a.txt", media_type="text/plain", sha256="a" * 64, canonical_sha256="a" * 64,
        extractor="text/1", text="Some words.", ingested_at=NOW,
    )  # fmt: skip


def issue_of(newsletter, number, key):
    return Issue.objects.create(
        newsletter=newsletter, number=number, slot_key=key, slot_at=NOW, composed_at=NOW, design="digest"
    )


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_an_unknown_state_is_refused(newsletter, tip):
    issue_of(newsletter, 1, "a")
    refused(lambda: Tip.objects.update(state="famous"))
    refused(lambda: Issue.objects.update(state="famous"))
    refused(lambda: Newsletter.objects.update(approval="perhaps"))


def test_one_key_is_one_tip_in_a_newsletter_and_tips_without_one_are_free(newsletter, write):
    first, second = write("Sunscreen"), write("Sleep")
    Tip.objects.filter(pk=first.pk).update(ingest_key="file:a.md")
    refused(lambda: Tip.objects.filter(pk=second.pk).update(ingest_key="file:a.md"))
    assert Tip.objects.filter(ingest_key=None).count() == 1


def test_revisions_are_numbered_without_doubles(tip):
    refused(
        lambda: TipRevision.objects.create(
            tip=tip, number=1, title="x", text="x", topic="x", content_hash="x", created_at=NOW, created_by="x"
        )
    )


def test_a_slot_and_a_number_have_one_issue(newsletter):
    issue_of(newsletter, 1, "2026-11-24T09:00 Europe/Berlin")
    refused(lambda: issue_of(newsletter, 2, "2026-11-24T09:00 Europe/Berlin"))
    refused(lambda: issue_of(newsletter, 1, "2026-12-01T09:00 Europe/Berlin"))


def test_a_tip_is_once_in_an_issue_and_once_in_the_queue(newsletter, tip):
    issue = issue_of(newsletter, 1, "a")
    IssueTip.objects.create(issue=issue, position=1, tip=tip, revision=tip.revision, why="x")
    refused(lambda: IssueTip.objects.create(issue=issue, position=2, tip=tip, revision=tip.revision, why="x"))
    QueueEntry.objects.create(tip=tip, position=1, queued_at=NOW)
    refused(lambda: QueueEntry.objects.create(tip=tip, position=2, queued_at=NOW))


def test_a_span_is_never_empty(tip, stored):
    span = {"revision": tip.revision, "document": stored, "quote": "x"}
    refused(lambda: Provenance.objects.create(start=5, end=5, **span))


def test_the_same_content_from_one_place_is_one_document(stored):
    stored.pk = None
    refused(stored.save)


def test_a_document_that_a_tip_rests_on_and_an_issues_tip_cannot_be_deleted(newsletter, tip, stored):
    Provenance.objects.create(revision=tip.revision, document=stored, start=0, end=4, quote="Some")
    issue = issue_of(newsletter, 1, "a")
    IssueTip.objects.create(issue=issue, position=1, tip=tip, revision=tip.revision, why="x")
    refused(stored.delete)
    refused(tip.delete)
