"""The whole way on PostgreSQL: the same commands, the same sums, one database schema."""

import signal
import subprocess
import time

import psycopg
import pytest

from tests.journeys.test_whole_way import SAMPLES, outbox, parsed
from tests.rules import ROOT
from tests.runner import CLEAN, FOUNDING, answer, command, done

pytestmark = pytest.mark.postgres


@pytest.fixture
def home(tmp_path, postgres_url):
    """A workspace whose database is on the server; the readers are many enough to be killed among."""
    with psycopg.connect(postgres_url, autocommit=True) as server:  # each test begins with an empty database
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    (tmp_path / "tipsheet.toml").write_text(f'database_url = "{postgres_url}"\n', encoding="utf-8")
    done(tmp_path, *FOUNDING)
    file = tmp_path / "readers.csv"
    file.write_text("address,name\n" + "".join(f"reader{n}@reader.example,Reader {n}\n" for n in range(300)))
    done(tmp_path, "subscribers", "import", file, "--source", "the test's list", "--consent-date", "2026-01-02",
         "--wording", "Yes, send it to me.")  # fmt: skip
    done(tmp_path, "ingest", SAMPLES / "what-microneedling-can-do.txt")
    done(tmp_path, "tips", "approve", 1, 2, 3, "--override", "Read and found right.")
    return tmp_path


def test_documents_become_an_issue_that_survives_kills_and_reaches_everybody_once(home):
    for _ in range(3):
        process = subprocess.Popen(
            command(home, "publish", "--now"), cwd=ROOT, env=CLEAN, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        before, deadline = len(outbox(home)), time.monotonic() + 20
        while process.poll() is None and len(outbox(home)) < before + 60 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done(home, "publish", "--now")
    recipients = [str(parsed(path)["To"]) for path in outbox(home)]
    assert len(recipients) == len(set(recipients)) == 300
    assert answer(home, "issues", "list")[0]["sums"]["accepted"] == 300
    assert "nothing was sent again" in done(home, "publish", "--now")
    assert all(not check["problem"] for check in answer(home, "verify"))
    assert not (home / "var" / "tipsheet.sqlite3").exists()


def test_a_rehearsal_copies_the_server_s_rows_and_leaves_them_as_they_were(home):
    told = answer(home, "rehearse", "--provider", "postmark", "--readers", "100", "--kills", "2", "--faults", "4")
    assert told["adds_up"]
    assert (told["planned"], told["of_readers"], told["twice"], told["lost"], told["in_doubt"]) == (100, 300, 0, 0, 0)
    assert answer(home, "issues", "list") == []
    assert len(answer(home, "queue", "list")) == 3
