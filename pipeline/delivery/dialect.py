"""What SQLite and PostgreSQL say differently, in one place: row locks, and how an instant and a UUID are bound."""

import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]

_PLAIN = {int, str, float, list, type(None)}

_POSTGRESQL_TYPES: dict[type, str] = {int: "bigint", str: "text", datetime: "timestamptz"}
_UNNESTED = "(SELECT * FROM unnest(<arrays>) AS given(<names>))"
_POSTGRESQL_LOCKS = {
    "/*lock rows*/": "FOR UPDATE OF d SKIP LOCKED",
    "/*lock rows of batches*/": "FOR UPDATE SKIP LOCKED",
    "/*share lock*/": "FOR SHARE",
    "/*own lock*/": "FOR UPDATE",
}


def in_one_transaction() -> AbstractContextManager[None]:
    """Everything or nothing. On SQLite it begins by taking the lock for writing (`transaction_mode` in settings)."""
    return transaction.atomic()


IDLE_SECONDS_MOST = 300


def let_go_of_locks() -> None:
    """PostgreSQL ends a transaction of this connection that says nothing for so long: a process that was stopped in the
    middle of one would keep everybody else from its rows. SQLite has one machine, whose processes end with it.
    """
    if connection.vendor == "postgresql":
        run(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS_MOST}s'", ())


def has_one_writer() -> bool:
    """Whether a transaction keeps all others from writing, so that what it has read stays so."""
    return connection.vendor == "sqlite"


def run(statement: str, parameters: Sequence[object]) -> int:
    """Execute one statement; the number of rows that it changed."""
    with connection.cursor() as cursor:
        _execute(cursor, statement, parameters)
        return int(cursor.rowcount)


def run_many(statement: str, rows: Iterable[Sequence[object]]) -> int:
    """Execute one statement for each row of parameters, in one go; the number of rows changed in all."""
    bound = [_bound(row) for row in rows]
    if not bound:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(_spoken(statement), bound)
        return int(cursor.rowcount)


def run_with_rows(statement: str, parameters: Sequence[object], rows: Sequence[Sequence[object]], *last: object) -> int:
    """Execute one statement that speaks of many rows at once: they stand where it says `(VALUES <rows>)`, `parameters`
    before them and `last` behind. The number of rows that it changed. PostgreSQL gets them as arrays, a column each,
    which it takes in less time than a thousand rows that it must parse.
    """
    if not rows:
        return 0
    if connection.vendor == "postgresql":
        columns = [list(column) for column in zip(*rows, strict=True)]
        return run(statement.replace("(VALUES <rows>)", _unnested(rows[0])), [*parameters, *columns, *last])
    places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
    return run(statement.replace("<rows>", places), [*parameters, *chain.from_iterable(rows), *last])


def _unnested(row: Sequence[object]) -> str:
    """Arrays as the rows of a table whose columns have the names that VALUES gives them."""
    arrays = ", ".join(f"%s::{_POSTGRESQL_TYPES[type(value)]}[]" for value in row)
    names = ", ".join(f"column{number}" for number in range(1, len(row) + 1))
    return _UNNESTED.replace("<arrays>", arrays).replace("<names>", names)


def fetch(statement: str, parameters: Sequence[object] = ()) -> list[Row]:
    with connection.cursor() as cursor:
        _execute(cursor, statement, parameters)
        return list(cursor.fetchall())


def _execute(cursor: CursorWrapper, statement: str, parameters: Sequence[object]) -> None:
    """Django would look for places in the whole statement each time, which costs ten times what SQLite does with a
    small one. Where somebody watches what is executed it goes Django's way.
    """
    if connection.vendor != "sqlite" or connection.queries_logged or connection.execute_wrappers:
        cursor.execute(_spoken(statement), _bound(parameters))
        return
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        sqlite3.Cursor.execute(cursor.cursor, _with_question_marks(statement), _bound(parameters))


@lru_cache(maxsize=64)  # one that speaks of a thousand rows has some thirty kilobytes
def _with_question_marks(statement: str) -> str:
    return statement.replace("%s", "?").replace("%%", "%")


def as_instant(value: Any) -> datetime:
    """An instant as a raw statement returned it: SQLite keeps text, in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    at: datetime = value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _spoken(statement: str) -> str:
    if connection.vendor == "postgresql":
        for mark, words in _POSTGRESQL_LOCKS.items():
            statement = statement.replace(mark, words)
    return statement


def _bound(parameters: Sequence[object]) -> list[Any]:
    return [value if type(value) in _PLAIN else _adapted(value, connection.vendor) for value in parameters]


@lru_cache(maxsize=64)  # a batch binds one instant thousands of times
def _adapted(value: object, vendor: str) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID) and vendor == "sqlite":
        return value.hex
    return value
