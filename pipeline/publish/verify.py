"""Proof that feeds, archive and mail say the same: files and messages are parsed, never rows compared with rows.

For each published issue: its frozen bytes still match their hash; every tip has its place on the issue's archive page,
and the page has no other; every mail that the outbox holds links to exactly the tips of that page; the ledger's sum
adds up, and each accepted delivery of the outbox is one file. For each newsletter: its feeds hold exactly the newest
published tips, under the same ids in every format.
"""

import email
import email.policy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from pipeline.config import Config
from pipeline.delivery import models as ledger_models
from pipeline.delivery.sums import sums
from pipeline.editorial.content import IssueContent
from pipeline.editorial.hashing import frozen_hash
from pipeline.editorial.models import Issue, IssueState, Newsletter
from pipeline.publish.clicks import kept_links
from pipeline.render.utm import untagged

ATOM = "{http://www.w3.org/2005/Atom}"
PUBLIC_STATES = (IssueState.PUBLISHING, IssueState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Check:
    """One statement that was examined: `problem` is '' where it holds."""

    subject: str
    statement: str
    problem: str = ""

    @property
    def holds(self) -> bool:
        return not self.problem


def verify(*, config: Config) -> Iterator[Check]:
    """Every check of every newsletter, as it is made."""
    for newsletter in Newsletter.objects.order_by("pk"):
        folder = config.output / newsletter.slug
        issues = list(Issue.objects.filter(newsletter=newsletter, state__in=PUBLIC_STATES).order_by("number"))
        published: set[str] = set()
        for issue in issues:
            content = IssueContent.from_json(issue.content)
            published |= {tip.entry_id for tip in content.tips}
            yield from _issue_checks(issue, content, folder, config)
        if issues:
            yield from _feed_checks(newsletter, folder, published)


def _issue_checks(issue: Issue, content: IssueContent, folder: Path, config: Config) -> Iterator[Check]:
    subject = f"{issue.newsletter.slug} issue {issue.number}"
    wanted = {tip.anchor for tip in content.tips}
    yield Check(subject, "its frozen bytes are the approved ones", _frozen_problem(issue))
    page = folder / "archive" / f"{issue.number}.html"
    yield Check(subject, f"its {len(wanted)} tips are on its archive page", _page_problem(page, wanted))
    message = ledger_models.Message.objects.filter(issue=issue).first()
    if message is None:
        yield Check(subject, "it has a place in the ledger", "no message was made for it. Run: run.py publish")
        return
    total = sums(message)
    problem = "" if total.adds_up else f"{total.describe()}. Run: run.py publish, and look again"
    yield Check(subject, f"the sum adds up: {total.describe()}", problem)
    if config.provider == "outbox":
        counted = {link.counted_url: link.url for link in kept_links(issue)}
        yield from _mail_checks(subject, message, content, counted, config.var / "outbox")


def _frozen_problem(issue: Issue) -> str:
    if frozen_hash(issue.content, issue.html, issue.text) == issue.frozen_hash:
        return ""
    return "the stored content differs from what was approved. Restore the database, or ask who changed it"


def _page_problem(page: Path, wanted: set[str]) -> str:
    if not page.is_file():
        return f"{page} is missing. Run: run.py feeds rebuild"
    found = {
        node.attributes["id"] or ""
        for node in LexborHTMLParser(page.read_text(encoding="utf-8")).css("[id^=tip-]")
        if node.attributes.get("id")
    }
    return _difference("the page", found, wanted)


def _mail_checks(
    subject: str, message: ledger_models.Message, content: IssueContent, counted: Mapping[str, str], outbox: Path
) -> Iterator[Check]:
    accepted = ledger_models.Delivery.objects.filter(
        message=message,
        state=ledger_models.DeliveryState.ACCEPTED,
        batch__provider="outbox",
        subscriber__erased_at__isnull=True,  # the copies of an erased reader's mail are gone with them
    )
    count, problem = 0, ""
    wanted = {tip.permalink for tip in content.tips}
    for delivery_id in accepted.values_list("pk", flat=True).iterator():
        count += 1
        problem = problem or _mail_problem(outbox / f"{delivery_id}.eml", wanted, counted)
    yield Check(subject, f"its {count} accepted mails link to exactly its tips", problem)


def _mail_problem(path: Path, wanted: set[str], counted: Mapping[str, str]) -> str:
    """Where the mail's links to tips lead, whether or not they are counted or carry UTM parameters."""
    if not path.is_file():
        return f"{path} is missing, though it was accepted"
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    html = parsed.get_body(("html",))
    hrefs = map(unescape, re.findall(r'href="([^"]+)"', str(html.get_content()) if html is not None else ""))
    links = {untagged(counted.get(href, href)) for href in hrefs}
    return _difference(path.name, {link for link in links if "#tip-" in link}, wanted)


def _feed_checks(newsletter: Newsletter, folder: Path, published: set[str]) -> Iterator[Check]:
    ids: dict[str, set[str]] = {}
    for name, read in (("feed.xml", _rss_ids), ("atom.xml", _atom_ids), ("feed.json", _json_ids)):
        path = folder / name
        subject = f"{newsletter.slug} {name}"
        if not path.is_file():
            yield Check(subject, "it is there", f"{path} is missing. Run: run.py feeds rebuild")
            continue
        ids[name] = set(read(path))
        strangers = ids[name] - published
        missing = published - ids[name] if len(published) <= len(ids[name]) else set()
        yield Check(
            subject, f"its {len(ids[name])} entries are published tips", _difference(name, strangers, set(), missing)
        )
    same = len({frozenset(value) for value in ids.values()}) <= 1
    yield Check(newsletter.slug, "every feed format has the same entries", "" if same else "the formats differ")


def _rss_ids(path: Path) -> Iterable[str]:
    return [guid.text or "" for guid in etree.parse(path).iterfind("channel/item/guid")]


def _atom_ids(path: Path) -> Iterable[str]:
    return [node.text or "" for node in etree.parse(path).iterfind(f"{ATOM}entry/{ATOM}id")]


def _json_ids(path: Path) -> Iterable[str]:
    return [item["id"] for item in json.loads(path.read_text(encoding="utf-8"))["items"]]


def _difference(where: str, found: set[str], wanted: set[str], missing: set[str] | None = None) -> str:
    lacking = sorted((wanted - found) | (missing or set()))
    surplus = sorted(found - wanted)
    parts = [f"{where} lacks {', '.join(lacking)}"] if lacking else []
    parts += [f"{where} has {', '.join(surplus)}, which was not published"] if surplus else []
    return "; ".join(parts)
