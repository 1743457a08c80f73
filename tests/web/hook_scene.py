"""What tests of providers' calls start from: keys of our own, Amazon's host on loopback, calls to be made."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from requests.adapters import HTTPAdapter

from pipeline.delivery.fake import told
from pipeline.delivery.fake.told import HookCall, Mailed

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OWN = "a-secret-of-our-own"
SVIX = f"whsec_{b64encode(b'k' * 24).decode()}"
CERTIFICATE_URL = "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-0123456789.pem"
CONFIRM_URL = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=f00d"


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def amazon_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_line(key) -> str:
    pem = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    return "".join(pem.decode().splitlines()[1:-1])


def sign_for_sendgrid(words: bytes) -> bytes:
    return sendgrid_key().sign(words, ec.ECDSA(hashes.SHA256()))


def sign_for_amazon(words: bytes) -> bytes:
    return amazon_key().sign(words, padding.PKCS1v15(), hashes.SHA256())


def certificate(*, until: timedelta = timedelta(days=100)) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(amazon_key().public_key())
        .serial_number(1).not_valid_before(NOW - timedelta(days=300)).not_valid_after(NOW + until)
        .sign(amazon_key(), hashes.SHA256())
    )  # fmt: skip
    return made.public_bytes(serialization.Encoding.PEM)


def secrets() -> str:
    pairs = {
        "brevo": OWN, "postmark": OWN, "ses": OWN, "mailgun": "key-of-mailgun", "resend": SVIX,
        "sendgrid": public_line(sendgrid_key()),
    }  # fmt: skip
    return "\n".join(f"{name}={secret}" for name, secret in pairs.items())


def call(name: str, mail: Mailed, kind: str, *, number: int = 1, now: datetime = NOW, secret: str = "") -> HookCall:
    """What the provider sends, proof and all."""
    keys: dict[str, dict[str, object]] = {
        "mailgun": {"secret": secret or "key-of-mailgun"},
        "resend": {"secret": secret or SVIX},
        "sendgrid": {"sign": sign_for_sendgrid},
        "ses": {"secret": secret or OWN, "sign": sign_for_amazon, "certificate": CERTIFICATE_URL},
    }
    return told.TELLS[name](mail, kind, number=number, now=now, **keys.get(name, {"secret": secret or OWN}))


class _ToLoopback(HTTPAdapter):
    """Takes what is meant for a host to a server on this machine."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def send(self, request, **options):
        host, _, rest = request.url.removeprefix("https://").partition("/")
        request.url = f"http://127.0.0.1:{self.port}/{rest}"
        request.headers["Host"] = host
        return super().send(request, **options)


@contextmanager
def amazon_on_loopback(monkeypatch, answers: dict[str, tuple[int, bytes]]) -> Iterator[list[str]]:
    """Path → (status, content); what was asked for, as `host/path`."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']}{self.path}")
            status, content = answers.get(self.path.split("?")[0], (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status in (301, 302):
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()

    def session() -> requests.Session:
        made = requests.Session()
        made.mount("https://sns.", _ToLoopback(server.server_port))
        return made

    monkeypatch.setattr("pipeline.web.hooks.sns.session", session)
    try:
        yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
