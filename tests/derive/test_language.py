"""Which language a text is in, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.derive.language import NAMES, UNKNOWN, LanguageError, detect, require_english
from pipeline.derive.lexicon_files import groups

unhurried = settings(deadline=None)  # a shared machine has slow moments

SAMPLES = {
    "en": "Apply a thin layer of the cream to clean skin in the evening, and wait until it has dried.",
    "fr": "Appliquez une fine couche de crème sur la peau propre le soir, et attendez qu'elle soit sèche.",
    "de": "Tragen Sie die Creme abends dünn auf die saubere Haut auf, und warten Sie, bis sie trocken ist.",
    "es": "Aplique una capa fina de crema sobre la piel limpia por la noche y espere hasta que se seque.",
    "it": "Applicare uno strato sottile di crema sulla pelle pulita la sera e attendere che si asciughi.",
    "pt": "Aplique uma camada fina de creme na pele limpa à noite e espere até que ela seque.",
    "nl": "Breng 's avonds een dunne laag crème aan op de schone huid en wacht tot deze droog is.",
    "sv": "Stryk ett tunt lager av krämen på ren hud på kvällen och vänta tills den har torkat.",
    "pl": "Nałóż cienką warstwę kremu na czystą skórę wieczorem i poczekaj, aż się wchłonie.",
    "cs": "Naneste tenkou vrstvu krému na čistou pleť večer a počkejte, než zaschne, a pak můžete jít spát.",
    "fi": "Levitä ohut kerros voidetta puhtaalle iholle illalla ja odota, että se on kuivunut.",
    "hu": "Vigyen fel este vékony réteg krémet a tiszta bőrre, és várjon, amíg az megszárad.",
    "ro": "Aplicați un strat subțire de cremă pe pielea curată seara și așteptați până când se usucă.",
    "tr": "Akşam temiz cilde ince bir tabaka krem sürün ve kuruyana kadar bekleyin, bu çok önemli.",
    "ru": "Нанесите тонкий слой крема на чистую кожу вечером и подождите, пока он высохнет.",
    "uk": "Нанесіть тонкий шар крему на чисту шкіру ввечері й зачекайте, поки він висохне.",
    "el": "Απλώστε ένα λεπτό στρώμα κρέμας σε καθαρό δέρμα το βράδυ.",
    "ja": "夜、清潔な肌にクリームを薄く塗り、乾くまで待ちます。",
    "zh": "晚上在清洁的皮肤上涂一层薄薄的面霜，等它变干。",
    "ko": "저녁에 깨끗한 피부에 크림을 얇게 바르고 마를 때까지 기다리세요.",
    "ar": "ضعي طبقة رقيقة من الكريم على بشرة نظيفة في المساء.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_sentence_is_known_by_its_script_or_its_small_words(language: str) -> None:
    assert detect(SAMPLES[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "Rinse well.\n\nPat the skin dry.",
        "Crème brûlée, pâte à choux and beurre blanc are the three recipes that we cook most often.",
        "Look for Butyrospermum Parkii, Simmondsia Chinensis and Cocos Nucifera in the list of ingredients.",
        "Aqua, Glycerin, Cetearyl Alcohol, Caprylic/Capric Triglyceride. Apply to the face.",
        "Lavandula angustifolia likes full sun; Rosa gallica does not mind some shade.",
        "Don't rub your eyes.",
        "It's the dermis, not the stratum corneum, that holds a scar.",
    ],
)
def test_english_full_of_foreign_words_is_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize("text", ["", "   \n", "12 34 %", "Aqua, Glycerin, Parfum", "SPF 50"])
def test_a_text_that_tells_nothing_is_undetermined_and_passes(text: str) -> None:
    assert detect(text) == UNKNOWN
    require_english(text, "labels.txt")


def test_a_text_in_two_languages_goes_by_its_longer_part() -> None:
    french, english = SAMPLES["fr"], SAMPLES["en"]
    assert detect(f"{french}\n\n{english}\n\n{english}\n\n{english}") == "en"
    assert detect(f"{english}\n\n{french}\n\n{french}\n\n{french}") == "fr"


def test_an_english_article_with_a_quotation_is_english() -> None:
    assert detect(f"The old label says this in full:\n{SAMPLES['de']}\n" + "We do the same to this day. " * 12) == "en"


@pytest.mark.parametrize("language", [language for language in SAMPLES if language != "en"])
def test_another_language_is_refused_with_the_document_its_language_and_a_way_on(language: str) -> None:
    with pytest.raises(LanguageError, match=rf"notes\.txt.*{NAMES[language]}.*written by hand"):
        require_english(SAMPLES[language], "notes.txt")


def test_a_long_text_is_judged_by_samples_of_it() -> None:
    assert detect((SAMPLES["de"] + "\n\n") * 20_000) == "de"


def test_every_language_of_the_word_list_has_a_name() -> None:
    assert set(groups("language/function_words")) - {"en"} <= set(NAMES)


@given(st.text())
@unhurried
def test_any_text_gets_an_answer(text: str) -> None:
    assert detect(text) in {*NAMES, "en", UNKNOWN}


SMALL_WORDS = sorted(
    {word for lines in groups("language/function_words").values() for line in lines for word in line.split()}
)


@given(st.lists(st.sampled_from([*SMALL_WORDS, "Aqua", "kelp", "O’Neill", "12", "IN", "été"]), max_size=40))
@unhurried
def test_english_is_told_in_short_only_where_counting_every_language_tells_it_too(words: list[str]) -> None:
    counted: dict[str, Fraction] = {}
    for word in words:
        having = [
            language
            for language, lines in groups("language/function_words").items()
            if any(word.lower() in line.split() for line in lines)
        ]
        for language in having:
            counted[language] = counted.get(language, Fraction()) + Fraction(1, len(having)) + Fraction(1, 5)
    expected = min(counted, key=lambda each: (-counted[each], each != "en", each), default=UNKNOWN)
    of_letters = sum(any(map(str.isalpha, word)) for word in words)
    if expected != UNKNOWN and counted[expected] < Fraction(6, 100) * of_letters:
        expected = UNKNOWN
    assert detect(" ".join(words)) == expected
