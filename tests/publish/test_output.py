"""Files under output/ are replaced whole, in order, or not at all."""

import contextlib
import errno
import json
import os
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publish import output
from pipeline.publish.output import OutputError, write_output

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class File:
    path: str
    data: bytes | None = b"words"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_are_written_with_the_folders_they_need(tmp_path):
    report = write_output(tmp_path / "a" / "letter", [File("archive/1.html", b"one"), File("feed.xml", b"feed")])
    assert tree(tmp_path / "a" / "letter") == {"archive/1.html": b"one", "feed.xml": b"feed"}
    assert report.written == ["archive/1.html", "feed.xml"]


def test_a_file_that_did_not_change_keeps_its_date(tmp_path):
    write_output(tmp_path, [File("feed.xml"), File("index.html")])
    os.utime(tmp_path / "feed.xml", (1_000_000, 1_000_000))
    report = write_output(tmp_path, [File("feed.xml"), File("index.html", b"other words")])
    assert (tmp_path / "feed.xml").stat().st_mtime == 1_000_000
    assert (report.written, report.unchanged) == (["index.html"], 1)


def test_one_byte_of_difference_is_enough_to_write(tmp_path):
    write_output(tmp_path, [File("feed.xml", b"abc")])
    assert write_output(tmp_path, [File("feed.xml", b"abd")]).written == ["feed.xml"]


def test_files_of_others_in_the_folder_are_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"picture")
    write_output(tmp_path, [File("feed.xml")])
    assert tree(tmp_path)["photo.jpg"] == b"picture"


def test_a_file_that_goes_takes_the_folders_that_held_nothing_else(tmp_path):
    write_output(tmp_path, [File("topics/sun/history/feed-1.xml"), File("topics/rain/feed.xml"), File("feed.xml")])
    report = write_output(tmp_path, [File("topics/sun/history/feed-1.xml", None), File("gone.xml", None)])
    assert set(tree(tmp_path)) == {"topics/rain/feed.xml", "feed.xml"}
    assert not (tmp_path / "topics" / "sun").exists()
    assert (report.written, report.removed) == ([], ["topics/sun/history/feed-1.xml"])


def test_a_folder_that_holds_something_of_somebody_elses_stays(tmp_path):
    write_output(tmp_path, [File("topics/sun/feed.xml")])
    (tmp_path / "topics" / "sun" / "photo.jpg").write_bytes(b"picture")
    write_output(tmp_path, [File("topics/sun/feed.xml", None)])
    assert set(tree(tmp_path)) == {"topics/sun/photo.jpg"}


def test_a_written_file_can_be_read_by_a_web_server(tmp_path):
    previous = os.umask(0o022)
    try:
        write_output(tmp_path, [File("feed.xml")])
    finally:
        os.umask(previous)
    assert (tmp_path / "feed.xml").stat().st_mode & 0o777 == 0o644


def test_files_go_out_in_the_order_given(tmp_path, monkeypatch):
    order = []
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (order.append(to.name), replace(self, to))[1])
    write_output(tmp_path, [File("archive/2.html"), File("archive/1.html"), File("index.html"), File("feed.xml")])
    assert order == ["2.html", "1.html", "index.html", "feed.xml"]


def test_pages_are_on_the_disk_before_the_feed_is_renamed(tmp_path, monkeypatch):
    steps = []
    replace, sync = Path.replace, output._sync_folder
    monkeypatch.setattr(Path, "replace", lambda self, to: (steps.append(to.name), replace(self, to))[1])
    monkeypatch.setattr(output, "_sync_folder", lambda folder: (steps.append(f"sync {folder.name}"), sync(folder))[1])
    (tmp_path / "archive").mkdir()
    write_output(tmp_path, [File("archive/1.html"), File("feed.xml")])
    assert steps == ["1.html", "sync archive", "feed.xml", f"sync {tmp_path.name}"]


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../up.html", "a/../../up.html", "a\\b.html", "a\x00.html", "a\nb.html", "."]
)
def test_no_file_leaves_the_folder(tmp_path, path):
    with pytest.raises(OutputError):
        write_output(tmp_path / "letter", [File(path)])
    assert tree(tmp_path) == {}


@settings(deadline=None)  # it waits for the disk
@given(st.text(max_size=40))
def test_whatever_a_path_is_called_nothing_is_written_outside(tmp_path_factory, path):
    root = tmp_path_factory.mktemp("output")
    with contextlib.suppress(OutputError):
        write_output(root / "letter", [File(path)])
    assert all(name.startswith("letter/") for name in tree(root))


def test_a_symbolic_link_leads_nobody_out(tmp_path):
    (tmp_path / "letter").mkdir()
    (tmp_path / "private").mkdir()
    (tmp_path / "letter" / "archive").symlink_to(tmp_path / "private")
    with pytest.raises(OutputError, match="symbolic link"):
        write_output(tmp_path / "letter", [File("archive/1.html")])
    assert list((tmp_path / "private").iterdir()) == []


def test_a_file_that_is_a_link_is_replaced_and_what_it_pointed_at_stays(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "letter").mkdir()
    (tmp_path / "letter" / "feed.xml").symlink_to(tmp_path / "secret")
    write_output(tmp_path / "letter", [File("feed.xml", b"secret")])
    assert not (tmp_path / "letter" / "feed.xml").is_symlink()
    assert (tmp_path / "secret").read_bytes() == b"secret"


def test_what_a_killed_run_left_behind_is_taken_away(tmp_path):
    (tmp_path / ".tipsheet.part").write_bytes(b"half")
    write_output(tmp_path, [File("feed.xml")])
    assert list(tree(tmp_path)) == ["feed.xml"]


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Make room on that disk."),
        (errno.EDQUOT, "Make room on that disk."),
        (errno.EROFS, "Let the account that runs Tipsheet write to that folder."),
        (errno.EIO, "Check the disk and the folder."),
    ],
)
def test_a_failing_disk_is_one_clear_line_and_the_old_file_stays(tmp_path, monkeypatch, number, remedy):
    write_output(tmp_path, [File("feed.xml", b"old")])

    def failing(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(output.os, "fsync", failing)
    with pytest.raises(OutputError) as caught:
        write_output(tmp_path, [File("feed.xml", b"new")])
    assert str(tmp_path / "feed.xml") in str(caught.value)
    assert remedy in str(caught.value)
    assert tree(tmp_path) == {"feed.xml": b"old"}


def test_a_file_in_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "archive").write_bytes(b"in the way")
    with pytest.raises(OutputError, match="move it away"):
        write_output(tmp_path, [File("archive/1.html")])


def test_a_folder_in_place_of_a_file_is_told(tmp_path):
    (tmp_path / "feed.xml").mkdir()
    with pytest.raises(OutputError, match="move it away"):
        write_output(tmp_path, [File("feed.xml")])
    assert list(tmp_path.rglob("*.part")) == []


def test_a_disk_that_is_full_in_the_middle_of_a_file_leaves_the_old_one(tmp_path):
    """The system itself refuses the bytes beyond 8,192, as a full disk does: some are written before."""
    write_output(tmp_path, [File("a.html", b"old"), File("feed.xml", b"old")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    try:
        with pytest.raises(OutputError):
            write_output(tmp_path, [File("a.html", b"new"), File("feed.xml", b"x" * 100_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert tree(tmp_path) == {"a.html": b"new", "feed.xml": b"old"}


def test_two_processes_take_turns(tmp_path):
    """The second waits for the first to end, and finds its work done."""
    entered, release, reports = threading.Event(), threading.Event(), []

    def slow():
        yield File("a.html")
        entered.set()
        release.wait(timeout=10)
        yield File("feed.xml")

    first = threading.Thread(target=lambda: reports.append(write_output(tmp_path, slow())))
    second = threading.Thread(target=lambda: reports.append(write_output(tmp_path, [File("feed.xml")])))
    first.start()
    assert entered.wait(timeout=10)
    second.start()
    second.join(timeout=0.2)
    assert second.is_alive()
    release.set()
    first.join(timeout=10)
    second.join(timeout=10)
    assert sorted(report.written for report in reports) == [[], ["a.html", "feed.xml"]]


def test_a_kill_at_any_step_leaves_each_file_old_or_new_and_the_feed_last(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "tests.publish.output_kills", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found["kills"] > 100
    assert (found["torn"], found["out_of_order"]) == (0, 0)
    assert found["leftovers"] > 0  # some kills came while a file was unfinished, or the test proves nothing
