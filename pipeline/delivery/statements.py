"""The ledger's SQL, in the words that SQLite and PostgreSQL share; their few differences are filled in by dialect.py.

`/*lock rows*/` and the like are row locks where the database has them; SQLite needs none, because a
transaction there begins by taking the one lock for writing.
"""

# Why a recipient is not mailed, the weightiest reason first. `q` has the columns that _PLAN and _CANDIDATES make.
_REASON = """CASE
    WHEN q.worst_everywhere = 1 OR q.worst_here = 1 THEN 'complaint'
    WHEN q.worst_everywhere = 2 OR q.worst_here = 2 OR q.is_erased THEN 'erased'
    WHEN q.worst_everywhere = 3 OR q.worst_here = 3 THEN 'global_unsubscribe'
    WHEN q.worst_everywhere = 4 OR q.worst_here = 4 THEN 'hard_bounce'
    WHEN q.needs_subscription AND COALESCE(q.subscription_state, 'unsubscribed') = 'unsubscribed' THEN 'unsubscribed'
    WHEN q.needs_subscription AND q.subscription_state = 'pending' AND NOT q.takes_pending THEN 'pending'
    WHEN q.reads_feed AND NOT q.takes_pending THEN '<reads feed>'
    ELSE '' END"""

# The one of these reasons that is a reader's own choice: it excludes them, where any other suppresses a mail to them.
READS_FEED = "reads the feed in place of the mail"

_WORST = """MIN(CASE x.reason
    WHEN 'complaint' THEN 1 WHEN 'erased' THEN 2 WHEN 'global_unsubscribe' THEN 3 ELSE 4 END)"""


def _filled(template: str) -> str:
    return template.replace("<reason>", _REASON).replace("<worst>", _WORST).replace("<reads feed>", READS_FEED)


# message, planned_at, updated_at, [when where no zone is named,] list, message whose tips nobody gets twice (or NULL),
# newsletter whose welcome goes first (or NULL), [zones with their instants,] list: one row per confirmed subscription,
# suppressed and excluded ones with their reason. What stands in brackets is of PLAN_LOCAL alone, where each is due by
# clocks of their own.
_PLAN = _filled("""
INSERT INTO delivery_delivery
    (message_id, subscriber_id, address, state, reason, attempts, provider_message_id, planned_at, updated_at<due_at>)
SELECT %s, p.subscriber_id, '',
    CASE WHEN p.reason = '<reads feed>' THEN 'excluded' WHEN p.reason <> '' THEN 'suppressed'
        WHEN p.left_out <> '' THEN 'excluded' ELSE 'planned' END,
    CASE WHEN p.reason <> '' THEN p.reason ELSE p.left_out END, 0, '', %s, %s<p.due_at>
FROM (
    SELECT q.subscriber_id<q.due_at>, <reason> AS reason,
        CASE WHEN q.has_had_one THEN 'had one of the tips before' WHEN q.is_welcomed THEN 'is still being welcomed'
            ELSE '' END AS left_out
    FROM (
        SELECT s.id AS subscriber_id, s.erased_at IS NOT NULL AS is_erased,
            had.subscriber_id IS NOT NULL AS has_had_one, welcome.subscriber_id IS NOT NULL AS is_welcomed,
            everywhere.worst AS worst_everywhere, here.worst AS worst_here,
            FALSE AS needs_subscription, subscription.state AS subscription_state, FALSE AS takes_pending,
            subscription.channel = 'feed' AS reads_feed<when>
        FROM audience_subscription subscription
        JOIN audience_subscriber s ON s.id = subscription.subscriber_id
        LEFT JOIN (
            SELECT x.address_hash, <worst> AS worst FROM audience_suppression x
            WHERE x.mailing_list_id IS NULL GROUP BY x.address_hash
        ) everywhere ON everywhere.address_hash = s.address_hash
        LEFT JOIN (
            SELECT x.address_hash, <worst> AS worst FROM audience_suppression x
            WHERE x.mailing_list_id = %s GROUP BY x.address_hash
        ) here ON here.address_hash = s.address_hash
        LEFT JOIN (
            SELECT DISTINCT d.subscriber_id FROM delivery_delivery d
            WHERE d.state IN ('planned', 'retry_at', 'accepted', 'in_doubt') AND d.message_id IN (
                SELECT other.message_id FROM delivery_messagetip mine
                JOIN delivery_messagetip other ON other.tip_id = mine.tip_id AND other.message_id <> mine.message_id
                WHERE mine.message_id = %s)
        ) had ON had.subscriber_id = s.id
        LEFT JOIN delivery_welcomesequence welcome
            ON welcome.newsletter_id = %s AND welcome.subscriber_id = s.id AND welcome.next_at IS NOT NULL<zones>
        WHERE subscription.mailing_list_id = %s AND subscription.state = 'confirmed'
    ) q
) p
ORDER BY p.subscriber_id
""")


def _plan(parts: dict[str, str]) -> str:
    plan = _PLAN
    for place in ("due_at", "p.due_at", "q.due_at", "when", "zones"):
        plan = plan.replace(f"<{place}>", parts.get(place, ""))
    return plan


PLAN = _plan({})
PLAN_LOCAL = _plan(
    {
        "due_at": ", due_at",
        "p.due_at": ", p.due_at",
        "q.due_at": ", q.due_at",
        "when": ", COALESCE(zone.column2, %s) AS due_at",
        "zones": "\n        LEFT JOIN (VALUES <rows>) zone ON zone.column1 = s.time_zone",
    }
)

PLAN_ONE = """
INSERT INTO delivery_delivery
    (message_id, subscriber_id, address, state, reason, attempts, provider_message_id, planned_at, updated_at)
VALUES (%s, %s, %s, 'planned', '', 0, '', %s, %s)
"""

# A retry is asked for after the recipient's own time has come.
_IT_IS_TIME = "(COALESCE(d.retry_at, d.due_at) IS NULL OR COALESCE(d.retry_at, d.due_at) <= %s)"

# Deliveries that wait, each with the reason (or '') why it must not be sent.
_WAITING = _filled("""
SELECT q.id, q.subscriber_id, q.address, q.name, q.attempts, <reason>
FROM (
    SELECT d.id, d.subscriber_id, COALESCE(s.address, d.address) AS address, COALESCE(s.name, '') AS name, d.attempts,
        s.erased_at IS NOT NULL AS is_erased, subscription.state AS subscription_state,
        (m.mailing_list_id IS NOT NULL AND d.subscriber_id IS NOT NULL) AS needs_subscription,
        m.kind = 'confirmation' AS takes_pending, COALESCE(subscription.channel, 'mail') = 'feed' AS reads_feed,
        (SELECT <worst> FROM audience_suppression x
            WHERE x.address_hash = s.address_hash AND x.mailing_list_id IS NULL) AS worst_everywhere,
        (SELECT <worst> FROM audience_suppression x
            WHERE x.address_hash = s.address_hash AND x.mailing_list_id = m.mailing_list_id) AS worst_here
    FROM delivery_delivery d
    JOIN delivery_message m ON m.id = d.message_id
    LEFT JOIN audience_subscriber s ON s.id = d.subscriber_id
    LEFT JOIN audience_subscription subscription
        ON subscription.subscriber_id = s.id AND subscription.mailing_list_id = m.mailing_list_id
    WHERE <which>
) q
ORDER BY q.id
""")

# message, now, limit: what can be sent now.
CANDIDATES = _WAITING.replace(
    "<which>",
    """d.message_id = %s AND d.state IN ('planned', 'retry_at') AND d.batch_id IS NULL
        AND <it is time>
    ORDER BY d.id LIMIT %s /*lock rows*/""".replace("<it is time>", _IT_IS_TIME),
)

# batch: what of it is in doubt.
DOUBTFUL = _WAITING.replace("<which>", "d.batch_id = %s AND d.state = 'in_doubt'")

# The next open message with something to send; single mails go before an issue.
NEXT_MESSAGE = """
SELECT m.id FROM delivery_message m
WHERE m.state = 'open' AND m.planned_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM delivery_delivery d
    WHERE d.message_id = m.id AND d.state IN ('planned', 'retry_at') AND d.batch_id IS NULL
        AND <it is time>)
ORDER BY CASE m.kind WHEN 'issue' THEN 1 ELSE 0 END, m.id LIMIT 1
""".replace("<it is time>", _IT_IS_TIME)

DUE_COUNT = """
SELECT COUNT(*) FROM delivery_delivery d JOIN delivery_message m ON m.id = d.message_id
WHERE m.state = 'open' AND m.planned_at IS NOT NULL
    AND d.state IN ('planned', 'retry_at') AND d.batch_id IS NULL AND <it is time>
""".replace("<it is time>", _IT_IS_TIME)

OPEN_MESSAGE = "SELECT id FROM delivery_message WHERE id = %s AND state = 'open' /*share lock*/"

MESSAGE_STATE = "SELECT state FROM delivery_message WHERE id = %s /*share lock*/"

OWN_MESSAGE = "SELECT state FROM delivery_message WHERE id = %s /*own lock*/"

ALL_DECIDED = """
SELECT m.id FROM delivery_message m
WHERE m.state = 'open' AND m.planned_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM delivery_delivery d WHERE d.message_id = m.id AND d.state IN ('planned', 'retry_at'))
ORDER BY m.id
"""

NEW_BATCH = """
INSERT INTO delivery_batch
    (key, message_id, provider, worker, state, fence, size, payload_hash, provider_message_id, claimed_at, lease_until)
VALUES (%s, %s, %s, %s, 'claimed', 1, %s, '', '', %s, %s) RETURNING id
"""

# The rows are (delivery, batch); the names column1 and column2 are the ones that both databases give them.
TAKE = """
UPDATE delivery_delivery AS d SET batch_id = v.column2, updated_at = %s
FROM (VALUES <rows>) AS v WHERE d.id = v.column1
"""

# The same for one batch where nobody else writes meanwhile: it is everything that is due between two deliveries.
TAKE_RANGE = """
UPDATE delivery_delivery AS d SET batch_id = %s, updated_at = %s
WHERE d.message_id = %s AND d.id BETWEEN %s AND %s AND d.state IN ('planned', 'retry_at') AND d.batch_id IS NULL
    AND <it is time>
""".replace("<it is time>", _IT_IS_TIME)

LEAVE_OUT = """
UPDATE delivery_delivery SET state = %s, reason = %s, retry_at = NULL, updated_at = %s WHERE id = %s
"""


SUBMITTING = """
UPDATE delivery_batch SET state = 'submitting', payload_hash = %s, kept = %s, submitted_at = %s, lease_until = %s
WHERE id = %s AND fence = %s AND state = 'claimed'
"""

RENEW = "UPDATE delivery_batch SET lease_until = %s WHERE id = %s AND fence = %s AND state = 'submitting'"

# One statement for all outcomes of a kind; the rows are (delivery, reason, provider's id), and the names column1 to
# column3 are the ones that both databases give them. A batch's deliveries are decided once: the state guards against
# a second word on one of them.
RECORD = """
UPDATE delivery_delivery AS d
SET state = %s, retry_at = %s, attempts = d.attempts + %s, batch_id = %s, updated_at = %s,
    reason = v.column2, provider_message_id = v.column3
FROM (VALUES <rows>) AS v
WHERE d.batch_id = %s AND d.id = v.column1 AND d.state IN ('planned', 'retry_at')
"""

# The rest of a batch that the provider took as a whole: one statement, whatever its size.
ACCEPT_REST = """
UPDATE delivery_delivery SET state = 'accepted', retry_at = NULL, attempts = attempts + 1, reason = '', updated_at = %s
WHERE batch_id = %s AND state IN ('planned', 'retry_at')
"""

UNANSWERED = """
UPDATE delivery_delivery SET state = 'in_doubt', reason = %s, attempts = attempts + 1, updated_at = %s
WHERE batch_id = %s AND state IN ('planned', 'retry_at')
"""

# What was kept of whom the call was for goes once nothing of it is in doubt.
CLOSE = """
UPDATE delivery_batch SET fence = fence + %s, finished_at = COALESCE(finished_at, %s),
    state = CASE WHEN <doubtful> THEN 'in_doubt' ELSE 'done' END, kept = CASE WHEN <doubtful> THEN kept ELSE NULL END
WHERE id = %s
""".replace(
    "<doubtful>",
    "EXISTS (SELECT 1 FROM delivery_delivery d WHERE d.batch_id = delivery_batch.id AND d.state = 'in_doubt')",
)

# The same where every delivery of the batch has been decided.
CLOSE_DECIDED = """
UPDATE delivery_batch SET finished_at = %s, state = 'done', kept = NULL, provider_message_id = %s WHERE id = %s
"""

OPEN_BATCHES = """
SELECT id, state, worker, CASE WHEN lease_until <= %s THEN 1 ELSE 0 END FROM delivery_batch
WHERE state IN ('claimed', 'submitting') ORDER BY lease_until, id /*lock rows of batches*/
"""

RELEASE_DELIVERIES = """
UPDATE delivery_delivery SET batch_id = NULL, updated_at = %s WHERE batch_id = %s AND state IN ('planned', 'retry_at')
"""

RELEASE_BATCH = """
UPDATE delivery_batch SET state = 'released', fence = fence + 1, finished_at = %s WHERE id = %s AND state = 'claimed'
"""

# The batches first: what is in doubt of each is read by itself, so that memory does not grow with their number.
DOUBTS = """
SELECT b.id, b.message_id, b.key, b.submitted_at, b.finished_at, b.payload_hash, b.kept FROM delivery_batch b
WHERE b.state = 'in_doubt' AND b.provider = %s ORDER BY b.id
"""

SETTLE = """
UPDATE delivery_delivery SET state = %s, reason = %s, batch_id = %s, retry_at = NULL, updated_at = %s
WHERE id = %s AND state = 'in_doubt'
"""

REOPEN = "UPDATE delivery_message SET state = 'open', finished_at = NULL WHERE id = %s AND state = 'finished'"

# Claimed batches are taken back; what is submitting stays, and is recorded when its answer comes.
CANCEL_BATCHES = """
UPDATE delivery_batch SET state = 'released', fence = fence + 1, finished_at = %s
WHERE message_id = %s AND state = 'claimed'
"""

CANCEL_DELIVERIES = """
UPDATE delivery_delivery SET state = 'cancelled', reason = %s, batch_id = NULL, retry_at = NULL, updated_at = %s
WHERE message_id = %s AND state IN ('planned', 'retry_at') AND NOT EXISTS (
    SELECT 1 FROM delivery_batch b WHERE b.id = delivery_delivery.batch_id AND b.state = 'submitting')
"""

SUMS = "SELECT state, COUNT(*) FROM delivery_delivery WHERE message_id = %s GROUP BY state"

# day, domain, places: the domain's count of the day with them.
WARM_UP_TAKE = """
INSERT INTO delivery_warmupcount (day, domain, claimed) VALUES (%s, %s, %s)
ON CONFLICT (day, domain) DO UPDATE SET claimed = delivery_warmupcount.claimed + excluded.claimed RETURNING claimed
"""

WARM_UP_GIVE_BACK = "UPDATE delivery_warmupcount SET claimed = claimed - %s WHERE day = %s AND domain = %s"

WAIT = "UPDATE delivery_delivery SET reason = %s, retry_at = %s, updated_at = %s WHERE id = %s"
