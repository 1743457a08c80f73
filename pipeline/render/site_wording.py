"""The fixed words of the archive and the feeds, in one place; beside `wording.py`, which has those of the email.

The English stands here, its translations in `locale/`; English and German are complete. Another language gets English,
marked as such in the page.
"""

from dataclasses import dataclass

from pipeline.render.catalogue import translated


@dataclass(frozen=True, slots=True)
class SiteWording:
    """What a phrase holds stands behind it: `{name}` and the like."""

    language: str
    skip: str
    home: str
    archive: str
    all_issues: str
    all_issues_of: str  # {name}
    issue: str  # {number}
    in_this_issue: str
    latest_issue: str
    earlier_issues: str
    later_issues: str
    nothing_yet: str
    previous: str
    next: str
    by: str  # {author}
    source: str
    more: str
    link_to_tip: str
    first_in: str  # {number}
    corrected: str  # {date}
    withdrawn: str  # {date}
    withdrawn_title: str  # {title}
    subscribe: str
    subscribe_why: str
    feeds: str
    feeds_why: str  # {tips}, {issues}
    all_tips: str
    one_per_issue: str
    topics: str
    all_topics: str
    more_topics: str
    previous_topics: str
    tips_on: str  # {topic}
    earlier_tips: str
    advice: str
    search: str
    search_label: str
    this_is_a_feed: str


ENGLISH = SiteWording(
    language="en",
    skip="Skip to the text",
    home="Home",
    archive="Archive",
    all_issues="All issues",
    all_issues_of="Every issue of {name}, the newest first.",
    issue="Issue {number}",
    in_this_issue="In this issue",
    latest_issue="The latest issue",
    earlier_issues="Earlier issues",
    later_issues="Later issues",
    nothing_yet="The first issue is still to come.",
    previous="Previous issue",
    next="Next issue",
    by="By {author}",
    source="Source",
    more="Read more",
    link_to_tip="Link to this tip",
    first_in="First published in issue {number}",
    corrected="Corrected on {date}.",
    withdrawn="Withdrawn on {date}. This tip no longer stands.",
    withdrawn_title="Withdrawn: {title}",
    subscribe="Subscribe",
    subscribe_why="The next issue by email. You can leave at any time.",
    feeds="Follow in a feed reader",
    feeds_why="Every tip in full, and no address needed: the newest {tips} tips, or the newest {issues} issues.",
    all_tips="All tips",
    one_per_issue="One entry per issue",
    topics="Topics",
    all_topics="All topics",
    more_topics="More topics",
    previous_topics="Previous topics",
    tips_on="Tips on {topic}, the newest first.",
    earlier_tips="Earlier tips are in the archive",
    advice="A note on advice",
    search="Search",
    search_label="Look for words in every tip",
    this_is_a_feed="This is a feed. Copy its address into a feed reader, and each new issue comes to you there.",
)
ROOM = "site"
GERMAN = translated(ENGLISH, ROOM, "de")


def site_wording(language: str) -> SiteWording:
    """The words for a BCP 47 tag (`de-AT` gets German), English for a language that has none."""
    return translated(ENGLISH, ROOM, language)
