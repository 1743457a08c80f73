"""When a newsletter is due, as it is stored: its schedule, its days off, its one-offs. Part of `models`, which has them
under their names.
"""

from django.db import models

from pipeline.editorial.timetable_rules import OnDayOff


class Schedule(models.Model):
    """When a newsletter's issues are due: days, wall times and an IANA zone (recurrence_rules.py says how they are
    written), and what keeps a slot from coming.

    `anchor` is the day that intervals are counted from, and that no slot comes before; the schedule ends with the wall
    time `until`, "2027-06-30T23:59", or after `count` slots from the anchor, or not at all. `starts_at` is when the
    newsletter began, or its schedule was changed last: no slot before it was missed. `holidays` names a holiday
    calendar ("DE-BY"). With `at_subscribers_time` each subscriber is mailed when their own clocks show the slot's
    time. The slots follow in slots.py and timetable_rules.py.
    """

    newsletter = models.OneToOneField("editorial.Newsletter", models.CASCADE, related_name="schedule")
    days = models.TextField()
    times = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=60)
    anchor = models.DateField(null=True)
    until = models.CharField(max_length=16, blank=True, default="")
    count = models.PositiveSmallIntegerField(null=True)
    starts_at = models.DateTimeField()
    paused = models.BooleanField(default=False)
    paused_until = models.DateTimeField(null=True)
    on_day_off = models.CharField(
        max_length=10, choices=[(choice.value, choice.value) for choice in OnDayOff], default=OnDayOff.SKIP
    )
    holidays = models.CharField(max_length=20, blank=True)
    at_subscribers_time = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(on_day_off__in=[choice.value for choice in OnDayOff]), name="day_off_choice_known"
            ),
            models.CheckConstraint(
                condition=models.Q(until="") | models.Q(count__isnull=True), name="a_schedule_has_one_end"
            ),
            models.CheckConstraint(
                condition=models.Q(paused=True) | models.Q(paused_until__isnull=True), name="only_a_pause_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days} at {self.times} {self.time_zone}"


class BlackoutDates(models.Model):
    """Days, the last one included, on which a newsletter has no slot, and why."""

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, related_name="blackouts")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        ordering = ["first_day", "last_day", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last_day__gte=models.F("first_day")), name="blackout_has_days"),
            models.UniqueConstraint(fields=["newsletter", "first_day", "last_day"], name="blackouts_are_said_once"),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}: {self.reason}"


class OneOff(models.Model):
    """A slot beside the schedule: a wall time, "2026-12-24T18:00", in an IANA zone."""

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, related_name="one_offs")
    nominal = models.CharField(max_length=16)
    time_zone = models.CharField(max_length=60)

    class Meta:
        ordering = ["nominal", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "nominal", "time_zone"], name="one_offs_are_said_once")
        ]

    def __str__(self) -> str:
        return f"{self.nominal} {self.time_zone}"
