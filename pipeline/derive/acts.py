"""Lines that name what an order is on without giving it: "How long to keep a tattoo dry", "Choosing a lotion".

Such a line promises a duration, a frequency or an act that the text holds, and says nothing that a condition left to
the text could take back: it may be short where the order itself may not be cut.
"""

import re

from pipeline.derive import grammar
from pipeline.derive.clauses import PARTICLES, leans
from pipeline.derive.cuts import ENDS_BADLY, TIES, clause_begin, clause_end, group
from pipeline.derive.tokens import DIGIT, EITHER, GERUND, TABLE, TOKEN, VERB, VERB_FORM, Sentence, bit, forms

_LONGEST_ACT, _LONGEST_LINE = 50, 60
_EVENT = re.compile(r" (?:before|after|during|between)(?: [\w'’-]+){1,4}")
_BANS, _LATEST_BANNED = frozenset(["don't", "do", "never"]), 2
_CASES = frozenset(["if", "when", "while", "before", "after", "during", "until", "within", "once", "because"])
_RIGHT = frozenset(["straight", "right", "just", "immediately", "directly", "soon", "shortly", "even"])
_WAITING = frozenset(
    ["give", "allow", "wait", "keep", "leave", "let", "stay", "use", "wear", "avoid", "hold", "expect"]
)
_LASTING, _NOT_COUNTED = group("lasting"), group("not_counted")
_NEEDS_PLACE, _NO_ACT, _TOLD, _DOUBLED = group("needs_place"), group("no_act"), group("told"), group("doubled")
_OPENS_A_CASE = frozenset(["when", "if", "once", "unless", "because", "while", "until"])
_NEVER = frozenset(["don't", "not", "never", "no"])
_RELATIVE = frozenset(["that", "which", "who", "whose", "where", "what", "how", "whether", "why"])
_NUMBER = (
    r"(?:\d+(?:[.,:/]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty"
    r"|sixty|several|a few|a couple of|half an?)"
)
_NO_MORE = r"no (?:more|less|fewer|longer|later|earlier|sooner) than"
_SOME = rf"(?:(?:about|around|at least|at most|up to|roughly|just|only|another|{_NO_MORE}) )*"
_RANGE = rf"{_SOME}{_NUMBER}(?:(?: to | or | ?[–-] ?){_NUMBER})?"
_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)"
_TIME = rf"{_RANGE} (?:full |whole |good |more )?{_UNIT}\b"
_LASTS = re.compile(
    rf"\bfor (?:the (?:first|next) few (?:hours|days|weeks)|(?:the (?:first|next) )?{_TIME})", re.IGNORECASE
)
_WAITS = re.compile(rf"^(wait|allow|leave|give) {_TIME} (?=(?:between|before|after)\b)", re.IGNORECASE)
_WAITS_UNTIL = re.compile(
    r"^Wait until [^.;:]+? before you ((?!are\b|have\b)[^.;:]+?)(?:\.|[;:–]|, (?:which|because|since|as)\b)"
)
_WAITS_TO = re.compile(r"^Wait (?:until|till) [^.;:]+? before (\w+ing\b[^.;:,]*)")
_TAIL = re.compile(r" (?:with|from|in|on|for|at) ")
_NO_PART = r"(?!(?:not|never|for|under|over|at|be|the|within|in)\b)"
_LASTS_SO_LONG = re.compile(
    rf"((?:(?!\b(?:not|never|no)\b)[^.,;:]){{3,40}}?) (takes?|lasts?|keeps?|(?:can|may|will)(?: {_NO_PART}\w+){{1,3}})"
    rf" (?:for )?{_TIME}(?! (?:after|before|later|ago|earlier)\b)( to (?:\w+ ?){{1,5}})?",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"\b{_TIME} (?:before|after|ahead of)\b|\b{_TIME} (?:beforehand|ahead)\b", re.IGNORECASE)
_PERIOD = r"(?:day|night|week|fortnight|month|year|hour|season)"
_OFTEN = re.compile(
    rf"\b{_SOME}(?:(?:once|twice|{_NUMBER}(?: (?:to|or) {_NUMBER})? (?:times|nights|evenings|mornings|days))"
    rf"(?: or (?:twice|\w+ times))? (?:an?|each|every|per) {_PERIOD}\b|daily\b|weekly\b|monthly\b"
    rf"|every (?:{_NUMBER}(?: (?:to|or) {_NUMBER})?|few|other|couple of) (?:{_UNIT}|evening|morning)\b"
    rf"|(?:every|each) (?:week|month|year|hour|fortnight)\b)",
    re.IGNORECASE,
)


_VAGUELY_COUNTED = re.compile(r" (?:about|around|roughly|up to) (?:an?|half|one|two|\d+)\b")
_DAILY = re.compile(rf"{_OFTEN.pattern}|\b(?:every|each) (?:day|night|morning|evening)\b", re.IGNORECASE)


def how_long(sentence: Sentence) -> str:
    """ "How long to keep a tattoo out of pools", out of "Keep a tattoo out of pools for two weeks"; '' without one."""
    if waits := _WAITS.match(sentence.text):
        end = _clause_end_place(sentence, 0)
        line = f"How long to {waits[1].lower()} {sentence.text[waits.end() : end]}"
        return _sound(line, _LONGEST_LINE)
    if waits := _WAITS_TO.match(sentence.text):
        line = f"How long to wait before {waits[1]}"
        return _sound(line if len(line) <= _LONGEST_LINE else _TAIL.split(line)[0], _LONGEST_LINE)
    at, found = _spoken(sentence, _LASTS)
    if not found or sentence.words[at] not in _LASTING or found[0].lower() in ("for a second", "for a moment"):
        return ""
    return _question("How long to", sentence, at, found)


def how_long_it_lasts(sentence: Sentence) -> str:
    """ "How long creams take to show", out of "Creams take two months to show"; '' where nothing is said to last."""
    verb = grammar.subject_end(sentence) if grammar.imperative_at(sentence) < 0 else 0
    places = list(TOKEN.finditer(sentence.text))
    if not verb or len(places) != len(sentence.words) or verb + 1 >= len(places):
        return ""
    begin = sentence.words.index(",") + 1 if sentence.masks[0] & grammar.OPENER and "," in sentence.words[:verb] else 0
    said = sentence.text[places[begin].start() : _clause_end_place(sentence, begin)]
    found = _LASTS_SO_LONG.match(said)
    if not found or sentence.masks[begin] & (grammar.OPENER | grammar.PRONOUN | grammar.NEGATION):
        return ""
    if sentence.words[begin] in ("long", "longer", "short", "shorter"):
        return ""  # "How long longer naps leave you groggy"
    subject = found[1][:1].lower() + found[1][1:] if found[1][1:2].islower() or " " in found[1][:2] else found[1]
    return _sound(f"How long {subject} {found[2]}{found[3] or ''}", _LONGEST_LINE)


def how_often(sentence: Sentence) -> str:
    """ "How often to change socks", out of "Change socks every two days"; '' where the order has no frequency."""
    at, found = _spoken(sentence, _OFTEN)
    if not found or sentence.words[at] in _NOT_COUNTED:
        return ""
    line = _question("How often to", sentence, at, found)
    return "" if _VAGUELY_COUNTED.search(line) else line  # "How often to change about a fifth of the water"


def when_ahead(sentence: Sentence) -> str:
    """ "When to schedule a peel", out of "Schedule a peel at least two weeks before a wedding"; '' without a time."""
    if waits := _WAITS_UNTIL.match(sentence.text):
        return _sound(f"When to {waits[1]}", _LONGEST_LINE)
    at, found = _spoken(sentence, _AHEAD)
    if not found or sentence.words[at] in _WAITING or _LASTS.search(sentence.text):
        return ""
    return _question("When to", sentence, at, found)


def when_not(sentence: Sentence) -> str:
    """ "When not to use a peel", out of "Don't use a peel on the day of a scrub"; '' for a ban that always holds."""
    at, words = grammar.imperative_at(sentence), sentence.words
    places = list(TOKEN.finditer(sentence.text)) if 0 < at <= _LATEST_BANNED and words[0] in _BANS else []
    if not places or len(places) != len(words):
        return ""
    clause = clause_end(sentence, at)
    lasts = _LASTS.search(sentence.text)
    cases = [to for to in range(at + 1, min(clause + 1, len(words))) if words[to] in _CASES]
    case = min([*cases, *([_index_of(places, lasts.start())] if lasts else [])], default=0)
    if case and sentence.masks[case - 1] & _TIMES:  # "in the week | before a test"
        case = next((to for to in range(case - 1, at, -1) if sentence.masks[to] & grammar.PREPOSITION), case)
    while case > at + 2 and words[case - 1] in _RIGHT:
        case -= 1  # "Don't use mouthwash straight | after brushing"
    if _is_narrowed(words[at:case]):
        return ""
    end = _act_end(sentence, places, at, case) if case else 0
    text = sentence.text[places[at].start() : places[end - 1].end()] if 0 < end <= case else ""
    return _sound(f"When not to {text}", _LONGEST_LINE) if text and end == case else ""


def what_to_tell(sentence: Sentence) -> str:
    """ "What to tell the vet", out of "Tell the vet if your dog …"; '' where the order is none to tell or to ask."""
    at, words = grammar.imperative_at(sentence), sentence.words
    if at or words[0] not in _TOLD:
        return ""
    end = next((to for to in range(1, min(6, len(words))) if words[to] in _WHAT_IS_TOLD), 0)
    if words[0] == "ask" and "to" in words[2:5] and "if" in words:
        end = words.index("to")  # "Ask your GP to refer you if …"
    whom = sentence.text.split()[1:end]
    if not 0 < len(whom) <= 3 or any(each.lower() in ("it", "them", "to", "for", "and") for each in whom):
        return ""
    asks_when = words[0] == "ask" and words[end] in ("before", "when", "to")
    whom = whom[:-1] if whom[-1].lower() == "first" else whom
    return _sound(f"{'When' if asks_when else 'What'} to {words[0]} {' '.join(whom)}", _LONGEST_LINE)


_WHAT_IS_TOLD = frozenset(["if", "about", "that", "whether", "when", "how", "which", "what", "before", "why"])


def doing(sentence: Sentence) -> str:
    """ "Choosing a body lotion", out of "Choose a body lotion with 10 to 20% urea, …"; '' for a ban or a doubt."""
    at, words = grammar.imperative_at(sentence), sentence.words
    places = list(TOKEN.finditer(sentence.text)) if at == 0 else []
    if not places or len(places) != len(words) or words[0] in _NO_ACT | _NEVER or sentence.masks[0] & _COUNTS:
        return ""
    if words[1] in ("and", "or", ",", "no") or sentence.masks[1] & GERUND:
        return ""  # "Wash and dry your feet": two acts; "Start tasting"; "Buy no cream without a list"
    spoken = [each for each in (_LASTS.search(sentence.text), _DAILY.search(sentence.text)) if each]
    end = _act_end(sentence, places, 0, _index_of(places, min(each.start() for each in spoken)) if spoken else 0)
    if end < 2 or _orders_once_more(sentence, end):
        return ""
    act = gerund(words[0])
    return _sound(f"{act[:1].upper()}{act[1:]}{sentence.text[places[0].end() : places[end - 1].end()]}", _LONGEST_LINE)


def _orders_once_more(sentence: Sentence, end: int) -> bool:
    """Whether another order stands before that place, which no -ing was set to: "… and open a window"."""
    joints = [at for at in range(1, end - 1) if sentence.words[at] == "and"]
    return any(sentence.masks[at + 1] & (VERB | EITHER) and grammar.order_from(sentence, at + 1) >= 0 for at in joints)


def is_all_of(line: str, sentence: Sentence) -> bool:
    """Whether such a line holds all of its order's clause, and nothing was left to the text."""
    places = list(TOKEN.finditer(sentence.text))
    clause = sentence.text[: places[clause_end(sentence, 0) - 1].end()]
    return line.endswith(clause.partition(" ")[2])


def gerund(verb: str) -> str:
    """The form in -ing: putting, lying, using, dyeing."""
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ing"
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith(("ee", "oe", "ye")) or verb in ("singe", "tinge"):
        return f"{verb}ing"
    return forms(verb)[1]


def _spoken(sentence: Sentence, pattern: re.Pattern[str]) -> tuple[int, re.Match[str] | None]:
    """The place of the order's verb, and what the pattern finds in its own clause."""
    at = grammar.imperative_at(sentence)
    if at < 0 or _NEVER.intersection(sentence.words[clause_begin(sentence, at) : at + 1]):
        return at, None
    places = list(TOKEN.finditer(sentence.text))
    if len(places) != len(sentence.words):
        return at, None
    return at, pattern.search(sentence.text, places[at].end(), _clause_end_place(sentence, at))


def _clause_end_place(sentence: Sentence, at: int) -> int:
    """Where the order's clause ends, in characters."""
    places = list(TOKEN.finditer(sentence.text))
    return places[clause_end(sentence, at) - 1].end()


def _question(opening: str, sentence: Sentence, at: int, found: re.Match[str]) -> str:
    """The order up to what the question asks for, with the event before or after which it holds."""
    places, words = list(TOKEN.finditer(sentence.text)), sentence.words
    begins = min(each.start() for each in (found, _DAILY.search(sentence.text, places[at].end())) if each)
    before = _index_of(places, begins)
    if not _OPENS_A_CASE.isdisjoint(words[at:before]):
        return ""  # "Stop feeding when the dish has been full | for a week"
    if _orders_once_more(sentence, before):
        return ""  # "Wash the pan and dry it | for two minutes": the drying takes so long
    while before > at + 2 and sentence.masks[before - 1] & grammar.ADVERB and words[before - 1] not in PARTICLES:
        before -= 1  # "Wash the spot gently | once a day"
    if words[before - 1] in _COMPARES:
        return ""  # "no later | than six hours before bed"
    end = _act_end(sentence, places, at, before) or _before_its_clause(sentence, at, before)
    if not end:
        return ""
    text = sentence.text[places[at].start() : places[end - 1].end()]
    line = f"{opening} {text[:1].lower()}{text[1:]}"
    event = sentence.text[found.end() : _clause_end_place(sentence, at)]
    if _EVENT.fullmatch(event) and len(line) + len(event) <= _LONGEST_LINE:
        line += event
    return _sound(line, _LONGEST_LINE)


def _before_its_clause(sentence: Sentence, at: int, limit: int) -> int:
    """The index behind the thing that a clause narrows, where it names something: "skip workouts | that rub"."""
    words, masks = sentence.words, sentence.masks
    end = next((to for to in range(at + 2, limit) if words[to] in ("that", "which", "who")), 0)
    names = end and not masks[end - 1] & (_NAMES_LITTLE | ENDS_BADLY | VERB_FORM | grammar.PRONOUN)
    return end if names and words[at] not in _NEEDS_PLACE else 0


def _index_of(places: list[re.Match[str]], start: int) -> int:
    """The index of the first word at or behind a place in the text."""
    return next((index for index, place in enumerate(places) if place.start() >= start), len(places))


def _act_end(sentence: Sentence, places: list[re.Match[str]], at: int, limit: int = 0) -> int:
    """The index behind the part of the order that names it: all of its clause, or up to what can be spared; or 0.

    What cannot be told without its place or its aim keeps that; a condition is left to the text.
    """
    words, masks = sentence.words, sentence.masks
    clause = min(clause_end(sentence, at), limit or len(words))
    tie = next((to for to in range(at + 2, clause) if words[to] in TIES and words[to] != "once"), clause)
    if (
        words[tie : tie + 1] == ["than"]
        or words[clause : clause + 2] == ["so", "that"]
        or (tie < clause and _is_narrowed(words[at:tie]))
    ):
        return 0
    clause, start, needs = tie, places[at].start(), words[at] in _NEEDS_PLACE
    leans = any(word in _LEANING for word in words[at:clause])
    if not leans and _may_be_all(sentence, at, clause) and places[clause - 1].end() - start <= _LONGEST_ACT:
        return clause
    for end in range(at + 2, clause):
        if words[end] not in _SPARED and not (words[end] == "to" and masks[end + 1] & (VERB | EITHER)):
            continue
        placed = any(
            (masks[to] & grammar.PREPOSITION and words[to] not in _NO_PLACE) or words[to] in PARTICLES
            for to in range(at + 1, end)
        )
        if needs and not placed:
            continue
        if masks[end - 1] & _NAMES_LITTLE and not needs:
            continue
        fits = places[end - 1].end() - start <= _LONGEST_ACT
        return end if fits and _may_stop(sentence, at, end) else 0
    return 0


def _may_be_all(sentence: Sentence, at: int, end: int) -> bool:
    """Whether all of the clause up to `end` is whole: it waits for nothing, and no list goes on behind it."""
    words, last = sentence.words, sentence.masks[end - 1]
    ends_badly = last & ENDS_BADLY and words[end - 1] not in PARTICLES and end > at + 1
    return not ends_badly and not _is_open_list(words, at, end)


def _may_stop(sentence: Sentence, at: int, end: int) -> bool:
    """Whether the clause may stop there in its midst, before what can be spared."""
    if sentence.words[end + 1 : end + 2] and sentence.words[end + 1] in _RELATIVE:
        return False  # "in the order | in which …"
    words, last = sentence.words, sentence.masks[end - 1]
    if _COMPARED.intersection(sentence.words[at:end]):
        return False  # "a different password | from the one …"
    if last & (ENDS_BADLY | grammar.ADJECTIVE | VERB_FORM | _COUNTS | _TIMES) or words[end - 1] in PARTICLES:
        return False
    inside = words[at + 1 : end]
    if "," in inside:
        comma = at + 1 + inside.index(",")
        if not sentence.masks[comma - 1] & grammar.ADJECTIVE and not {"and", "or"} & set(words[comma:end]):
            return False
    return not _is_narrowed(inside) and not _is_open_list(words, at, end)


def _is_narrowed(words: list[str]) -> bool:
    """Whether a clause among the words narrows one of them: "anything that's been above 5 °C"."""
    return any(word.partition("'")[0] in _RELATIVE for word in words)


_COUNTS, _TIMES = bit("number_word") | bit("unit") | DIGIT, bit("time")
_NAMES_LITTLE = bit("generic_noun") | bit("vague_noun") | bit("abstract")
_NO_PLACE = frozenset(["of", "about", "around", "as", "than", "per"])
_COMPARED = frozenset(["different", "same", "other", "another", "similar", "separate", "equal"])
_COMPARES = frozenset(["last", "first", "next", "later", "earlier", "sooner", "least", "most", "more"])
_SPARED = frozenset(
    ["with", "in", "on", "at", "by", "for", "before", "after", "during", "from", "under", "over", "as", "instead"]
)


def _is_open_list(words: list[str], at: int, end: int) -> bool:
    """Whether a list begins before `end` and ends behind it: "Use sand, grit | or bark"."""
    inside = words[at + 1 : end]
    follows = words[end : end + 2]
    if follows[:1] in (["and"], ["or"]) or words[end - 1 : end] == [","]:
        return True
    comma = at + 1 + inside.index(",") if "," in inside else 0
    parts_adjectives = bool(comma) and bool(TABLE[words[comma - 1]] & grammar.ADJECTIVE)  # "loose, soft clothing"
    return bool(comma) and not parts_adjectives and not {"and", "or"} & set(words[comma:end])


def _sound(line: str, longest: int) -> str:
    """The line, where it is short enough and leans on nothing outside."""
    line = " ".join(line.split()).strip(" ,;:–")
    is_short = len(line) <= longest and len(line.split()) > 1
    pronoun = any(word in _LEANING for word in TOKEN.findall(line.lower()))
    return line if is_short and not pronoun and not leans(line) else ""


_LEANING = frozenset(["it", "its", "them", "they", "their", "one", "ones", "this", "these", "those", "both"])
