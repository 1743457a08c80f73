"""The application as `serve` runs it: plain HTTP from a proxy is https when the public URL is."""

import json
import os
import subprocess
import sys

import pytest

from tests.rules import ROOT

ASK = """
import io, json, sys
from pipeline.web.wsgi import application
from django.core.management import call_command
call_command("migrate", verbosity=0)
seen = {}
environ = {
    "REQUEST_METHOD": "GET", "PATH_INFO": "/studio/login/", "QUERY_STRING": "", "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": sys.argv[1], "wsgi.url_scheme": "http",
    "wsgi.input": io.BytesIO(b""), "wsgi.errors": sys.stderr,
}
application(environ, lambda status, headers, error=None: seen.update(status=status, headers=headers))
print(json.dumps(seen))
"""


def answered(tmp_path, public_url, host):
    environment = {**os.environ, "PIPELINE_HOME": str(tmp_path), "PIPELINE_PUBLIC_URL": public_url}
    run = subprocess.run(
        [sys.executable, "-c", ASK, host],
        cwd=ROOT, env={**environment, "DJANGO_SETTINGS_MODULE": "pipeline.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen = json.loads(run.stdout)
    return seen["status"], seen["headers"]


def test_behind_a_proxy_that_ends_tls_browsers_are_told_to_stay_with_https(tmp_path):
    status, headers = answered(tmp_path, "https://newsletter.example", "newsletter.example")
    assert status == "200 OK"
    assert dict(headers)["Strict-Transport-Security"] == "max-age=31536000"
    cookies = [value for name, value in headers if name == "Set-Cookie"]
    assert cookies
    for cookie in cookies:
        assert cookie.strip().startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie


def test_on_loopback_plain_http_is_not_forbidden_for_a_year(tmp_path):
    status, headers = answered(tmp_path, "http://127.0.0.1:8000", "127.0.0.1:8000")
    assert status == "200 OK"
    assert "Strict-Transport-Security" not in dict(headers)


@pytest.mark.parametrize("host", ["evil.example", "newsletter.example.evil.example", "newsletter.example@evil.example"])
def test_another_host_than_ours_is_refused(tmp_path, host):
    status, _ = answered(tmp_path, "https://newsletter.example", host)
    assert status == "400 Bad Request"
