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

    `address` is the mailbox as typed, its domain in A-labels; `address_key` the form that tells two spellings of one
    mailbox apart from two mailboxes (lower case); `address_hash` its keyed hash (hex), which suppression is matched by.
    `time_zone` is an IANA name, '' for the newsletter's.
    """

    address = models.CharField(max_length=320, null=True)
    address_key = models.CharField(max_length=320, null=True, unique=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=35, blank=True)
    time_zone = models.CharField(max_length=60, blank=True, db_default="")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["time_zone"], condition=~models.Q(time_zone=""), name="subscriber_time_zone"),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class SubscriptionState(models.TextChoices):
    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Channel(models.TextChoices):
    MAIL = "mail"
    FEED = "feed"


class Subscription(models.Model):
    """A subscriber's standing with one list. `channel` is how they want to be reached: whoever reads their own feed in
    place of the mail is left out of issues.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    mailing_list = models.ForeignKey(MailingList, models.CASCADE, related_name="subscriptions")
    state = models.CharField(max_length=12, choices=SubscriptionState.choices)
    state_changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    channel = models.CharField(max_length=4, choices=Channel.choices, default=Channel.MAIL, db_default="mail")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "mailing_list"], name="one_subscription_per_list"),
            models.CheckConstraint(
                condition=models.Q(state__in=SubscriptionState.values), name="subscription_state_known"
            ),
            models.CheckConstraint(condition=models.Q(channel__in=Channel.values), name="subscription_channel_known"),
        ]
        indexes = [
            models.Index(fields=["mailing_list", "state"], name="subscription_list_state"),
            models.Index(fields=["mailing_list", "state_changed_at"], name="subscription_newcomers"),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk} ({self.state})"


class PrivateFeed(models.Model):
    """A reader's own feed. `topics` are the slugs that they chose, none for all; `number` counts its addresses, of
    which only the latest opens it.
    """

    subscription = models.OneToOneField(Subscription, models.CASCADE, related_name="private_feed")
    number = models.PositiveIntegerField(default=1)
    topics = models.JSONField(default=list)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"private feed {self.pk}"


class ConsentMechanism(models.TextChoices):
    FORM = "form"
    IMPORT = "import"
    STAFF = "staff"
    UNDO = "undo"


class Consent(models.Model):
    """The proof of consent: what was agreed to, how, when and from where. Kept as long as the subscription.

    `wording_version` names the wording (the first digits of its SHA-256); an undone unsubscription repeats the wording
    that it goes back to.
    """

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="consents")
    mechanism = models.CharField(max_length=20, choices=ConsentMechanism.choices)
    wording_version = models.CharField(max_length=40)
    wording = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    ip = models.GenericIPAddressField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(mechanism__in=ConsentMechanism.values), name="consent_mechanism_known"
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk} ({self.mechanism})"


class SubscriptionRequest(models.Model):
    """What the subscribe form took in, before anybody looks whether the address is known.

    The form writes one such row for any address, so that its answer and the time it takes tell nothing; the tick
    handles it. Handled rows have lost their address: the hash and the network are counted by the limits, and go too
    after two days. `network` is the /64 of an IPv6 address, '' for IPv4.
    """

    mailing_list = models.ForeignKey(MailingList, models.CASCADE, related_name="+")
    address = models.CharField(max_length=320, blank=True)
    address_key = models.CharField(max_length=320, blank=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    wording = models.TextField()
    ip = models.GenericIPAddressField(null=True)
    network = models.CharField(max_length=43, blank=True)
    requested_at = models.DateTimeField(db_index=True)
    due_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(handled_at__isnull=True), name="request_unhandled")
        ]

    def __str__(self) -> str:
        return f"subscription request {self.pk}"


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
