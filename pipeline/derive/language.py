"""Which language a text is in: offline, by its script and by its smallest words.

Tips are derived from English alone; anything else is refused with a clear line. Technical words (Latin, INCI lists,
French dishes) carry no small words of their own, and so do not disturb; a text in several languages is judged by
its paragraphs, each by its length.
"""

import re
from collections import Counter
from functools import cache
from typing import NamedTuple

from pipeline.derive.lexicon_files import groups
from pipeline.derive.tokens import Kept
from pipeline.errors import TipsheetError

UNKNOWN = "und"  # ISO 639-3 for 'undetermined'
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SAMPLE_CHARS = 200_000  # of a long document; its beginning, middle and end are looked at
_WEIGHT = 27_720  # of a small word that one language has: a whole number that 1 to 12 divide, so that sums are exact
_SURE_PERCENT = 6  # of a small word's weight, the least for each word of a paragraph in that language
# Unicode ranges of the scripts that name a language, or nearly.
_SCRIPTS = (
    ("ja", 0x3040, 0x30FF),
    ("ko", 0xAC00, 0xD7AF),
    ("zh", 0x4E00, 0x9FFF),
    ("ru", 0x0400, 0x04FF),
    ("el", 0x0370, 0x03FF),
    ("ar", 0x0600, 0x06FF),
    ("he", 0x0590, 0x05FF),
    ("hi", 0x0900, 0x097F),
    ("th", 0x0E00, 0x0E7F),
    ("ka", 0x10A0, 0x10FF),
    ("hy", 0x0530, 0x058F),
)
NAMES = {
    "ar": "Arabic", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "ko": "Korean", "la": "Latin", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip


class LanguageError(TipsheetError):
    """A document is in a language that tips cannot be derived from."""


def detect(text: str) -> str:
    """The ISO 639-1 code of the language that most of the text is in; 'und' where nothing tells."""
    shares: Counter[str] = Counter()
    for paragraph in _paragraphs(_sample(text)):
        language, words = _of_paragraph(paragraph)
        shares[language] += words
    told = {language: words for language, words in shares.items() if language != UNKNOWN}
    if not told:
        return UNKNOWN
    return min(told, key=lambda language: (-told[language], language != "en", language))


def require_english(text: str, name: str) -> None:
    """Raise LanguageError for a text in another language; one that shows no language passes."""
    language = detect(text)
    if language in {"en", UNKNOWN}:
        return
    raise LanguageError(
        f"{name} seems to be in {NAMES.get(language, language)}. Tips can be derived from English text only; "
        "tips from it can still be written by hand."
    )


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE_CHARS:
        return text
    third, middle = _SAMPLE_CHARS // 3, len(text) // 2
    return "\n".join((text[:third], text[middle : middle + third], text[-third:]))


def _paragraphs(text: str) -> list[str]:
    """Blocks between blank lines; one long block of lines is judged by its lines."""
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    return [line for block in blocks for line in (block.splitlines() if len(block) > 2000 else [block])]


def _of_paragraph(paragraph: str) -> tuple[str, int]:
    """The paragraph's language, and how many words it has (a script without blanks counts two letters a word)."""
    script, letters = _script(paragraph)
    if script:
        return script, max(letters // 2, 1)
    chunks = list(map(_CHUNKS.__getitem__, paragraph.split()))
    words = sum([chunk.words for chunk in chunks])
    # Where English alone gains no less than all others without it, none of them can be before it: most paragraphs.
    if sum([chunk.lead for chunk in chunks]) >= 0:
        best, weight = "en", sum([chunk.english for chunk in chunks])
    else:
        best, weight = _best(paragraph)
    return (best, words) if weight and weight * 100 >= _SURE_PERCENT * _WEIGHT * words else (UNKNOWN, words)


def _best(paragraph: str) -> tuple[str, int]:
    """The language whose small words weigh most, with their weight; '' where there are none."""
    scores: dict[str, int] = {}
    for word in _WORD.findall(paragraph):
        languages = _languages_of(word)
        for language in languages:
            scores[language] = scores.get(language, 0) + _weight(languages)
    best = min(scores, key=lambda language: (-scores[language], language != "en", language), default="")
    return best, scores.get(best, 0)


def _languages_of(word: str) -> tuple[str, ...]:
    return _small_words().get(word.lower().replace("’", "'"), ())


def _weight(languages: tuple[str, ...]) -> int:
    """What a small word says for each of its languages: the more have it, the less."""
    return _WEIGHT // len(languages) + _WEIGHT // 5


class _Chunk(NamedTuple):
    """What stands between two blanks: its words, what it weighs for English, and its `lead`.

    The lead is the weight of the words that English alone has, less that of those that it does not have.
    """

    words: int
    english: int
    lead: int


def _chunk_of(written: str) -> _Chunk:
    words = _WORD.findall(written)
    english = lead = 0
    for languages in filter(None, map(_languages_of, words)):
        if "en" in languages:
            english += _weight(languages)
        if languages == ("en",):
            lead += _weight(languages)
        elif "en" not in languages:
            lead -= _weight(languages)
    return _Chunk(len(words), english, lead)


_CHUNKS = Kept(_chunk_of)


@cache
def _small_words() -> dict[str, tuple[str, ...]]:
    """Small word → the languages that have it."""
    table: dict[str, list[str]] = {}
    for language, lines in groups("language/function_words").items():
        for word in sorted({word for line in lines for word in line.split()}):
            table.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in table.items()}


def _script(paragraph: str) -> tuple[str, int]:
    """The language of a script other than Latin, when it has most of the letters; else ''."""
    if paragraph.isascii():
        return "", 0
    found: Counter[str] = Counter()
    for letter, count in Counter(paragraph).items():
        if letter.isalpha():
            found[next((name for name, low, high in _SCRIPTS if low <= ord(letter) <= high), "latin")] += count
    if not found:
        return "", 0
    if found["ja"]:
        found["ja"] += found.pop("zh", 0)  # kana among Chinese characters is Japanese
    name, letters = min(found.items(), key=lambda item: (-item[1], item[0]))
    if name == "ru" and re.search("[іїєґ]", paragraph.lower()):
        name = "uk"
    return ("", 0) if name == "latin" else (name, letters)
