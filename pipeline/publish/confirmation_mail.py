"""The confirmation mail: what it says, in the newsletter's language, and how it looks.

Its templates are in `templates/email/_confirmation/`; the fixed words are here, their translations
in `render/locale/`. English and German are complete; another language gets English, marked as such.
"""

from dataclasses import asdict, dataclass

from pipeline.config import Config
from pipeline.editorial.models import Newsletter
from pipeline.render.catalogue import translated
from pipeline.render.colours import palette
from pipeline.render.mjml import compile_mjml, inline
from pipeline.render.model import RenderedEmail
from pipeline.render.template import render_template
from pipeline.render.wording import direction

FOLDER = "_confirmation"


@dataclass(frozen=True, slots=True)
class ConfirmationWording:
    """`subject`, `heading`, `what`, `button` and `reason` hold `{newsletter}`; `lasts` holds `{days}`."""

    language: str
    subject: str
    heading: str
    what: str
    button: str
    lasts: str
    not_you: str
    fallback: str
    reason: str


ENGLISH = ConfirmationWording(
    language="en",
    subject="Please confirm: {newsletter}",
    heading="One more step",
    what="Someone, most likely you, asked to get {newsletter} at this address. Open the page below and press its "
    "button; then you are on the list.",
    button="Confirm my subscription",
    lasts="The link works for {days} days.",
    not_you="Was it not you? Then there is nothing to do: without your confirmation you get no further mail.",
    fallback="If the button does not work, copy this address into your browser:",
    reason="You get this one mail because this address was entered in the form of {newsletter}.",
)
ROOM = "confirmation"


def render_confirmation(newsletter: Newsletter, *, confirm_url: str, config: Config) -> RenderedEmail:
    """The mail, complete: it has no place that differs between readers but the link, which is its own."""
    words = translated(ENGLISH, ROOM, newsletter.language)
    filled = {
        name: text.format(newsletter=newsletter.name, days=config.confirmation_days)
        if name in {"subject", "heading", "what", "button", "lasts", "reason"}
        else text
        for name, text in asdict(words).items()
    }
    colours = palette(newsletter.accent_colour)
    values = {
        "words": filled,
        "newsletter": {"name": newsletter.name, "postal_lines": newsletter.postal_address.splitlines()},
        "confirm_url": confirm_url,
        "direction": direction(words.language),
        "light": colours.light,
        "dark": colours.dark,
    }
    folder = config.templates / "email" / FOLDER
    compiled = compile_mjml(render_template(folder, "mail.mjml", values, autoescape=True), name="the confirmation")
    text = render_template(folder, "mail.txt", values, autoescape=False)
    return RenderedEmail(filled["subject"], inline(compiled.html, compiled.inline_css), text)
