"""UTM parameters on a mail's links, for a newsletter that wants its own web statistics to tell where visits come from.

They say which newsletter, issue and tip a link stood in, and nothing of the reader: every reader's link is the same.
Links of the HTML part alone carry them; the text part shows its addresses, and plain ones read better. Sources, and a
reader's own links (preferences, unsubscribe), never do. The parameters are those of Google Analytics' campaign URLs,
which other programs read as well.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

from pipeline.render.targets import split

MEDIUM = "email"

_ALREADY = re.compile(r"(^|&)utm_\w+=", re.IGNORECASE)


def tagged(url: str, *, source: str, issue_number: int, anchor: str = "") -> str:
    """The address with the parameters; as it is without a `source`, if it is no web address, or carries its own."""
    parts = split(url.strip())
    if not source or parts is None or parts.scheme not in {"http", "https"} or _ALREADY.search(parts.query):
        return url
    values = {"source": source, "medium": MEDIUM, "campaign": f"issue-{issue_number}", "content": anchor}
    added = "&".join(f"utm_{name}={quote(value, safe='')}" for name, value in values.items() if value)
    address, hash_mark, fragment = url.strip().partition("#")
    joint = "&" if urlsplit(address).query else "" if address.endswith("?") else "?"
    return f"{address}{joint}{added}{hash_mark}{fragment}"


def untagged(url: str) -> str:
    """The address without UTM parameters."""
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair and not _ALREADY.match(pair)]
    return urlunsplit(parts._replace(query="&".join(kept)))
