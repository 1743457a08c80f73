"""Issues, corrections and withdrawals for the tests of a newsletter's folder: made by the actions, without any mail."""

from datetime import UTC, datetime, timedelta

from pipeline.editorial.actions import issues, revise, tips
from pipeline.editorial.actions.corrections import correct
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.issue_content import content_of
from pipeline.editorial.models import TipState
from pipeline.editorial.slots import Slot
from pipeline.editorial.wording_rules import Wording

FIRST_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ANNA = "Anna Editor"


class Story:
    """A newsletter's life, a day for each step unless it is told another time."""

    def __init__(self, newsletter, *, began=FIRST_AT, public_url="https://newsletter.example"):
        self.newsletter, self.now, self.public_url = newsletter, began, public_url
        self.told = 0

    def issue(self, *topics, days=1):
        """An issue with a tip on each topic, on its way to readers and then published."""
        self._pass(days)
        for topic in topics:
            tips.approve(tip_id=self._write(topic).pk, now=self.now, actor=ANNA)
        self.newsletter.tips_per_issue = len(topics)
        slot = Slot(f"extra {self.now:%FT%T} {self.told}", self.now.replace(tzinfo=None), self.now, self.now)
        issue = issues.compose(newsletter=self.newsletter, slot=slot, now=self.now, actor=ANNA)
        content = content_of(issue, public_url=self.public_url)
        digest = frozen_hash(content.to_json(), "", "")
        frozen = {"content": content, "html": "", "text": "", "frozen_hash": digest}
        issues.mark_approved(issue_id=issue.pk, **frozen, now=self.now, actor=ANNA)
        issues.mark_publishing(issue_id=issue.pk, now=self.now, actor=ANNA)
        return issues.mark_published(issue_id=issue.pk, now=self.now, actor=ANNA)

    def correct(self, tip, *, topic=None, note="It was wrong.", title=None, days=1):
        self._pass(days)
        words = self._words(topic or tip.revision.topic)
        if title:
            words = Wording(title=title, text=words.text, topic=words.topic, author=words.author)
        correct(tip_id=tip.pk, wording=words, note=note, now=self.now, actor=ANNA)

    def withdraw(self, tip, *, reason="It was disproved.", days=1):
        self._pass(days)
        tips.withdraw(tip_id=tip.pk, reason=reason, now=self.now, actor=ANNA)

    def published(self):
        found = self.newsletter.tips.filter(state=TipState.PUBLISHED)
        return list(found.select_related("revision").order_by("pk"))

    def _pass(self, days):
        self.now += timedelta(days=days)

    def _write(self, topic):
        return revise.write_tip(newsletter=self.newsletter, wording=self._words(topic), now=self.now, actor=ANNA)

    def _words(self, topic):
        self.told += 1
        text = f"Wash with lukewarm water, and pat the skin dry. That is piece {self.told} of advice."
        return Wording(title=f"A word on {topic}, number {self.told}", text=text, topic=topic, author="Dr Ida Berg")
