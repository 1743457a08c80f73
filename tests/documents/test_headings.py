"""Headings in whole articles of plain text, counted, and the lines that are taken for none."""

import pytest

from pipeline.documents import read
from tests.documents.score_headings import score


@pytest.mark.parametrize("part", ["dev", "once", "outside_once", "outside_fifth_once"])
def test_hardly_a_heading_is_made_up_or_missed(part: str) -> None:
    found = score(part)
    assert found.right >= 45
    assert found.precision >= 0.98, found.extra
    assert found.recall >= 0.95, found.missed


@pytest.mark.parametrize(("part", "precision"), [("outside_second_once", 0.96), ("odd_once", 0.95)])
def test_texts_full_of_lone_lines_lose_no_headings_and_gain_few(part: str, precision: float) -> None:
    found = score(part)
    assert found.precision >= precision, found.extra
    assert found.recall >= 0.98, found.missed


PROSE = "Rinse with cool water and pat the skin dry, then wait ten minutes before the cream goes on."


def headings(text: str) -> list[str]:
    return [section.heading for section in read(text.encode(), name="a.txt").sections if section.heading]


def article(*lines: str) -> str:
    return "\n\n".join(f"{line}\n\n{PROSE}" for line in lines)


@pytest.mark.parametrize(
    ("own", "stranger"),
    [
        (("A Plain Guide", "Wash It Well", "Dry It Slowly", "Keep It Cool"), "Twice is plenty"),
        (("A guide", "1. Washing", "2. Drying", "3. Cooling", "4. Storing"), "Hold a rag under it"),
        (("A GUIDE", "WASHING", "DRYING", "COOLING"), "Check the box twice"),
        (("A guide", "** Washing **", "** Drying **", "** Cooling **"), "THE RULE"),
    ],
)
def test_a_lone_line_of_another_style_is_no_heading(own: tuple[str, ...], stranger: str) -> None:
    lines = [*own[:-1], stranger, own[-1]]
    assert stranger not in headings(article(*lines))
    assert len(headings(article(*lines))) == len(own)


@pytest.mark.parametrize(
    "line",
    [
        "12 Alder Close",
        "Leeds LS13 2AB",
        "325 ml of water",
        "Figure 2: One fingertip of cream",
        "Photographs by the author",
        '"I do this at every light" - Karim, driver',
        "Got a question? Write to us",
        "Brown rice: 18 minutes",
        "Pell Foot Balm, 75 ml, £12.50 from the magazine's shop",
        "Advertisement",
        "- Sponsored by Harbour Oils -",
        "Story continues below",
        "Saturday 9 March, 2 pm to 4 pm",
        "Tuesdays 6 to 8.30 pm",
        "Version 3, revised May",
        "Hollin Pumps Ltd",
        "In attendance: Ms Ito (for the first hour)",
        "Ada xx",
        "Print this page",
        "Interview by Ada Ito",
        "Photographs: Bo Lind",
        "It all goes in the soup",
        "Foam doesn't puncture",
        "Kind regards",
        "Next week: folding sheets",
        "24 June: nobody yet",
        "Soft brush: from £9",
        "14 comments",
        "Hilltop Farm, Millbrook Lane, AB12",
    ],
)
def test_a_line_that_is_something_else_is_no_heading(line: str) -> None:
    assert headings(article("How to wash", "The soap", line, "The rinse")) == ["How to wash", "The soap", "The rinse"]


def test_a_line_that_the_text_below_goes_on_from_is_no_heading() -> None:
    text = article("How to wash", "The soap") + "\n\nSalt water, twice a day\n\nis all that most skin needs in a year."
    assert headings(text) == ["How to wash", "The soap"]


def test_two_plain_lines_in_one_section_are_its_sub_headings() -> None:
    text = article("A GUIDE", "WASHING", "DRYING") + f"\n\nSTEAM\nNatural release\n{PROSE}\nQuick release\n{PROSE}"
    assert headings(text)[-3:] == ["STEAM", "Natural release", "Quick release"]


def test_a_numbered_heading_stands_over_its_first_part() -> None:
    text = article("A guide", "1. Heat") + f"\n\n2. Pressure\n\n2.1 Finding the loop\n\n{PROSE}"
    assert headings(text)[-2:] == ["Pressure", "Finding the loop"]


def test_small_letters_may_stand_under_a_title_with_a_capital() -> None:
    assert headings(article("How to read it", "the top", "the middle", "the end"))[1:] == [
        "the top",
        "the middle",
        "the end",
    ]


def test_an_arrow_before_capitals_marks_a_heading_and_no_quotation() -> None:
    assert headings(f"Bread\n\n>>> MIXING\n\n{PROSE}\n\n> MIXING takes long\n\n{PROSE}") == ["Bread", "MIXING"]


def test_a_line_in_capitals_with_a_colon_is_a_heading_over_a_list_too() -> None:
    listed = f"THE MOVE\n\n{PROSE}\n\nBEFORE THE MOVE:\n1. Save every file.\n2. Sign out of all programs.\n\n{PROSE}"
    assert headings(listed) == ["THE MOVE", "BEFORE THE MOVE:"]
    assert headings(listed.replace("BEFORE THE MOVE:", "Before the move:")) == ["THE MOVE"]


def test_a_title_may_go_on_in_a_second_line() -> None:
    assert headings(f"How to descale a kettle\nand why to bother\n\n{PROSE}") == [
        "How to descale a kettle",
        "and why to bother",
    ]


def test_a_title_may_be_a_whole_line_of_thought_and_longer_than_what_follows() -> None:
    title = "Getting the most out of a small balcony when you have only an hour of sun a day"
    assert headings(f"{title}\n\nMost books are for people with light. This one is not.\n\n{PROSE}\n")[0] == title
    assert headings("Tooth brushing for toddlers\n\nSmall mouths, big feelings.\n")[0] == "Tooth brushing for toddlers"


@pytest.mark.parametrize("line", ["Hello to all of you", "it begins in small letters", "Written by Joan Oakes"])
def test_a_first_line_that_is_no_title_stays_none(line: str) -> None:
    assert headings(f"{line}\n\nShort, but whole.\n") == []


def test_a_line_in_capitals_or_title_case_may_stand_over_a_shorter_sentence() -> None:
    assert headings(f"{PROSE}\n\nThe Long Light Evenings\n\nIt will slip.\n{PROSE}\n") == ["The Long Light Evenings"]
    assert headings(f"{PROSE}\n\nWHOM TO RING ABOUT A LEAK AT NIGHT\nRing the water company.\n{PROSE}\n") != []
    assert headings(f"{PROSE}\n\nThe long light evenings\n\nIt will slip.\n") == []


def test_a_long_phrase_in_capitals_over_much_text_is_a_heading_among_marked_ones_and_a_slogan_is_none() -> None:
    marked = "".join(f"{name}\n------\n\n{PROSE}\n\n" for name in ("Washing", "Drying", "Storing"))
    phrase, slogan = "NUMBERS TO KEEP BY THE TELEPHONE", "THE GOLDEN RULE"
    assert phrase in headings(f"A Guide\n=======\n\n{marked}{phrase}\n\n{PROSE} {PROSE}\n")
    assert slogan not in headings(f"A Guide\n=======\n\n{marked}{slogan}\n\n{PROSE}\n")


def test_a_line_under_the_title_does_not_make_a_list_of_title_part_and_section() -> None:
    text = f"THE GARDEN\n\nA monthly letter\n\nSOWING\n\nIndoors\n\n{PROSE}\n\nPESTS\n\nSlugs\n\n{PROSE}\n"
    assert {"THE GARDEN", "SOWING", "Indoors", "PESTS", "Slugs"} <= set(headings(text))


def test_a_list_with_bullets_under_a_colon_ends_before_a_line_in_capitals() -> None:
    text = f"STOVES\n{PROSE}\nNever burn:\n- driftwood\n- chipboard\n- wet logs\nEVERY DAY\n{PROSE}\n"
    assert headings(text) == ["STOVES", "EVERY DAY"]


@pytest.mark.parametrize("line", ["Saturday 14 November", "Monday, 3 May 2025", "Happy riding", "Happy baking all"])
def test_a_date_with_its_day_and_a_wish_at_the_end_are_no_headings(line: str) -> None:
    assert headings(f"{PROSE}\n\n{line}\n\n{PROSE}\n") == []


def test_what_readers_ask_for_may_be_told_in_the_first_person() -> None:
    asked = ("My zip has split below the slider", "A moth has eaten my jumper", "I cannot find the same button")
    text = "Questions we hear\n\n" + "".join(f"{line}\n{PROSE}\n\n" for line in asked)
    assert headings(text) == ["Questions we hear", *asked]


def test_several_lines_that_say_what_it_does_are_headings_and_a_lone_one_is_none() -> None:
    told = ("It smells of bad eggs", "It does nothing", "It is full of flies")
    assert headings("A Heap\n\n" + article(*told)) == ["A Heap", *told]
    assert headings("A Heap\n\n" + article("Smells", "That's the list", "Flies")) == ["A Heap", "Smells", "Flies"]


def test_a_name_between_the_title_and_its_date_is_no_heading() -> None:
    assert headings(f"First Aid\nMartin Vogel, gardener\n17 January 2024\n\n{PROSE}\n") == ["First Aid"]
    assert headings(f"First Aid\nWritten for the Parish News\n\nWhat to Do\nBurns\n{PROSE}\n") == [
        "First Aid",
        "What to Do",
        "Burns",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Cassius Oakes, gardener",
        "Text: Joan Oakes / Pictures: studio",
        "Scouts of Eastmoor, spring camp, 14 to 16 May",
        "Telephone 01 555 0142, weekdays only",
        "Please take one home",
        "Eastmoor Parks Office, 11 Quay Row",
    ],
)
def test_who_wrote_it_and_where_and_when_is_no_heading_under_a_title(line: str) -> None:
    assert headings(f"Growing a Hedge\n\n{line}\n\n{PROSE}\n\nWatering\n\n{PROSE}\n") == ["Growing a Hedge", "Watering"]


def test_an_underlined_line_may_be_as_long_as_a_title() -> None:
    line = "Damp and mould in your flat: what you can do and what we can do for you"
    rule = "=" * len(line)
    assert line in headings(f"OAKWELL COUNCIL\nHousing Team\n\n{line}\n{rule}\n\n{PROSE}\n\nAt home\n\n{PROSE}\n")


def test_entries_of_a_table_without_lines_are_no_headings() -> None:
    text = f"The office\n\n{PROSE}\n\nFront desk: extension 4400\nAt night: the number on your pass\n\n{PROSE}\n"
    assert headings(text) == ["The office"]
    titled = f"Heel pain: what helps\nReviewed: May 2024\n\n{PROSE}\n\nAt home\n\n{PROSE}\n"
    assert headings(titled) == ["Heel pain: what helps", "At home"]


@pytest.mark.parametrize("line", ["Iron, folate, B12", "Off the Road, into the Hills"])
def test_a_list_of_vitamins_and_a_title_with_a_road_in_it_are_no_address(line: str) -> None:
    assert headings(article("What to eat", line, "At work")) == ["What to eat", line, "At work"]


def test_a_single_wave_or_equals_sign_on_both_sides_is_decoration() -> None:
    assert headings(f"Hedges\n\n~ In spring ~\n\n{PROSE}\n\n= In autumn =\n\n{PROSE}\n") == [
        "Hedges",
        "In spring",
        "In autumn",
    ]


@pytest.mark.parametrize("line", ["Letting the shampoo do its work", "Ten dinners under £10", "How to have less of it"])
def test_a_line_with_a_verb_or_a_price_in_it_may_be_a_heading(line: str) -> None:
    assert headings(article("How to wash", "The soap", line, "The rinse")) == [
        "How to wash",
        "The soap",
        line,
        "The rinse",
    ]


def test_the_end_of_an_address_is_no_heading() -> None:
    text = article("How to wash", "The soap") + f"\n\n7 Mill Lane\nOakham\n\n{PROSE}"
    assert headings(text) == ["How to wash", "The soap"]


def test_the_name_of_a_section_over_the_title_and_an_author_under_it_are_no_headings() -> None:
    body = f"{PROSE}\nThe soap\n{PROSE}\nThe rinse\n{PROSE}"
    assert headings(f"Home & Yard\nWhy the wash went grey\nBy Ada Ito\n{body}")[0] == "Why the wash went grey"
    assert headings(f"Why the wash went grey\nAda Ito in Oakham\n12 May 2024\n{body}")[0] == "Why the wash went grey"


def test_a_line_in_capitals_stands_over_a_list_of_prices() -> None:
    prices = "Small load      £4.20\nLarge load      £6.80\nDuvet           £9.00"
    assert "WHAT IT COSTS" in headings(f"{article('A GUIDE', 'WASHING')}\n\nWHAT IT COSTS\n\n{prices}\n\n{PROSE}")


def test_the_parts_of_a_recipe_are_headings_and_an_amount_with_a_point_is_no_number() -> None:
    text = "Sloe tart\n\nYou will need\n\nFor the dough:\n500 g flour\n1.5 kg sloes\n2 tbsp sugar\n\nFor the top:\n"
    text += f"200 g butter\na pinch of salt\n\nMake the dough\n\n{PROSE} {PROSE}\n\nBake it\n\n{PROSE} {PROSE}"
    told = read(text.encode(), name="a.txt")
    found = [section.heading for section in told.sections if section.heading]
    assert found == ["Sloe tart", "You will need", "For the dough:", "For the top:", "Make the dough", "Bake it"]
    assert "1.5 kg sloes" in [block.span.of(told.text) for _, block in told.blocks()]


def test_a_newsletter_s_own_name_is_its_title_and_a_call_to_read_it_is_none() -> None:
    body = article("Washing", "Drying")
    assert headings(f"HILL END SOCIETY: MARCH NEWSLETTER\n\nDear all,\n\n{PROSE}\n\n{body}")[0].startswith("HILL END")
    assert "Get our free newsletter" not in headings(f"{body}\n\nGet our free newsletter\n\n{PROSE}")


@pytest.mark.parametrize(
    "block",
    [
        "Hotel De Linde\nKouterstraat 19\n9000 Gent",
        "Monday 9.5 cm\nTuesday none\nWednesday 1 cm",
        "4 tbsp olive oil\n2 onions, sliced\n6 peppercorns\nParsley, a big bunch",
        "Lamp        Meaning\nGreen       Ready\nRed         Tank full",
        "Friday    20.00\nSaturday  15.30",
    ],
)
def test_no_line_of_a_list_a_table_or_an_address_is_a_heading(block: str) -> None:
    text = f"{article('A GUIDE', 'WASHING', 'WHERE WE STAY')}\n\nTHE LIST\n\n{block}\n\n{PROSE}"
    assert headings(text) == ["A GUIDE", "WASHING", "WHERE WE STAY", "THE LIST"]


@pytest.mark.parametrize(
    "line",
    [
        "We sing three times:",
        "At the moment the shelf is looking for:",
        "She handed round the accounts. In short:",
        "Thread 20418, 14 replies",
        "Serves 6",
        "Ready in 1 hour 10 minutes",
        "Week 31, 2018",
        "Held in the back room of the inn",
        "Patient leaflet 14",
        "From the blog Salt on the Sill",
    ],
)
def test_what_leads_up_to_a_list_or_is_told_about_a_text_is_no_heading(line: str) -> None:
    text = article("How to wash", "The soap", "The rinse")
    assert line not in headings(f"{text}\n\n{line}\n\n- one thing to bring\n- another thing to bring\n\n{PROSE}")


def test_dots_to_write_on_underline_nothing_and_dots_of_its_length_do() -> None:
    text = article("HOW TO WASH", "THE SOAP", "THE RINSE", "THE LINE")
    assert "Your next visit" not in headings(f"{text}\n\nYour next visit\n..............................\n\n{PROSE}")
    assert "The rack" in headings(f"{article('A wash', 'Soap')}\n\nThe rack\n........\n\n{PROSE}")


def test_a_titles_second_line_is_one_where_its_words_are_the_texts_own() -> None:
    text = "Cavallo 200\n{0}\nKeep this manual where you can find it again.\n\n" + article(
        "== Parts ==", "== Cleaning ==", "== Descaling =="
    )
    assert headings(text.format("Instruction Manual\n"))[:2] == ["Cavallo 200", "Instruction Manual"]
    assert "Moira Pettifer" not in headings(text.format("Moira Pettifer\n"))


@pytest.mark.parametrize(
    ("lines", "stranger"),
    [
        ("Washing\n\n{0}\n\nYours in Scouting,\n\nPete Hallam\nGroup Scout Leader\n\nDrying\n\n{0}", "Pete Hallam"),
        (
            "Washing\n\n{0}\n\nDave\n\nPS sorry about the capitals in my last post, the key was stuck\n\nDrying\n\n{0}",
            "Dave",
        ),
        ("Washing\n\n{0}\n\n  Low Birk Farm\n  Askerdale\n\n{0}\n\nDrying\n\n{0}", "Low Birk Farm"),
        ("Washing\n\n{0}\n\n1. The Dell\n2. The Long Pond\n\n{0}\n\nDrying\n\n{0}", "The Long Pond"),
        ("A GUIDE\n\nWASHING\n\n{0}\n\nLAST ENTRY ONE HOUR EARLIER\n\nDRYING\n\n{0}", "LAST ENTRY ONE HOUR EARLIER"),
        ("Rampton Gardens\n\n{0}\n\nWashing\n\n{0}\n\nRampton Gardens\nChurch Road\n\n{0}", "Church Road"),
    ],
)
def test_neighbours_show_that_a_line_is_no_heading(lines: str, stranger: str) -> None:
    told = headings(lines.format(PROSE))
    assert stranger not in told
    assert "washing" in [heading.lower() for heading in told]
