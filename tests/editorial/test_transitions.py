"""Every pair of state and event, for tips and for issues: what follows, or what is said."""

import pytest

from pipeline.editorial import issue_rules, tip_rules
from pipeline.editorial.issue_rules import IssueEvent, IssueState, next_issue_state
from pipeline.editorial.tip_rules import TipEvent, TipState, TransitionRefusedError, allows, next_tip_state

TIP_PAIRS = [(state, event) for state in TipState for event in TipEvent]
ISSUE_PAIRS = [(state, event) for state in IssueState for event in IssueEvent]
# What each event may be asked of, said a second time and by hand: the table in the code must say the same.
TIP_EVENTS = {
    TipEvent.SUBMIT: {"draft": "in_review", "rejected": "in_review"},
    TipEvent.APPROVE: {"in_review": "approved"},
    TipEvent.REJECT: dict.fromkeys(["draft", "in_review", "approved", "queued"], "rejected"),
    TipEvent.REVISE: {
        "draft": "draft", "in_review": "in_review", "approved": "in_review", "queued": "in_review", "rejected": "draft",
    },
    TipEvent.SEND_BACK: {"approved": "in_review", "queued": "in_review"},
    TipEvent.ENQUEUE: {"approved": "queued"},
    TipEvent.DROP: {"queued": "approved"},
    TipEvent.EXPIRE: {"queued": "approved"},
    TipEvent.PUBLISH: {"queued": "published"},
    TipEvent.CORRECT: {"published": "published"},
    TipEvent.WITHDRAW: dict.fromkeys(
        ["draft", "in_review", "approved", "queued", "published", "rejected"], "withdrawn"
    ),
}  # fmt: skip
ISSUE_EVENTS = {
    IssueEvent.APPROVE: {"composed": "approved", "held": "approved"},
    IssueEvent.HOLD: {"composed": "held", "approved": "held"},
    IssueEvent.RELEASE: {"approved": "composed", "held": "composed"},
    IssueEvent.START: {"approved": "publishing"},
    IssueEvent.FINISH: {"publishing": "published"},
    IssueEvent.CANCEL: dict.fromkeys(["composed", "approved", "held"], "cancelled"),
}


@pytest.mark.parametrize(("state", "event"), TIP_PAIRS)
def test_a_tip_moves_as_its_table_says_or_is_refused_in_words(state, event):
    after = TIP_EVENTS[event].get(state)
    assert allows(state, event) is (after is not None)
    if after:
        assert next_tip_state(state, event) == after
        return
    with pytest.raises(TransitionRefusedError) as refused:
        next_tip_state(state, event, name="tip 7")
    assert str(refused.value).startswith(f"Tip 7 is {state.label} and cannot be ")


@pytest.mark.parametrize(("state", "event"), ISSUE_PAIRS)
def test_an_issue_moves_as_its_table_says_or_is_refused_in_words(state, event):
    after = ISSUE_EVENTS[event].get(state)
    if after:
        assert next_issue_state(state, event) == after
        return
    with pytest.raises(TransitionRefusedError) as refused:
        next_issue_state(state, event, name="issue 7")
    assert str(refused.value).startswith(f"Issue 7 is {state} and cannot be ")


def reachable(table, start, without):
    """The states that are reached from `start` by events other than `without`."""
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        seen.add(state)
        todo += [after for (before, event), after in table.items() if before == state and event not in without]
        todo = [state for state in todo if state not in seen]
    return seen


def test_no_tip_is_approved_queued_or_published_without_an_approval():
    without = reachable(tip_rules.TRANSITIONS, TipState.DRAFT, {TipEvent.APPROVE})
    assert without == {TipState.DRAFT, TipState.IN_REVIEW, TipState.REJECTED, TipState.WITHDRAWN}


def test_no_issue_is_published_without_an_approval():
    without = reachable(issue_rules.TRANSITIONS, IssueState.COMPOSED, {IssueEvent.APPROVE})
    assert without == {IssueState.COMPOSED, IssueState.HELD, IssueState.CANCELLED}


def test_every_state_can_be_reached():
    assert reachable(tip_rules.TRANSITIONS, TipState.DRAFT, set()) == set(TipState)
    assert reachable(issue_rules.TRANSITIONS, IssueState.COMPOSED, set()) == set(IssueState)


def test_changed_words_are_never_approved():
    changed = {after for (_, event), after in tip_rules.TRANSITIONS.items() if event is TipEvent.REVISE}
    assert changed == {TipState.DRAFT, TipState.IN_REVIEW}
