"""Fetching a document: what it refuses to touch, and how it ends whatever the server does. Loopback only."""

import gzip
import ipaddress
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import DocumentError, read
from pipeline.documents.fetch import FetchLimits, Guard, fetch, is_public

CERTIFICATES = Path(__file__).parent / "certificates"
PAGE = b"<!doctype html><html><body><h1>Care</h1><p>Pat dry. Never rub.</p></body></html>"
LOOPBACK = ipaddress.ip_network("127.0.0.0/8")


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answers[self.path](self)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Callable[[_Handler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


def answer(body: bytes, status: int = 200, **headers: str) -> Callable[[_Handler], None]:
    def give(handler: _Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return give


def sent_on(to: str) -> Callable[[_Handler], None]:
    return answer(b"", 302, Location=to)


@dataclass
class Site:
    """A loopback server under made-up names: `names` maps each host to the addresses it resolves to."""

    server: _Server
    names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def guard(self) -> Guard:
        return Guard(ports=frozenset({self.port}), resolve=self.resolve, also_allowed=(LOOPBACK,))

    def resolve(self, host: str, _port: int) -> list[str]:
        if host not in self.names:
            raise OSError("no such host")
        return self.names[host]

    def url(self, path: str, host: str = "site.example", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


def always(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


def serve(server: _Server) -> Iterator[Site]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Site(server, {"site.example": ["127.0.0.1"], "good.example": ["127.0.0.1"], "evil.example": ["127.0.0.1"]})
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve(_Server())


@pytest.fixture
def secure_site() -> Iterator[Site]:
    server = _Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "good.example.pem", CERTIFICATES / "good.example.key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield from serve(server)


def test_a_page_arrives_and_can_be_read(site: Site) -> None:
    site.server.answers["/care?x=1"] = answer(PAGE)
    fetched = fetch(site.url("/care?x=1"), guard=site.guard)
    assert fetched.data == PAGE
    assert read(fetched.data, name=fetched.name).sections[0].heading == "Care"
    assert site.server.asked[0][1]["Host"] == f"site.example:{site.port}"


def test_redirects_are_followed_to_where_they_end(site: Site) -> None:
    site.server.answers.update({"/a": sent_on("/b"), "/b": sent_on(site.url("/c")), "/c": answer(PAGE)})
    assert fetch(site.url("/a"), guard=site.guard).url == site.url("/c")


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://router.example/",
        "file:///etc/passwd",
        "ftp://site.example/x",
        "//router.example/",
        "http://site.example:22/",
    ],
)
def test_a_redirect_is_checked_like_the_first_link(site: Site, to: str) -> None:
    site.names["router.example"] = ["192.168.0.1"]
    site.names["169.254.169.254"] = ["169.254.169.254"]
    site.server.answers["/a"] = sent_on(to)
    guard = replace(site.guard, ports=frozenset({site.port, 80}))
    with pytest.raises(DocumentError):
        fetch(site.url("/a"), guard=guard)


def test_redirects_in_a_circle_end(site: Site) -> None:
    site.server.answers["/a"] = sent_on("/a")
    with pytest.raises(DocumentError, match="sent on more than 5 times"):
        fetch(site.url("/a"), guard=site.guard)
    assert len(site.server.asked) == 6


@pytest.mark.parametrize(
    "url",
    [
        "",
        "care.html",
        "file:///etc/passwd",
        "ftp://site.example/x",
        "gopher://site.example/",
        "http://",
        "http://user:word@site.example/",
        "http://site.example:25/",
        "http://[::1",
        "http://site.example:99999/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_plain_link_is_refused(url: str) -> None:
    with pytest.raises(DocumentError):
        fetch(url, guard=Guard(resolve=always("93.184.215.14")))


INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.170",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:db8::1",
    "fec0::1",
    "::127.0.0.1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused(address: str) -> None:
    with pytest.raises(DocumentError, match="not on the public internet"):
        Guard(resolve=always(address)).checked("http://name.example/")


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_on_the_internet_is_let_through(address: str) -> None:
    assert Guard(resolve=always(address)).checked("https://name.example/").address == address


def test_one_address_inside_among_others_is_enough_to_refuse() -> None:
    with pytest.raises(DocumentError):
        Guard(resolve=always("93.184.215.14", "10.0.0.1")).checked("http://name.example/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1", "[::1]"])
def test_this_machine_by_any_name_is_refused(host: str) -> None:
    with pytest.raises(DocumentError):
        fetch(f"http://{host}/")


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_alike(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{address}")
    assert not is_public(mapped) or is_public(address)
    packed = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) | int(address))
    assert is_public(packed) == is_public(address)


def test_a_name_that_changes_its_address_is_asked_once(site: Site) -> None:
    """Rebinding: the second answer would lead inside."""
    site.server.answers["/a"] = answer(PAGE)
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    guard = replace(site.guard, resolve=lambda _host, _port: next(answers))
    assert fetch(site.url("/a"), guard=guard).data == PAGE
    assert next(answers) == ["169.254.169.254"]


def test_tls_checks_the_name_though_the_address_is_pinned(secure_site: Site) -> None:
    secure_site.server.answers["/a"] = answer(PAGE)
    guard = replace(secure_site.guard, ca_bundle=str(CERTIFICATES / "good.example.pem"))
    assert fetch(secure_site.url("/a", "good.example", "https"), guard=guard).data == PAGE
    with pytest.raises(DocumentError, match=r"certificate is not one for evil\.example"):
        fetch(secure_site.url("/a", "evil.example", "https"), guard=guard)


def test_a_certificate_that_nobody_trusts_is_refused(secure_site: Site) -> None:
    with pytest.raises(DocumentError, match="certificate"):
        fetch(secure_site.url("/a", "good.example", "https"), guard=secure_site.guard)


def test_https_is_never_sent_on_to_http(secure_site: Site) -> None:
    secure_site.server.answers["/a"] = sent_on("http://good.example/")
    guard = replace(secure_site.guard, ca_bundle=str(CERTIFICATES / "good.example.pem"))
    with pytest.raises(DocumentError, match="from https to http"):
        fetch(secure_site.url("/a", "good.example", "https"), guard=guard)


def test_too_large_a_page_is_cut_off(site: Site) -> None:
    def without_end(handler: _Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 65536)

    site.server.answers["/big"] = without_end
    with pytest.raises(DocumentError, match="larger than 1 MB"):
        fetch(site.url("/big"), guard=site.guard, limits=FetchLimits(size_bytes=1024 * 1024))


def test_what_is_packed_is_unpacked_but_only_up_to_the_limit(site: Site) -> None:
    site.server.answers["/page"] = answer(gzip.compress(PAGE), Content_Encoding="gzip")
    site.server.answers["/bomb"] = answer(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    site.server.answers["/odd"] = answer(PAGE, Content_Encoding="br")
    assert fetch(site.url("/page"), guard=site.guard).data == PAGE
    with pytest.raises(DocumentError, match="larger than"):
        fetch(site.url("/bomb"), guard=site.guard, limits=FetchLimits(size_bytes=1024 * 1024))
    with pytest.raises(DocumentError, match="cannot be read"):
        fetch(site.url("/odd"), guard=site.guard)


def drip(line: bytes) -> Callable[[_Handler], None]:
    def give(handler: _Handler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for _ in range(200):
            handler.wfile.write(line)
            time.sleep(0.05)

    return give


@pytest.mark.parametrize("line", [b"X-More: 1\r\n", b"y"], ids=["headers", "one endless header"])
def test_headers_that_drip_end_with_the_deadline(site: Site, line: bytes) -> None:
    site.server.answers["/drip"] = drip(line)
    began = time.monotonic()
    with pytest.raises(DocumentError, match=r"did not arrive within 0\.5 seconds"):
        fetch(site.url("/drip"), guard=site.guard, limits=FetchLimits(total_seconds=0.5))
    assert time.monotonic() - began < 9


def test_a_body_that_drips_ends_with_the_deadline(site: Site) -> None:
    def give(handler: _Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.server.answers["/drip"] = give
    with pytest.raises(DocumentError, match="did not arrive within"):
        fetch(site.url("/drip"), guard=site.guard, limits=FetchLimits(total_seconds=0.5))


def test_half_a_page_is_no_page(site: Site) -> None:
    def give(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(PAGE)

    site.server.answers["/half"] = give
    with pytest.raises(DocumentError):
        fetch(site.url("/half"), guard=site.guard)


@pytest.mark.parametrize("status", [204, 304, 403, 404, 500])
def test_an_answer_without_a_page_is_told_by_its_number(site: Site, status: int) -> None:
    site.server.answers["/gone"] = answer(b"", status)
    with pytest.raises(DocumentError, match=str(status)):
        fetch(site.url("/gone"), guard=site.guard)


def test_nobody_listening_is_told_plainly(site: Site) -> None:
    site.names["closed.example"] = ["127.0.0.9"]
    with pytest.raises(DocumentError, match="does not answer"):
        fetch(site.url("/", "closed.example"), guard=site.guard)


def test_an_unknown_host_is_told_plainly(site: Site) -> None:
    with pytest.raises(DocumentError, match=r"no host nowhere\.example"):
        fetch(site.url("/", "nowhere.example"), guard=site.guard)


def test_proxies_of_the_environment_are_not_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    site.server.answers["/a"] = answer(PAGE)
    assert fetch(site.url("/a"), guard=site.guard).data == PAGE
