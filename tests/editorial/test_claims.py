"""The guard at the moment of approval: a derived tip against its source, a hand-written one by its author's word."""

from dataclasses import replace

import pytest

from pipeline.derive.model import FindingKind, Verdict
from pipeline.editorial.actions import revise, tips
from pipeline.editorial.claims import as_stored, guard_revision, guard_wording, is_clean
from pipeline.editorial.models import Review, Tip, TipState
from pipeline.editorial.wording_rules import Wording
from tests.editorial.conftest import ANNA, NOW, wording
from tests.editorial.test_ingest import candidate, derive_in, document

WHO = {"now": NOW, "actor": ANNA}
SOURCE = (
    "A cool compress may ease redness in some people for about 20 minutes. "
    "Do not use a peel if you have active acne, unless a dermatologist has agreed."
)
MILD = "A cool compress may ease redness in some people for about 20 minutes."


@pytest.fixture
def derived(newsletter):
    source = document(SOURCE, "redness.txt")
    derive_in(newsletter, source, candidate(source, MILD, title="A cool compress"))
    return Tip.objects.get()


def reworded(tip, text, title="A cool compress"):
    words = Wording(title=title, text=text, topic="Sunscreen")
    revise.revise(tip_id=tip.pk, wording=words, **WHO)
    tip.refresh_from_db()
    return guard_revision(tip.revision)


def kinds(report):
    return {finding.kind for finding in report.findings}


def test_the_sources_own_words_are_clean(derived):
    report = guard_revision(derived.revision)
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    assert is_clean(derived.revision, report)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A cool compress may ease redness in some people for about 60 minutes.", FindingKind.CHANGED_NUMBER),
        ("A cool compress eases redness for about 20 minutes.", FindingKind.DROPPED_HEDGE),
        ("A cool compress may never ease redness in some people for about 20 minutes.", FindingKind.ADDED_NEGATION),
    ],
)
def test_words_that_say_more_than_the_source_are_found_whoever_wrote_them(derived, text, kind):
    report = reworded(derived, text)
    assert kind in kinds(report)
    assert not is_clean(derived.revision, report)


def test_a_title_may_leave_hedges_out_but_promises_nothing(derived):
    assert reworded(derived, MILD, title="Ease redness with a cool compress").findings == ()
    report = reworded(derived, MILD, title="A compress guaranteed to cure redness in 5 minutes")
    assert kinds(report) & {FindingKind.STRONG_CLAIM, FindingKind.ADDED_NUMBER, FindingKind.CHANGED_NUMBER}


def test_a_title_in_the_words_of_the_sources_own_heading_promises_nothing_new(newsletter):
    source = document(SOURCE, "redness.txt")
    drafted = candidate(source, MILD, title="The best way to cool redness in 3 steps")
    heading = ("The best way to cool redness in 3 steps",)
    derive_in(newsletter, source, replace(drafted, source=replace(drafted.source, heading_path=heading)))
    assert guard_revision(Tip.objects.get().revision).findings == ()


def test_an_author_does_not_free_a_derived_tip_from_its_source(derived):
    words = Wording("A cool compress", "A cool compress eases redness for 60 minutes.", "Sunscreen", author="Dr Berg")
    revise.revise(tip_id=derived.pk, wording=words, **WHO)
    with pytest.raises(tips.GuardBlocksError):
        tips.approve(tip_id=derived.pk, **WHO)
    assert Tip.objects.get().state == TipState.DRAFT


def test_the_newsletter_s_region_says_whose_rules_on_claims_hold(newsletter, write):
    free = write(text="Pick a cream. All of these are paraben-free.")
    assert FindingKind.REGULATED_CLAIM in kinds(guard_revision(free.revision))
    free.revision.tip.newsletter.claims_region = "us"
    assert FindingKind.REGULATED_CLAIM not in kinds(guard_revision(free.revision))


def test_what_the_guard_said_is_kept_with_the_decision_also_where_it_only_warned(newsletter, write):
    tip = write(text="This cream is guaranteed to feel cool.")
    review = tips.approve(tip_id=tip.pk, **WHO)
    assert review.findings == as_stored(guard_revision(tip.revision))
    assert Review.objects.get().findings[0]["verdict"] == "warn"


def test_words_can_be_checked_before_they_are_kept(derived):
    bold = Wording("A cool compress", "A cool compress eases redness for 60 minutes.", "Sunscreen")
    assert guard_wording(bold, derived.revision).verdict is Verdict.BLOCK
    assert guard_wording(wording()).findings == ()
    assert Tip.objects.get().revision.number == 1


def test_markdown_does_not_hide_words_from_the_guard(newsletter, write):
    tip = write(text="This **cream** [cures](https://x.example) *acne*.")
    assert guard_revision(tip.revision).verdict is Verdict.BLOCK


def test_a_flag_of_the_derivation_is_not_clean_even_where_the_guard_finds_nothing(newsletter):
    source = document(SOURCE, "redness.txt")
    flagged = replace(candidate(source, MILD), flags=("sources disagree",))
    derive_in(newsletter, source, flagged)
    revision = Tip.objects.get().revision
    assert not is_clean(revision, guard_revision(revision))
