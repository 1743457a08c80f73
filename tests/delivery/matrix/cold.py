"""Cold kills: `run.py publish` is ended from outside, at random moments of its whole life, again and again.

An issue is published for 40 readers by runs that are killed between their first instruction and their last, then by one
that is left alone; then the next issue. The judge is the outbox's folder: the mails are parsed, and each reader must
have each issue once; then `run.py verify` must find mail, feeds and archive to say the same.
"""

import email
import email.policy
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.rules import ROOT
from tests.runner import CLEAN, answer, command, done, run

READERS = 40
ISSUE_MOST = 8  # kills of one issue, so that it comes to an end
_DOCUMENTS = ROOT / "tips" / "documents"


def cold_kills(kills: int, *, postgres: bool, seed: int) -> dict[str, object]:
    from tests.postgres import running_postgres

    with (
        running_postgres(waits_for_disk=False) if postgres else nullcontext("") as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        home = Path(folder)
        if url:
            (home / "tipsheet.toml").write_text(f'database_url = "{url}"\n', encoding="utf-8")
        _found(home)
        return _killed(home, kills, random.Random(seed))


def _found(home: Path) -> None:
    done(home, "init", "--name", "The Skin Letter", "--slug", "skin-letter", "--sender-address",
         "letter@newsletter.example", "--postal-address", "1 Orchard Road", "--zone", "Europe/Berlin",
         "--tips", 1)  # fmt: skip
    readers = home / "readers.csv"
    readers.write_text("address\n" + "".join(f"reader{number}@reader.example\n" for number in range(READERS)))
    done(home, "subscribers", "import", readers, "--source", "the test's list", "--consent-date", "2026-01-02",
         "--wording", "Yes, send it to me.")  # fmt: skip
    run(home, "ingest", _DOCUMENTS)
    run(home, "tips", "approve", "--all-clean")


def _killed(home: Path, kills: int, chance: random.Random) -> dict[str, object]:
    tally: Counter[str] = Counter()
    longest, recoveries, wrong = 3.0, [], []
    while tally["kills"] < kills:
        for _ in range(ISSUE_MOST):
            process = subprocess.Popen(
                command(home, "publish", "--now", "--another"), cwd=ROOT, env=CLEAN, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                process.wait(chance.uniform(0.05, longest))
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                tally["kills"] += 1
        began = time.monotonic()
        left_alone = run(home, "publish", "--now", "--another")
        recoveries.append(time.monotonic() - began)
        longest = recoveries[-1]
        if left_alone.returncode:
            wrong.append(left_alone.stderr.strip()[-300:])
            break
    return _judged(home, tally, recoveries, wrong)


def _judged(home: Path, tally: Counter, recoveries: list[float], wrong: list[str]) -> dict[str, object]:
    issues = answer(home, "issues", "list")
    got: Counter[tuple[str, str]] = Counter()
    for path in (home / "var" / "outbox").glob("*.eml"):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        got[str(mail["To"]), str(mail["Message-ID"]).partition(".")[2]] += 1
    published = [issue for issue in issues if issue["state"] == "published"]
    wrong += [f"issue {issue['number']} is {issue['state']}" for issue in issues if issue not in published]
    wrong += [f"{check['subject']}: {check['problem']}" for check in answer(home, "verify") if check["problem"]]
    wrong += [str(issue["sums"]) for issue in published if issue["sums"]["accepted"] != READERS]
    return {
        "kills": tally["kills"],
        "issues": len(issues),
        "mails": got.total(),
        "duplicates": got.total() - len(got),
        "losses": max(0, READERS * len(published) - len(got)),
        "recovery_seconds": {"median": round(sorted(recoveries)[len(recoveries) // 2], 1),
                             "most": round(max(recoveries), 1)},
        "wrong": wrong,
    }  # fmt: skip
