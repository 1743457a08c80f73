"""The conversation with a strict server: whatever it answers, in whatever pieces, and wherever the line is cut, each
outcome is the right recipient's, nobody is mailed twice, and in doubt is only whose dot may have left.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.delivery.providers.base import Envelope, SendOutcome, SendState
from pipeline.delivery.providers.smtp.conversation import Conversation
from pipeline.delivery.providers.smtp.reply_rules import Meaning, Stage, verdict
from tests.delivery.strict_smtp import Plan, Strict, plans_of, spoken_to

PIPELINING, PLAIN = {"pipelining": "", "size": "1000000"}, {}
A, REJ, RETRY, HELD, DOUBT = (
    SendState.ACCEPTED, SendState.REJECTED, SendState.RETRY, SendState.HELD, SendState.IN_DOUBT,
)  # fmt: skip


def mail(number: int, recipient: str = "", data: bytes = b"") -> Envelope:
    data = data or b"Subject: %d\r\n\r\n.dot\r\nHello %d\r\n" % (number, number)
    return Envelope.whole(number, "bounces@n.example", recipient or f"reader{number}@example.org", data)


def converse(strict: Strict, count: int, extensions=PIPELINING, **options) -> list[SendOutcome]:
    options = {"timeout_seconds": 5, **options}
    with spoken_to(strict) as sock:
        conversation = Conversation(sock, extensions, **options)
        outcomes = list(conversation.mails([mail(number) for number in range(count)]))
        conversation.quit()
    assert strict.breaches == []
    return outcomes


REPLIES = {
    "rcpt": ["250 2.1.5 ok", "250-first\n250 second", "450 4.2.1 grey", "550 5.1.1 gone",
             "550-5.1.1 no\n550 5.1.1 such"],
    "data": ["354 go on", "451 4.3.0 not now", "554 5.5.1 no valid recipients"],
    "dot": ["250 2.0.0 taken", "250-2.0.0 ta\n250 2.0.0 ken", "452 4.2.2 full", "554 5.6.0 no", "552 5.2.2 full"],
}  # fmt: skip
PLANS = st.builds(Plan, **{stage: st.sampled_from(answers) for stage, answers in REPLIES.items()})


def wanted(plan: Plan) -> SendState:
    for answer in (plan.rcpt, plan.data, plan.dot):
        if answer[0] in "45":
            return RETRY if answer[0] == "4" else REJ
    return A


@settings(max_examples=150, deadline=None)
@given(plans=st.lists(PLANS, min_size=1, max_size=8), pieces=st.sampled_from([0, 1, 3, 40]), seed=st.integers(0, 99),
       extensions=st.sampled_from([PIPELINING, PLAIN]), looks_ahead=st.booleans())  # fmt: skip
def test_each_answer_is_its_own_recipients_whatever_the_mix_and_the_pieces(
    plans, pieces, seed, extensions, looks_ahead
):
    strict = Strict(plans_of(plans), pieces=pieces, seed=seed)
    outcomes = converse(strict, len(plans), extensions, looks_ahead=looks_ahead)
    assert [outcome.state for outcome in outcomes] == [wanted(plan) for plan in plans]
    assert [outcome.reply.split()[-1] for outcome in outcomes] == [f"r{number}" for number in range(len(plans))]
    assert strict.taken == [
        (f"reader{number}@example.org", mail(number).data) for number, plan in enumerate(plans) if wanted(plan) is A
    ]


def judge(strict: Strict, outcomes: list[SendOutcome], count: int) -> None:
    """Whatever happened: no reader is mailed twice when all that is to be tried again is, and none is forgotten."""
    states = {outcome.delivery_id: outcome.state for outcome in outcomes}
    taken = [int(recipient.split("@")[0][6:]) for recipient, _ in strict.taken]
    assert len(set(taken)) == len(taken)
    told = {number for number, state in states.items() if state in {A, DOUBT}}
    assert set(taken) <= told
    assert {number for number, state in states.items() if state is A} <= set(taken)
    assert sum(state is DOUBT for state in states.values()) <= 1
    assert list(states) == list(range(len(states)))
    assert len(states) <= count


@settings(max_examples=150, deadline=None)
@given(plans=st.lists(PLANS, min_size=1, max_size=5), replies=st.integers(0, 22), pieces=st.sampled_from([0, 1]),
       extensions=st.sampled_from([PIPELINING, PLAIN]))  # fmt: skip
def test_a_line_that_is_cut_at_any_answer_leaves_in_doubt_only_whose_dot_had_left(plans, replies, pieces, extensions):
    strict = Strict(plans_of(plans), ends_after_replies=replies, pieces=pieces)
    outcomes = converse(strict, len(plans), extensions)
    judge(strict, outcomes, len(plans))
    in_doubt = [outcome.delivery_id for outcome in outcomes if outcome.state is DOUBT]
    if in_doubt:  # its whole body was there: all that is missing is the answer to the dot
        last = [line for line in strict.commands if line.startswith("RCPT")]
        assert f"reader{in_doubt[0]}@example.org" in last[-1]


@settings(max_examples=150, deadline=None)
@given(count=st.integers(1, 4), cut=st.integers(0, 600), extensions=st.sampled_from([PIPELINING, PLAIN]))
def test_a_line_that_is_cut_at_any_byte_loses_nobody_and_doubles_nobody(count, cut, extensions):
    strict = Strict(ends_after_bytes=cut)
    judge(strict, converse(strict, count, extensions), count)


@pytest.mark.parametrize("stalls_at", range(9))
@pytest.mark.parametrize("extensions", [PIPELINING, PLAIN])
def test_a_server_that_falls_silent_at_any_answer_is_waited_for_and_then_left(stalls_at, extensions):
    strict = Strict(stalls_at=stalls_at)
    outcomes = converse(strict, 2, extensions, timeout_seconds=0.05)
    judge(strict, outcomes, 2)
    if stalls_at < 8:
        assert "no answer in time" in outcomes[-1].reply
        assert outcomes[-1].state is (DOUBT if stalls_at % 4 == 3 else RETRY)
    else:
        assert [outcome.state for outcome in outcomes] == [A, A]


def test_with_pipelining_a_mail_costs_one_write_and_its_successors_commands_are_in_it():
    strict = Strict()
    writes: list[bytes] = []
    with spoken_to(strict) as sock:
        conversation = Conversation(Overheard(sock, writes), PIPELINING, timeout_seconds=5)
        list(conversation.mails([mail(0), mail(1), mail(2)]))
    assert [write.count(b"DATA\r\n") for write in writes] == [1, 1, 1, 0]
    assert writes[0].startswith(b"MAIL FROM:<bounces@n.example> SIZE=")
    assert writes[1].startswith(b"Subject: 0")
    assert b"\r\n.\r\nMAIL FROM:" in writes[1]
    assert writes[3].endswith(b"Hello 2\r\n.\r\n")
    assert strict.breaches == []


class Overheard:
    """A socket whose writes are noted."""

    def __init__(self, sock, writes: list[bytes]) -> None:
        self._sock, self._writes = sock, writes

    def send(self, data) -> int:
        self._writes.append(bytes(data))
        return self._sock.send(data)

    def sendmsg(self, parts) -> int:
        self._writes.append(b"".join(parts))
        return self._sock.sendmsg(parts)

    def __getattr__(self, name):
        return getattr(self._sock, name)


@pytest.mark.parametrize("taken", [1, 40, 10_000])
def test_a_mail_of_which_the_system_takes_a_piece_at_a_time_arrives_whole(taken):
    class Reluctant(Overheard):
        def send(self, data) -> int:
            return super().send(data[:taken])

        def sendmsg(self, parts) -> int:
            return self.send(b"".join(parts))

    strict = Strict()
    parts = [b"Subject: 0\r\n\r\n", *[b"line %d\r\n" % number for number in range(600)]]
    in_parts = Envelope(0, "a@n.example", "reader0@example.org", parts, sum(map(len, parts)), is_ascii=True,
                        has_no_dots=True)  # fmt: skip
    few = in_parts._replace(parts=[b"".join(parts)], recipient="reader1@example.org")
    with spoken_to(strict) as sock:
        outcomes = list(Conversation(Reluctant(sock, []), PIPELINING, timeout_seconds=5).mails([few, in_parts]))
    assert [outcome.state for outcome in outcomes] == [A, A]
    assert [data for _, data in strict.taken] == [b"".join(parts)] * 2
    assert strict.breaches == []


def test_without_pipelining_each_command_waits_for_its_answer():
    strict, writes = Strict(plans_of([Plan(rcpt="550 5.1.1 gone"), Plan()])), []
    with spoken_to(strict) as sock:
        outcomes = list(Conversation(Overheard(sock, writes), PLAIN, timeout_seconds=5).mails([mail(0), mail(1)]))
    assert [outcome.state for outcome in outcomes] == [REJ, A]
    assert [line.split()[0] for line in strict.commands] == ["MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA"]
    assert all(write.count(b"\r\n") == 1 for write in writes[:-1])


def test_a_354_after_a_refused_recipient_gets_a_lone_dot():
    strict = Strict(plans_of([Plan(rcpt="550 5.1.1 gone"), Plan()]))
    writes: list[bytes] = []
    with spoken_to(strict) as sock:
        outcomes = list(Conversation(Overheard(sock, writes), PIPELINING, timeout_seconds=5).mails([mail(0), mail(1)]))
    assert writes[1] == b".\r\n"
    assert [outcome.state for outcome in outcomes] == [REJ, A]
    assert [recipient for recipient, _ in strict.taken] == ["reader1@example.org"]
    assert strict.breaches == []


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
def test_a_421_in_the_middle_ends_the_conversation_and_asks_for_a_rest(stage):
    strict = Strict(plans_of([Plan(), Plan(**{stage: "421 4.3.2 closing"}), Plan()]))
    with spoken_to(strict) as sock:
        conversation = Conversation(sock, PIPELINING, timeout_seconds=5)
        outcomes = list(conversation.mails([mail(number) for number in range(3)]))
    assert [outcome.state for outcome in outcomes] == [A, RETRY]
    assert outcomes[1].reply.startswith("421 4.3.2 closing")
    assert conversation.wants_rest
    assert conversation.trouble.startswith("421")
    assert len(strict.taken) == 1


def test_a_server_that_refuses_and_goes_without_a_further_word_has_refused():
    strict = Strict(plans_of([Plan(), Plan(rcpt="550 5.1.1 gone")]), ends_after_replies=6)
    outcomes = converse(strict, 2)
    assert [outcome.state for outcome in outcomes] == [A, REJ]
    assert outcomes[1].address_is_gone


def test_sending_that_is_stopped_between_two_mails_leaves_no_empty_mail_behind():
    strict = Strict()
    with spoken_to(strict) as sock:
        conversation = Conversation(sock, PIPELINING, timeout_seconds=5)
        sending = conversation.mails([mail(0), mail(1)])
        assert next(sending).state is A
        sending.close()
        assert conversation.trouble == "sending was stopped"
    assert [recipient for recipient, _ in strict.taken] == ["reader0@example.org"]
    assert strict.breaches == []


@pytest.mark.parametrize("answer", ["hello", "25 short", "250-first\n251 other", "999 what", "\x00\x01"])
def test_what_is_no_reply_is_taken_for_a_lost_server(answer):
    strict = Strict({"reader0@example.org": Plan(dot=answer)})
    with spoken_to(strict) as sock:
        outcomes = list(Conversation(sock, PIPELINING, timeout_seconds=5).mails([mail(0), mail(1)]))
    assert [outcome.state for outcome in outcomes] == [DOUBT]
    assert "what is no reply" in outcomes[0].reply


def test_an_answer_without_an_end_is_not_read_for_ever():
    strict = Strict({"reader0@example.org": Plan(rcpt="250-more\n" * 9000 + "250 end")})
    (outcome,) = converse(strict, 1)
    assert outcome.state is RETRY
    assert "has no end" in outcome.reply


# What the server has said that it takes


def test_a_mail_that_is_too_large_for_the_server_is_held_before_anything_is_said():
    strict = Strict()
    (outcome,) = converse(strict, 2, {"pipelining": "", "size": "20"})
    assert (outcome.state, strict.commands[:1]) == (HELD, [])
    assert "the server takes 20" in outcome.reply


def test_a_size_of_zero_or_none_is_no_limit():
    for size in ("0", "", "lots"):
        assert [outcome.state for outcome in converse(Strict(), 1, {"size": size})] == [A]


@pytest.mark.parametrize(
    ("envelope", "extensions", "command"),
    [
        (mail(0, data="Grüße\r\n".encode()), {"8bitmime": ""}, "MAIL FROM:<bounces@n.example> BODY=8BITMIME"),
        (mail(0, "zoë@example.org"), {"smtputf8": "", "8bitmime": ""}, "MAIL FROM:<bounces@n.example> SMTPUTF8"),
        (mail(0), {"8bitmime": "", "smtputf8": ""}, "MAIL FROM:<bounces@n.example>"),
    ],
)
def test_what_is_not_ascii_is_announced(envelope, extensions, command):
    strict = Strict()
    with spoken_to(strict) as sock:
        (outcome,) = Conversation(sock, extensions, timeout_seconds=5).mails([envelope])
    assert (outcome.state, strict.commands[0]) == (A, command)
    assert strict.taken == [(envelope.recipient, envelope.data)]


@pytest.mark.parametrize(
    ("envelope", "lacks"),
    [(mail(1, data="Grüße\r\n".encode()), "8BITMIME"), (mail(1, "zoë@example.org"), "SMTPUTF8")],
)
def test_what_a_server_does_not_take_is_refused_for_that_recipient_alone(envelope, lacks):
    strict = Strict()
    with spoken_to(strict) as sock:
        outcomes = list(Conversation(sock, PIPELINING, timeout_seconds=5).mails([mail(0), envelope, mail(2)]))
    assert [outcome.state for outcome in outcomes] == [A, REJ, A]
    assert lacks in outcomes[1].reply
    assert "@" not in outcomes[1].reply
    assert strict.breaches == []


# What a reply means


@pytest.mark.parametrize(
    ("stage", "code", "text", "meaning", "wants_rest", "is_gone"),
    [
        ("RCPT", 250, "ok", "good", False, False), ("RCPT", 251, "will forward", "good", False, False),
        ("DATA", 354, "go", "good", False, False), ("DATA", 250, "what", "later", False, False),
        ("RCPT", 450, "4.2.1 grey", "later", False, False), ("RCPT", 421, "closing", "later", True, False),
        ("RCPT", 451, "4.7.1 greylisted", "later", False, False),
        ("RCPT", 452, "4.5.3 Too many connections", "later", True, False),
        ("DOT", 451, "4.7.28 unusual rate", "later", True, False), ("MAIL", 451, "busy", "later", True, False),
        ("MAIL", 550, "5.1.8 bad sender", "held", False, False), ("RCPT", 550, "5.1.1 nobody", "refused", False, True),
        ("RCPT", 550, "User unknown", "refused", False, True), ("RCPT", 550, "5.7.1 blocked", "refused", False, False),
        ("RCPT", 550, "4.1.1 user unknown", "refused", False, True),  # a code of another class is none
        ("RCPT", 554, "5.7.1 Relay access denied", "held", False, False),
        ("DOT", 552, "5.3.4 too big", "held", False, False), ("DOT", 552, "5.2.3 too big", "refused", False, False),
        ("DOT", 550, "5.1.1 nobody", "refused", False, False), ("DOT", 530, "log in", "held", False, False),
        ("DOT", 354, "go on", "unclear", False, False), ("RCPT", 354, "what", "later", False, False),
    ],
)  # fmt: skip
def test_a_reply_means_what_its_codes_say(stage, code, text, meaning, wants_rest, is_gone):
    found = verdict(Stage(stage), code, text)
    assert (found.meaning, found.wants_rest, found.is_gone) == (Meaning(meaning), wants_rest, is_gone)
