"""Every language is complete, or English stands in for it; a new language is one file."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render import catalogue, wording
from pipeline.render.catalogue import LOCALE, CatalogueError, counted, phrase, translated
from tests.render.messages import TEMPLATE, template


@dataclass(frozen=True, slots=True)
class Signs:
    language: str = "en"
    door: str = "Door"
    floor: str = "Floor {number}"
    empty: str = ""


ENGLISH = Signs()
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: %s\\n"\n'
TWO = "nplurals=2; plural=(n != 1);"
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"


def put(folder: Path, language: str, *messages: str, plural: str = TWO) -> None:
    (folder / f"{language}.po").write_text(HEAD % plural + "\n".join(messages), encoding="utf-8")


def message(context: str, english: str, said: str) -> str:
    return f'\nmsgctxt "{context}"\nmsgid "{english}"\nmsgstr "{said}"\n'


DOOR, FLOOR = message("signs.door", "Door", "Tür"), message("signs.floor", "Floor {number}", "Etage {number}")


def of(language: str, folder: Path) -> Signs:
    return translated(ENGLISH, "signs", language, folder=folder)


@pytest.mark.parametrize("language", catalogue.languages())
def test_a_catalogue_holds_every_message_and_each_of_its_places(language: str) -> None:
    known = catalogue.read(LOCALE / f"{language}.po")
    for wanted in template():
        if not wanted.id:
            continue
        found = known.get(wanted.id, wanted.context)
        assert found is not None, wanted.context
        assert not found.fuzzy, wanted.context
        english = wanted.id if isinstance(wanted.id, tuple) else (wanted.id,)
        said = found.string if isinstance(found.string, tuple) else (found.string,)
        assert all(text.strip() for text in said), wanted.context
        assert catalogue.places(said[-1]) == catalogue.places(english[-1]), wanted.context
        assert "!" not in "".join(said)


def test_german_is_there_and_no_catalogue_holds_what_the_program_does_not_say() -> None:
    assert "de" in catalogue.languages()
    known = {(message.id, message.context) for message in template()}
    for language in catalogue.languages():
        said = {(message.id, message.context) for message in catalogue.read(LOCALE / f"{language}.po")}
        assert said == known


def test_the_template_for_translators_is_up_to_date() -> None:
    written = {(message.id, message.context) for message in catalogue.read(TEMPLATE)}
    assert written == {(message.id, message.context) for message in template()}, "python -m tests.render.messages"


def test_a_new_language_is_one_file(tmp_path: Path) -> None:
    put(tmp_path, "de", DOOR, FLOOR)
    assert of("de", tmp_path) == Signs("de", "Tür", "Etage {number}")
    assert of("fr", tmp_path) == ENGLISH
    assert catalogue.languages(tmp_path) == ["de"]


def test_a_regional_language_has_its_own_words_or_its_language_s(tmp_path: Path) -> None:
    put(tmp_path, "pt", message("signs.door", "Door", "Porta"), message("signs.floor", "Floor {number}", "{number}"))
    put(tmp_path, "pt-BR", DOOR, FLOOR)
    assert of("pt-BR", tmp_path).language == of("PT_br", tmp_path).language == "pt-BR"
    assert of("pt-PT", tmp_path).language == "pt"


@pytest.mark.parametrize(
    "rest",
    ["", message("signs.floor", "Floor {number}", ""), message("signs.floor", "Floor {number}", "Etage"),
     message("signs.floor", "Floor {number}", "Etage {nummer}"), "\n#, fuzzy" + FLOOR],
    ids=["missing", "empty", "place lost", "place misspelt", "unsure"],
)  # fmt: skip
def test_a_catalogue_that_is_not_complete_gives_way_to_english_as_a_whole(tmp_path: Path, rest: str) -> None:
    put(tmp_path, "de", DOOR, rest)
    assert of("de", tmp_path) == ENGLISH
    assert phrase("Door", "signs.door", "de", folder=tmp_path) == "Tür"


def test_one_word_may_be_said_in_two_ways(tmp_path: Path) -> None:
    put(tmp_path, "de", message("car.door", "Door", "Wagentür"), DOOR)
    assert phrase("Door", "car.door", "de", folder=tmp_path) == "Wagentür"
    assert phrase("Door", "house.door", "de", folder=tmp_path) == "Door"


@pytest.mark.parametrize(("count", "said"), [(1, "1 rada"), (3, "3 rady"), (5, "5 rad"), (22, "22 rady")])
def test_a_language_counts_by_its_own_rule(tmp_path: Path, count: int, said: str) -> None:
    forms = "".join(f'msgstr[{n}] "{{count}} {word}"\n' for n, word in enumerate(["rada", "rady", "rad"]))
    put(tmp_path, "pl", f'\nmsgctxt "n"\nmsgid "one"\nmsgid_plural "{{count}} many"\n{forms}', plural=POLISH)
    assert counted("one", "{count} many", count, context="n", language="pl", folder=tmp_path) == said


def test_what_is_no_catalogue_is_refused_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text("msgid nothing\n")
    with pytest.raises(CatalogueError, match=r"de\.po is no gettext catalogue"):
        of("de", tmp_path)


@given(st.text())
def test_any_text_may_be_asked_for_as_a_language(language: str) -> None:
    assert wording.wording(language).language in {"en", *catalogue.languages()}
