"""A pytest plugin for the runs on PostgreSQL: empties the tables between two tests by DELETE, and only that.

Django truncates, which makes every table's and index's file anew, and then writes its content types and permissions
again, which nothing here reads. Most tables are empty or hold ten rows: deleting them is many times cheaper.

    python -m pytest -p tests.quick_flush --nomigrations …
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate


def _deletes(operations: DatabaseOperations, _style: Any, tables: Iterable[str], **_choices: bool) -> list[str]:
    """In one transaction, without the checks of foreign keys: no row is left that could point anywhere."""
    emptied = [f"DELETE FROM {operations.quote_name(table)}" for table in tables]
    return ["SET LOCAL session_replication_role = replica", *emptied] if emptied else []


def pytest_sessionstart() -> None:
    DatabaseOperations.sql_flush = _deletes
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    assert create_permissions not in [receiver for _, receiver, *_ in post_migrate.receivers]
