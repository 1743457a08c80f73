"""Amazon's signature, against vectors of its published test suite, and against somebody else's code."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests_aws4auth import AWS4Auth

from pipeline.delivery.providers._sigv4 import Credentials, signed_headers

EXAMPLE = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service")
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HOST = {"host": "example.amazonaws.com"}
FORM = HOST | {"content-type": "application/x-www-form-urlencoded"}
VECTORS = {
    "get-vanilla": ("GET", HOST, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    "post-vanilla": ("POST", HOST, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    "post-header-key-sort": ("POST", HOST | {"my-header1": "value1"}, b"",
                             "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    "post-header-value-case": ("POST", HOST | {"my-header1": "VALUE1"}, b"",
                               "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    "post-x-www-form-urlencoded": ("POST", FORM, b"Param1=value1",
                                   "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    "post-x-www-form-urlencoded-parameters": (
        "POST", FORM | {"content-type": "application/x-www-form-urlencoded; charset=utf8"}, b"Param1=value1",
        "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_the_published_vectors(name):
    method, headers, body, signature = VECTORS[name]
    made = signed_headers(EXAMPLE, method=method, path="/", headers=headers, body=body, now=AT)
    assert made["X-Amz-Date"] == "20150830T123600Z"
    names = ";".join(sorted([*headers, "x-amz-date"]))
    assert made["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


_WORDS = st.text("abcXYZ0189+/=_-.", min_size=1, max_size=40)


@given(
    key_id=st.text("ABCDEF0123456789", min_size=4, max_size=20),
    secret=_WORDS,
    region=st.sampled_from(["us-east-1", "eu-central-1", "ap-southeast-2"]),
    steps=st.lists(st.text("abcXYZ019-_.~", min_size=1).filter(lambda step: set(step) != {"."}), max_size=4),
    body=st.binary(max_size=400),
    seconds=st.integers(0, 10**9),
)
def test_somebody_elses_code_signs_the_same(key_id, secret, region, steps, body, seconds):
    now, path, host = AT + timedelta(seconds=seconds), "/" + "/".join(steps), f"email.{region}.amazonaws.com"
    theirs = requests.Request(
        "POST",
        f"https://{host}{path}",
        data=body,
        headers={"Content-Type": "application/json", "X-Amz-Date": now.strftime("%Y%m%dT%H%M%SZ")},
        auth=AWS4Auth(key_id, secret, region, "ses"),
    ).prepare()
    headers = {
        "host": host,
        "content-type": "application/json",
        "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),  # theirs always signs it, and it may be signed
    }
    credentials = Credentials(key_id, secret, region, "ses")
    ours = signed_headers(credentials, method="POST", path=path, headers=headers, body=body, now=now)
    assert _parts(ours["Authorization"]) == _parts(theirs.headers["Authorization"])


def _parts(authorization: str) -> list[str]:
    return [part.strip() for part in authorization.split(",")]


def test_another_body_path_or_day_is_another_signature():
    base = {"method": "POST", "path": "/", "headers": HOST, "body": b"", "now": AT}
    changes = [{}, {"body": b"x"}, {"path": "/y"}, {"now": AT.replace(day=31)}, {"headers": {"host": "other"}}]
    made = {signed_headers(EXAMPLE, **(base | change))["Authorization"] for change in changes}
    assert len(made) == len(changes)


@pytest.mark.parametrize("path", ["/a b", "/é", "/%20", "/?x=1"])
def test_a_path_that_would_have_to_be_encoded_is_refused(path):
    with pytest.raises(ValueError, match="plain path"):
        signed_headers(EXAMPLE, method="POST", path=path, headers=HOST, body=b"", now=AT)
