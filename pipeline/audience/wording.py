"""The words of consent, and the version that a consent is kept with. Pure."""

import hashlib

_FORM = {
    "en": "Send me {newsletter} by email. I can leave at any time, with one click.",
    "de": "Schicken Sie mir {newsletter} per Mail. Ich kann jederzeit mit einem Klick gehen.",
}


def form_wording(newsletter_name: str, language: str) -> str:
    """What a reader agrees to by the subscribe form, as it is shown there and kept with their consent.

    English for a language that has no words here.
    """
    return _FORM.get(language.split("-")[0].lower(), _FORM["en"]).format(newsletter=newsletter_name)


def wording_version(wording: str) -> str:
    """The first 12 hex digits of the SHA-256: another text is another version, without anybody having to count."""
    return hashlib.sha256(wording.encode()).hexdigest()[:12]
