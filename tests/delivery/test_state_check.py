"""The check of a delivery's state, exchanged in a ledger that has rows already."""

import sqlite3

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from pipeline.delivery.models import Delivery, DeliveryState
from tests.delivery.scene import NOW, planned_message

BEFORE = [("delivery", "0011_events_by_kind")]


def migrate(*targets):
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets) or executor.loader.graph.leaf_nodes())


def schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'delivery_delivery'")
        return cursor.fetchone()[0]


def set_state(delivery: Delivery, state: str) -> None:
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=state)


@pytest.fixture
def delivery(transactional_db):
    planned_message(readers=2)
    return Delivery.objects.earliest("pk")


def test_the_check_is_exchanged_without_copying_the_ledger_and_holds(delivery):
    migrate(*BEFORE)
    assert '"state" IN (' in schema()
    with connection.cursor() as cursor:
        page = cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'delivery_delivery'").fetchone()
    migrate()
    assert '"state" IN (' not in schema()
    with connection.cursor() as cursor:
        cursor.execute("SELECT rootpage FROM sqlite_master WHERE name = 'delivery_delivery'")
        assert cursor.fetchone() == page
        assert cursor.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert Delivery.objects.count() == 2
    for state in DeliveryState.values:
        set_state(delivery, state)
    with pytest.raises(IntegrityError, match="delivery_state_known"):
        set_state(delivery, "sent")


def test_a_ledger_of_other_words_is_copied_and_the_check_holds(delivery):
    migrate(*BEFORE)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute("UPDATE sqlite_master SET sql = replace(sql, '\"state\" IN (', 'state in (')")
        cursor.execute("PRAGMA writable_schema = RESET")
    migrate()
    assert "\"state\" = 'planned' OR" in schema()
    assert Delivery.objects.count() == 2
    with pytest.raises(IntegrityError, match="delivery_state_known"):
        set_state(delivery, "sent")


def test_another_connection_that_was_open_meanwhile_holds_to_the_new_check(tmp_path):
    """The same steps as the migration's, on a file: the other one has read the schema before."""
    file = tmp_path / "ledger.sqlite3"
    one, other = sqlite3.connect(file), sqlite3.connect(file)
    one.execute("CREATE TABLE t (state text, CHECK (state IN ('a')))")
    one.commit()
    other.execute("INSERT INTO t VALUES ('a')")
    other.commit()
    one.execute("BEGIN")
    version = one.execute("PRAGMA schema_version").fetchone()[0]
    one.execute("PRAGMA writable_schema = ON")
    one.execute("UPDATE sqlite_master SET sql = replace(sql, 'state IN (''a'')', 'state = ''b''')")
    one.execute(f"PRAGMA schema_version = {version + 1}")
    one.execute("PRAGMA writable_schema = RESET")
    one.commit()
    other.execute("INSERT INTO t VALUES ('b')")
    with pytest.raises(sqlite3.IntegrityError):
        other.execute("INSERT INTO t VALUES ('a')")
    one.close()
    other.close()


def test_a_ledger_that_was_made_today_has_rows_of_known_states_alone(db):
    planned_message(readers=1)
    with pytest.raises(IntegrityError, match="delivery_state_known"), transaction.atomic():
        Delivery.objects.create(message_id=1, state="sent", planned_at=NOW, updated_at=NOW)
