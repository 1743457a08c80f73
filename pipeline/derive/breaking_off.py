"""Whether a line stops where something must follow: what is cut out of a sentence may not end there."""

import re

from pipeline.derive import grammar
from pipeline.derive.clauses import leans
from pipeline.derive.cuts import ties
from pipeline.derive.tokens import (
    AUXILIARY,
    DIGIT,
    EITHER,
    EITHER_FORM,
    FUNCTION,
    GERUND,
    MARK,
    NUMBER_WORD,
    TABLE,
    TOKEN,
    VERB,
    VERB_FORM,
    WORD,
    Sentence,
    bit,
    read_sentence,
)
from pipeline.documents.model import Span

_WAIT_FOR_MORE = frozenset(
    ["and", "or", "but", "nor", "a", "an", "the", "just", "only", "even", "than", "as", "because", "same", "such"]
)
_BEFORE_A_THING = frozenset(["a", "an", "of", "for", "with", "by"])  # "the name for small | , rough bumps"
_HOW_FAR = frozenset(["after", "before", "about", "every", "for", "until", "by", "at", "within"])
_OPENS_A_CLAUSE = frozenset(["before", "after", "since", "until", "as", "than"])
_ITS_OBJECT = frozenset(["you", "it", "them", "him", "her", "us"])
_FOLLOW_A_NOUN = frozenset(["of", "than", "which", "whom", "whose"])  # "cost a third | of what …"
_MEASURES = frozenset(
    ["teaspoon", "tablespoon", "spoonful", "handful", "pinch", "drop", "cup", "dab", "splash", "dash", "spoon", "blob"]
)
_TOGETHER = (
    ["deep", "into"],
    ["deep", "in"],
    ["away", "from"],
    ["far", "from"],
    ["close", "to"],
    ["next", "to"],
    ["due", "to"],
    ["free", "of"],
)
_BEGINS_ANOTHER = MARK | grammar.OPENER | grammar.PREPOSITION | grammar.CONJUNCTION | grammar.ADVERB | bit("time")
_TELLS = frozenset(["sure", "certain", "say", "know", "check", "see", "mean", "show", "suggest", "think", "remember"])
_VERB = AUXILIARY | VERB | VERB_FORM | EITHER | EITHER_FORM
_SURELY_VERB = AUXILIARY | VERB | VERB_FORM | EITHER_FORM
_ACT = VERB | VERB_FORM | EITHER | EITHER_FORM
_NOUNS_IN_ED = ("eed", "bed", "shed", "sled")
_VERB_OR_SMALL = AUXILIARY | FUNCTION | VERB_FORM
_ENDS_NOTHING = VERB | VERB_FORM | AUXILIARY | grammar.ADVERB | grammar.PREPOSITION | grammar.DETERMINER | NUMBER_WORD
_BEFORE_A_NOUN = grammar.DETERMINER | grammar.ADJECTIVE | grammar.PREPOSITION
_PARTICLES = frozenset(["in", "on", "up", "down", "off", "out", "away", "apart", "over", "back", "through"])
_JOINS = frozenset(["that", "which", "who", "every"])
_LONGEST_ITEM_WORDS, _FEWEST_WORDS = 3, 3
_BETWEEN = 5  # words
_ASKS = frozenset(["what", "how", "where", "who", "when", "why"])
_LIST_GOES_ON = re.compile(r"\s*,?\s*(?:and|or)\b(?! (?:do|don't|never|it|they|you)\b)")
_IS_ITEM, _ITEM_FOLLOWS = re.compile(r"an? \w+"), re.compile(r", an? \w")  # "a whistle | , a spare layer and food"
_NUMBER_OF_A_LIST = re.compile(r", \d+$")


def _telling(read: Sentence) -> list[tuple[str, int]]:
    """The words and numbers of a line with their bits, marks left out."""
    pairs = zip(read.words, read.masks, strict=True)
    return [(word, bits) for word, bits in pairs if bits & WORD or word.isdigit()]


def waits_for_more(read: Sentence) -> bool:
    """Whether a line ends on a word that another must follow, on half a quotation, or behind a semicolon."""
    words = _telling(read)
    last, bits = words[-1] if words else ("", 0)
    states = bool(words) and words[0][0] not in _ASKS  # but "What a peel is"
    waits = last in _WAIT_FOR_MORE or (states and last in ("is", "are", "was", "were"))
    waits = waits or (len(words) > 1 and words[-2][0] in _BEFORE_A_THING and bool(bits & grammar.ADJECTIVE))
    waits = waits or (
        len(words) > 1 and bool(bits & GERUND) and read.text.lower().endswith(f", {last}")
    )  # ", mixing | in"
    waits = waits or _has_no_verb_yet(words)
    halved = read.text.count('"') % 2 == 1 or read.text.count("“") != read.text.count("”")
    return waits or halved or ";" in read.text or bool(_NUMBER_OF_A_LIST.search(read.text))


def _has_no_verb_yet(words: list[tuple[str, int]]) -> bool:
    """Whether what was found, or what is to be sure, is said by half: "studies have found that static stretching"."""
    at = max((at for at, (word, _) in enumerate(words) if word == "that"), default=0)
    tells = at > 1 and (
        words[at - 1][0] in _TELLS
        or (words[at - 1][1] & (VERB_FORM | AUXILIARY) == VERB_FORM and not words[at - 2][1] & _BEFORE_A_NOUN)
    )
    return tells and not any(bits & _SURELY_VERB for _, bits in words[at + 2 :])


def asks_how_far(read: Sentence) -> bool:
    """Whether a question ends on what its answer began with: "How often to wash a jacket after"."""
    return bool(read.words) and read.words[-1] in _HOW_FAR


def has_its_object(read: Sentence, rest: str) -> bool:
    """Whether what follows a noun phrase is the object of its last word, a verb: "who have moved in to ring | you".

    "A transfer at zero percent saves | money" is no noun phrase either.
    """
    following = TOKEN.findall(rest.lower())[:1]
    if not following or _ITS_OBJECT.intersection(following):
        return bool(following)
    if read.masks[0] & GERUND and following[0] in _PARTICLES - {"in", "on", "over", "through"}:
        return True  # "peeling gel | off takes a layer with it"
    bits = TABLE[following[0]]
    said_of_many = len(read.words) > 1 and read.words[-2].endswith(("s", "ae")) and bool(read.masks[-1] & EITHER)
    if said_of_many and bits & grammar.PREPOSITION and following[0] != "of":
        return True  # "larvae feed | on wool"
    is_thing = bool(bits & WORD) and not bits & (_VERB | _BEGINS_ANOTHER | FUNCTION)
    ends_on_act = bool(read.masks) and bool(read.masks[-1] & (VERB | VERB_FORM | EITHER_FORM))
    return ends_on_act and (is_thing or bool(bits & grammar.DETERMINER)) and rest[:1] == " "


def lacks_its_article(read: Sentence) -> bool:
    """Whether a line's own article was taken and it is not whole without: "plug adapter and a small lead"."""
    words = read.words
    if words[:1] in (["little"], ["few"], ["couple"], ["bit"]) or (
        words[:1] and words[0] in _MEASURES and "of" in words
    ):
        return True  # "little mineral oil", of "a little mineral oil"
    seconds = [words[at + 1] for at in range(len(words) - 1) if words[at] in ("and", "or")]
    return words[:1] not in (["a"], ["an"], ["the"], ["your"], ["one"]) and bool({"a", "an"}.intersection(seconds))


def _is_someone_s(word: str) -> bool:
    return word.endswith(("'s", "s'")) and word not in ("it's", "that's", "there's", "what's")


def goes_on(read: Sentence, rest: str) -> bool:
    """Whether what follows belongs to the line's last word or list, as 'of what …' and 'from' behind 'away' do."""
    if not rest.split():
        return False
    first, words = rest.split()[0], _telling(read)
    last = words[-1][0] if words else ""
    if _goes_with_the_last(words, first, rest):
        return True
    if [last, first] in _TOGETHER or _is_someone_s(last) or first in _FOLLOW_A_NOUN:  # "the last month's | rent"
        return True
    if _is_particle(rest) or _compares(words, rest) or _is_manner(words, rest):
        return True
    if (
        _is_done_to(words, rest)
        or _goes_on_alike(words, rest)
        or (first == "to" and words and words[-1][1] & (VERB_FORM | EITHER))
    ):
        return True  # "a trimmer set | to leave a millimetre"
    if _ends_on_its_verb(words, first):
        return True
    ends_on_act = last.endswith("ing") and len(words) > 1 and words[-2][0] in ("and", "or")  # "or rubbing | against"
    return bool(ends_on_act and TABLE[first] & grammar.PREPOSITION) or _parts_a_list(read.text, rest)


def _goes_with_the_last(words: list[tuple[str, int]], first: str, rest: str) -> bool:
    """Whether a pair, a time, an age or a comparison is told by half."""
    lowers = [word for word, _ in words]
    counted = any(bits & NUMBER_WORD or word in ("a", "an") for word, bits in words[-3:-1])
    following = TOKEN.findall(rest.lower())[1:2]
    return (
        (first == "and" and "between" in lowers[-_BETWEEN:])  # "halfway between that room | and the router"
        or (first == "as" and not {"same", "such", "as"}.isdisjoint(lowers[-3:]))  # "on the same day | as you …"
        or (first in ("before", "after") and bool(words) and bool(words[-1][1] & bit("time")) and counted)
        or (first in ("under", "over", "aged") and any(TABLE[each] & (NUMBER_WORD | DIGIT) for each in following))
        or (first == "or" and lowers[-1:] in (["little"], ["no"], ["few"]))  # "makes little | or no difference"
    )


def goes_on_to_do(rest: str) -> bool:
    """Whether a list of what something does goes on: "pain that is sharp |, sits in one spot or …"."""
    words = TOKEN.findall(rest.lower())[:2]
    return words[:1] == [","] and len(words) > 1 and bool(TABLE[words[1]] & (VERB_FORM | EITHER_FORM))


def _is_particle(rest: str) -> bool:
    """Whether the verb's own particle follows: "should be plugged | in near the den", "light breaks it | down: …"."""
    words = TOKEN.findall(rest.lower())[:2]
    if not words or words[0] not in _PARTICLES:
        return False
    closes = len(words) == 1 or bool(TABLE[words[1]] & (MARK | grammar.PREPOSITION | grammar.CONJUNCTION))
    return closes and rest[:1] == " "


def _ends_on_its_verb(words: list[tuple[str, int]], first: str) -> bool:
    """Whether what a verb, or its 'you', is whole with follows: "roughly puts you | in", "urea holds | on to water"."""
    if len(words) < _FEWEST_WORDS or not TABLE[first] & grammar.PREPOSITION or first in _OPENS_A_CLAUSE:
        return False
    (_, its_bits), (last, bits) = words[-2:]
    if last in _ITS_OBJECT:
        return bool(its_bits & _VERB)
    is_act = bits & _ACT and not its_bits & _BEFORE_A_NOUN and not bits & grammar.ADJECTIVE
    return bool(is_act) and not any(each & (_VERB | GERUND) for _, each in words[:-1])


def _is_manner(words: list[tuple[str, int]], rest: str) -> bool:
    """Whether the line ends on how something is: "people with tightly | curled hair"."""
    last, bits = words[-1] if words else ("", 0)
    following = TOKEN.findall(rest.lower())[:1]
    is_how = last.endswith("ly") and not bits & (VERB | EITHER) and rest[:1] == " "
    return is_how and any(TABLE[word] & WORD and not TABLE[word] & _BEGINS_ANOTHER for word in following)


def _is_done_to(words: list[tuple[str, int]], rest: str) -> bool:
    """Whether the line ends on what was done to the thing behind it: "clean soiled | spots"."""
    following = TOKEN.findall(rest.lower())[:1]
    last = words[-1][0] if words else ""
    is_done = last.endswith("ed") and not last.endswith(_NOUNS_IN_ED) and rest[:1] == " "
    return is_done and bool(TABLE[following[0]] & WORD) and not TABLE[following[0]] & (_BEGINS_ANOTHER | _VERB_OR_SMALL)


def _goes_on_alike(words: list[tuple[str, int]], rest: str) -> bool:
    """Whether half of a pair follows: "books in small boxes and bedding | in large ones", "short | , light"."""
    lowers, following = [word for word, _ in words], TOKEN.findall(rest.lower())[:2]
    if len(following) < 2 or not words:
        return False
    if following[0] == ",":
        return bool(words[-1][1] & grammar.ADJECTIVE and TABLE[following[1]] & grammar.ADJECTIVE)
    joined = "and" in lowers and following[0] in lowers[: lowers.index("and")]
    return joined and bool(TABLE[following[0]] & grammar.PREPOSITION)


def _compares(words: list[tuple[str, int]], rest: str) -> bool:
    """Whether what something is compared with goes on: "open longer than the label | allows"."""
    lowers = [word for word, _ in words]
    following = TOKEN.findall(rest.lower())[:1]
    return "than" in lowers[-3:-1] and any(TABLE[word] & (VERB_FORM | EITHER_FORM) for word in following)


def may_follow(rest: str) -> bool:
    """Whether a clause may be cut before what follows it: a mark, a conjunction, a preposition, an adverb."""
    read = read_sentence(rest, Span(0, 0))
    return not read.masks or bool(read.masks[0] & _BEGINS_ANOTHER) or read.words[0] in _JOINS


def first_words(sentence: Sentence, longest: int, *, case_alone: bool = False) -> str:
    """A sentence's beginning, as much as fits and asks for nothing behind it; '' where none does.

    "Eczema that gets better on holiday", of what goes on "and returns in the first week back". The case that opens it
    is no such beginning ("If you have dry skin"), unless `case_alone`.
    """
    text, words, masks = sentence.text, sentence.words, sentence.masks
    places = list(TOKEN.finditer(text))
    if len(places) != len(words):
        return ""
    for to in range(len(words) - 1, _FEWEST_WORDS - 1, -1):
        if places[to - 1].end() > longest or ties(words, to) or not masks[to] & _BEGINS_ANOTHER:
            continue
        line, rest = text[: places[to - 1].end()], text[places[to - 1].end() :]
        read = read_sentence(line, Span(0, 0))
        breaks = waits_for_more(read) or goes_on(read, rest) or leans(line)
        if not breaks and _is_whole(words[:to], masks[:to]) and (case_alone or not _is_case_alone(sentence, to)):
            return line
    return ""


def _is_case_alone(sentence: Sentence, to: int) -> bool:
    """Whether the words are what opens their sentence and no more: "For tightly curled hair | , washing once …"."""
    words, masks = sentence.words, sentence.masks
    first = 1 if words[0] == "even" else 0
    if not masks[first] & (grammar.OPENER | grammar.PREPOSITION) or "," in words[:to] or "," not in words:
        return False
    if not masks[first] & grammar.PREPOSITION or words[first] in _OPENS_A_CLAUSE:
        return True
    inside = zip(words[first:to], masks[first:to], strict=True)
    acts = (bits & (AUXILIARY | VERB | VERB_FORM) and not word.endswith(("ed", "ing")) for word, bits in inside)
    return words[to] == "," and not any(acts)


def _is_whole(words: list[str], masks: list[int]) -> bool:
    """Whether no verb, no list and no clause is left half said at the end of these words."""
    last, before = masks[-1], masks[-2]
    is_counted = before & NUMBER_WORD and not words[-1].endswith("s")  # "dogs over eight benefit | from"
    is_act = last & (EITHER | EITHER_FORM) and (is_counted or words[-2] == "to" or not before & _BEFORE_A_NOUN)
    if not last & WORD or last & _ENDS_NOTHING or is_act or _parts(words):
        return False
    mark = max((at for at, bits in enumerate(masks) if bits & MARK), default=-1)
    if mark >= 0 and len(words) - mark - 1 < _FEWEST_WORDS:
        return False  # "On a long journey, get | up"
    openers = [at for at, bits in enumerate(masks) if bits & grammar.OPENER and not bits & grammar.PREPOSITION]
    return not openers or any(bits & _VERB for bits in masks[openers[-1] + 1 :])


def _parts(words: list[str]) -> bool:
    """Whether the words end within what stands between two commas: "and, within a day"."""
    joined = [at for at, word in enumerate(words[:-1]) if word in ("and", "or", "but") and words[at + 1] == ","]
    return bool(joined) and "," not in words[joined[-1] + 2 :]


def _parts_a_list(text: str, rest: str) -> bool:
    """Whether the text ends in the midst of a list: "drop hills, stairs | and speed work"."""
    before, _, last = text.rpartition(", ")
    first_act = re.search(r"(?:^|, )(\w+)$", before)
    acts_on = first_act is not None and bool(TABLE[first_act[1].lower()] & _VERB)
    if acts_on and TABLE[last.split()[0].lower()] & _VERB and rest.startswith(" and "):
        return True  # "If …, stop, take a sip of water | and repeat …"
    is_item = bool(before) and len(last.split()) <= _LONGEST_ITEM_WORDS and not {"and", "or"} & set(last.split())
    before = before.split()[-1].lower() if is_item else ""
    goes_on = bool(_LIST_GOES_ON.match(rest)) or bool(_ITEM_FOLLOWS.match(rest) and _IS_ITEM.match(last))
    return is_item and not TABLE[before] & grammar.ADJECTIVE and goes_on
