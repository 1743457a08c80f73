"""The ledger's hot path: plan, claim, submit, record by batch, in set-based SQL (statements.py); no object per
recipient is made by the ORM, and memory does not grow with the number of recipients.

```
plan ──► claim ──► mark_submitting ──► record (the batch is closed)
           │             └── the worker dies: expire ──► in doubt ──► settle ──► accepted | planned
           └── the worker dies: expire ──► planned again
```

Each function is one transaction. What makes it safe: `mark_submitting` is committed before the first byte leaves,
so that a delivery which was never submitting was never sent; and a batch that is taken out of a worker's hands gets a
higher fence, so that what the worker says later is refused.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pipeline.delivery import statements
from pipeline.delivery.dialect import (
    fetch,
    has_one_writer,
    in_one_transaction,
    run,
    run_many,
    run_with_rows,
)
from pipeline.delivery.providers.base import BatchAnswer, SendOutcome, SendState
from pipeline.delivery.retry_rules import wait_seconds
from pipeline.delivery.warm_up_rules import asked_places, domain_of, next_day, why_it_waits

# state, retry_at, attempts to count, batch to keep
_Kind = tuple[str, datetime | None, int, int | None]

_REASON_MAX, _PROVIDER_ID_MAX = 300, 200
_CANCELLED = "the message was cancelled"
_NO_ANSWER = "sending began and no answer was recorded"


class ClaimedRow(NamedTuple):
    """One recipient of a claim; `address` is '' for a subscriber who has none any more."""

    delivery_id: int
    subscriber_id: int | None
    address: str
    name: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch in a worker's hands until `lease_until`; `suppressed` were found and left out while claiming."""

    batch_id: int
    batch_key: uuid.UUID
    fence: int
    message_id: int
    lease: timedelta
    lease_until: datetime
    rows: tuple[ClaimedRow, ...]
    suppressed: int = 0


class Expired(NamedTuple):
    """How many batches were taken from workers that are gone: before, and while, they were sending."""

    released: int
    in_doubt: int


def plan(
    *,
    message_id: int,
    mailing_list_id: int,
    now: datetime,
    never_twice: bool = False,
    welcome_of: int | None = None,
    due: Mapping[str, datetime] | None = None,
) -> int:
    """One row for each confirmed subscription of the list, suppressed and excluded ones with their reason; how many
    there are. `never_twice` excludes whoever was sent one of the message's tips before, or is about to be;
    `welcome_of` whoever is still being welcomed to that newsletter. `due` is when each is mailed, by their time zone,
    and by '' who names none, or another; without it, all are mailed at once.
    """
    had = message_id if never_twice else None
    if not due:
        return run(statements.PLAN, (message_id, now, now, mailing_list_id, had, welcome_of, mailing_list_id))
    values = (message_id, now, now, due[""], mailing_list_id, had, welcome_of)
    return run_with_rows(statements.PLAN_LOCAL, values, list(due.items()), mailing_list_id)


def plan_many(*, message_id: int, subscriber_ids: Sequence[int], now: datetime) -> int:
    """One row for each of the subscribers; suppression is looked at when they are claimed. How many there are."""
    return run_many(statements.PLAN_ONE, [(message_id, each, "", now, now) for each in subscriber_ids])


def plan_one(*, message_id: int, subscriber_id: int | None, address: str, now: datetime) -> int:
    """The one row of a message to one recipient; suppression is looked at when it is claimed."""
    return run(statements.PLAN_ONE, (message_id, subscriber_id, address, now, now))


def next_message(*, now: datetime) -> int | None:
    """An open message with something to send now: single mails first, then issues, the oldest first."""
    rows = fetch(statements.NEXT_MESSAGE, (now,))
    return int(rows[0][0]) if rows else None


def due_count(*, now: datetime) -> int:
    """How many deliveries of open messages there are to send now."""
    return int(fetch(statements.DUE_COUNT, (now,))[0][0])


def decided_messages() -> list[int]:
    """Open messages of which nothing waits any more."""
    return [int(row[0]) for row in fetch(statements.ALL_DECIDED)]


def claim(*, message_id: int, limit: int, worker: str, provider: str, now: datetime, lease: timedelta) -> Claim | None:
    """Take up to `limit` deliveries that are due, leaving out, with the reason, whom nobody may mail (any more).

    None when the message is not open or nothing of it is due. A claim without rows found only suppressed ones.
    """
    claims = claim_windows(
        message_id=message_id, window=limit, count=1, worker=worker, provider=provider, now=now, lease=lease
    )
    return claims[0] if claims else None


def claim_windows(
    *,
    message_id: int,
    window: int,
    count: int,
    worker: str,
    provider: str,
    now: datetime,
    lease: timedelta,
    daily_cap: int | None = None,
) -> list[Claim]:
    """As `claim`, for up to `count` batches of `window` at once, in one transaction. With `daily_cap`, who is over it
    at their receiving domain waits until the next day (warm_up_rules.py).
    """
    with in_one_transaction():
        if not fetch(statements.OPEN_MESSAGE, (message_id,)):
            return []
        found = fetch(statements.CANDIDATES, (message_id, now, window * count))
        if not found:
            return []
        refused = [(_left_out(row[5]), row[5], now, row[0]) for row in found if row[5]]
        run_many(statements.LEAVE_OUT, refused)
        rows = [ClaimedRow(row[0], row[1], row[2] or "", row[3], row[4]) for row in found if not row[5]]
        rows = rows if daily_cap is None else _within_cap(rows, daily_cap, now)
        nothing = Claim(0, uuid.uuid4(), 1, message_id, lease, now + lease, (), len(refused))
        claims = [
            _batch(replace(nothing, rows=tuple(rows[at : at + window]), suppressed=0), worker, provider, now)
            for at in range(0, len(rows), window)
        ]
        _take(claims, now)
        return [replace(claims[0], suppressed=len(refused)), *claims[1:]] if claims else [nothing]


def _take(claims: Sequence[Claim], now: datetime) -> None:
    """Give the claims their deliveries: those that were read a moment ago, in this transaction."""
    if not has_one_writer():
        run_with_rows(statements.TAKE, (now,), [(row.delivery_id, c.batch_id) for c in claims for row in c.rows])
        return
    for claimed in claims:
        ends = claimed.rows[0].delivery_id, claimed.rows[-1].delivery_id
        taken = run(statements.TAKE_RANGE, (claimed.batch_id, now, claimed.message_id, *ends, now))
        if taken != len(claimed.rows):
            raise RuntimeError(f"a claim read {len(claimed.rows)} deliveries and took {taken}")


def _within_cap(rows: Sequence[ClaimedRow], cap: int, now: datetime) -> list[ClaimedRow]:
    """Those for whom the day has a place left at their receiving domain. The count is taken and corrected under its
    row's lock, so that no two workers have the last place.
    """
    day = now.astimezone(UTC).date()
    room = {}
    for domain, places in asked_places(row.address for row in rows).items():
        over = min(max(int(fetch(statements.WARM_UP_TAKE, (day, domain, places))[0][0]) - cap, 0), places)
        if over:
            run(statements.WARM_UP_GIVE_BACK, (over, day, domain))
        room[domain] = places - over
    taken, waiting = [], []
    for row in rows:
        domain = domain_of(row.address)
        if room[domain]:
            room[domain] -= 1
            taken.append(row)
        else:
            waiting.append((why_it_waits(cap, domain), next_day(now), now, row.delivery_id))
    run_many(statements.WAIT, waiting)
    return taken


def _left_out(reason: str) -> str:
    """A reader's own choice excludes them; anything else keeps a mail from them."""
    return "excluded" if reason == statements.READS_FEED else "suppressed"


def _batch(claimed: Claim, worker: str, provider: str, now: datetime) -> Claim:
    key = uuid.uuid4()
    values = (key, claimed.message_id, provider, worker, len(claimed.rows), now, claimed.lease_until)
    return replace(claimed, batch_key=key, batch_id=int(fetch(statements.NEW_BATCH, values)[0][0]))


def mark_submitting(claimed: Claim, *, payload_hash: str, now: datetime, kept: bytes | None = None) -> bool:
    """Commit that bytes are about to leave. False when they must not: the message was paused or cancelled, or the
    batch was taken away from this worker. `kept` is stored until nothing of the batch is in doubt.
    """
    with in_one_transaction():
        return _mark_submitting(Submitting(claimed, payload_hash, kept), now)


class Recorded(NamedTuple):
    """What became of a claim. `rest` is the provider's word on everyone who is not among `outcomes`: taken, all."""

    claim: Claim
    outcomes: Sequence[SendOutcome]
    rest: BatchAnswer | None = None


class Submitting(NamedTuple):
    """A claim whose bytes are about to leave."""

    claim: Claim
    payload_hash: str
    kept: bytes | None = None


def _mark_submitting(begun: Submitting, now: datetime) -> bool:
    claimed = begun.claim
    if not fetch(statements.OPEN_MESSAGE, (claimed.message_id,)):
        return False
    values = (begun.payload_hash, begun.kept, now, now + claimed.lease, claimed.batch_id, claimed.fence)
    return run(statements.SUBMITTING, values) == 1


def turn(
    *, recorded: Sequence[Recorded], submitting: Sequence[Submitting], now: datetime
) -> tuple[list[bool], list[bool]]:
    """`record` for each of the first and `mark_submitting` for each of the second, with one commit for all."""
    with in_one_transaction():
        kept = [_record(one, now) for one in recorded]
        began = [_mark_submitting(one, now) for one in submitting]
    return kept, began


def renew(claimed: Claim, *, now: datetime) -> bool:
    """Hold the lease for longer, while sending. False when the batch is no longer this worker's."""
    return run(statements.RENEW, (now + claimed.lease, claimed.batch_id, claimed.fence)) == 1


def release(claimed: Claim, *, now: datetime) -> None:
    """Give back a claim of which nothing was sent."""
    with in_one_transaction():
        _release(claimed.batch_id, now)


def record(claimed: Claim, outcomes: Sequence[SendOutcome], *, now: datetime, rest: BatchAnswer | None = None) -> bool:
    """Write what became of each delivery, and close the batch: what has no outcome is in doubt, or, with `rest`, was
    accepted with the batch as a whole (one statement, whatever its size).

    False, and nothing is written, when the fence is stale: others have decided in the meantime.
    """
    with in_one_transaction():
        return _record(Recorded(claimed, outcomes, rest), now)


def _record(one: Recorded, now: datetime) -> bool:
    claimed, outcomes, rest = one
    is_cancelled = _is_cancelled(claimed.message_id)
    if run(statements.RENEW, (now + claimed.lease, claimed.batch_id, claimed.fence)) != 1:
        return False
    attempts = {row.delivery_id: row.attempts for row in claimed.rows} if outcomes else {}
    written = 0
    for (state, retry_at, counted, batch_id), rows in _by_kind(claimed, outcomes, attempts, now).items():
        values = (state, retry_at, counted, batch_id, now)
        written += run_with_rows(statements.RECORD, values, rows, claimed.batch_id)
    if rest is not None:
        run(statements.ACCEPT_REST, (now, claimed.batch_id))
    _close(one, now, is_all_said=rest is not None or written == len(claimed.rows))
    if is_cancelled:
        run(statements.CANCEL_DELIVERIES, (_CANCELLED, now, claimed.message_id))
    return True


def _close(one: Recorded, now: datetime, *, is_all_said: bool) -> None:
    """`is_all_said`: every delivery of the batch has its outcome, so that none need be looked for."""
    batch_id = one.claim.batch_id
    if is_all_said and not any(outcome.state is SendState.IN_DOUBT for outcome in one.outcomes):
        provider_id = one.rest.provider_message_id[:_PROVIDER_ID_MAX] if one.rest is not None else ""
        run(statements.CLOSE_DECIDED, (now, provider_id, batch_id))
        return
    run(statements.UNANSWERED, (_NO_ANSWER, now, batch_id))
    run(statements.CLOSE, (0, now, batch_id))


def _is_cancelled(message_id: int, statement: str = statements.MESSAGE_STATE) -> bool:
    """Whether the message was cancelled; until the transaction ends it stays as it is. Then whatever would have been
    sent later is cancelled too.
    """
    return bool(fetch(statement, (message_id,))[0][0] == "cancelled")


def _by_kind(
    claimed: Claim, outcomes: Iterable[SendOutcome], attempts: Mapping[int, int], now: datetime
) -> dict[_Kind, list[tuple[int, str, str]]]:
    """The outcomes as rows of RECORD, by what they have in common."""
    kinds: dict[_Kind, list[tuple[int, str, str]]] = {}
    for outcome in outcomes:
        kind, reason = _decided(claimed, outcome, attempts[outcome.delivery_id], now)
        row = (outcome.delivery_id, reason[:_REASON_MAX], outcome.provider_message_id[:_PROVIDER_ID_MAX])
        kinds.setdefault(kind, []).append(row)
    return kinds


def _decided(claimed: Claim, outcome: SendOutcome, attempts: int, now: datetime) -> tuple[_Kind, str]:
    """What an outcome makes of its delivery, with the reason. Only what is decided, or in doubt, keeps its batch."""
    counted = 1 if outcome.attempted else 0
    if outcome.state in {SendState.HELD, SendState.SPLIT}:
        return ("planned", None, 0, None), outcome.reply
    if outcome.state is not SendState.RETRY:
        return (str(outcome.state), None, counted, claimed.batch_id), outcome.reply
    if not outcome.attempted and outcome.retry_after_seconds:  # it is asked for, and is nobody's doing
        return ("retry_at", now + timedelta(seconds=outcome.retry_after_seconds), 0, None), outcome.reply
    wait = wait_seconds(attempts + counted, outcome.retry_after_seconds)
    if wait is None:
        return ("rejected", None, counted, claimed.batch_id), f"gave up: {outcome.reply}"
    return ("retry_at", now + timedelta(seconds=wait), counted, None), outcome.reply


def expire(*, now: datetime, dead_workers: Sequence[str] = (), everyone: bool = False) -> Expired:
    """Take batches from workers whose lease has lapsed or who are known to be dead (or from `everyone`): what was
    only claimed is planned again, what was submitting is in doubt.
    """
    released = in_doubt = 0
    with in_one_transaction():
        for batch_id, state, worker, has_lapsed in fetch(statements.OPEN_BATCHES, (now,)):
            if not (has_lapsed or everyone or worker in dead_workers):
                continue
            if state == "claimed":
                _release(batch_id, now)
                released += 1
            else:
                run(statements.UNANSWERED, (_NO_ANSWER, now, batch_id))
                run(statements.CLOSE, (1, now, batch_id))
                in_doubt += 1
    return Expired(released, in_doubt)


def _release(batch_id: int, now: datetime) -> None:
    if run(statements.RELEASE_BATCH, (now, batch_id)):
        run(statements.RELEASE_DELIVERIES, (now, batch_id))


def settle(*, message_id: int, batch_id: int, results: Mapping[int, SendState], reason: str, now: datetime) -> int:
    """Decide deliveries in doubt: ACCEPTED, REJECTED, or RETRY for proved absence (planned again, and the message
    opened again). How many were still in doubt, and are decided now.
    """
    rows = [_settled(delivery_id, state, reason, batch_id, now) for delivery_id, state in results.items()]
    with in_one_transaction():
        is_cancelled = _is_cancelled(message_id, statements.OWN_MESSAGE)  # it may be opened again
        if any(state is SendState.RETRY for state in results.values()):
            run(statements.REOPEN, (message_id,))
        settled = run_many(statements.SETTLE, rows)
        run(statements.CLOSE, (0, now, batch_id))
        if is_cancelled:
            run(statements.CANCEL_DELIVERIES, (_CANCELLED, now, message_id))
    return settled


def _settled(delivery_id: int, state: SendState, reason: str, batch_id: int, now: datetime) -> tuple[object, ...]:
    kept = {SendState.ACCEPTED: "accepted", SendState.REJECTED: "rejected"}.get(state)
    return (kept or "planned", reason[:_REASON_MAX], batch_id if kept else None, now, delivery_id)


def cancel(*, message_id: int, reason: str, now: datetime) -> int:
    """Cancel what is not submitting; the caller holds the message's row, so that nothing is claimed meanwhile."""
    run(statements.CANCEL_BATCHES, (now, message_id))
    return run(statements.CANCEL_DELIVERIES, (reason[:_REASON_MAX], now, message_id))
