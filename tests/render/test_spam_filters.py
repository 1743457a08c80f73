"""SpamAssassin and rspamd over the mail of every design, as it would leave: no rule that counts against it but those
that its words explain. Both run on this machine alone, with no name server that would answer.
"""

import json
import os
import re
import socket
import subprocess
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.audience.tokens import Keyring, make_click
from pipeline.delivery.compiled import RecipientValues, compile_message
from pipeline.editorial.content import IssueContent
from pipeline.render.email import render_email
from tests.render.issues import TEMPLATES, VALUES, samples
from tests.tools import NPM, needs

ALLOWED = tomllib.loads((NPM / "allowed.toml").read_text(encoding="utf-8"))
# Filters take a link that shows its own address under .example, which is no top-level domain, for one in disguise
# (rspamd's R_SUSPICIOUS_URL); so the mails name hosts of example.org, which nobody else has either.
ISSUES = {
    name: IssueContent.from_json(re.sub(r"\.example\b", ".example.org", content.to_json()))
    for name, content in samples()
}
ISSUES |= {
    f"{name}-counted": replace(content, newsletter=replace(content.newsletter, counts_clicks=True, utm_source="letter"))
    for name, content in ISSUES.items()
    if name.endswith("-sample")
}
every_issue = pytest.mark.parametrize("content", ISSUES.values(), ids=ISSUES)
CLICK = "https://newsletter.example.org/click/"
RULE = re.compile(r"^\s*(-?[\d.]+) ([A-Z0-9_]+)\s", re.MULTILINE)
# the mail that every filter must take for spam, as EICAR's file is for virus scanners
SPAM = b"Subject: x\r\n\r\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
OFF = ("fuzzy_check", "rbl", "asn", "phishing")  # they ask services on the network


def as_it_leaves(content: IssueContent) -> bytes:
    newsletter = content.newsletter
    greeting, unsubscribe_url, preferences_url = VALUES.values()
    keys = Keyring(["a key"])
    message = compile_message(
        render_email(
            content,
            templates=TEMPLATES,
            counted_address=(lambda link: f"{CLICK}{make_click(issue_id=1, link=link, keys=keys)}/")
            if newsletter.counts_clicks
            else None,
        ), from_name=newsletter.sender_name, from_address=newsletter.sender_address,
        reply_to=newsletter.reply_to, list_id=newsletter.list_id, list_name=newsletter.name,
        message_key="issue:1", sent_date=datetime.now(UTC),
    )  # fmt: skip
    return message.assemble(RecipientValues(1, "ada@reader.example", "Ada", greeting, unsubscribe_url, preferences_url))


@every_issue
def test_spamassassin_holds_nothing_against_the_mail(content: IssueContent, tmp_path: Path) -> None:
    assert set(_spamassassin(as_it_leaves(content), tmp_path)) <= set(ALLOWED["spamassassin"])


def test_spamassassin_does_object_to_what_is_spam(tmp_path: Path) -> None:
    assert "GTUBE" in _spamassassin(SPAM, tmp_path)


def _spamassassin(mail: bytes, folder: Path) -> dict[str, float]:
    """The rules that count against the mail, with their points."""
    program = needs("spamassassin", "spamassassin")
    done = subprocess.run(
        [program, "--local", "--test-mode", f"--prefspath={folder / 'prefs'}", "--nocreate-prefs"],
        input=mail, capture_output=True, timeout=120, check=True, env=os.environ | {"HOME": str(folder)},
    )  # fmt: skip
    report = done.stdout.decode("utf-8", "replace").rpartition("Content analysis details:")[2]
    assert report, done.stderr
    rules = {name: float(points) for points, name in RULE.findall(report)}
    return {name: points for name, points in rules.items() if points > 0}


@pytest.fixture(scope="module")
def rspamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an rspamd with folders of its own."""
    program, folder = needs("rspamd", "rspamd"), tmp_path_factory.mktemp("rspamd")
    port = _configure(folder)
    places = [f"--var={name}={folder / name}" for name in ("DBDIR", "RUNDIR", "LOGDIR", "LOCAL_CONFDIR")]
    insecure = ["--insecure"] if os.geteuid() == 0 else []
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            [program, "--no-fork", *insecure, "--config=/etc/rspamd/rspamd.conf", *places], stdout=log, stderr=log
        )
        try:
            _wait(port, daemon, folder / "log")
            yield port
        finally:
            daemon.terminate()
            daemon.wait(timeout=30)


def _configure(folder: Path) -> int:
    for name in ("DBDIR", "RUNDIR", "LOGDIR"):
        (folder / name).mkdir()
    own = folder / "LOCAL_CONFDIR" / "local.d"
    own.mkdir(parents=True)
    port, other = _free_port(), _free_port()
    files = {
        "options.inc": 'dns { nameserver = ["127.0.0.1:9"]; timeout = 0.05s; retransmits = 0; }',
        "worker-normal.inc": f'bind_socket = "127.0.0.1:{port}"; count = 1;',
        "worker-controller.inc": f'bind_socket = "127.0.0.1:{other}"; count = 1;',
        "worker-proxy.inc": "enabled = false;",
        "worker-fuzzy.inc": "enabled = false;",
        "logging.inc": 'type = "console"; level = "warning";',
        **{f"{module}.conf": "enabled = false;" for module in OFF},
    }
    for name, text in files.items():
        (own / name).write_text(text + "\n")
    return port


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int, daemon: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert daemon.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"rspamd did not answer within a minute: {log.read_text(errors='replace')[-2000:]}")


def _rspamd(mail: bytes, port: int) -> dict[str, Any]:
    """rspamd's answer, as if the mail had come from a server with a name."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/checkv2", data=mail, headers={"Hostname": "mail.newsletter.example"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(asked, timeout=30) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


@every_issue
def test_rspamd_holds_nothing_against_the_mail(rspamd: int, content: IssueContent) -> None:
    told = _rspamd(as_it_leaves(content), rspamd)
    against = {name for name, symbol in told["symbols"].items() if symbol["score"] > 0}
    assert against <= set(ALLOWED["rspamd"])
    assert told["action"] == "no action"
    assert told["score"] < 1


def test_rspamd_sees_the_list_and_objects_to_what_is_spam(rspamd: int) -> None:
    symbols = _rspamd(as_it_leaves(ISSUES["digest-sample"]), rspamd)["symbols"]
    assert "HAS_LIST_UNSUB" in symbols
    assert _rspamd(SPAM, rspamd)["action"] == "reject"
