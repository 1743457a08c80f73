"""A copy of the workspace that nobody can be mailed from: the database in SQLite, pictures and designs, and no secrets.

The copy has a secret key of its own, so that no link in its mail works anywhere, and belongs to nobody until it is
adopted there, which holds every other message that was open.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from pipeline.audience.models import Subscription, SubscriptionState
from pipeline.config import CHECKOUT, ENV_PREFIX, Config

_STAGES = ("audience", "editorial", "delivery")  # what is rehearsed; staff, sessions and the audit log stay behind
_ALIAS = "rehearsal"
_AT_ONCE = 2000
_PREFIX = "tipsheet-rehearsal-"


@contextmanager
def copied(config: Config) -> Iterator[Path]:
    """The folder of the copy, 0700, until the block ends; then nothing is left of it."""
    _sweep()
    home = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        var = home / "var"
        var.mkdir(mode=0o700)
        for name in ("output", "tips"):
            (home / name).mkdir()
        for source, place in ((config.home / "templates", home / "templates"), _pictures(config.var, var)):
            if source.is_dir():
                shutil.copytree(source, place)
        _copy_database(home, var / "tipsheet.sqlite3")
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _sweep() -> None:
    """Clear away what a rehearsal left that was killed itself: it holds readers' addresses."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and left.stat().st_uid == os.getuid():
            shutil.rmtree(left, ignore_errors=True)


def _pictures(var: Path, other: Path) -> tuple[Path, Path]:
    return var / "pictures", other / "pictures"


def clean_environment() -> dict[str, str]:
    """This process's environment without what is configured: no database, no provider, no key, no proxy."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith((ENV_PREFIX, "DJANGO_", "PG")) and not name.upper().endswith("_PROXY")
    }


def _copy_database(home: Path, path: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("DELETE FROM django_session")
            copy.commit()
        return
    _copy_rows(home, path)


def _copy_rows(home: Path, path: Path) -> None:
    """From another kind of database: the same tables, made anew by a process that knows no other, and the rows."""
    migrate = [sys.executable, str(CHECKOUT / "run.py"), "--home", str(home), "migrate"]
    subprocess.run(migrate, env=clean_environment(), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own
    connections.databases[_ALIAS] = {
        **connections.databases[DEFAULT_DB_ALIAS], "ENGINE": "django.db.backends.sqlite3", "NAME": str(path),
        "OPTIONS": {}, "CONN_MAX_AGE": None,
    }  # fmt: skip
    try:
        copy = connections[_ALIAS]
        with copy.constraint_checks_disabled():
            for model in _models():
                _copy_table(model)
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]
        del connections.databases[_ALIAS]


def _models() -> Iterator[type[models.Model]]:
    for stage in _STAGES:
        yield from apps.get_app_config(stage).get_models(include_auto_created=True)


def _copy_table(model: type[models.Model]) -> None:
    fields = [field.attname for field in model._meta.concrete_fields]
    there: Any = model._base_manager.using(_ALIAS)
    there.all().delete()  # a migration may have made rows of its own
    rows = model._base_manager.using(DEFAULT_DB_ALIAS).order_by("pk").values_list(*fields).iterator(_AT_ONCE)
    while some := list(islice(rows, _AT_ONCE)):
        there.bulk_create([model(**dict(zip(fields, row, strict=True))) for row in some])


def keep_readers(list_id: int, most: int, chance: Random) -> int:
    """In a copy: of a long list a sample, drawn by chance; how many readers there were."""
    confirmed = Subscription.objects.filter(mailing_list=list_id, state=SubscriptionState.CONFIRMED)
    ids = list(confirmed.values_list("pk", flat=True))
    surplus = chance.sample(ids, max(0, len(ids) - most))
    for at in range(0, len(surplus), _AT_ONCE):
        Subscription.objects.filter(pk__in=surplus[at : at + _AT_ONCE]).update(state=SubscriptionState.UNSUBSCRIBED)
    return len(ids)
