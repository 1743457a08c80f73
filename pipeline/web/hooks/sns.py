"""Amazon SNS: whether a message is signed by Amazon, and the confirmation of a subscription.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html

The certificate is fetched over TLS from Amazon's own hosts and nowhere else, and kept by its address, which SNS
changes whenever it changes the certificate.
"""

import binascii
import re
import threading
from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

_HOST = re.compile(r"sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?")
_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_TIMEOUT_SECONDS = (5, 10)
_BYTES_MAX = 64 * 1024
_KEPT_MAX = 16


class SnsError(Exception):
    """Amazon could not be asked: the call may be made again."""


class _Certificates:
    """Certificates by their address, the newest few; safe between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, x509.Certificate] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, url: str) -> x509.Certificate:
        with self._lock:
            kept = self._kept.get(url)
        if kept is None:
            try:
                kept = x509.load_pem_x509_certificate(_fetched(url))
            except ValueError as error:
                raise SnsError("what SNS keeps at the certificate's address is no certificate") from error
            with self._lock:
                self._kept[url] = kept
                while len(self._kept) > _KEPT_MAX:
                    self._kept.popitem(last=False)
        return kept

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


certificates = _Certificates()


def is_signed(message: Mapping[str, Any], *, now: datetime) -> bool:
    """Whether Amazon signed the message, with a certificate that is valid now. Raises SnsError."""
    url, algorithm = str(message.get("SigningCertURL", "")), _HASHES.get(str(message.get("SignatureVersion")))
    names = _SIGNED.get(str(message.get("Type")))
    if algorithm is None or names is None or not is_amazons(url) or not urlsplit(url).path.endswith(".pem"):
        return False
    certificate = certificates.at(url)
    key = certificate.public_key()
    is_valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
    if not is_valid or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        signature = b64decode(str(message.get("Signature", "")), validate=True)
        key.verify(signature, _string_to_sign(message, names), padding.PKCS1v15(), algorithm())
    except (InvalidSignature, binascii.Error):
        return False
    return True


def confirm(message: Mapping[str, Any]) -> None:
    """Say to SNS that we want the topic's messages; the caller has checked who asks. Raises SnsError."""
    url = str(message.get("SubscribeURL", ""))
    if not is_amazons(url):
        raise SnsError("the address to confirm at is not Amazon's")
    _fetched(url)


def is_amazons(url: str) -> bool:
    """Whether the address leads to SNS itself, and by TLS."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and port in (None, 443) and parts.username is None and bool(_HOST.fullmatch(host))


def session() -> requests.Session:
    """Without proxies, passwords or redirects that others could have a hand in."""
    made = requests.Session()
    made.trust_env = False
    return made


def _fetched(url: str) -> bytes:
    try:
        with session() as made, made.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise SnsError(f"SNS answers with {answer.status_code}")
            content: bytes = answer.raw.read(_BYTES_MAX + 1, decode_content=True)
    except (requests.RequestException, OSError) as error:
        raise SnsError("SNS was not reached") from error
    if len(content) > _BYTES_MAX:
        raise SnsError("what SNS answers with is too large")
    return content


def _string_to_sign(message: Mapping[str, Any], names: tuple[str, ...]) -> bytes:
    return "".join(f"{name}\n{message[name]}\n" for name in names if message.get(name) is not None).encode()
