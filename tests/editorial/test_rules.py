"""A newsletter's rules: what they may be, who may approve under them, and what is kept of a change."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audit.models import AuditEntry
from pipeline.editorial.actions import revise, tips
from pipeline.editorial.actions.corrections import correct
from pipeline.editorial.actions.rules import WelcomeTipError, choose_welcome_tips, update_rules
from pipeline.editorial.models import NewsletterRuleSet, Tip, TipState, WelcomeTip
from pipeline.editorial.newsletter_rules import RULES, NewsletterRuleError, NewsletterRules, parsed, rule_names, shown
from pipeline.editorial.queries import policy_of, rules_of
from tests.editorial.conftest import ANNA, NOW, composed, make_newsletter, publish, wording

WHO = {"now": NOW, "actor": ANNA}
BEN = {"now": NOW, "actor": "Ben Reader"}


def test_every_rule_has_a_row_in_the_table_and_a_column(newsletter):
    columns = {field.name for field in NewsletterRuleSet._meta.get_fields()}
    assert set(rule_names()) == set(RULES) == columns - {"id", "newsletter", "welcome_since"}


def test_a_new_newsletter_has_the_defaults_and_no_row(newsletter):
    assert rules_of(newsletter) == NewsletterRules()
    assert not NewsletterRuleSet.objects.exists()


def test_a_change_is_kept_for_this_newsletter_alone_and_logged_without_addresses(newsletter):
    other = make_newsletter(slug="other", list_id="other.newsletter.example")
    changes = {"two_people": "yes", "short_queue": "reuse", "alert_addresses": "ada@example.com; ben@example.com"}
    assert sorted(update_rules(newsletter=newsletter, changes=changes, **WHO)) == sorted(changes)
    assert update_rules(newsletter=newsletter, changes=changes, **WHO) == []
    assert rules_of(newsletter).addresses() == ("ada@example.com", "ben@example.com")
    assert (policy_of(newsletter).short_queue, policy_of(other).short_queue) == ("reuse", "shorter")
    entry = AuditEntry.objects.get(action="newsletter.rules_changed")
    assert "ada@" not in str(entry.detail)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("colour", "red", "no rule 'colour'"),
        ("two_people", "maybe", "yes or no"),
        ("reuse_after_months", "0", "from 1 to 120"),
        ("same_advice_days", "soon", "from 0 to 3650"),
        ("short_queue", "panic", "shorter, skip, reuse or ask"),
        ("alert_addresses", "nobody", "Alerts cannot be mailed to 'nobody'"),
        ("alert_webhook", "ftp://hooks.example/x", "must start with https://"),
        ("alert_webhook", "http://hooks.example/x", "must start with https://"),
        ("alert_webhook", "https://ada:secret@hooks.example/", "is no web address"),
        ("alert_webhook", "https://hooks.example:0/", "is no web address"),
        ("alert_webhook", "https:///x", "is no web address"),
    ],
)
def test_what_a_rule_cannot_be_is_said_and_nothing_is_changed(newsletter, name, text, said):
    with pytest.raises(NewsletterRuleError, match=said) as refused:
        update_rules(newsletter=newsletter, changes={"order": "oldest", name: text}, **WHO)
    assert refused.value.field == name
    assert rules_of(newsletter) == NewsletterRules()


@given(st.dictionaries(st.sampled_from(sorted(RULES)), st.text(max_size=30)))
def test_whatever_is_typed_is_refused_in_words_or_can_be_typed_again(changes):
    try:
        values = parsed(changes)
    except NewsletterRuleError:
        return
    assert parsed({name: shown(value) for name, value in values.items()}) == values


def test_two_people_where_the_newsletter_asks_for_them(newsletter, write):
    update_rules(newsletter=newsletter, changes={"two_people": "yes"}, **WHO)
    tip = write()
    with pytest.raises(tips.SecondPersonError, match=r"asks for two people.*yours.*Ask a colleague"):
        tips.approve(tip_id=tip.pk, now=NOW, actor="  anna   EDITOR ")
    assert Tip.objects.get().state == TipState.DRAFT
    tips.approve(tip_id=tip.pk, **BEN)
    assert Tip.objects.get().state == TipState.QUEUED


def test_whoever_changed_the_words_last_is_the_one_who_cannot_approve_them(newsletter, write):
    update_rules(newsletter=newsletter, changes={"two_people": "yes"}, **WHO)
    tip = write()
    revise.revise(tip_id=tip.pk, wording=wording(text="Renew sunscreen at noon when you are outside."), **BEN)
    with pytest.raises(tips.SecondPersonError):
        tips.approve(tip_id=tip.pk, **BEN)
    tips.approve(tip_id=tip.pk, **WHO)


def test_a_correction_needs_the_second_person_too(newsletter, approved):
    (tip_id,) = approved("Sunscreen")
    publish(composed(newsletter))
    update_rules(newsletter=newsletter, changes={"two_people": "yes"}, **WHO)
    with pytest.raises(tips.SecondPersonError):
        correct(tip_id=tip_id, wording=wording(text="Renew it at two."), note="It was noon.", **BEN)
    assert Tip.objects.get(pk=tip_id).revision.number == 1


def test_welcoming_begins_when_it_is_switched_on(newsletter):
    update_rules(newsletter=newsletter, changes={"welcome_mails": "3"}, **WHO)
    assert NewsletterRuleSet.objects.get().welcome_since == NOW
    update_rules(newsletter=newsletter, changes={"welcome_mails": "5"}, now=NOW + timedelta(days=1), actor=ANNA)
    assert NewsletterRuleSet.objects.get().welcome_since == NOW
    update_rules(newsletter=newsletter, changes={"welcome_mails": "0"}, **WHO)
    assert NewsletterRuleSet.objects.get().welcome_since is None


def test_only_tips_that_readers_have_can_welcome_a_reader(newsletter, approved):
    first, second = approved("Sunscreen", "Scars")
    publish(composed(newsletter))
    (queued,) = approved("Sleep")
    with pytest.raises(WelcomeTipError, match=f"Tip {queued} is not among the published tips"):
        choose_welcome_tips(newsletter=newsletter, tip_ids=[first, queued], **WHO)
    choose_welcome_tips(newsletter=newsletter, tip_ids=[second, first, second], **WHO)
    assert list(WelcomeTip.objects.values_list("tip_id", flat=True)) == [second, first]
