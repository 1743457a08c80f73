"""The fixed words of an issue, in one place: everything a reader sees that no person of the newsletter wrote.

The English stands here, its translations in `locale/` (see `catalogue.py`); English and German are complete. Another
language gets English, marked as such, so that a screen reader speaks it right and its direction holds within a page
that runs the other way.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global

from pipeline.render.catalogue import counted, translated

_RIGHT_TO_LEFT_LANGUAGES = frozenset({
    "ar", "arc", "arz", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps",
    "sd", "sdh", "syr", "ug", "ur", "yi",
})  # fmt: skip
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_UPRIGHT_LANGUAGES = frozenset({"ja", "ko", "th", "yue", "zh"})
_LANGUAGE_TAG = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """`greeting_named` holds `{name}`, `source` holds `{title}`, `issue` holds `{number}`, `more`
    holds `{site}`, `welcome_intro` holds `{newsletter}`, the others hold nothing."""

    language: str
    greeting_named: str
    greeting: str
    issue: str
    read_on_web: str
    source: str
    more: str
    note: str
    regards: str
    logo: str
    why: str
    preferences: str
    unsubscribe: str
    view_in_browser: str
    counted: str
    welcome: str
    welcome_intro: str


ENGLISH = Wording(
    language="en",
    greeting_named="Hello {name},",
    greeting="Hello,",
    issue="Issue {number}",
    read_on_web="Read on the web",
    source="From: {title}",
    more="Read more at {site}",
    note="A note on advice",
    regards="With kind regards,",
    logo="Logo",
    why="Why you get this",
    preferences="Choose what you get",
    unsubscribe="Unsubscribe",
    view_in_browser="View in your browser",
    counted="Clicks on links are counted, without noting who followed them.",
    welcome="Welcome",
    welcome_intro="You are new to {newsletter}. This is one of the tips that readers had before you came.",
)
ROOM = "email"
TIPS_FOLLOW = (
    "This issue has one tip, to read at your own pace.",
    "This issue has {count} tips, to read at your own pace.",
)
GERMAN = translated(ENGLISH, ROOM, "de")


def wording(language: str) -> Wording:
    """The words for a BCP 47 tag (`de-AT` gets German), English for a language that has none."""
    return translated(ENGLISH, ROOM, language)


def has_words(language: str) -> bool:
    """Whether the fixed wording speaks this language, and not English in its stead."""
    return language.split("-")[0].lower() == wording(language).language.split("-")[0].lower()


def tips_follow(count: int, language: str) -> str:
    """What stands above the tips where nobody wrote an introduction; in the language of `wording(language)`."""
    one, many = TIPS_FOLLOW
    return counted(one, many, count, context=f"{ROOM}.tips_follow", language=wording(language).language)


def greeting(name: str, language: str) -> str:
    """The whole greeting for a reader, by name when there is one."""
    return greetings((name,), language)[0]


def greetings(names: Iterable[str], language: str) -> list[str]:
    """The same for many readers."""
    words = wording(language)
    before, _, after = words.greeting_named.partition("{name}")
    stripped = [name.strip() for name in names]
    return [f"{before}{name}{after}" if name else words.greeting for name in stripped]


def direction(language: str) -> str:
    """`rtl` or `ltr`; a script subtag (`ks-Deva`, `az-Arab`) goes before the language."""
    primary, *subtags = language.lower().split("-")
    script = next((tag for tag in subtags if len(tag) == 4 and tag.isalpha()), "")
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT_LANGUAGES else "ltr"


def has_italics(language: str) -> bool:
    """Whether the language's script knows slanted letters and wide-set labels; elsewhere they harm the reading."""
    return direction(language) == "ltr" and language.split("-")[0].lower() not in _UPRIGHT_LANGUAGES


def language_tag(language: str) -> str:
    """The tag as `lang` takes it; "en" for what is no language tag, or names a language that there is not."""
    is_known = _LANGUAGE_TAG.fullmatch(language) and language.split("-")[0].lower() in _languages()
    return language if is_known else "en"


@cache
def _languages() -> frozenset[str]:
    """The codes of ISO 639 that have a name, and those that other codes took the place of."""
    return frozenset(Locale("en").languages) | frozenset(get_global("language_aliases"))
