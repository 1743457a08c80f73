"""Words that stand near each other in the dictionary of senses."""

from pipeline.derive.duplicates_evidence import speaking_for
from pipeline.derive.duplicates_nearness import nearness
from pipeline.derive.duplicates_profile import profile
from pipeline.derive.guard_opposites import opposites_of
from pipeline.derive.lexicon_files import FOLDER, words_in_order
from pipeline.derive.normalise import stem
from tests.derive.make_wordnet_words import lines, near


def test_a_word_of_the_same_sense_is_nearer_than_one_derived_and_that_nearer_than_a_more_general_one() -> None:
    wrinkle = nearness("wrinkles")
    assert wrinkle["creas"] > wrinkle["rippl"] > wrinkle["knit"] > 0


def test_an_opposite_and_a_word_that_the_dictionary_lacks_are_near_nothing() -> None:
    assert opposites_of("wet") & nearness("wet").keys() == set()
    assert nearness("zzyzx") == {}


def test_nearness_goes_both_ways() -> None:
    for base in ("wrinkl", "pillow", "photocopi", "swell", "concert"):
        for other, share in nearness(base).items():
            assert nearness(other).get(base, share) == share or base in opposites_of(other), (base, other)


def test_a_near_word_covers_a_part_of_a_word_that_a_stranger_does_not() -> None:
    crease = profile("Photograph the crease.")
    near_one, stranger = profile("Photograph the wrinkle."), profile("Photograph the parrot.")
    assert speaking_for(crease, near_one)["less covered"] > speaking_for(crease, stranger)["less covered"]


def test_every_line_of_the_list_names_a_stem_once_and_has_three_parts_and_its_licence_stands_beside_it() -> None:
    found = words_in_order("wordnet/words")
    heads = [line.partition(":")[0] for line in found]
    assert heads == sorted(set(heads))
    assert all(line.count("|") == 2 and line.count(":") == 1 for line in found)
    assert "Princeton University" in (FOLDER / "wordnet" / "LICENSE.txt").read_text(encoding="utf-8")


def test_the_list_is_made_of_senses_derivations_and_generals() -> None:
    pointed = {"n1": [("+", "v1"), ("@", "n2"), ("!", "n3")], "n2": [("@", "n4")]}
    assert near({"n1"}, pointed) == {"n1": 0, "v1": 1, "n2": 2}
    assert list(lines({stem("pillow"): {"cushion": 2, "pad": 0, "bed": 0}})) == ["pillow: bed pad |  | cushion"]
