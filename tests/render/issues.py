"""Issues to render in tests, and the email as one reader gets it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.config import CHECKOUT
from pipeline.editorial.content import IssueContent, TipContent
from pipeline.render.designs import find_designs
from pipeline.render.email import render_email
from pipeline.render.model import Place, RenderedEmail

TEMPLATES = CHECKOUT / "templates"
SAMPLES = Path(__file__).parent / "samples"
VALUES = {
    Place.GREETING: "Hello Ada,",
    Place.UNSUBSCRIBE_URL: "https://newsletter.example/u/x?a=1",
    Place.PREFERENCES_URL: "https://newsletter.example/p/x?a=1",
}


def sample(name: str = "") -> IssueContent:
    """A named sample of `samples/`, or the digest's own."""
    if not name:
        return find_designs(TEMPLATES)["digest"].sample()
    return IssueContent.from_json((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def samples() -> Iterator[tuple[str, IssueContent]]:
    """A name and an issue for each design × sample: the design's own, and those that try every design."""
    for design in find_designs(TEMPLATES).values():
        yield f"{design.slug}-sample", design.sample()
        for path in sorted(SAMPLES.glob("*.json")):
            yield f"{design.slug}-{path.stem}", replace(sample(path.stem), design=design.slug)


def rendered(content: IssueContent) -> RenderedEmail:
    return render_email(content, templates=TEMPLATES)


def as_one_reader_gets_it(content: IssueContent) -> str:
    """The HTML with its places filled."""
    html = rendered(content).html
    for place, value in VALUES.items():
        html = html.replace(place.marker, value)
    return html


def of_newsletter(content: IssueContent, **changes: str) -> IssueContent:
    return replace(content, newsletter=replace(content.newsletter, **changes))


def of_first_tip(content: IssueContent, **changes: object) -> IssueContent:
    first: TipContent = replace(content.tips[0], **changes)  # type: ignore[arg-type]  # each test names real fields
    return replace(content, tips=(first, *content.tips[1:]))
