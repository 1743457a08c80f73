"""Where bounces lie: a maildir, an IMAP folder. What was read is marked after it was taken in, and not before."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
import trustme

from pipeline.delivery.mailboxes import MailboxError, read_imap, read_mailbox, read_maildir


def is_report(data: bytes) -> bool:
    return b"report" in data


@pytest.fixture
def maildir(tmp_path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1.a").write_bytes(b"report one")
    (tmp_path / "new" / "2.b").write_bytes(b"hello")
    (tmp_path / "cur" / "3.c:2,F").write_bytes(b"report three")
    (tmp_path / "cur" / "4.d:2,S").write_bytes(b"report that was seen")
    return tmp_path


def names(maildir: Path) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name}" for path in maildir.glob("[nc]*/*"))


def test_reports_of_a_maildir_are_marked_as_seen_and_other_mails_left(maildir):
    assert read_maildir(maildir, take=is_report) == (2, 1)
    assert names(maildir) == ["cur/1.a:2,S", "cur/3.c:2,FS", "cur/4.d:2,S", "new/2.b"]
    assert read_mailbox(str(maildir), password="", take=is_report) == (0, 1)


def test_a_mail_whose_taking_in_failed_is_read_again(maildir):
    def fails(data: bytes) -> bool:
        raise RuntimeError("the database is gone")

    with pytest.raises(RuntimeError):
        read_maildir(maildir, take=fails)
    assert read_maildir(maildir, take=is_report) == (2, 1)


def test_a_folder_that_is_no_maildir_is_refused(tmp_path):
    with pytest.raises(MailboxError, match="no folders new and cur"):
        read_maildir(tmp_path, take=is_report)


@dataclass
class Folder:
    """An IMAP folder with its mails, and the numbers of those that were seen."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    port: int = 0


class ImapHandler(StreamRequestHandler):
    """As much of RFC 3501 as is needed to read a folder; the server has `folder` and `tls`."""

    def handle(self) -> None:
        with self.server.tls.wrap_socket(self.connection, server_side=True) as self.sock:
            self.say(b"* OK ready")
            with self.sock.makefile("rb") as lines:
                for line in lines:
                    tag, command, *words = line.decode().split()
                    refusal = getattr(self, f"do_{command.lower()}", lambda _: b"")(words)
                    self.say(tag.encode() + (b" NO " + refusal if refusal else b" OK done"))
                    if command == "LOGOUT":
                        return

    def finish(self) -> None:
        """The socket was closed with its TLS."""

    def say(self, line: bytes) -> None:
        self.sock.sendall(line + b"\r\n")

    def do_capability(self, _: list[str]) -> None:
        self.say(b"* CAPABILITY IMAP4rev1")

    def do_login(self, words: list[str]) -> bytes:
        return b"" if " ".join(words) == 'bounces "right horse"' else b"wrong"

    def do_select(self, words: list[str]) -> bytes:
        self.say(b"* %d EXISTS" % len(self.server.folder.mails))
        return b"" if words == ['"INBOX"'] else b"there is none"

    def do_search(self, _: list[str]) -> None:
        folder = self.server.folder
        self.say(b"* SEARCH " + b" ".join(b"%d" % n for n in folder.mails if n not in folder.seen))

    def do_fetch(self, words: list[str]) -> None:
        mail = self.server.folder.mails[int(words[0])]
        self.say(b"* %d FETCH (BODY[]<0> {%d}\r\n%s)" % (int(words[0]), len(mail), mail))

    def do_store(self, words: list[str]) -> None:
        self.server.folder.seen.add(int(words[0]))


class ImapServer(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A client that does not trust the certificate goes away in the middle: that is its right."""


@contextmanager
def imap_server(folder: Folder, tls: ssl.SSLContext) -> Iterator[Folder]:
    with ImapServer(("127.0.0.1", 0), ImapHandler) as server:
        server.folder, server.tls = folder, tls
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def certificates():
    authority = trustme.CA()
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    authority.configure_trust(client)
    return server, client


@pytest.fixture
def folder(certificates) -> Iterator[Folder]:
    mails = {1: b"a report", 2: b"hello", 3: b"another report\r\n)"}
    with imap_server(Folder(mails), certificates[0]) as made:
        yield made


def test_reports_of_an_imap_folder_are_marked_as_seen_and_other_mails_left(folder, certificates):
    url, taken = f"imaps://bounces@localhost:{folder.port}", []

    def take(data: bytes) -> bool:
        taken.append(data)
        return is_report(data)

    assert read_imap(url, password="right horse", take=take, tls=certificates[1]) == (2, 1)
    assert taken == list(folder.mails.values())
    assert folder.seen == {1, 3}
    assert read_imap(url, password="right horse", take=take, tls=certificates[1]) == (0, 1)


@pytest.mark.parametrize(
    ("change", "password", "said"),
    [("", "wrong horse", "cannot be read"), ("/Bounces", "right horse", "no folder Bounces")],
)
def test_what_stands_in_the_way_is_said_without_the_password(folder, certificates, change, password, said):
    url = f"imaps://bounces@localhost:{folder.port}{change}"
    with pytest.raises(MailboxError, match=said) as raised:
        read_imap(url, password=password, take=is_report, tls=certificates[1])
    assert "horse" not in str(raised.value)


def test_a_certificate_that_is_not_trusted_is_refused(folder):
    with pytest.raises(MailboxError, match="cannot be read"):
        read_imap(f"imaps://bounces@localhost:{folder.port}", password="right horse", take=is_report)
    assert folder.seen == set()


def test_imap_without_tls_is_for_this_machine_alone():
    with pytest.raises(MailboxError, match="without TLS"):
        read_imap("imap://bounces@mail.example.org", password="x", take=is_report)
