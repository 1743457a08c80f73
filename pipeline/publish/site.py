"""A newsletter's folder under `output/`, made from what was frozen, never from the tips' rows."""

from zoneinfo import ZoneInfo

from pipeline.config import Config
from pipeline.editorial.content import IssueContent
from pipeline.editorial.issue_content import newsletter_content
from pipeline.editorial.issue_rules import IssueState
from pipeline.editorial.models import Issue, Newsletter
from pipeline.editorial.queries import zone_name
from pipeline.publish.output import OutputReport, write_output
from pipeline.render.site import site_files

PUBLIC_STATES = (IssueState.PUBLISHING, IssueState.PUBLISHED)


def write_site(newsletter: Newsletter, *, config: Config) -> OutputReport:
    """Bring `output/<slug>/` up to date with the issues that readers may see; what was written."""
    frozen = Issue.objects.filter(newsletter=newsletter, state__in=PUBLIC_STATES).order_by("number")
    issues = [IssueContent.from_json(text) for text in frozen.values_list("content", flat=True)]
    files = site_files(
        newsletter_content(newsletter, public_url=config.public_url),
        issues,
        templates=config.templates,
        zone=ZoneInfo(zone_name(newsletter)),
    )
    return write_output(config.output / newsletter.slug, files)
