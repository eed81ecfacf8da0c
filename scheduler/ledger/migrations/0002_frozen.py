"""Triggers: what was approved never changes, and no delivery or event is ever removed.

SQLite rebuilds a table to alter it and drops its triggers then: a later migration that alters
ledger_delivery or ledger_event must run `frozen()` again. `fsck` looks whether they are there.
"""

from django.db import migrations

FROZEN = ("marker", "key", "site", "channel", "draft_id", "payload", "digest", "due_at", "approver")


def trigger(name, when, message):
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f"DROP TRIGGER {name}",
    )


def never_replaced(table, *unique):
    same = " OR ".join(f"{column} = NEW.{column}" for column in unique)
    return trigger(
        f"{table}_is_never_replaced",
        f"INSERT ON ledger_{table} WHEN EXISTS (SELECT 1 FROM ledger_{table} WHERE {same})",
        f"this {table} is there already, UNIQUE and never replaced",
    )


def frozen():
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in FROZEN)
    return [
        trigger(
            "delivery_is_frozen",
            f"UPDATE ON ledger_delivery WHEN {changed}",
            "an approved post is frozen",
        ),
        trigger("delivery_is_kept", "DELETE ON ledger_delivery", "a delivery is never deleted"),
        trigger("event_is_written_once", "UPDATE ON ledger_event", "an event is never changed"),
        trigger("event_is_kept", "DELETE ON ledger_event", "an event is never deleted"),
        # SQLite's REPLACE deletes without asking the triggers for deleting.
        never_replaced("delivery", "id", "marker", "key", "draft_id"),
        never_replaced("event", "id", "hash"),
    ]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = frozen()
