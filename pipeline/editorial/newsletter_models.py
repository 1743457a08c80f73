"""What a newsletter's staff decided once: its rules, and the tips that new readers are welcomed with.

A part of models.py, which is where the rest of the project takes these from.
"""

from django.db import models


class NewsletterRuleSet(models.Model):
    """A newsletter's rules, one column each; without a row the defaults of `newsletter_rules.py` hold.

    `welcome_since` is when welcoming was switched on: readers of before are not new.
    """

    newsletter = models.OneToOneField("editorial.Newsletter", models.CASCADE, related_name="rule_set")
    two_people = models.BooleanField()
    order = models.CharField(max_length=10)
    spread_topics = models.BooleanField()
    same_advice_days = models.PositiveSmallIntegerField()
    short_queue = models.CharField(max_length=10)
    reuse_after_months = models.PositiveSmallIntegerField()
    repeats = models.CharField(max_length=10)
    welcome_mails = models.PositiveSmallIntegerField()
    welcome_days = models.PositiveSmallIntegerField()
    welcome_choice = models.CharField(max_length=10)
    welcome_pauses_issues = models.BooleanField()
    welcome_since = models.DateTimeField(null=True)
    alert_addresses = models.CharField(max_length=1000, blank=True)
    alert_webhook = models.CharField(max_length=500, blank=True)
    alert_queue_issues = models.PositiveSmallIntegerField()
    alert_slot_held = models.BooleanField()
    alert_source_changed = models.BooleanField()
    alert_tip_expired = models.BooleanField()
    alert_complaints = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(order__in=["queue", "oldest"]), name="rule_order_known"),
            models.CheckConstraint(
                condition=models.Q(short_queue__in=["shorter", "skip", "reuse", "ask"]), name="rule_short_queue_known"
            ),
            models.CheckConstraint(condition=models.Q(repeats__in=["never", "allowed"]), name="rule_repeats_known"),
            models.CheckConstraint(
                condition=models.Q(welcome_choice__in=["best", "chosen"]), name="rule_welcome_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"rules of newsletter {self.newsletter_id}"


class WelcomeTip(models.Model):
    """A published tip that staff chose for new readers, and its place among them."""

    newsletter = models.ForeignKey("editorial.Newsletter", models.CASCADE, related_name="welcome_tips")
    tip = models.OneToOneField("editorial.Tip", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"welcome {self.position}: tip {self.tip_id}"
