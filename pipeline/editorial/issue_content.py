"""From an issue's rows to the one frozen value that everything downstream sees."""

import hashlib

from django.utils.text import slugify

from pipeline.editorial.content import IssueContent, NewsletterContent, TipContent
from pipeline.editorial.models import Issue, IssueTip, Newsletter, Tip, TipRevision
from pipeline.editorial.revisions import approved_revision, sources_of
from pipeline.editorial.wording_rules import STORED_PICTURE
from pipeline.errors import TipsheetError


class ChangedRevisionError(TipsheetError):
    """An issue holds a wording of a tip that is not the tip's approved one any more."""


def content_of(issue: Issue, *, public_url: str) -> IssueContent:
    """The issue's content, from revisions whose approval holds.

    Raises NotApprovedError, TamperedRevisionError or ChangedRevisionError, naming the tip.
    """
    newsletter = newsletter_content(issue.newsletter, public_url=public_url)
    permalink = f"{newsletter.site_url}archive/{issue.number}.html"
    places = issue.issue_tips.select_related("tip__revision", "revision").order_by("position")
    return IssueContent(
        newsletter=newsletter,
        number=issue.number,
        entry_id=f"urn:uuid:{issue.entry_id}",
        permalink=permalink,
        subject=issue.subject,
        preheader=issue.preheader,
        intro=issue.intro,
        design=issue.design,
        issued_at=issue.slot_at,
        tips=tuple(_tip_content(place, permalink) for place in places),
    )


def newsletter_content(newsletter: Newsletter, *, public_url: str) -> NewsletterContent:
    """The newsletter as an issue shows it; its pages stand under `public_url`, which has no closing slash."""
    site_url = f"{public_url}/{newsletter.slug}/"
    return NewsletterContent(
        slug=newsletter.slug,
        name=newsletter.name,
        tagline=newsletter.tagline,
        sender_name=newsletter.sender_name,
        sender_address=newsletter.sender_address,
        reply_to=newsletter.reply_to,
        list_id=newsletter.list_id,
        language=newsletter.language,
        postal_address=newsletter.postal_address,
        reason=newsletter.reason,
        advice_note=newsletter.advice_note,
        accent_colour=newsletter.accent_colour,
        logo_url=newsletter.logo_url,
        utm_source=newsletter.utm_source,
        counts_clicks=newsletter.counts_clicks,
        fonts=newsletter.fonts,
        claims_region=newsletter.claims_region,
        site_url=site_url,
        subscribe_url=f"{public_url}/subscribe/{newsletter.slug}/",
    )


def picture_address(picture: str, *, site_url: str) -> str:
    """Where readers find a tip's picture: one that was handed in lies in the newsletter's folder."""
    return f"{site_url}{picture}" if STORED_PICTURE.fullmatch(picture) else picture


def anchor_of(tip: Tip) -> str:
    """The tip's place on an archive page: made from its permanent id, so that it outlives every change of title."""
    return f"tip-{tip.entry_id.hex[:12]}"


def topic_slug(topic: str) -> str:
    """The topic as a part of an address; topics that differ only in case or punctuation share one."""
    return slugify(topic, allow_unicode=True) or f"topic-{hashlib.sha256(topic.encode()).hexdigest()[:8]}"


def _tip_content(place: IssueTip, permalink: str) -> TipContent:
    tip, revision = place.tip, place.revision
    if approved_revision(tip).pk != revision.pk:
        raise ChangedRevisionError(
            f"Issue {place.issue.number} holds revision {revision.number} of tip {tip.pk}, which has newer words now. "
            "Swap the tip, or take it again."
        )
    return tip_content(tip, revision, permalink=tip.permalink or f"{permalink}#{anchor_of(tip)}")


def tip_content(tip: Tip, revision: TipRevision, *, permalink: str) -> TipContent:
    """One wording of a tip, as readers are given it."""
    return TipContent(
        entry_id=f"urn:uuid:{tip.entry_id}",
        anchor=anchor_of(tip),
        permalink=permalink,
        title=revision.title,
        text=revision.text,
        topic=revision.topic,
        topic_slug=topic_slug(revision.topic),
        author=revision.author,
        revision_hash=revision.content_hash,
        link_url=revision.link_url,
        link_text=revision.link_text,
        picture_url=picture_address(revision.picture_url, site_url=permalink.rpartition("archive/")[0]),
        picture_alt=revision.picture_alt,
        sources=sources_of(revision),
    )
