import csv
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pipeline.audience import actions
from pipeline.audience.actions import ConsentProof, ConsentProofError, importing
from pipeline.audience.actions.importing import ROWS_PER_CHUNK
from pipeline.audience.csv_files import CsvFileError, quoted, unquoted
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Consent, MailingList, Subscriber, Subscription
from pipeline.audit.models import AuditEntry
from tests.audience.people import NOW, PROOF, WORDING, add, ask, export_text, import_text, leave, state_of


def counts(report):
    return report.rows, report.added, report.unchanged, len(report.refused)


def test_everyone_in_the_file_is_confirmed_with_the_consent_that_was_stated(letter):
    assert counts(import_text("email,name\nada@example.com,Ada\nbob@example.com,\n", letter)) == (2, 2, 0, 0)
    assert set(Subscription.objects.values_list("state", flat=True)) == {"confirmed"}
    consent = Consent.objects.first()
    assert (consent.mechanism, consent.source, consent.wording) == ("import", PROOF.source, WORDING)
    assert (consent.recorded_at, consent.confirmed_at) == (PROOF.given_at, PROOF.given_at)
    assert Subscriber.objects.get(name="Ada").address_hash == address_hash("ada@example.com")


def test_importing_twice_changes_nothing(letter):
    text = "email,name\nAda@example.com,Ada\nbob@example.com,Bob\n"
    import_text(text, letter)
    before = [list(model.objects.values_list()) for model in (Subscriber, Subscription, Consent)]
    assert counts(import_text(text, letter, now=NOW + timedelta(days=1))) == (2, 0, 2, 0)
    assert [list(model.objects.values_list()) for model in (Subscriber, Subscription, Consent)] == before


def test_a_dry_run_says_the_same_and_writes_nothing(letter):
    add(letter, "there@example.com")
    text = "email\nada@example.com\nthere@example.com\nADA@example.com\nnobody\n"
    lines = AuditEntry.objects.count()
    dry = import_text(text, letter, dry_run=True)
    assert Subscriber.objects.count() == 1
    assert AuditEntry.objects.count() == lines
    assert dry == import_text(text, letter)
    assert counts(dry) == (4, 1, 2, 1)


def test_a_dry_run_counts_an_address_once_across_chunks(letter):
    rows = "".join(f"reader{number}@example.com\n" for number in range(ROWS_PER_CHUNK)) + "reader0@example.com\n"
    assert counts(import_text(f"email\n{rows}", letter, dry_run=True)) == (ROWS_PER_CHUNK + 1, ROWS_PER_CHUNK, 1, 0)


def test_a_file_longer_than_a_chunk_comes_in_whole_and_progress_is_told(letter):
    told = []
    rows = "".join(f"reader{number}@example.com\n" for number in range(ROWS_PER_CHUNK + 10))
    report = import_text(f"email\n{rows}", letter, progress=lambda report: told.append(report.rows))
    assert counts(report) == (ROWS_PER_CHUNK + 10, ROWS_PER_CHUNK + 10, 0, 0)
    assert told == [ROWS_PER_CHUNK, ROWS_PER_CHUNK + 10]
    assert Consent.objects.count() == Subscription.objects.count() == ROWS_PER_CHUNK + 10


def test_an_import_that_is_stopped_is_finished_by_running_it_again(letter):
    text = "email\n" + "".join(f"reader{number}@example.com\n" for number in range(ROWS_PER_CHUNK * 2))

    def stopped(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_text(text, letter, progress=stopped)
    assert Subscription.objects.count() == ROWS_PER_CHUNK
    assert counts(import_text(text, letter)) == (ROWS_PER_CHUNK * 2, ROWS_PER_CHUNK, ROWS_PER_CHUNK, 0)
    assert Consent.objects.count() == Subscription.objects.count() == ROWS_PER_CHUNK * 2


def test_a_chunk_that_fails_leaves_nothing_of_itself(letter, monkeypatch):
    monkeypatch.setattr("pipeline.audience.actions.importing._ADD_CONSENTS", "INSERT INTO no_such_table {}")
    with pytest.raises(DatabaseError):
        import_text("email\nada@example.com\n", letter)
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()


def test_a_reader_who_comes_by_the_form_while_their_chunk_is_imported_keeps_their_own_consent(letter, monkeypatch):
    look_up = importing._look_up

    def slow_look_up(*args):
        found = look_up(*args)
        ask(letter, "ada@example.com")
        return found

    monkeypatch.setattr(importing, "_look_up", slow_look_up)
    assert counts(import_text("email\nada@example.com\nbob@example.com\n", letter)) == (2, 1, 1, 0)
    consents = Consent.objects.values_list("subscription__subscriber__address", "mechanism", "subscription__state")
    assert sorted(consents) == [("ada@example.com", "form", "pending"), ("bob@example.com", "import", "confirmed")]


def test_each_subscription_gets_one_consent_also_when_the_person_has_another_list(letter, other_letter):
    add(other_letter, "ada@example.com", name="Ada")
    import_text("email,name\nada@example.com,Countess\nbob@example.com,\n", letter)
    assert Subscriber.objects.get(address_key="ada@example.com").name == "Ada"
    assert sorted(Consent.objects.values_list("subscription", flat=True)) == sorted(
        Subscription.objects.values_list("pk", flat=True)
    )


def test_suppressed_addresses_and_readers_who_left_are_never_revived(letter):
    left, pending = add(letter, "left@example.com"), ask(letter, "pending@example.com")
    leave(left)
    for reason in ("complaint", "hard_bounce"):
        actions.suppress(address_hash=address_hash(f"{reason}@example.com"), reason=reason, now=NOW, actor="provider")
    erased = add(letter, "erased@example.com")
    actions.erase(subscriber_id=erased.subscriber_id, now=NOW, actor="editor")
    names = ("left", "pending", "complaint", "hard_bounce", "erased")
    report = import_text("email\n" + "".join(f"{name}@example.com\n" for name in names), letter)
    assert [(row.line, row.reason) for row in report.refused] == [
        (2, "this reader left the list; only they can come back, by the subscribe form"),
        (3, "this reader was sent a confirmation and has not pressed its button yet"),
        (4, "this reader reported a mail as spam"),
        (5, "mail to this address came back for good"),
        (6, "this reader asked to be erased"),
    ]
    assert (state_of(left), state_of(pending)) == ("unsubscribed", "pending")
    assert not Subscriber.objects.filter(address_key="erased@example.com").exists()


def test_a_refused_row_has_its_line_and_the_others_go_on(letter):
    text = (
        "email,name,note\n"
        "ada@example.com,Ada,fine\n"
        "nobody,Nobody,\n"
        "\n"
        'bob@example.com,"Bob\nthe Builder",\n'
        "cy@example.com,Cy,too,many\n"
        f"di@example.com,{'D' * 121},\n"
        'eve@example.com,Eve,"a note\nin two lines"\n'
        "finn@example.com\n"
        'gil@example.com,"Gil" the Great,\n'
        "hal@example.com,Hal,\n"
    )
    report = import_text(text, letter)
    assert [row.line for row in report.refused] == [3, 5, 7, 8, 12]
    reasons = [row.reason for row in report.refused]
    for words, reason in zip(("@-sign", "line break", "4 cells under 3", "120", "doubled"), reasons, strict=True):
        assert words in reason
    assert set(Subscriber.objects.values_list("address", flat=True)) == {
        "ada@example.com", "eve@example.com", "finn@example.com", "hal@example.com"
    }  # fmt: skip


def test_a_quotation_mark_that_is_never_closed_is_told_with_what_it_swallowed(letter):
    report = import_text('email,name\nada@example.com,Ada\nbob@example.com,"Bob\ncy@example.com,Cy\n', letter)
    assert report.added == 1
    (row,) = report.refused
    assert row.line == 3
    assert "lines 3 to 4 could not be read" in row.reason


def test_a_cell_without_end_is_refused_and_the_rows_after_it_are_read(letter):
    filler = "x" * 200_000
    report = import_text(f"email,name\nada@example.com,{filler}\nbob@example.com,Bob\n", letter)
    assert (report.added, len(report.refused)) == (1, 1)
    assert "131,072 characters" in report.refused[0].reason


def test_a_row_that_is_not_utf_8_is_refused_and_the_others_go_on(letter):
    report = import_text(b"email,name\nada@example.com,Zo\xeb\nbob@example.com,Bob\n", letter)
    assert (report.added, [row.line for row in report.refused]) == (1, [2])
    assert "not UTF-8" in report.refused[0].reason


@pytest.mark.parametrize(
    "text",
    ["email;name\nada@example.com;Ada\n", "Email\tName\r\nada@example.com\tAda\r\n",
     "\ufeffE-Mail,Full Name\nada@example.com,Ada",
     "address,first name,last name\nada@example.com,Ada,\n", "id,EMAIL ADDRESS,name\n7,ada@example.com,Ada\n",
     '"email","name"\r"ada@example.com","Ada"\r'],
)  # fmt: skip
def test_files_of_other_programs_are_read_as_they_come(letter, text):
    assert counts(import_text(text, letter)) == (1, 1, 0, 0)
    assert Subscriber.objects.get().name == "Ada"


def test_a_postal_address_column_is_not_taken_for_the_email(letter):
    import_text("address,email\n1 Long Road,ada@example.com\n", letter)
    assert Subscriber.objects.get().address == "ada@example.com"


@pytest.mark.parametrize("text", ["", "\n", "ada@example.com\nbob@example.com\n", "name,phone\nAda,1\n"])
def test_a_file_without_a_header_is_refused_with_what_to_do(letter, text):
    with pytest.raises(CsvFileError, match="email,name"):
        import_text(text, letter)


def test_a_file_in_utf_16_is_refused_with_what_to_do(letter):
    with pytest.raises(CsvFileError, match="CSV UTF-8"):
        import_text("email\nada@example.com\n".encode("utf-16"), letter)


@pytest.mark.parametrize(
    ("proof", "words"),
    [(ConsentProof(" ", NOW, WORDING), "--source"), (ConsentProof("forms", NOW, ""), "--wording"),
     (ConsentProof("forms", NOW + timedelta(days=1), WORDING), "future")],
)  # fmt: skip
def test_an_import_without_proof_of_consent_is_refused(letter, proof, words):
    with pytest.raises(ConsentProofError, match=words):
        actions.import_csv(file=io.BytesIO(b"email\na@b.org\n"), mailing_list=letter, proof=proof, now=NOW, actor="me")


def test_an_import_is_audited_by_its_counts(letter):
    import_text("email\nada@example.com\nnobody\n", letter)
    entry = AuditEntry.objects.get(action="subscribers.imported")
    assert entry.detail == {"rows": 2, "added": 1, "unchanged": 0, "refused": 1}


def test_an_export_says_who_subscribes_and_on_which_consent(letter):
    add(letter, name="Ada")
    (row,) = csv.DictReader(io.StringIO(export_text(letter)))
    assert (row["email"], row["name"], row["state"]) == ("ada@example.com", "Ada", "confirmed")
    assert (row["consent_mechanism"], row["consent_source"], row["consent_wording"]) == ("staff", "the shop", WORDING)
    assert row["confirmed_at"] == "2026-11-24T09:00:00+00:00"


def test_an_export_holds_one_row_for_each_subscription_with_the_consent_in_force(letter, other_letter):
    subscription = add(letter)
    add(other_letter, "bob@example.com")
    leave(subscription)
    actions.resubscribe(list_id=letter.pk, subscriber_id=subscription.subscriber_id, ip="192.0.2.9", now=NOW)
    (row,) = csv.DictReader(io.StringIO(export_text(letter)))
    assert (row["consent_mechanism"], row["confirmed_ip"]) == ("undo", "192.0.2.9")


def test_who_left_or_is_suppressed_stays_so_when_an_export_is_imported_elsewhere(letter, other_letter):
    leave(add(letter, "left@example.com"))
    add(letter, "spam@example.com")
    spam = address_hash("spam@example.com")
    actions.suppress(address_hash=spam, reason="complaint", mailing_list=letter, now=NOW, actor="provider")
    report = import_text(export_text(letter), other_letter)
    assert [row.reason for row in report.refused] == [
        "the file says that this reader is 'unsubscribed'",
        "the file says that this address is suppressed (complaint)",
    ]


@pytest.mark.parametrize("start", list("=+-@\t\r＝＋－＠"))
def test_no_cell_of_an_export_starts_a_formula(start):
    for cell in (f"{start}HYPERLINK(1)", f"'{start}1", f"''{start}1"):
        assert quoted(cell).startswith("'")
        assert unquoted(quoted(cell)) == cell


@given(st.text(st.sampled_from("'=+-@\tab"), max_size=6) | st.text())
def test_quoting_a_cell_is_undone_exactly_and_disarms_it(cell):
    assert unquoted(quoted(cell)) == cell
    assert not quoted(cell).startswith(tuple("=+-@\t\r"))


def test_a_name_and_an_address_that_are_formulas_are_disarmed(letter):
    add(letter, "+cmd@example.com", name='=HYPERLINK("https://evil.example","click")')
    text = export_text(letter)
    assert """"'+cmd@example.com","'=HYPERLINK(""" in text
    assert not any(cell.startswith(tuple("=+-@\t")) for row in csv.reader(io.StringIO(text)) for cell in row)


mailbox = st.text(st.sampled_from("abcz019+-=_'!#"), min_size=1, max_size=12)
people = st.dictionaries(
    st.builds("{}@example.com".format, mailbox),
    st.text(st.characters(categories=("L", "N", "P", "S")), max_size=20),
    max_size=8,
)


class RoundTrip(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(people)
    def test_what_was_exported_is_imported_again_as_it_was(self, people):
        one, other = (MailingList.objects.create(name=name, slug=name, created_at=NOW) for name in ("one", "other"))
        for address, name in people.items():
            add(one, address, name=name)
        exported = export_text(one)
        Subscriber.objects.all().delete()
        report = import_text(exported, other)
        assert report.refused == []
        assert report.added == len(people)
        columns = [0, 1, 2]
        again = list(csv.reader(io.StringIO(export_text(other))))
        before = list(csv.reader(io.StringIO(exported)))
        assert [[row[place] for place in columns] for row in again] == [
            [row[place] for place in columns] for row in before
        ]


def test_a_subscriber_s_own_time_zone_comes_in_goes_out_and_is_forgotten_with_them(letter):
    report = import_text(
        "email,name,Time Zone\nada@example.com,Ada,Asia/Tokyo\nbob@example.com,Bob,\n"
        "eve@example.com,Eve,Mars/Olympus\n",
        letter,
    )
    assert counts(report) == (3, 2, 0, 1)
    assert "no time zone" in report.refused[0].reason
    rows = {row["email"]: row["time_zone"] for row in csv.DictReader(io.StringIO(export_text(letter)))}
    assert rows == {"ada@example.com": "Asia/Tokyo", "bob@example.com": ""}
    ada = Subscriber.objects.get(name="Ada")
    actions.erase(subscriber_id=ada.pk, now=NOW, actor="test")
    ada.refresh_from_db()
    assert ada.time_zone == ""
