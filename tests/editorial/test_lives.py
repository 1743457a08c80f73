"""Any order of what people, files and the clock can do: nothing unapproved or changed ever goes into an issue.

Hypothesis drives the real actions on the real database; after each step everything is checked against a model that
only remembers which words a person approved.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import corrections, ingest, issues, queue, revise, tips
from pipeline.editorial.actions.rules import update_rules
from pipeline.editorial.content import IssueContent
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.issue_rules import OPEN_STATES
from pipeline.editorial.models import Issue, IssueState, QueueEntry, Review, Tip, TipRevision, TipState
from pipeline.editorial.queries import free_slots
from pipeline.editorial.revisions import stored_hash, wording_of
from pipeline.editorial.tip_files import WrittenTip
from pipeline.errors import TipsheetError
from tests.editorial.conftest import ANNA, NOW, make_newsletter, wording

PUBLIC_URL = "https://newsletter.example"
numbers = st.integers(0, 5)
words = st.sampled_from(["Wash with cool water.", "Sleep on a clean pillow case.", "Renew sunscreen at noon."])


class Lives(RuleBasedStateMachine):
    """Each rule is something that a person, a file or a tick may try at any time; a refusal is an answer too."""

    @initialize()
    def found(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now = NOW
        self.newsletter = make_newsletter(tips_per_issue=2)
        self.approved: set[tuple[int, str]] = set()  # (tip, hash of words) that a person said yes to
        self.frozen: dict[int, str] = {}

    def teardown(self):
        if hasattr(self, "transaction"):
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @property
    def who(self):
        return {"now": self.now, "actor": ANNA}

    def tip(self, number):
        return Tip.objects.order_by("pk")[number : number + 1].first()

    def issue(self, number):
        return Issue.objects.order_by("pk")[number : number + 1].first()

    def attempt(self, act, /, **what):
        """Whether it was done; a refusal leaves everything as it was."""
        entries = AuditEntry.objects.count()
        try:
            act(**what, **self.who)
        except TipsheetError:
            refused = True
        else:
            refused = False
        assert not refused or AuditEntry.objects.count() == entries
        return not refused

    @rule(number=numbers, text=words, topic=st.sampled_from(["Sun", "Sleep"]))
    def hand_in(self, number, text, topic):
        written = WrittenTip("", 1, wording(topic, title=f"Tip {number}", text=f"{text} ({number})"))
        self.attempt(
            ingest.ingest_handwritten, newsletter=self.newsletter, location=f"tips/{number}.md", tips=[written]
        )

    @rule(number=numbers, text=words)
    def reword(self, number, text):
        tip = self.tip(number)
        if tip:
            self.attempt(revise.revise, tip_id=tip.pk, wording=wording(tip.revision.topic, text=text))

    @rule(number=numbers)
    def approve(self, number):
        tip = self.tip(number)
        if tip and self.attempt(tips.approve, tip_id=tip.pk, seen_hash=tip.revision.content_hash):
            self.approved.add((tip.pk, tip.revision.content_hash))

    @rule(number=numbers)
    def approve_what_was_seen_before_it_changed(self, number):
        tip = self.tip(number)
        seen = TipRevision.objects.filter(tip=tip).order_by("pk").first() if tip else None
        if seen and seen != tip.revision and seen.content_hash != tip.revision.content_hash:
            assert not self.attempt(tips.approve, tip_id=tip.pk, seen_hash=seen.content_hash)

    @rule(number=numbers, act=st.sampled_from(["reject", "withdraw", "send_back"]))
    def say_no(self, number, act):
        tip = self.tip(number)
        if tip:
            self.attempt(getattr(tips, act), tip_id=tip.pk, reason="Not now")

    @rule(number=numbers, act=st.sampled_from(["hold", "release", "drop", "move", "enqueue"]), place=st.integers(1, 6))
    def arrange(self, number, act, place):
        tip = self.tip(number)
        if tip:
            self.attempt(getattr(queue, act), tip_id=tip.pk, **({"to_place": place} if act == "move" else {}))

    @rule(number=numbers, priority=st.integers(-1, 2))
    def prioritise(self, number, priority):
        tip = self.tip(number)
        if tip:
            self.attempt(queue.prioritise, tip_id=tip.pk, priority=priority)

    @rule(days=st.integers(0, 3))
    def expire(self, days):
        day = self.now.date() + timedelta(days=days)
        self.attempt(queue.expire, newsletter_id=self.newsletter.pk, today=day)

    @rule(
        short_queue=st.sampled_from(["shorter", "skip", "reuse", "ask"]), two_people=st.booleans(),
        same_advice_days=st.sampled_from(["0", "90"]),
    )  # fmt: skip
    def decide_once(self, short_queue, two_people, same_advice_days):
        changes = {
            "short_queue": short_queue, "two_people": "yes" if two_people else "no", "reuse_after_months": "1",
            "same_advice_days": same_advice_days,
        }  # fmt: skip
        update_rules(newsletter=self.newsletter, changes=changes, **self.who)

    @rule(number=numbers, text=words)
    def correct(self, number, text):
        tip = self.tip(number)
        if tip is None:
            return
        changed = wording(tip.revision.topic, text=f"{text} Corrected.")
        if self.attempt(corrections.correct, tip_id=tip.pk, wording=changed, note="It was wrong."):
            tip.refresh_from_db()
            self.approved.add((tip.pk, tip.revision.content_hash))

    @rule(number=numbers)
    def withdraw_wherever_it_is(self, number):
        tip = self.tip(number)
        if tip:
            self.attempt(tips.withdraw, tip_id=tip.pk, reason="Disproved.", while_sending=True)

    @rule(number=numbers)
    def reuse_by_hand(self, number):
        tip, issue = self.tip(number), self.issue(number)
        if tip and issue:
            self.attempt(issues.add_tip, issue_id=issue.pk, tip_id=tip.pk)

    @rule(number=numbers, place=st.integers(1, 3))
    def take_out_of_the_issue(self, number, place):
        issue = self.issue(number)
        out = issue.issue_tips.filter(position=place).first() if issue else None
        if out:
            self.attempt(issues.remove_tip, issue_id=issue.pk, tip_id=out.tip_id)

    @rule(weeks=st.integers(4, 9))
    def time_passes(self, weeks):
        self.now += timedelta(weeks=weeks)

    @rule(days=st.integers(0, 9))
    def compose(self, days):
        self.now += timedelta(days=days)
        self.attempt(issues.compose, newsletter=self.newsletter, slot=next(free_slots(self.newsletter, after=self.now)))

    @rule(number=numbers, other=numbers, place=st.integers(1, 2))
    def swap(self, number, other, place):
        issue, taken = self.issue(number), self.tip(other)
        out = issue.issue_tips.filter(position=place).first() if issue else None
        if out and taken:
            self.attempt(issues.swap, issue_id=issue.pk, out_tip_id=out.tip_id, in_tip_id=taken.pk)

    @rule(number=numbers, act=st.sampled_from(["hold", "cancel", "release"]))
    def stop(self, number, act):
        issue = self.issue(number)
        if issue:
            reason = {} if act == "release" else {"reason": "Not now"}
            self.attempt(getattr(issues, act), issue_id=issue.pk, **reason)

    @rule(number=numbers)
    def freeze(self, number):
        issue = self.issue(number)
        if issue is None:
            return
        try:
            content = content_of(issue, public_url=PUBLIC_URL)
        except TipsheetError:
            return
        frozen = {"content": content, "html": "h", "text": "t", "frozen_hash": content.content_hash}
        if self.attempt(issues.mark_approved, issue_id=issue.pk, **frozen):
            self.frozen[issue.pk] = content.content_hash

    @rule(number=numbers, finish=st.booleans())
    def send(self, number, finish):
        issue = self.issue(number)
        if issue and self.attempt(issues.mark_publishing, issue_id=issue.pk) and finish:
            assert self.attempt(issues.mark_published, issue_id=issue.pk)

    @invariant()
    def only_words_that_a_person_approved_are_queued_composed_or_sent(self):
        for entry in QueueEntry.objects.select_related("tip__revision"):
            assert (entry.tip_id, entry.tip.revision.content_hash) in self.approved
            assert entry.tip.state == TipState.QUEUED
        for issue in Issue.objects.exclude(state=IssueState.CANCELLED):
            for place in issue.issue_tips.select_related("revision", "tip"):
                assert (place.tip_id, place.revision.content_hash) in self.approved
                assert place.tip.state in {TipState.QUEUED, TipState.PUBLISHED, TipState.WITHDRAWN}
                if issue.state in OPEN_STATES:  # what was sent keeps its words; what waits has the newest
                    assert place.tip.revision_id == place.revision_id
                    assert place.tip.state != TipState.WITHDRAWN

    @invariant()
    def what_was_frozen_is_what_is_there_until_it_is_thawed(self):
        for issue in Issue.objects.all():
            is_frozen = issue.state in {IssueState.APPROVED, IssueState.PUBLISHING, IssueState.PUBLISHED}
            assert bool(issue.content) == is_frozen or issue.state == IssueState.CANCELLED
            if is_frozen:
                content = IssueContent.from_json(issue.content)
                assert content.content_hash == self.frozen[issue.pk] == issue.frozen_hash
                held = {place.revision.content_hash for place in issue.issue_tips.select_related("revision")}
                assert {tip.revision_hash for tip in content.tips} == held

    @invariant()
    def no_tip_is_in_two_places_at_once(self):
        unsent = Issue.objects.filter(state__in=[*OPEN_STATES, IssueState.PUBLISHING])
        unsent_places = [place.tip_id for issue in unsent for place in issue.issue_tips.all()]
        assert len(unsent_places) == len(set(unsent_places))
        open_or_sent = Issue.objects.exclude(state=IssueState.CANCELLED)
        places = [place.tip_id for issue in open_or_sent for place in issue.issue_tips.all()]
        waiting = list(QueueEntry.objects.values_list("tip_id", flat=True))
        assert set(places).isdisjoint(waiting)
        queued = set(Tip.objects.filter(state=TipState.QUEUED).values_list("pk", flat=True))
        published = set(Tip.objects.filter(state=TipState.PUBLISHED).values_list("pk", flat=True))
        assert queued == (set(waiting) | set(places)) - published - set(self._withdrawn())

    def _withdrawn(self):
        return Tip.objects.filter(state=TipState.WITHDRAWN).values_list("pk", flat=True)

    @invariant()
    def no_slot_has_two_issues_and_no_revision_ever_changes(self):
        keys = list(Issue.objects.values_list("slot_key", flat=True))
        assert len(keys) == len(set(keys))
        for revision in TipRevision.objects.all():
            assert stored_hash(revision) == revision.content_hash
            assert wording_of(revision).title
        assert all(review.content_hash == review.revision.content_hash for review in Review.objects.all())


@pytest.mark.django_db
def test_no_order_of_events_brings_unapproved_or_changed_words_into_an_issue():
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
