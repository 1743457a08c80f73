"""What every provider with a native batch promises, against a fake one that substitutes, refuses and fails as it does.

A new adapter needs its other side in `pipeline/delivery/fake/protocols/`; everything here then runs against it.
"""

import email
from email import policy

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.delivery import providers
from pipeline.delivery.compiled import RecipientValues
from pipeline.delivery.fake.running import running_fake
from pipeline.delivery.fake.server import REFUSED_DOMAIN, REVOKED_KEY, available
from pipeline.delivery.fake.truth import read_truth
from pipeline.delivery.providers.base import BatchProvider, SendState, Settling
from tests.delivery.batch_scene import BATCH_PROVIDERS, NOW, adapter, make_compiled, recipient, submission

LISTS = {"buttondown"}
TEMPTING = (
    "100%recipient.x% %recipient.g% %unsubscribe_url% {{x}} {{ params.g }} {{{ pm:unsubscribe }}} -name- -g- "
    "<% body %> [%y%] *|UNSUB|* {% if x %} {# c #} \\{{x}} \\\\{{g}} {{#if}} {{{RESEND_UNSUBSCRIBE_URL}}} [unsubscribe]"
)


@pytest.fixture(scope="module")
def fake(tmp_path_factory):
    with running_fake(tmp_path_factory.mktemp("fake") / "truth.jsonl", with_bodies=True, seconds=600) as running:
        yield running


@pytest.fixture(params=BATCH_PROVIDERS)
def provider(request, fake, tmp_path):
    fake.mend(), fake.lag(on=False), fake.forget_keys()
    fake.truth.write_bytes(b"")
    made = adapter(request.param, fake, tmp_path)
    yield made
    made.close()


def send(provider: BatchProvider, given):
    return provider.submit(given, provider.compose(given), now=NOW)


def states(given, answer) -> list[SendState]:
    """One state for each delivery, in order."""
    single = {outcome.delivery_id: outcome.state for outcome in answer.outcomes}
    return [single.get(values.delivery_id, answer.state) for values in given.recipients]


def compiled_parts(compiled, values: RecipientValues):
    """What the compiled message's own bytes say, read by the standard library."""
    message = email.message_from_bytes(compiled.assemble(values), policy=policy.default)
    bodies = {kind: message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html")}
    return message, bodies


def assert_as_compiled(mail, compiled, values: RecipientValues) -> None:
    message, _ = compiled_parts(compiled, values)
    assert mail["to"] == values.address
    assert mail["subject"] == str(message["Subject"])
    assert mail["sender"] == "hello@newsletter.example"
    assert mail["delivery"] == str(values.delivery_id)
    for name in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Reply-To"):
        assert mail["headers"][name] == str(message[name]), name


def test_the_adapters_and_the_fake_ones_are_the_same():
    native = [name for name in providers.own() if name not in {"outbox", "smtp"}]
    assert sorted(native) == sorted([*BATCH_PROVIDERS, *(LISTS & set(native))]) == available()


def test_each_reader_gets_what_the_compiled_message_would_have_said(provider, fake):
    compiled = make_compiled()
    names = ["Ada", "", "Zoë 你好", 'O\'Brien & "Sons", <Ltd>', "שלום"]
    given = submission([recipient(number, name=name) for number, name in enumerate(names, 1)], compiled)
    answer = send(provider, given)
    assert states(given, answer) == [SendState.ACCEPTED] * 5
    mails = fake.mails()
    assert len(mails) == 5
    for values, mail in zip(given.recipients, mails, strict=True):
        assert_as_compiled(mail, compiled, values)
        _, bodies = compiled_parts(compiled, values)
        assert (mail["text"], mail["html"]) == (bodies["plain"], bodies["html"])
    if provider.traits.name != "brevo":  # which loses names that have both
        assert [mail["name"] for mail in mails] == names


def test_the_tracking_footers_and_unsubscribe_handling_of_the_provider_are_off(provider, fake):
    send(provider, submission([recipient(1)]))
    (call,) = read_truth(fake.truth)
    assert call["left_on"] == []


def test_the_bytes_of_a_call_are_the_same_when_it_is_made_again(provider):
    given = [submission([recipient(1), recipient(2)], make_compiled(), key=7) for _ in range(2)]
    assert provider.compose(given[0]) == provider.compose(given[1])


@pytest.mark.parametrize("beside", ["", "{", "}", "\\", "{{", "%", "-", "{{{", "}}\\"])
def test_the_provider_s_own_syntax_in_text_names_and_subject_is_only_text(provider, fake, beside):
    compiled = make_compiled(words=TEMPTING, subject=TEMPTING, beside=beside)
    given = submission([recipient(1, name=f"Ada {TEMPTING}"), recipient(2, name="{{g}}")], compiled)
    assert states(given, send(provider, given)) == [SendState.ACCEPTED] * 2
    for values, mail in zip(given.recipients, fake.mails(), strict=True):
        assert_as_compiled(mail, compiled, values)
        _, bodies = compiled_parts(compiled, values)
        if provider.traits.renders_here:  # nothing is substituted: its own words are broken up for good
            mail["text"] = mail["text"].replace("\u2060", "")
            mail["html"] = mail["html"].replace("&#123;", "{")
        assert mail["text"] == bodies["plain"]
        assert mail["html"] == bodies["html"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.sampled_from("{}%#\\ax.-<[]| \n"), max_size=40), name=st.text(st.sampled_from("{}%\\ag. -")))
@example(words="%a", name="")  # what opens the next placeholder would close it
@example(words="%a%%a", name="%g")
def test_no_text_and_no_name_changes_what_a_reader_gets(provider, fake, words, name):
    fake.truth.write_bytes(b""), fake.forget_keys()
    compiled = make_compiled(words=words.strip(), beside=words[:3].strip())
    given = submission([recipient(1, name=name.strip())], compiled)
    assert states(given, send(provider, given)) == [SendState.ACCEPTED]
    _, bodies = compiled_parts(compiled, given.recipients[0])
    (mail,) = fake.mails()
    assert (mail["text"], mail["html"]) == (bodies["plain"], bodies["html"])


def test_a_refused_recipient_is_rejected_alone_or_the_call_is_split(provider, fake):
    given = submission([recipient(1), recipient(2, domain=REFUSED_DOMAIN[1:]), recipient(3)])
    answer = send(provider, given)
    if answer.state is SendState.SPLIT:
        assert fake.mails() == []
        return
    assert states(given, answer) == [SendState.ACCEPTED, SendState.REJECTED, SendState.ACCEPTED]
    (refused,) = [one for one in answer.outcomes if one.state is SendState.REJECTED]
    assert refused.reply
    assert "@" not in refused.reply
    assert [mail["delivery"] for mail in fake.mails()] == ["1", "3"]


def test_too_many_calls_are_put_off_for_as_long_as_is_asked(provider, fake):
    fake.fail("too_many", seconds=37)
    answer = send(provider, submission([recipient(1)]))
    assert (answer.state, answer.retry_after_seconds) == (SendState.RETRY, 37)
    assert fake.mails() == []


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_refused_call_is_split_and_mails_nobody(provider, fake, status):
    fake.fail("error", status=status)
    assert send(provider, submission([recipient(1), recipient(2)])).state is SendState.SPLIT
    assert fake.mails() == []


def test_a_revoked_key_holds(provider, fake, tmp_path):
    other = adapter(provider.traits.name, fake, tmp_path, key=REVOKED_KEY)
    answer = send(other, submission([recipient(1)]))
    assert answer.state is SendState.HELD
    assert fake.mails() == []


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("fault", [{"fault": "error", "status": 503}, {"fault": "reset"}])
def test_what_is_lost_after_bytes_left_is_in_doubt(provider, fake, fault, after):
    fake.fail(**fault, after=after)
    assert send(provider, submission([recipient(1), recipient(2)])).state is SendState.IN_DOUBT
    assert len(fake.mails()) == (2 if after else 0)


def test_an_answer_that_cannot_be_read_is_in_doubt(provider, fake):
    if provider.traits.name == "sendgrid":
        return  # its answer has no body: the status alone says it
    fake.fail("garbage")
    assert send(provider, submission([recipient(1)])).state is SendState.IN_DOUBT
    assert len(fake.mails()) == 1


def test_a_provider_that_is_not_there_was_sent_nothing(provider, fake, tmp_path):
    class Nowhere:
        def url_for(self, name):
            return f"http://127.0.0.1:9/{name}"

    answer = send(adapter(provider.traits.name, Nowhere(), tmp_path), submission([recipient(1)]))
    assert answer.state is SendState.RETRY


def test_a_lost_call_can_be_settled_as_the_traits_say(provider, fake):
    given = submission([recipient(1), recipient(2)])
    fake.fail("reset", after=True)
    assert send(provider, given).state is SendState.IN_DOUBT
    match provider.traits.settling:
        case Settling.KEY:
            assert states(given, send(provider, given)) == [SendState.ACCEPTED] * 2
        case Settling.SEARCH:
            fake.lag(on=True)
            assert provider.find(given, since=NOW, until=NOW) == frozenset()
            fake.lag(on=False)
            assert provider.find(given, since=NOW, until=NOW) == {1, 2}
        case _:
            assert provider.find(given, since=NOW, until=NOW) is None
    assert len(fake.mails()) == 2


def test_a_call_that_never_came_is_made_under_its_key_or_found_absent(provider, fake):
    given = submission([recipient(1), recipient(2)])
    fake.fail("reset")
    assert send(provider, given).state is SendState.IN_DOUBT
    if provider.traits.settling is Settling.KEY:
        assert states(given, send(provider, given)) == [SendState.ACCEPTED] * 2
        assert len(fake.mails()) == 2
    elif provider.traits.settling is Settling.SEARCH:
        assert provider.find(given, since=NOW, until=NOW) == frozenset()


def test_a_whole_batch_is_taken_in_one_call(provider, fake):
    size = provider.traits.window
    given = submission([recipient(number) for number in range(1, size + 1)])
    assert states(given, send(provider, given)) == [SendState.ACCEPTED] * size
    assert len({mail["to"] for mail in fake.mails()}) == size
    if provider.traits.settling is Settling.SEARCH:
        assert len(provider.find(given, since=NOW, until=NOW)) == size


def test_its_traits_say_what_the_sender_keeps_to(provider):
    traits = provider.traits
    assert traits.title
    assert traits.guarantee.endswith(".")
    assert traits.source.startswith("https://")
    assert not traits.can_settle
    assert (traits.key_life_seconds > 0) == (traits.settling is Settling.KEY)
    assert (traits.settle_window_seconds > 0) == (traits.settling is Settling.SEARCH)
    assert traits.retention_seconds > traits.settle_window_seconds or traits.settling is not Settling.SEARCH
