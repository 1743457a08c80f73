"""Amazon's signature, against the vectors of its published test suite."""

from datetime import UTC, datetime

from pipeline.delivery.providers._sigv4 import Credentials, signed_headers

EXAMPLE = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service")
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)


def _signature(method: str) -> str:
    made = signed_headers(EXAMPLE, method=method, path="/", headers={"host": "example.amazonaws.com"}, body=b"", now=AT)
    assert made["X-Amz-Date"] == "20150830T123600Z"
    assert "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request" in made["Authorization"]
    assert "SignedHeaders=host;x-amz-date" in made["Authorization"]
    return made["Authorization"].rpartition("Signature=")[2]


def test_get_vanilla():
    assert _signature("GET") == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"


def test_post_vanilla():
    assert _signature("POST") == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"


def test_another_body_path_or_day_is_another_signature():
    base = {"method": "POST", "path": "/", "headers": {"host": "example.amazonaws.com"}, "body": b"", "now": AT}
    changes = [{}, {"body": b"x"}, {"path": "/y"}, {"now": AT.replace(day=31)}, {"headers": {"host": "other"}}]
    made = {signed_headers(EXAMPLE, **(base | change))["Authorization"] for change in changes}
    assert len(made) == len(changes)
