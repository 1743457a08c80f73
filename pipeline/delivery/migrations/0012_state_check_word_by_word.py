"""A delivery's state is checked word by word, in place of `IN`, for which SQLite makes a table for each row.

SQLite would copy the ledger for that, which may have millions of rows; so the words of the constraint are exchanged in
its schema, as https://sqlite.org/lang_altertable.html#otheralter tells for constraints that every row fulfils already.
Any ledger whose schema does not hold the expected words is copied after all. PostgreSQL keeps what it has: it reads
both alike.
"""

from functools import partial

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_STATES = ["planned", "retry_at", "accepted", "rejected", "suppressed", "excluded", "in_doubt", "cancelled"]
_NAME = "delivery_state_known"
_WORD_BY_WORD = models.CheckConstraint(
    condition=models.Q(*[("state", state) for state in _STATES], _connector="OR"), name=_NAME
)
_AS_A_LIST = models.CheckConstraint(condition=models.Q(state__in=_STATES), name=_NAME)


def _exchange(
    apps: StateApps, editor: BaseDatabaseSchemaEditor, *, old: models.CheckConstraint, new: models.CheckConstraint
) -> None:
    if editor.connection.vendor != "sqlite":
        return
    model = apps.get_model("delivery", "Delivery")
    before, after = old.constraint_sql(model, editor), new.constraint_sql(model, editor)
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'delivery_delivery'")
        (schema,) = cursor.fetchone()
        if schema.count(before) != 1:
            model._meta.constraints = [new if one.name == _NAME else one for one in model._meta.constraints]
            editor.add_constraint(model, new)  # SQLite copies the table as the model now says
            return
        version = cursor.execute("PRAGMA schema_version").fetchone()[0]
        cursor.execute("PRAGMA writable_schema = ON")
        cursor.execute(
            "UPDATE sqlite_master SET sql = %s WHERE type = 'table' AND name = 'delivery_delivery'",
            [schema.replace(before, after)],
        )
        cursor.execute(f"PRAGMA schema_version = {version + 1}")  # so that other connections read it anew
        cursor.execute("PRAGMA writable_schema = RESET")


class Migration(migrations.Migration):
    dependencies = [("delivery", "0011_events_by_kind")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="delivery", name=_NAME),
                migrations.AddConstraint(model_name="delivery", constraint=_WORD_BY_WORD),
            ],
            database_operations=[
                migrations.RunPython(
                    partial(_exchange, old=_AS_A_LIST, new=_WORD_BY_WORD),
                    partial(_exchange, old=_WORD_BY_WORD, new=_AS_A_LIST),
                )
            ],
        )
    ]
