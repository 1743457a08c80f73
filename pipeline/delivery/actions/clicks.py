"""Keeping an issue's counted links, and counting: a number goes up by one, and nothing else is written."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from pipeline.delivery.models import CountedLink
from pipeline.editorial.models import Issue
from pipeline.render import model


def keep_links(*, issue: Issue, links: Iterable[model.CountedLink]) -> None:
    """The links that the issue was frozen with, in place of those of an approval that was taken back."""
    with transaction.atomic():
        CountedLink.objects.filter(issue=issue).delete()
        CountedLink.objects.bulk_create(
            CountedLink(issue=issue, number=link.number, anchor=link.anchor, url=link.url, counted_url=link.counted_url)
            for link in links
        )


def count_click(*, issue_id: int, number: int) -> None:
    """One click more on that link; one statement, so that no two at the same time become one."""
    CountedLink.objects.filter(issue=issue_id, number=number).update(clicks=F("clicks") + 1)
