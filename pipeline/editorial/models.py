"""What is said, and when: newsletters, documents, tips and their revisions, the queue, issues.

No rules here: see actions.py and the `*_rules.py` files. An approved revision never changes; a change of words is a
new revision, which needs approval again.
"""

import uuid

from django.db import models

from pipeline.audience.models import MailingList
from pipeline.editorial.issue_rules import IssueState as IssueState
from pipeline.editorial.newsletter_models import NewsletterRuleSet as NewsletterRuleSet
from pipeline.editorial.newsletter_models import WelcomeTip as WelcomeTip
from pipeline.editorial.timetable_models import BlackoutDates as BlackoutDates
from pipeline.editorial.timetable_models import OneOff as OneOff
from pipeline.editorial.timetable_models import Schedule as Schedule
from pipeline.editorial.tip_rules import TipState as TipState


class ApprovalPolicy(models.TextChoices):
    AUTOMATIC = "automatic"
    REQUIRED = "required"


class Newsletter(models.Model):
    """What subscribers know by name: sender, identity, look, and how its issues are made."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    mailing_list = models.ForeignKey(MailingList, models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=120)
    sender_address = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=320, blank=True)
    list_id = models.CharField(max_length=200, unique=True)
    language = models.CharField(max_length=35, default="en")
    postal_address = models.TextField(blank=True)
    reason = models.TextField()
    advice_note = models.TextField(blank=True)
    accent_colour = models.CharField(max_length=7, default="#b4533c")
    logo_url = models.CharField(max_length=500, blank=True)
    utm_source = models.CharField(max_length=60, blank=True)  # '' asks for no UTM parameters on links
    fonts = models.CharField(max_length=20, default="house")  # one of content.FONTS
    counts_clicks = models.BooleanField(default=False)  # how often a mail's links are followed, never by whom
    claims_region = models.CharField(max_length=2, default="eu")  # whose rules on claims hold; see derive/guard.py
    design = models.CharField(max_length=60, default="digest")
    tips_per_issue = models.PositiveSmallIntegerField(default=3)
    approval = models.CharField(max_length=10, choices=ApprovalPolicy.choices, default=ApprovalPolicy.AUTOMATIC)
    lead_time_minutes = models.PositiveIntegerField(default=1440)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(tips_per_issue__gte=1), name="at_least_one_tip_per_issue"),
            models.CheckConstraint(
                condition=models.Q(approval__in=ApprovalPolicy.values), name="approval_policy_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A document that was ingested: its canonical text and the hashes that spans are held to.

    `location` says where it came from (a path or a URL), and so which document a changed one replaces: of the versions
    at one location, the current one has `current_since`. `gone_at` is set while its file is not there any more.
    """

    name = models.CharField(max_length=255)
    location = models.CharField(max_length=1000)
    media_type = models.CharField(max_length=100)
    title = models.CharField(max_length=300, blank=True)
    sha256 = models.CharField(max_length=64)
    canonical_sha256 = models.CharField(max_length=64)
    extractor = models.CharField(max_length=40)
    text = models.TextField()
    ingested_at = models.DateTimeField()
    current_since = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "extractor", "location"], name="one_document_per_content"),
            models.UniqueConstraint(
                fields=["location"], condition=models.Q(current_since__isnull=False), name="one_current_version"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TipOrigin(models.TextChoices):
    DERIVED = "derived"
    HANDWRITTEN = "handwritten"
    STUDIO = "studio"


class Tip(models.Model):
    """A piece of advice with a life: its words are in its revisions, `revision` being the current one.

    `entry_id` is the permanent id in every feed. `ingest_key` is what makes handing in the same thing twice change
    nothing: the in-tray file, or the document span, that the tip came from; NULL for one written in the studio.
    `ingest_hash` is of the words that were last handed in under that key, so that a file that did not change never
    undoes what was changed in the studio since.
    """

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="tips")
    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=12, choices=TipOrigin.choices)
    ingest_key = models.CharField(max_length=300, null=True)
    ingest_hash = models.CharField(max_length=64, blank=True)
    state = models.CharField(
        max_length=12, choices=[(state.value, state.label) for state in TipState], default=TipState.DRAFT
    )
    revision = models.ForeignKey("TipRevision", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    permalink = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "ingest_key"], name="one_tip_per_ingest_key"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in TipState]), name="tip_state_known"
            ),
        ]
        indexes = [models.Index(fields=["newsletter", "state"], name="tip_newsletter_state")]

    def __str__(self) -> str:
        return f"tip {self.pk} ({self.state})"


class TipRevision(models.Model):
    """One wording of a tip; written once. `content_hash` covers every field that a reader can see."""

    tip = models.ForeignKey(Tip, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    topic = models.CharField(max_length=80)
    author = models.CharField(max_length=120, blank=True)
    link_url = models.CharField(max_length=1000, blank=True)
    link_text = models.CharField(max_length=200, blank=True)
    picture_url = models.CharField(max_length=1000, blank=True)
    picture_alt = models.CharField(max_length=300, blank=True)
    source_note = models.CharField(max_length=500, blank=True)
    not_before = models.DateField(null=True)
    not_after = models.DateField(null=True)
    score = models.FloatField(null=True)
    flags = models.JSONField(default=list)
    edits = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=150)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "number"], name="revisions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.title} (revision {self.number})"


class Provenance(models.Model):
    """The very words that a revision rests on: `document.text[start:end] == quote`.

    The words that the revision was made from are part of what is approved, and readers see them. `corroborates` marks
    a further source that was found to say the same: it is shown to staff, and changes nothing for readers.
    """

    revision = models.ForeignKey(TipRevision, models.CASCADE, related_name="provenances")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    heading_path = models.JSONField(default=list)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    corroborates = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="span_is_not_empty")]

    def __str__(self) -> str:
        return f"{self.document_id}[{self.start}:{self.end}]"


class Decision(models.TextChoices):
    APPROVED = "approved"
    REJECTED = "rejected"


class Review(models.Model):
    """A named person's decision on one revision, with the hash of what they saw and what the guard had said.

    The latest one counts: a tip that was sent back to review because its source changed is decided on again.
    `override_reason` is why a finding that blocks was overruled.
    """

    revision = models.ForeignKey(TipRevision, models.CASCADE, related_name="reviews")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    content_hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    override_reason = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.decision} by {self.decided_by}"


class QueueEntry(models.Model):
    """An approved tip's place in its newsletter's queue; it goes when an issue takes the tip.

    A higher `priority` goes first (1 high, 0 normal, -1 low); among equals the position decides.
    """

    tip = models.OneToOneField(Tip, models.CASCADE, related_name="queue_entry")
    position = models.PositiveIntegerField()
    priority = models.SmallIntegerField(default=0)
    held = models.BooleanField(default=False)
    queued_at = models.DateTimeField()

    class Meta:
        ordering = ["-priority", "position", "pk"]
        constraints = [models.CheckConstraint(condition=models.Q(priority__in=[-1, 0, 1]), name="queue_priority_known")]

    def __str__(self) -> str:
        return f"queue {self.position}: tip {self.tip_id}"


class Issue(models.Model):
    """A numbered issue, composed for a slot; frozen when approved.

    `slot_key` is the slot's nominal local occurrence ("2026-11-24T09:00 Europe/Berlin"; with "once " before it for a
    one-off), or for an issue that a person asked for now its minute ("extra 2026-11-22T14:05 UTC"): one issue for one
    slot. `nominal` is the slot's wall time ("2026-11-24T09:00"), which each subscriber's own clocks are held to where
    the schedule says so; '' for an issue that goes to everybody at once. `content` is the canonical JSON of
    `IssueContent`; `html` and `text` are the rendered email with its place markers; `frozen_hash` covers both, and the
    sender refuses anything that does not match it. `choice` is why other tips were passed over when it was composed.
    """

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, related_name="issues")
    number = models.PositiveIntegerField()
    entry_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slot_key = models.CharField(max_length=120)
    slot_at = models.DateTimeField()
    nominal = models.CharField(max_length=16, blank=True, default="")
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in IssueState], default=IssueState.COMPOSED
    )
    held_reason = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=200)
    preheader = models.CharField(max_length=300, blank=True)
    intro = models.TextField(blank=True)
    design = models.CharField(max_length=60)
    content = models.TextField(blank=True)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    frozen_hash = models.CharField(max_length=64, blank=True)
    choice = models.JSONField(default=dict)
    composed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "slot_key"], name="one_issue_per_slot"),
            models.UniqueConstraint(fields=["newsletter", "number"], name="issues_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in IssueState]), name="issue_state_known"
            ),
        ]
        indexes = [models.Index(fields=["newsletter", "slot_at", "number"], name="issue_in_time")]

    def __str__(self) -> str:
        return f"issue {self.number}: {self.subject}"


class IssueTip(models.Model):
    """A tip's place in an issue, with the revision that was picked and why."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="issue_tips")
    position = models.PositiveSmallIntegerField()
    tip = models.ForeignKey(Tip, models.PROTECT, related_name="issue_tips")
    revision = models.ForeignKey(TipRevision, models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "position"], name="issue_positions_are_unique"),
            models.UniqueConstraint(fields=["issue", "tip"], name="a_tip_is_once_in_an_issue"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}.{self.position}: tip {self.tip_id}"


class PublicTip(models.Model):
    """A tip as readers see it now: its place in history, and what became of it after its first issue.

    `serial` is its place among all tips of the newsletter that ever appeared, `topic_serial` its place within its
    topic; neither changes while it stays in that topic, so that a full page of history stays as it is. `change` grows
    with every publication, correction and withdrawal of the newsletter: whoever made pages up to a change knows what
    is new by it. No two tips of a newsletter share `updated_at`.

    `revision` holds the words that readers see now; without `corrected_at` they are those of `issue`, its first, where
    they are frozen. `former_topics` are the places that it left: [topic's slug, its serial there]. `search_text` is
    folded for looking up.
    """

    newsletter = models.ForeignKey(Newsletter, models.CASCADE, db_index=False, related_name="+")
    tip = models.OneToOneField(Tip, models.CASCADE, related_name="public")
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    revision = models.ForeignKey(TipRevision, models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField()
    topic_slug = models.CharField(max_length=120)
    topic_serial = models.PositiveIntegerField()
    former_topics = models.JSONField(default=list)
    change = models.PositiveBigIntegerField()
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)
    correction_note = models.CharField(max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_note = models.CharField(max_length=500, blank=True)
    search_text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "serial"], name="public_tips_are_numbered"),
            models.UniqueConstraint(
                fields=["newsletter", "topic_slug", "topic_serial"], name="public_tips_are_numbered_by_topic"
            ),
            models.UniqueConstraint(fields=["newsletter", "updated_at"], name="public_tips_change_one_by_one"),
            models.CheckConstraint(
                condition=models.Q(updated_at__gte=models.F("published_at")), name="public_tip_changes_after_it_appears"
            ),
        ]
        indexes = [
            models.Index(fields=["newsletter", "change"], name="public_tip_change"),
            models.Index(fields=["newsletter", "topic_slug", "updated_at"], name="public_tip_by_topic"),
            models.Index(
                fields=["newsletter", "withdrawn_at"],
                condition=models.Q(withdrawn_at__isnull=False),
                name="public_tip_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"public tip {self.serial} of newsletter {self.newsletter_id}"
