"""The ledger: one row per (message, recipient), unique, and the batches that they leave in.

The hot path writes by SQL in ledger.py; these classes say what is stored. States and their order: docs/architecture.md.
"""

import uuid
from functools import reduce
from operator import or_

from django.db import models

from pipeline.audience.models import MailingList, Subscriber
from pipeline.delivery.alert_models import Alert as Alert
from pipeline.delivery.alert_models import AlertKind as AlertKind
from pipeline.delivery.alert_models import CallState as CallState
from pipeline.delivery.event_rules import RANK, EventKind
from pipeline.delivery.welcome_models import MessageTip as MessageTip
from pipeline.delivery.welcome_models import WelcomeMail as WelcomeMail
from pipeline.delivery.welcome_models import WelcomeSequence as WelcomeSequence
from pipeline.editorial.models import Issue, Newsletter


class MessageKind(models.TextChoices):
    ISSUE = "issue"
    WELCOME = "welcome"
    CONFIRMATION = "confirmation"
    TEST = "test"
    STAFF = "staff"


class MessageState(models.TextChoices):
    OPEN = "open"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


class Message(models.Model):
    """One mail to one or more recipients, compiled once: byte segments with per-recipient places.

    `key` is unique ("issue:12", "confirmation:7:2026-11-22"), so that nothing is said twice. `compiled_hash` is the
    SHA-256 of `compiled`, `frozen_hash` the issue's when it was compiled; what does not match is refused.
    `mailing_list` is the list whose subscriptions suppression is checked against (NULL for tests and staff mail).
    `planned_at` is when the recipients were planned (NULL until then), `planned_count` how many they were: what the
    rows are held to when the sum is made. `held_reason` says why a pause was not a person's wish.
    """

    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    key = models.CharField(max_length=150, unique=True)
    issue = models.OneToOneField(Issue, models.PROTECT, null=True, related_name="+")
    mailing_list = models.ForeignKey("audience.MailingList", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.OPEN)
    envelope_sender = models.CharField(max_length=320)
    language = models.CharField(max_length=35, default="en")
    compiled = models.BinaryField()
    compiled_hash = models.CharField(max_length=64)
    frozen_hash = models.CharField(max_length=64, blank=True)
    sent_date = models.DateTimeField()
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    planned_count = models.PositiveIntegerField(default=0)
    held_reason = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(state="open"), name="message_open")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MessageKind.values), name="message_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=MessageState.values), name="message_state_known"),
        ]

    def __str__(self) -> str:
        return self.key


class CountedLink(models.Model):
    """A link of an issue whose clicks are counted: how often it was followed, and nothing of who did or when.

    `counted_url` stands in every reader's mail alike, and leads to `url`; `anchor` is the tip's that the link stands
    in, '' for the issue's own. `number` counts from 1 within the issue.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    anchor = models.CharField(max_length=100, blank=True)
    url = models.TextField()
    counted_url = models.TextField()
    clicks = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["issue", "number"], name="one_counted_link_per_number")]

    def __str__(self) -> str:
        return f"{self.issue_id}:{self.number}"


class BatchState(models.TextChoices):
    CLAIMED = "claimed"
    SUBMITTING = "submitting"
    DONE = "done"
    IN_DOUBT = "in_doubt"
    RELEASED = "released"


class Batch(models.Model):
    """Deliveries that were claimed together by one worker, under a lease. `fence` grows each time that the batch is
    taken out of a worker's hands, and a write with an older fence is refused. `submitting` is committed before the
    first byte leaves; a batch whose worker went away before that is `released`, and its deliveries claimed anew.

    `provider_message_id` is the provider's id where it gives one for a whole call. `kept` holds whom the call was for,
    as it was made, until nothing of it is in doubt any more: so that it can be made again to the byte, or looked for.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    worker = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=BatchState.choices, default=BatchState.CLAIMED)
    fence = models.PositiveBigIntegerField()
    size = models.PositiveIntegerField()
    payload_hash = models.CharField(max_length=64, blank=True)
    provider_message_id = models.CharField(max_length=200, blank=True, default="")
    kept = models.BinaryField(null=True)
    claimed_at = models.DateTimeField()
    lease_until = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BatchState.values), name="batch_state_known")
        ]
        indexes = [
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=["claimed", "submitting"]),
                name="batch_open_leases",
            ),
            models.Index(fields=["provider"], condition=models.Q(state="in_doubt"), name="batch_in_doubt"),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk} ({self.state})"


class DeliveryState(models.TextChoices):
    PLANNED = "planned"
    RETRY_AT = "retry_at"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"
    EXCLUDED = "excluded"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"


class Delivery(models.Model):
    """One message to one recipient. Claimed and submitting are states of its batch: while `batch` is set and the
    batch is open, the row belongs to it. Either `subscriber` or `address` (tests and staff mail) names the recipient.

    The database does not check `message` and `subscriber` row by row, which took half of the time of planning
    (docs/decisions/0007-ledger.md): the statement that plans takes both from rows that it reads, a subscriber's row
    outlives erasure, and a message that was planned is never deleted. There is no index by subscriber either: each row
    of an issue would go to a page of its own there, so that planning would cost more the more issues there were. What
    one reader got is found by (message, subscriber), message by message.

    `outcome` is what events have told since: the weightiest of those in `RANK` (event_rules.py), NULL before the first.
    `due_at` is when the recipient's own clocks show the issue's time; NULL for mail that goes out at once.
    """

    message = models.ForeignKey(
        Message,
        models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",  # the unique index serves
    )
    subscriber = models.ForeignKey(
        Subscriber, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    address = models.CharField(max_length=320, blank=True)
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, db_index=False, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    provider_message_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=12, choices=[(kind, kind) for kind in RANK], null=True)
    due_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "subscriber"], name="one_delivery_per_subscriber"),
            models.UniqueConstraint(
                fields=["message", "address"],
                condition=models.Q(subscriber__isnull=True),
                name="one_delivery_per_address",
            ),
            # Word by word: for each row SQLite would make a table of what stands behind IN, a third of planning's time.
            models.CheckConstraint(
                condition=reduce(or_, (models.Q(state=state) for state in DeliveryState.values)),
                name="delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["message", "id"],
                condition=models.Q(state__in=["planned", "retry_at"]),
                name="delivery_open",
            ),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="delivery_in_batch"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk} ({self.state})"


class ProviderEvent(models.Model):
    """What a provider, or a receiving server, told of a delivery: stored as it came, and applied after that.

    `key` tells an event from its repetition, within its provider. `address_hash` is the reader's: from the start where
    the event named an address and no delivery, else since it was applied. `said` is the server's words, without
    addresses; `result` what came of it.
    """

    provider = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in EventKind])
    delivery = models.ForeignKey(Delivery, models.CASCADE, null=True, db_constraint=False, related_name="+")
    address_hash = models.CharField(max_length=64, blank=True)
    said = models.CharField(max_length=300, blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "key"], name="one_event_per_key"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in EventKind]), name="event_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(applied_at__isnull=True), name="event_to_apply"),
            models.Index(fields=["kind", "received_at"], name="event_by_kind"),
            models.Index(
                fields=["address_hash"], condition=models.Q(kind=EventKind.SOFT_BOUNCE.value), name="event_soft_bounces"
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.pk} ({self.kind})"


class HookToken(models.Model):
    """A token that a provider signed, and which words came with it: it may come with these alone."""

    provider = models.CharField(max_length=40)
    token_hash = models.CharField(max_length=64)
    words_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "token_hash"], name="one_token_per_provider")]
        indexes = [models.Index(fields=["received_at"], name="hook_token_age")]

    def __str__(self) -> str:
        return f"token {self.pk} ({self.provider})"


class WarmUpCount(models.Model):
    """How many mails of issues were claimed for a receiving domain on a day (UTC), while a sending domain is new. What
    was claimed counts, whatever became of it.
    """

    day = models.DateField()
    domain = models.CharField(max_length=255)
    claimed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "domain"], name="one_warm_up_count_per_day_and_domain")]

    def __str__(self) -> str:
        return f"warm-up {self.day}"


class ComplaintStop(models.Model):
    """A list whose issues are not mailed, because too many of its readers complained; until a person lifts it."""

    mailing_list = models.ForeignKey(MailingList, models.CASCADE, related_name="+")
    complaints = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    stopped_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailing_list"], condition=models.Q(lifted_at__isnull=True), name="one_open_stop_per_list"
            )
        ]

    def __str__(self) -> str:
        return f"stop {self.pk}"


class HubPingState(models.TextChoices):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


class HubPing(models.Model):
    """A WebSub hub that is to hear, or has heard, that a feed changed: the record of it, and the place to go on from.

    A change while one waits for its turn needs no second ping. `said` is the hub's last answer, or what stood in its
    way; `status` its HTTP status, NULL where there was no answer.
    """

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="+")
    hub_url = models.CharField(max_length=500)
    feed_url = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=HubPingState.choices, default=HubPingState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    said = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hub_url", "feed_url"], condition=models.Q(state="waiting"), name="one_ping_waits_per_feed"
            ),
            models.CheckConstraint(condition=models.Q(state__in=HubPingState.values), name="hub_ping_state_known"),
        ]
        indexes = [models.Index(fields=["try_at"], condition=models.Q(state="waiting"), name="hub_ping_waiting")]

    def __str__(self) -> str:
        return f"ping {self.pk} ({self.state})"


class Installation(models.Model):
    """The id that this database and `var/installation` must agree on before anything is mailed.

    `generation` grows with each run that mails, first here, then in the file: a database that is behind the file was
    restored from a backup, and has forgotten who was mailed since. `seen_at` is the latest instant at which one mailed:
    a clock that is behind it was set back.
    """

    installation_id = models.UUIDField(default=uuid.uuid4)
    generation = models.PositiveBigIntegerField(default=0)
    adopted_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.installation_id)
