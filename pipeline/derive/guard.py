"""The claims guard: does a text say more than its source?

`check` reads both once, links their words, and asks one check after another (`guard_*.py`, one for each way in
which copy goes wrong). It flags; a person decides. What a check goes by is explained in docs/guard.md.
"""

from collections.abc import Iterable

from pipeline.derive import (
    guard_additions,
    guard_claims,
    guard_condition_limits,
    guard_conditions,
    guard_content,
    guard_directions,
    guard_exchanges,
    guard_hedges,
    guard_negation,
    guard_numbers_check,
    guard_order,
    guard_relations,
    guard_stances,
    guard_strong,
)
from pipeline.derive.guard_conflicts import conflicts
from pipeline.derive.guard_pair import pair
from pipeline.derive.guard_reading import reading
from pipeline.derive.guard_weighing import unique, worth_a_look
from pipeline.derive.model import Finding, GuardReport, Verdict

CHECKS = (
    guard_numbers_check.check,
    guard_negation.check,
    guard_relations.check,
    guard_exchanges.check,
    guard_order.check,
    guard_hedges.check,
    guard_strong.check,
    guard_conditions.check,
    guard_content.check,
)
# These ask for so much that a free rewording alone does not bring them about: their findings are not weighed.
SURE_CHECKS = (
    guard_directions.check,
    guard_condition_limits.check,
    guard_conditions.unlimited,
    guard_additions.check,
    guard_stances.check,
)
_GRAVITY = {Verdict.PASS: 0, Verdict.WARN: 1, Verdict.BLOCK: 2}

__all__ = ["check", "check_authored", "conflicts"]


def check(source: str, text: str, context: str = "", *, region: str = "eu") -> GuardReport:
    """Where `text` says more, or less, than `source`; `context` (heading, document) lends words, not claims."""
    held = pair(source, text, context)
    sure = [finding for each in SURE_CHECKS for finding in each(held)]
    against_source = worth_a_look(held, (finding for each in CHECKS for finding in each(held)), sure)
    return _report([*against_source, *guard_claims.check(held.text, region)])


def check_authored(text: str, *, region: str = "eu") -> GuardReport:
    """The checks that need no source, for a tip that a named author vouches for."""
    one = reading(text)
    return _report([*guard_strong.authored(one), *guard_claims.check(one, region)])


def _report(findings: Iterable[Finding]) -> GuardReport:
    """Each finding once, the gravest first."""
    ordered = sorted(unique(findings), key=lambda finding: -_GRAVITY[finding.verdict])
    return GuardReport(ordered[0].verdict if ordered else Verdict.PASS, tuple(ordered))
