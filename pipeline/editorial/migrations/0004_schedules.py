"""Schedules by RFC 5545 instead of weekdays and one time; days off, pauses with an end, dates beside the schedule."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ALL_DAYS = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}


def to_rules(apps: Any, schema_editor: Any) -> None:
    for schedule in apps.get_model("editorial", "Schedule").objects.all():
        every_day = set(schedule.weekdays.split(",")) == ALL_DAYS
        schedule.days = "FREQ=DAILY" if every_day else f"FREQ=WEEKLY;BYDAY={schedule.weekdays}"
        schedule.times = f"{schedule.local_time:%H:%M}"
        schedule.save(update_fields=["days", "times"])


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_rules_priority_choice")]

    operations = [
        migrations.AddField("schedule", "days", models.TextField(default="FREQ=WEEKLY;BYDAY=TU"), preserve_default=False),
        migrations.AddField("schedule", "times", models.CharField(max_length=200, default="09:00"), preserve_default=False),
        migrations.AddField("schedule", "anchor", models.DateField(null=True)),
        migrations.AddField("schedule", "paused_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "schedule",
            "on_day_off",
            models.CharField(
                choices=[("skip", "skip"), ("next_day", "next_day")], default="skip", max_length=10
            ),
        ),
        migrations.AddField("schedule", "holidays", models.CharField(blank=True, max_length=20, default="")),
        migrations.AlterField("schedule", "holidays", models.CharField(blank=True, max_length=20)),
        migrations.AddField("schedule", "at_subscribers_time", models.BooleanField(default=False)),
        migrations.RunPython(to_rules, migrations.RunPython.noop),
        migrations.RemoveField("schedule", "weekdays"),
        migrations.RemoveField("schedule", "local_time"),
        migrations.AddConstraint(
            "schedule",
            models.CheckConstraint(
                condition=models.Q(("on_day_off__in", ["skip", "next_day"])), name="day_off_choice_known"
            ),
        ),
        migrations.AddConstraint(
            "schedule",
            models.CheckConstraint(
                condition=models.Q(("paused", True), ("paused_until__isnull", True), _connector="OR"),
                name="only_a_pause_has_an_end",
            ),
        ),
        migrations.CreateModel(
            name="BlackoutDates",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("reason", models.CharField(max_length=120)),
                (
                    "newsletter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blackouts",
                        to="editorial.newsletter",
                    ),
                ),
            ],
            options={
                "ordering": ["first_day", "last_day", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="blackout_has_days"
                    ),
                    models.UniqueConstraint(
                        fields=("newsletter", "first_day", "last_day"), name="blackouts_are_said_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OneOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nominal", models.CharField(max_length=16)),
                ("time_zone", models.CharField(max_length=60)),
                (
                    "newsletter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="one_offs",
                        to="editorial.newsletter",
                    ),
                ),
            ],
            options={
                "ordering": ["nominal", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("newsletter", "nominal", "time_zone"), name="one_offs_are_said_once"
                    )
                ],
            },
        ),
    ]
