"""Who may be mailed: subscribers, lists, subscriptions, consent and suppression. No rules here: see actions.py."""

from django.db import models


class MailingList(models.Model):
    """A list that people subscribe to; a newsletter publishes to one."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Subscriber(models.Model):
    """A person by address. After erasure the row stays, without address or name, so that the ledger's sums hold.

    `address` is as typed; `address_key` the form that tells two spellings of one mailbox apart from two mailboxes
    (lower case, domain in A-labels); `address_hash` its keyed hash (hex), which suppression is matched by.
    """

    address = models.CharField(max_length=320, null=True)
    address_key = models.CharField(max_length=320, null=True, unique=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class SubscriptionState(models.TextChoices):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Subscription(models.Model):
    """A subscriber's standing with one list."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    mailing_list = models.ForeignKey(MailingList, models.CASCADE, related_name="subscriptions")
    state = models.CharField(max_length=12, choices=SubscriptionState.choices)
    state_changed_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "mailing_list"], name="one_subscription_per_list"),
            models.CheckConstraint(
                condition=models.Q(state__in=SubscriptionState.values), name="subscription_state_known"
            ),
        ]
        indexes = [models.Index(fields=["mailing_list", "state"], name="subscription_list_state")]

    def __str__(self) -> str:
        return f"subscription {self.pk} ({self.state})"


class Consent(models.Model):
    """The proof of consent: what was agreed to, how, when and from where. Kept as long as the subscription."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="consents")
    mechanism = models.CharField(max_length=20)  # form, import, staff
    wording_version = models.CharField(max_length=40)
    wording = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_ip = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"consent {self.pk} ({self.mechanism})"


class SuppressionReason(models.TextChoices):
    COMPLAINT = "complaint"
    ERASED = "erased"
    GLOBAL_UNSUBSCRIBE = "global_unsubscribe"
    HARD_BOUNCE = "hard_bounce"


class Suppression(models.Model):
    """An address, by keyed hash, that is not mailed: for one list, or for all (`mailing_list` NULL)."""

    address_hash = models.CharField(max_length=64)
    mailing_list = models.ForeignKey(MailingList, models.CASCADE, null=True, related_name="+")
    reason = models.CharField(max_length=20, choices=SuppressionReason.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "reason"],
                condition=models.Q(mailing_list__isnull=True),
                name="one_global_suppression_per_reason",
            ),
            models.UniqueConstraint(
                fields=["address_hash", "mailing_list", "reason"],
                condition=models.Q(mailing_list__isnull=False),
                name="one_list_suppression_per_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=SuppressionReason.values), name="suppression_reason_known"
            ),
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk} ({self.reason})"
