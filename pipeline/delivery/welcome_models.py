"""Who was given which tip: what a message brings, and how far each new reader's welcome has come. Part of models.py."""

from django.db import models


class MessageTip(models.Model):
    """A tip that a message brings to its readers: what nobody gets twice is asked of these rows."""

    message = models.ForeignKey("delivery.Message", models.CASCADE, db_index=False, related_name="+")
    tip = models.ForeignKey("editorial.Tip", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "tip"], name="a_message_brings_a_tip_once")]

    def __str__(self) -> str:
        return f"message {self.message_id}: tip {self.tip_id}"


class WelcomeSequence(models.Model):
    """How far a new reader's welcome has come. `next_at` is when the next mail is due; NULL once it has ended."""

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, db_index=False, related_name="+")
    subscriber = models.ForeignKey("audience.Subscriber", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    steps_done = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["newsletter", "subscriber"], name="one_welcome_per_reader")]
        indexes = [
            models.Index(
                fields=["newsletter", "next_at"], condition=models.Q(next_at__isnull=False), name="welcome_due"
            )
        ]

    def __str__(self) -> str:
        return f"welcome {self.pk}: {self.steps_done} done"


class WelcomeMail(models.Model):
    """One mail of one reader's welcome: its step, counted from 1, and the tip that it brings."""

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, db_index=False, related_name="+")
    subscriber = models.ForeignKey("audience.Subscriber", models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField()
    tip = models.ForeignKey("editorial.Tip", models.PROTECT, related_name="+")
    message = models.ForeignKey("delivery.Message", models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "subscriber", "step"], name="one_welcome_mail_per_step"),
            models.UniqueConstraint(fields=["newsletter", "subscriber", "tip"], name="one_welcome_mail_per_tip"),
        ]

    def __str__(self) -> str:
        return f"welcome mail {self.step} to subscriber {self.subscriber_id}"
