"""What a reader agrees to by the subscribe form, in the newsletter's language: shown there, and kept with it."""

from dataclasses import dataclass

from pipeline.render.catalogue import translated


@dataclass(frozen=True, slots=True)
class ConsentWording:
    """`form` holds `{newsletter}`."""

    language: str
    form: str


ENGLISH = ConsentWording("en", form="Send me {newsletter} by email. I can leave at any time, with one click.")
ROOM = "consent"


def form_wording(newsletter_name: str, language: str) -> str:
    """The words with the newsletter's name in them; English for a language that has none."""
    return translated(ENGLISH, ROOM, language).form.replace("{newsletter}", newsletter_name)
