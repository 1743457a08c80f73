"""What the staff of a newsletter were told, and whether the webhook took it. Part of models.py."""

from django.db import models


class AlertKind(models.TextChoices):
    QUEUE_SHORT = "queue_short"
    SLOT_HELD = "slot_held"
    SOURCE_CHANGED = "source_changed"
    TIP_EXPIRED = "tip_expired"
    COMPLAINTS = "complaints"
    TEST = "test"


class CallState(models.TextChoices):
    NONE = "none"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


class Alert(models.Model):
    """Something that needs a person, said once: `key` names the occasion. Who is mailed about it gets a message of
    their own (`alert:<id>:<place>`); `call_…` is about the webhook: how often it was called and what it said last.
    """

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=AlertKind.choices)
    key = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField()
    mailed = models.PositiveSmallIntegerField(default=0)
    call_url = models.CharField(max_length=500, blank=True)
    call_state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.NONE)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    call_at = models.DateTimeField(null=True)
    call_status = models.PositiveSmallIntegerField(null=True)
    call_said = models.CharField(max_length=300, blank=True)
    call_finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AlertKind.values), name="alert_kind_known"),
            models.CheckConstraint(condition=models.Q(call_state__in=CallState.values), name="alert_call_state_known"),
        ]
        indexes = [
            models.Index(fields=["call_at"], condition=models.Q(call_state="waiting"), name="alert_call_waiting")
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} ({self.kind})"
