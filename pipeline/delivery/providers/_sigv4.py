"""Amazon's Signature Version 4, for requests with one path, no query and a body. Pure: the time is a parameter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html; the tests hold it to Amazon's own
vectors and to somebody else's implementation. Amazon's own library for it comes with an SDK of 31 MB.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A long-lived access key, for one service in one region."""

    key_id: str
    secret: str
    region: str
    service: str


def signed_headers(
    credentials: Credentials, *, method: str, path: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, str]:
    """The headers that the signature adds: `X-Amz-Date` and `Authorization`. `headers` are the ones that are signed,
    `host` among them, in lower case. Raises ValueError for a path that would have to be encoded, which is done
    otherwise from service to service.
    """
    if quote(path, safe="/-_.~") != path:
        raise ValueError(f"{path} is no plain path")
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    covered = {**headers, "x-amz-date": stamp}
    names = ";".join(sorted(covered))
    canonical = "\n".join(
        [
            method,
            path,
            "",
            *(f"{name}:{' '.join(covered[name].split())}" for name in sorted(covered)),
            "",
            names,
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{stamp[:8]}/{credentials.region}/{credentials.service}/aws4_request"
    to_sign = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.digest(_signing_key(credentials, stamp[:8]), to_sign.encode(), "sha256").hex()
    authorization = (
        f"{_ALGORITHM} Credential={credentials.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return {"X-Amz-Date": stamp, "Authorization": authorization}


def _signing_key(credentials: Credentials, day: str) -> bytes:
    key = f"AWS4{credentials.secret}".encode()
    for part in (day, credentials.region, credentials.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
