"""A document by URL: the one door to the network in the pure rooms.

Whoever names a URL may name one that points inside (a router, a cloud's metadata, this very machine), so that each
hop is checked before a byte is sent: scheme, port, every address its name resolves to. The connection then goes to
the address that was checked and to no other, while the certificate must still be for the name. One deadline holds
for everything, from the first packet to the last redirect's last byte, however slowly they drip.
"""

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import Url, parse_url

from pipeline.documents.errors import DocumentError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_DEFAULT_PORTS = {"http": 80, "https": 443}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHUNK_BYTES = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HEADERS = {"User-Agent": "Tipsheet", "Accept-Encoding": "gzip, identity", "Accept": "*/*"}
_TRY_LATER = "Try again later, or save the page and hand in the file"
_HAND_IN = "Save the page and hand in the file"


@dataclass(frozen=True, slots=True)
class FetchLimits:
    size_bytes: int = 32 * 1024 * 1024
    total_seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave: `url` is where the redirects ended, `name` what `read` should call it."""

    url: str
    data: bytes = field(repr=False)
    name: str


def system_addresses(host: str, port: int) -> Sequence[str]:
    """Every address of a host, as the machine resolves it; raises OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """Where a fetch may go.

    `also_allowed` are networks that are let through though they are not public (a test's loopback server, an
    intranet); `ca_bundle` is a file of certificates to trust instead of the public ones.
    """

    schemes: frozenset[str] = frozenset(_DEFAULT_PORTS)
    ports: frozenset[int] = frozenset(_DEFAULT_PORTS.values())
    resolve: Callable[[str, int], Sequence[str]] = system_addresses
    also_allowed: tuple[Network, ...] = ()
    ca_bundle: str | None = None

    def checked(self, url: str) -> "Hop":
        """The URL with the address to connect to; raises DocumentError where it must not be fetched."""
        parsed = _parsed(url)
        scheme, host = (parsed.scheme or "").lower(), (parsed.host or "").strip("[]")
        if scheme not in self.schemes:
            raise DocumentError(url, f"its scheme is {scheme or 'missing'}", "Give a link that begins with https://")
        if not host or parsed.auth is not None:
            raise DocumentError(url, "it names no host, or a user", "Give a plain link such as https://site/page")
        port = parsed.port or _DEFAULT_PORTS[scheme]
        if port not in self.ports:
            raise DocumentError(url, f"its port {port} is not one of the web's", _HAND_IN)
        try:
            addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as error:
            raise DocumentError(url, f"there is no host {host}", "Check the link") from error
        if not addresses or not all(self._is_allowed(each) for each in addresses):
            raise DocumentError(url, f"{host} is not on the public internet", _HAND_IN)
        return Hop(url=url, scheme=scheme, host=host, port=port, address=str(addresses[0]))

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self.also_allowed) or is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address is out on the internet; one that carries an IPv4 address inside is judged by that too."""
    is_old_private = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if not address.is_global or address.is_multicast or address.is_reserved or is_old_private:
        return isinstance(address, ipaddress.IPv6Address) and address in _NAT64 and _inner_is_public(address)
    return not isinstance(address, ipaddress.IPv6Address) or _inner_is_public(address)


def _inner_is_public(address: ipaddress.IPv6Address) -> bool:
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return all(is_public(each) for each in inner if each is not None)


@dataclass(frozen=True, slots=True)
class Hop:
    """One request's way: the URL, and the checked address that it goes to."""

    url: str
    scheme: str
    host: str
    port: int
    address: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def fetch(url: str, *, limits: FetchLimits | None = None, guard: Guard | None = None) -> Fetched:
    """The bytes behind a URL. Raises DocumentError for whatever goes wrong; nothing is kept of half a page."""
    limits, guard = limits or FetchLimits(), guard or Guard()
    deadline = Deadline(limits.total_seconds)
    here = url.strip()
    try:
        for _ in range(limits.redirects + 1):
            hop = guard.checked(here)
            answer = _get(hop, limits, guard, deadline)
            if isinstance(answer, bytes):
                return Fetched(url=here, data=answer, name=here)
            if hop.scheme == "https" and not answer.lower().startswith("https:"):
                raise DocumentError(url, "it is sent on from https to http", _HAND_IN)
            here = answer
    finally:
        deadline.release()
    raise DocumentError(url, f"it is sent on more than {limits.redirects} times", "Give the link where it ends up")


def _get(hop: Hop, limits: FetchLimits, guard: Guard, deadline: "Deadline") -> bytes | str:
    """The body, or the URL that it is redirected to."""
    try:
        with (
            pinned_session(hop, deadline) as session,
            session.get(
                hop.url,
                headers={**_HEADERS, "Host": hop.host_header},
                stream=True,
                allow_redirects=False,
                timeout=deadline.left(),
                verify=guard.ca_bundle or True,
            ) as response,
        ):
            return _answer(response, hop, limits, deadline)
    except (requests.RequestException, HTTPError, OSError, ssl.SSLError, zlib.error, ValueError) as error:
        raise _failure(hop, error, deadline) from error


@contextmanager
def pinned_session(hop: Hop, deadline: "Deadline") -> Iterator[requests.Session]:
    """A session whose connections go to the hop's checked address and are cut when the deadline has passed."""
    with requests.Session() as session:
        session.trust_env = False  # a proxy would resolve the name again, behind the guard
        session.mount(f"{hop.scheme}://", _PinnedAdapter(hop, deadline))
        yield session


def _answer(response: requests.Response, hop: Hop, limits: FetchLimits, deadline: "Deadline") -> bytes | str:
    if response.status_code in _REDIRECTS and response.headers.get("Location"):
        return requests.compat.urljoin(hop.url, response.headers["Location"])
    if response.status_code != 200:
        raise DocumentError(hop.url, f"the server answered {response.status_code}", "Check the link in a browser")
    body = bytearray()
    for chunk in _chunks(response):
        body += chunk
        if len(body) > limits.size_bytes:
            size = f"{limits.size_bytes / 1024 / 1024:g} MB"
            raise DocumentError(hop.url, f"it is larger than {size}", "Save the part you need and hand in the file")
    if deadline.has_passed:
        raise TimeoutError
    return bytes(body)


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """The body, unpacked piece by piece: what a few packed bytes unpack to is never held at once."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise ValueError(f"packed as {encoding}")
    unpacker = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    for packed in response.raw.stream(_CHUNK_BYTES, decode_content=False):
        if unpacker is None:
            yield packed
            continue
        while packed:
            yield unpacker.decompress(packed, _CHUNK_BYTES)
            packed = unpacker.unconsumed_tail
    if unpacker is not None and not unpacker.eof:
        raise ValueError("the packed page breaks off")


def _failure(hop: Hop, error: Exception, deadline: "Deadline") -> DocumentError:
    if deadline.has_passed or isinstance(error, (requests.Timeout, TimeoutError)):
        return DocumentError(hop.url, f"it did not arrive within {deadline.total_seconds:g} seconds", _TRY_LATER)
    if isinstance(error, requests.exceptions.SSLError):
        return DocumentError(hop.url, f"its certificate is not one for {hop.host}", _HAND_IN)
    if isinstance(error, requests.exceptions.ConnectionError):
        return DocumentError(hop.url, f"{hop.host} does not answer, or broke off", _TRY_LATER)
    return DocumentError(hop.url, f"its answer cannot be read ({type(error).__name__})", _TRY_LATER)


def _parsed(url: str) -> Url:
    try:
        return parse_url(url)
    except LocationParseError as error:
        raise DocumentError(url, "it is not a link", "Give a link such as https://site/page") from error


class Deadline:
    """One limit for everything. It cuts the connection itself, because a time limit per read is no limit in all."""

    def __init__(self, total_seconds: float) -> None:
        self.total_seconds = total_seconds
        self._ends_at = time.monotonic() + total_seconds
        self._watched: list[tuple[socket.socket, threading.Timer]] = []

    @property
    def has_passed(self) -> bool:
        return time.monotonic() >= self._ends_at

    def left(self) -> float:
        return max(0.001, self._ends_at - time.monotonic())

    def watch(self, connection: socket.socket) -> None:
        """Cuts the connection when time is up: through a duplicate, for TLS takes the original's descriptor over."""
        duplicate = connection.dup()
        timer = threading.Timer(self.left(), _cut, (duplicate,))
        timer.daemon = True
        timer.start()
        self._watched.append((duplicate, timer))

    def release(self) -> None:
        for duplicate, timer in self._watched:
            timer.cancel()
            timer.join()
            duplicate.close()
        self._watched.clear()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class WatchedAdapter(HTTPAdapter):
    """Opens connections that a deadline cuts, wherever in the request or the answer they are by then."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _watched_pools(self._deadline)


class _PinnedAdapter(WatchedAdapter):
    """Connects to the hop's checked address, whatever the name resolves to by now; TLS still checks the name."""

    def __init__(self, hop: Hop, deadline: Deadline) -> None:
        self._hop = hop
        super().__init__(deadline)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host: Any
        pool: Any
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        host["host"], host["port"] = self._hop.address, self._hop.port
        if self._hop.scheme == "https":
            pool["server_hostname"] = pool["assert_hostname"] = self._hop.host
        return host, pool


def _watched_pools(deadline: Deadline) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose connections are handed to the deadline as soon as they are open."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            deadline.watch(connection)
            return connection

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            deadline.watch(connection)
            return connection

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
