"""What a line says of itself, whatever stands around it: a title, a sentence, an address, an author."""

import re

from pipeline.documents import words

TITLE_CASE_SHARE = 0.6
FEWEST_QUESTION_WORDS = 3
"""A question of fewer words ("Too hot?") may as well be asked in passing."""

_NUMBERED = re.compile(
    r"(?:step|part|tip|chapter|section|rule|myth|fact|day|week|phase|stage)\s+(?:\d+|[ivx]+)\b|"
    r"[ivx]+\.\s",
    re.IGNORECASE,
)
# Openings of headings that are too long to be told by their length alone.
_ASKING = re.compile(
    r"(?:how|why|what|when|where|which|who)\b|"
    r"\d+\s+(?:\w+\s+){0,2}(?:ways|tips|reasons|things|signs|mistakes|steps|rules|questions|myths|facts|habits)\b",
    re.IGNORECASE,
)
_ALL_QUOTED = re.compile(r"[\"“‘'].*[\"”’']")
_QUOTED_AND_SIGNED = re.compile(r"[\"“].+[\"”],?\s*[-–—(~]")
_LETTER_ENDS = (
    r"(?:best|kind|warm|warmest|good)\s+(?:wishes|regards)|happy\s+\w+ing(?:\s+all)?|regards|yours(?:\s+\w+)?|sincerely|"
    r"(?:many\s+)?thanks(?:\s+for\b.*)?|thank\s+you(?:\s+for\b.*)?"
)
# Lines about the article rather than of it, and advice with a label before it.
_META = re.compile(
    r"(?:written|words|text|story|interview|recipe|photos?|images?|photograph(?:s|y|ed)?|illustrat(?:ions?|ed)|drawings?|compiled|"
    r"edited|translated|reviewed|medically reviewed)\s+by\s|(?:written|compiled|prepared)\s+for\s|"
    r"(?:by|dear|hi|hello)\s+(?!(?:the|a|an|your)\b)|(?:posted|published|updated|last updated)[\s:]|"
    r"(?:text|words|story|interview|photographs?|illustrations?|drawings?|author|date|tip|pro tip|"
    r"note|hint|important|remember|warning|caution|photos?|images?|"
    r"pictures?|pictured|sources?|credit|caption|tags?|categor(?:y|ies)|topics?|reading time|from|to|subject|cc|tel|"
    r"phone|fax|e-?mail|address|present|in attendance|apologies|venue|"
    r"admission|enquiries|actions?|proposed|seconded|resolved|reviewed|updated|serves|makes|yield|time|duration|cost|"
    r"price|level|difficulty)\s*[:,]\s|"
    r"(?:fig(?:ure)?|table|plate|photo|picture)\.?\s*\d+\s*[:.–—-]|"
    r"(?:related|read more|read next|read also|also read|see also|up next|next up|more on this|more like this|"
    r"next (?:week|month|issue|time)|in the next issue|"
    r"you may also like|related (?:article|articles|post|posts|story|stories|reading))\s*:\s|"
    r"(?:.*,\s)?\d+\s+(?:comments?|replies|likes|shares|views|responses)$|from\s+the\s+(?:blog|archives?)\s|"
    r"(?:serves|makes|feeds)\s+(?:about\s+)?\d|ready\s+in\s+\d|held\s+(?:in|at|on)\s|(?:week|issue|no\.?)\s+\d+,\s+\d{4}$|"
    r"model\s+\S*\d|(?:\w+\s+)?(?:leaflet|factsheet)\s+(?:no\.?\s*)?\d+$|"
    r"version\s+\d|[^,]*,\s(?:revised|updated|reviewed)\s|.*\s(?:ltd|limited|plc|gmbh|llc|inc)\.?$|[a-z]+\s+x{1,3}$|"
    r"(?:print|save|pin|share|rate|email|download)\s+(?:this|it)\b.*$|jump\s+to\s|"
    r"[^:]*\((?:pdf|docx?|xlsx?|zip|mp3)\b.*\)$|(?-i:(?:[A-Z]\w+\s){1,3})(?:wrote|writes|said|replied):$|"
    r"please\s|(?:\w+\s+)?edition,\s|(?:tel(?:ephone)?|phone|fax)\.?\s+[\d+(]|"
    rf"(?:{_LETTER_ENDS})\s*,?$|(?:{_LETTER_ENDS}),\s",
    re.IGNORECASE,
)
_LETTER_END = re.compile(rf"(?:{_LETTER_ENDS}|yours\s+in\s+\w+|love|cheers)\s*[,.!]?", re.IGNORECASE)
_ADVERTISEMENT = re.compile(
    r"\W*(?:(?:paid\s+)?advert(?:isement)?|advertisement\s+feature|sponsored(?:\s+(?:content|post|by\s.+))?|"
    r"promoted(?:\s+content)?|paid\s+(?:content|partnership|promotion)|(?:article|story|text)\s+continues.*)\W*",
    re.IGNORECASE,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
_CALENDAR = re.compile(rf"{_MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?")
_DATE_OR_LINK = re.compile(
    r"https?://|www\.|\S@\S|^\d{1,2}:\d{2}\b|^\W*\d+\s+min(?:ute)?s?\s+read|^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|"
    rf"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTHS})\b|"
    r"\b\d{1,2}(?:[.:]\d\d)?\s*[ap]\.?m\.?\s+(?:to|-|–|until)\s|,\s+\d{1,2}(?:[.:]\d\d)?\s*[ap]\.?m\.?$|"
    r"\b\d{1,2}(?:[.:]\d\d)?\s*(?:to|-|–|until)\s*\d{1,2}(?:[.:]\d\d)?\s*[ap]\.?m\b|"
    rf"^{_WEEKDAY}(?:\d{{1,2}}\s+)?(?:{_MONTHS})\s+\d{{1,4}}|^{_WEEKDAY}\d{{1,2}}\s+(?:{_MONTHS})\s*(?::|$)|"
    rf",\s+(?:\d{{1,2}}\s*(?:to|and|-|–)\s*)?\d{{1,2}}\s+(?:{_MONTHS})(?:\s+\d{{4}})?$",
    re.IGNORECASE,
)
# A house in a street, a postcode at the end, a telephone number, a form's blank.
_ADDRESS = re.compile(
    r"^(?:Unit|Flat|Suite)\s+\d+[a-z]?,\s|"
    r"(?:^|,\s)\d+[a-z]?,?\s+(?:[A-Z]\w+\s+){1,3}(?:Street|Road|Avenue|Lane|Close|Drive|Way|Place|Square|Row|Court|Terrace|"
    r"Crescent|Gardens|Boulevard|St|Rd|Ave|Ln|Dr|Blvd)\b|\w,\s\d+[a-z]?\s(?:[A-Z][\w'’]+\s){0,2}[A-Z][\w'’]+,\s[A-Z]|"
    r",\s(?:[A-Z]\w+\s+){1,3}(?:Street|Road|Avenue|Lane|Crescent|Terrace),\s|"
    r"\b[A-Z]{1,2}\d{1,2}[A-Z]?\s\d[A-Z]{2}$|\b[A-Z]{2}\s\d{5}(?:-\d{4})?$|(?:\+|\b0)\d[\d\s()/-]{6,}\d$|__"
)
_AMOUNT = re.compile(
    r"(?:\d+(?:[.,/]\d+)?|[½¼¾⅓⅔]|a|an|one|two|half)\s?(?:(?:large|small|heaped|level|fluid)\s+)?"
    r"(?:g|kg|mg|ml|cl|dl|l|litres?|grams?|oz|ounces?|lbs?|pounds?|pints?|cups?|mugs?|tsp|tbsp|teaspoons?|tablespoons?|"
    r"spoonfuls?|pinch|handful|sprigs?|cloves?|slices?|tins?|cans?)\b",
    re.IGNORECASE,
)
_PART_OF_RECIPE = re.compile(r"for\s+(?:the|a)\s+(?:\w+\s?){1,4}:?", re.IGNORECASE)
_MASTHEAD = re.compile(r"(?:[^\W\d]\S*\s+){2,9}newsletter(?:\s+(?:no\.?\s?)?\d+)?", re.IGNORECASE)
_ASKS_FOR_READERS = re.compile(r"\b(?:our|my|the|this|your|free|weekly|to|get|join|for|by|via|a)\b", re.IGNORECASE)
_COUNTED = re.compile(r"(?:\d+|half|one|two|three|four|a few|some)\s+[a-z]")
_TWO_SENTENCES = re.compile(r"\w{3}[.!?]\s+[A-Z]")
_WE = frozenset({"we", "they", "he", "she", "i"})
_NAME_WITH_ROLE = re.compile(r"(?:Dr\.?\s)?[A-Z][\w'’-]+(?:\s[A-Z][\w.'’-]*){1,2},\s(?:a\s|the\s)?[a-z][a-z -]+")
_LABELLED = re.compile(r"[^\W\d][^:.!?]{1,30}:\s+\S")
# 'Single room: from £40', 'Foot balm, 75 ml, £12.50 from our shop'; not 'Ten dinners under £10'.
_PRICED = re.compile(
    r".*(?:[:,]\s+(?:from\s|only\s)?[£$€]\s?\d|[£$€]\s?\d+[.,]\d\d\b|[£$€]\s?\d.*[£$€]\s?\d)", re.IGNORECASE
)
_ENTRY_OF_TABLE = re.compile(r".*\w\s*:\s+[£$€]?\d")
_CALL_AFTER_QUESTION = re.compile(r".*[?!]\s+(?:\w+\s+){1,3}(?:us|here|now|today|below)\b", re.IGNORECASE)
_OPENS_SENTENCE = re.compile(
    r"(?:it|it['’]s|that['’]s|they|they['’]re|he|she|we|we['’]re|we['’]ve|i|i['’]m|i['’]ve|you['’]re|"
    r"there(?:['’]s|\s+is|\s+are))\s",
    re.IGNORECASE,
)
# A clause that only says when, or one that hangs on a noun, may hold a verb: "If it gets worse", "Foods that are safe";
# so may what somebody lets happen: "Letting the shampoo do its work".
_IN_A_CLAUSE = re.compile(
    r"(?:letting|let|making|make|helping|help|having|watching|seeing|hearing)\s.*\b(?:do|have)\b|"
    r"(?:if|when|before|after|while|once|until|as|since|because|where|whether|unless)\s|"
    r".+\s(?:that|which|who|whose|when|if|how|what|why|where|you|we|they|it|i)\s",
    re.IGNORECASE,
)
_FINITE = frozenset(words.groups("openers")["finite"])
_NEGATED = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|ca|could|wo|would|should|must)n['’]t\b", re.IGNORECASE
)
_SMALL_WORDS = frozenset(words.groups("openers")["small_in_titles"])
_WORD = re.compile(r"[^\W_][\w'’-]*")


def is_about_the_article(line: str) -> bool:
    """An author, a date, an address, a caption, a letter's end: it may stand between a title and its text."""
    told = _META.match(line) or _DATE_OR_LINK.search(line) or _ADDRESS.search(line)
    return bool(told or "|" in line or "\t" in line) or is_advertisement(line)


def is_address(line: str) -> bool:
    """'4 Canal Street', 'Leeds LS13 2AB', a telephone number, a form's blank."""
    return bool(_ADDRESS.search(line))


def is_advertisement(line: str) -> bool:
    """'Advertisement', 'Sponsored by …', 'Story continues below': the page's, whatever decorates it."""
    return bool(_ADVERTISEMENT.fullmatch(line))


def is_no_title(line: str) -> bool:
    """Any of these, or an amount of something, a price, a quotation with its speaker, a call to write or ring."""
    return is_about_the_article(line) or bool(
        is_amount(line) or _QUOTED_AND_SIGNED.match(line) or _CALL_AFTER_QUESTION.match(line) or _PRICED.match(line)
    )


def is_name_with_role(line: str) -> bool:
    """'Cassius Obi, physiotherapist': an author, under the title."""
    return bool(_NAME_WITH_ROLE.fullmatch(line))


def is_part_of_recipe(line: str) -> bool:
    """'For the dough:'."""
    return bool(_PART_OF_RECIPE.fullmatch(line))


def is_counted(line: str) -> bool:
    """'6 peppercorns', '325 ml of water': so many of something."""
    return is_amount(line) or (bool(_COUNTED.match(line)) and not _ASKING.match(line))


def leads_up(line: str) -> bool:
    """'We sing three times:', 'At the moment we are looking for:': a sentence that a list goes on with."""
    if line.isupper() or _ASKING.match(line):
        return False
    if _TWO_SENTENCES.search(line):
        return True  # 'She handed round the accounts. In short:'
    told = {word.lower() for word in _WORD.findall(line)}
    return not told.isdisjoint(_WE) or (len(told) > 3 and states(line.rstrip(":")))


def ends_letter(line: str) -> bool:
    """'Yours in Scouting,', 'Many thanks': a name comes next."""
    return bool(_LETTER_END.fullmatch(line))


def is_masthead(line: str) -> bool:
    """'Millfield Allotments: March Newsletter', and no 'Get our newsletter'."""
    return bool(_MASTHEAD.fullmatch(line)) and not _ASKS_FOR_READERS.search(line)


def is_amount(line: str) -> bool:
    """'325 ml of water', 'a pinch of salt'."""
    return bool(_AMOUNT.match(line))


def is_all_quoted(line: str) -> bool:
    return bool(_ALL_QUOTED.fullmatch(line))


def is_numbered(line: str) -> bool:
    """'Step 2', 'IV. Oils': numbered, though with no number that a list's item could have."""
    return bool(_NUMBERED.match(line))


def asks(line: str) -> bool:
    """'How it works', 'Seven ways to …'; a question of some length."""
    return bool(_ASKING.match(line)) or (line[-1] == "?" and len(line.split()) >= FEWEST_QUESTION_WORDS)


def is_labelled(line: str) -> bool:
    """'Service desk: extension 4400', 'Serves: four': a name and what belongs to it."""
    return bool(_LABELLED.match(line)) and not is_numbered(line)


def is_entry_of_table(line: str) -> bool:
    """'Brown rice: 18 minutes'."""
    return bool(_ENTRY_OF_TABLE.match(line)) and not is_numbered(line)


def states(line: str) -> bool:
    """'Once a day is enough': a whole sentence, which closes what stands before it and opens nothing."""
    told = {word.lower() for word in _WORD.findall(line)[1:]}
    is_title = bool(_ASKING.match(line)) or line[-1] in "?:" or title_case_share(line) >= TITLE_CASE_SHARE
    return not is_title and not told.isdisjoint(_FINITE)


def is_sentence(line: str) -> bool:
    """'It all goes in the soup', 'Foam doesn't puncture': a sentence without its stop, in small letters."""
    if asks(line) or line[-1] in "?:" or title_case_share(line) >= TITLE_CASE_SHARE:
        return False
    if _OPENS_SENTENCE.match(line):
        return True
    return (states(line) or bool(_NEGATED.search(line))) and not _IN_A_CLAUSE.match(line)


def opens_with_pronoun(line: str) -> bool:
    """'That's the list': told of something above it. 'I cannot find it' may be what a reader asks for."""
    return bool(_OPENS_SENTENCE.match(line)) and not re.match(r"i\b", line, re.IGNORECASE)


def title_case_share(line: str) -> float:
    content = [word for word in _WORD.findall(line) if word.lower() not in _SMALL_WORDS]
    return sum(not word[0].islower() for word in content) / max(1, len(content))


def is_title_case(line: str) -> bool:
    """Whether words after the first have a capital that only a title gives them: no month, no NHS."""
    later = [
        word
        for word in _WORD.findall(line)[1:]
        if word.lower() not in _SMALL_WORDS and not word.isupper() and not _CALENDAR.fullmatch(word)
    ]
    return sum(not word[0].islower() for word in later) >= TITLE_CASE_SHARE * max(1, len(later))
