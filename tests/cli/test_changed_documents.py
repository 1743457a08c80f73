"""A changed or missing document as a person meets it: what `ingest` says, what is listed, and how it is settled."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pipeline.clock import utc_now
from pipeline.editorial.models import QueueEntry, Tip
from tests.cli.test_editorial_commands import put, run, workspace  # noqa: F401 - a fixture

CLOTH = "Wash the face cloth twice a week at 60 degrees, because damp fabric may hold germs for days."
SUN = "Wear a broad-spectrum sunscreen every day for two weeks after a peel, even when the sky is cloudy."
ARTICLE = f"Small habits\n\nCloths\n\n{CLOTH}\n\nSun\n\n{SUN}\n"
OTHER = ARTICLE.replace("twice a week at 60 degrees", "once a week at 40 degrees")


@pytest.fixture
def habits(workspace):  # noqa: F811
    """The article, taken in; its tip on cloths is queued."""
    file = put(workspace / "tips" / "documents" / "habits.txt", ARTICLE)
    run("ingest")
    run("tips", "approve", cloth().pk, "--override", "Read it.")
    return file


def cloth():
    return Tip.objects.select_related("revision").get(revision__text__contains="60 degrees")


def publish():
    QueueEntry.objects.all().delete()
    Tip.objects.filter(pk=cloth().pk).update(state="published", published_at=utc_now() - timedelta(days=1))


def test_ingest_says_what_went_back_to_review(habits):
    put(habits, OTHER)
    said = run("ingest").stdout
    assert f"back to review, because the words that they rest on are gone: tip {cloth().pk}\n" in said


def test_the_tip_shows_what_stands_in_the_source_now(habits):
    put(habits, OTHER)
    run("ingest")
    shown = " ".join(run("tips", "show", cloth().pk).stdout.split())
    assert "was changed: “Wash the face cloth twice a week at 60 degrees" in shown
    assert "is now “Wash the face cloth once a week at 40 degrees" in shown
    assert json.loads(run("tips", "show", cloth().pk, "--json").stdout)[0]["source_changes"]


def test_a_draft_whose_source_changed_is_marked_and_not_approved_as_clean(habits):
    run("ingest", "--again")
    sun = Tip.objects.get(revision__text__contains="sunscreen")
    put(habits, ARTICLE.replace("every day for two weeks", "now and then for nine weeks"))
    assert f"to look at before they are approved, because the words that they rest on are gone: tip {sun.pk}" in (
        run("ingest").stdout
    )
    assert f"{sun.pk:>5} ! draft" in run("tips", "list").stdout
    run("tips", "approve", "--all-clean")
    assert Tip.objects.get(pk=sun.pk).state == "draft"


def test_what_readers_have_is_listed_for_correction_with_both_wordings(habits):
    publish()
    assert "No published tip needs a correction" in run("tips", "list", "--needs-correction").stdout
    put(habits, OTHER)
    assert "readers have them, and their source does not say so any more" in run("ingest").stdout
    listed = " ".join(run("tips", "list", "--needs-correction").stdout.split())
    assert "60 degrees" in listed
    assert "40 degrees" in listed
    assert "1 to correct" in listed
    assert [each["id"] for each in json.loads(run("tips", "list", "--needs-correction", "--json").stdout)] == [
        cloth().pk
    ]


def test_status_and_the_studio_s_first_page_name_what_is_to_be_corrected(habits):
    publish()
    assert "to correct" not in run("status").stdout
    put(habits, OTHER)
    run("ingest")
    assert f"to correct   {cloth().pk}: their source changed" in run("status").stdout
    assert json.loads(run("status", "--json").stdout)[0]["to_correct"] == [cloth().pk]
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    page = client.get("/studio/").content.decode()
    assert "To correct" in page
    assert f"/studio/tips/{cloth().pk}/" in page
    assert "The source changed" in client.get(f"/studio/tips/{cloth().pk}/").content.decode()


def test_what_still_stands_is_kept_with_a_reason_and_leaves_the_list(habits):
    publish()
    put(habits, OTHER)
    run("ingest")
    assert "still stands, says" in run("tips", "keep", cloth().pk, "--reason", "Both are right.").stdout
    assert "No published tip needs a correction" in run("tips", "list", "--needs-correction").stdout
    assert "needs no correction" in run("tips", "keep", cloth().pk, "--reason", "Again.", code=1).stderr


def test_a_document_that_is_gone_is_said_with_what_rests_on_it(habits):
    habits.unlink()
    said = run("ingest").stdout
    assert "tips/documents/habits.txt: its file is not there any more" in said
    assert f"back to review, because the words that they rest on are gone: tip {cloth().pk}" in said
    assert "There is nothing to take in" in run("ingest").stdout


def test_every_document_that_agrees_is_shown_on_the_terminal_and_in_the_studio(habits):
    for name in ("laundry.txt", "bath.txt"):
        put(habits.parent / name, f"On {name[:-4]}\n\n{CLOTH}\n")
    run("ingest")
    shown = run("tips", "show", cloth().pk).stdout
    assert "says the same: tips/documents/laundry.txt" in shown
    assert "says the same: tips/documents/bath.txt" in shown
    assert "3 documents say so" in shown
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    page = client.get(f"/studio/tips/{cloth().pk}/").content.decode()
    assert page.count("Says the same") == 2
    assert "3 documents say so" in page


def test_documents_that_disagree_show_both_sides_on_the_terminal_and_in_the_studio(habits):
    put(habits.parent / "laundry.txt", f"Laundry\n\n{CLOTH.replace('60', '40').replace('twice', 'once')}\n")
    run("ingest")
    flagged = next(tip for tip in Tip.objects.select_related("revision") if tip.revision.flags)
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))
    shown = run("tips", "show", flagged.pk).stdout
    page = client.get(f"/studio/tips/{flagged.pk}/").content.decode()
    for place in (shown, page):
        assert "ources disagree" in place
        assert "60 degrees" in place
        assert "40 degrees" in place
