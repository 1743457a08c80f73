"""A copied or restored database does not mail until a person adopts it."""

import shutil
import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pipeline.audit.models import AuditEntry
from pipeline.delivery import doubts, ledger
from pipeline.delivery.actions.installation import adopt, adopt_if_new, begin_run
from pipeline.delivery.installation import (
    Identity,
    InstallationError,
    agrees,
    in_database,
    in_file,
    refuse_foreign_database,
    write_file,
)
from pipeline.delivery.models import Batch, Delivery, Installation, MessageState
from tests.delivery.scene import NOW, planned_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def var(tmp_path):
    adopt_if_new(var=tmp_path / "var", now=NOW)
    return tmp_path / "var"


def test_a_new_database_and_a_new_workspace_belong_together(var):
    assert agrees(var)
    assert in_file(var) == in_database()
    assert stat.S_IMODE(var.stat().st_mode) == 0o700


def test_founding_again_changes_nothing(var):
    before = in_file(var)
    adopt_if_new(var=var, now=NOW)
    assert in_file(var) == in_database() == before


def test_workers_of_one_process_that_begin_at_once_do_not_trip_over_each_other(var):
    identities = [Identity(uuid.uuid4(), number) for number in range(200)]
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda identity: write_file(var, identity), identities))
    assert in_file(var) in identities
    assert [path.name for path in var.iterdir()] == ["installation"]


def test_a_database_in_a_workspace_without_an_id_was_copied_there(var, tmp_path):
    adopt_if_new(var=tmp_path / "elsewhere", now=NOW)
    assert not agrees(tmp_path / "elsewhere")
    with pytest.raises(InstallationError, match=r"installation is missing.*run\.py adopt"):
        refuse_foreign_database(tmp_path / "elsewhere")


def test_a_database_of_another_workspace_is_refused(var):
    Installation.objects.update(installation_id="0" * 32)
    with pytest.raises(InstallationError, match=r"copied from another installation.*run\.py adopt"):
        refuse_foreign_database(var)


def test_a_new_database_in_an_old_workspace_is_refused(var):
    Installation.objects.all().delete()
    adopt_if_new(var=var, now=NOW)
    with pytest.raises(InstallationError, match="the database has no installation id"):
        refuse_foreign_database(var)


def test_a_database_that_was_restored_from_before_the_last_mails_is_refused(var):
    begin_run(var=var, now=NOW)
    backup = in_database().generation
    begin_run(var=var, now=NOW)
    assert agrees(var)
    Installation.objects.update(generation=backup)
    with pytest.raises(InstallationError, match=r"as after a restore.*run\.py adopt"):
        begin_run(var=var, now=NOW)
    assert in_database().generation == backup


def test_a_folder_that_was_copied_with_its_database_is_refused_until_adopted(var, tmp_path):
    copy = shutil.copytree(var, tmp_path / "staging")
    with pytest.raises(InstallationError, match="is a copy of another installation's folder"):
        refuse_foreign_database(copy)
    assert agrees(var)
    adopt(var=copy, now=NOW, actor="Anna")
    assert agrees(copy)
    assert not agrees(var)


def test_a_folder_that_was_moved_goes_on(var, tmp_path):
    moved = var.rename(tmp_path / "moved")
    assert agrees(moved)


def test_a_crash_between_the_database_and_the_file_is_no_reason_to_stop(var):
    begin_run(var=var, now=NOW)
    Installation.objects.update(generation=in_database().generation + 1)
    assert agrees(var)
    begin_run(var=var, now=NOW)
    assert in_file(var) == in_database()


@pytest.mark.parametrize(
    "content", ["", "{}", '{"id": "x", "generation": 1}', "[]", "null", '{"id": 1, "generation": 1}']
)
def test_an_installation_file_that_cannot_be_read_is_named(var, content):
    (var / "installation").write_text(content)
    with pytest.raises(InstallationError, match=r"var/installation cannot be read.*run\.py adopt"):
        refuse_foreign_database(var)
    adopt(var=var, now=NOW, actor="ada")
    assert agrees(var)


def test_adopting_lets_the_database_mail_and_is_logged(var):
    before = in_file(var)
    (var / "installation").unlink()
    adopt(var=var, now=NOW, actor="ada")
    assert agrees(var)
    assert in_file(var).installation_id != before.installation_id
    entry = AuditEntry.objects.get(action="installation.adopted")
    assert (entry.actor, entry.subject_id) == ("ada", str(in_database().installation_id))


def test_adopting_pauses_what_was_open_until_a_person_has_looked(var):
    message = planned_message(readers=2)
    (held,) = adopt(var=var, now=NOW, actor="ada")
    message.refresh_from_db()
    assert held.pk == message.pk
    assert message.state == MessageState.PAUSED
    assert "look whether these readers were mailed" in message.held_reason


def test_adopting_sets_the_outbox_aside_and_settles_nothing_by_its_absence(var):
    message = planned_message(readers=2)
    claimed = ledger.claim(
        message_id=message.pk, limit=2, worker="w", provider="outbox", now=NOW, lease=timedelta(hours=1)
    )
    ledger.mark_submitting(claimed, payload_hash="", now=NOW)
    (var / "outbox").mkdir()
    (var / "outbox" / "1.eml").write_bytes(b"a mail of the other database")
    adopt(var=var, now=NOW, actor="ada")
    assert not (var / "outbox").exists()
    assert [path.read_bytes() for path in var.glob("outbox-until-*/*.eml")] == [b"a mail of the other database"]
    assert Batch.objects.get().provider == "outbox before adoption"
    assert list(doubts.in_doubt(provider="outbox")) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"in_doubt"}
