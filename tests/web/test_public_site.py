"""The newsletters' files, served as feed readers and browsers need them."""

import gzip
import os
import re
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.editorial.actions.newsletters import RESERVED_SLUGS, create_newsletter
from pipeline.render.feeds import formats
from pipeline.render.links import history_path
from pipeline.web.urls import urlpatterns

CHANGED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RSS = b"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'>" + b"<item/>" * 200 + b"</rss>"


@pytest.fixture
def folder(letter, workspace):
    folder = workspace.output / "skin-letter"
    files = {
        "index.html": b"<!doctype html><title>The Skin Letter</title>" + b"<p>Hello</p>" * 100,
        "style.css": b"body { margin: 0 }",
        "archive/index.html": b"<!doctype html><title>Archive</title>",
        "archive/1.html": b"<!doctype html><title>Issue 1</title>",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(2000),
        ".secret": b"hidden",
        "archive/.tipsheet-2.html.part": b"half a page",
        **{item.file_name: RSS for item in formats()},
        **{history_path(item.file_name, 12): RSS for item in formats()},
        **{item.issues_file_name: RSS for item in formats()},
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (CHANGED_AT.timestamp(), CHANGED_AT.timestamp()))
    (workspace.output / "README.md").write_text("what the world reads")
    workspace.var.mkdir(parents=True, exist_ok=True)
    (workspace.var / "secret_key").write_text("the key")
    return folder


@pytest.fixture
def reader(client, folder):
    return client


@pytest.mark.parametrize("item", formats(), ids=lambda item: item.name)
def test_each_feed_has_the_media_type_of_its_format(reader, item):
    charset = "; charset=utf-8" if item.media_type.endswith("xml") else ""
    for name in (item.file_name, item.issues_file_name):
        response = reader.get(f"/skin-letter/{name}")
        assert response.headers["Content-Type"] == f"{item.media_type}{charset}"
        assert response.content == RSS


def test_the_feeds_types_are_the_registered_ones():
    assert {item.media_type for item in formats()} == {
        "application/rss+xml", "application/atom+xml", "application/feed+json"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("", "text/html; charset=utf-8"), ("archive/", "text/html; charset=utf-8"), ("picture.png", "image/png"),
     ("archive/1.html", "text/html; charset=utf-8"), ("style.css", "text/css; charset=utf-8")],
)  # fmt: skip
def test_pages_styles_and_pictures_are_served_as_what_they_are(reader, folder, path, media_type):
    response = reader.get(f"/skin-letter/{path}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, media_type)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_what_has_not_changed_is_not_sent_again(reader):
    first = reader.get("/skin-letter/feed.xml")
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert not etag.startswith("W/")
    assert changed == format_datetime(CHANGED_AT, usegmt=True)
    for header in ({"If-None-Match": etag}, {"If-None-Match": f'"x", {etag}'}, {"If-Modified-Since": changed}):
        again = reader.get("/skin-letter/feed.xml", headers=header)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert reader.get("/skin-letter/feed.xml", headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_file_of_this_very_second_is_told_apart_by_its_bytes_alone(reader, folder):
    """It may change again within the second; who asks by time alone would never hear of that."""
    (folder / "feed.xml").write_bytes(RSS.replace(b"item", b"entr"))
    response = reader.get("/skin-letter/feed.xml")
    assert "Last-Modified" not in response.headers
    again = reader.get("/skin-letter/feed.xml", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_changed_bytes_have_another_etag_and_are_sent(reader, folder):
    etag = reader.get("/skin-letter/feed.xml").headers["ETag"]
    (folder / "feed.xml").write_bytes(RSS.replace(b"item", b"entr"))
    again = reader.get("/skin-letter/feed.xml", headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert b"entr" in again.content


def test_gzip_is_for_those_who_take_it_and_has_an_etag_of_its_own(reader):
    plain = reader.get("/skin-letter/feed.xml")
    squeezed = reader.get("/skin-letter/feed.xml", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(squeezed.content) == plain.content == RSS
    assert squeezed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    refused = reader.get("/skin-letter/feed.xml", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers
    again = reader.get(
        "/skin-letter/feed.xml", headers={"Accept-Encoding": "gzip", "If-None-Match": squeezed.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_picture_is_not_compressed_again(reader):
    response = reader.get("/skin-letter/picture.png", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers


def test_a_feed_may_be_kept_as_long_as_it_says_itself(reader):
    assert reader.get("/skin-letter/feed.xml").headers["Cache-Control"] == "public, max-age=3600"
    assert reader.get("/skin-letter/").headers["Cache-Control"] == "public, max-age=300"


def test_the_archive_may_load_pictures_and_its_style_and_never_a_script(reader):
    policy = reader.get("/skin-letter/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "img-src 'self' https: data:" in policy


def test_a_folder_without_its_slash_leads_to_it_and_nowhere_else(reader):
    response = reader.get("/skin-letter/archive")
    assert (response.status_code, response.headers["Location"]) == (302, "/skin-letter/archive/")
    assert reader.get("/skin-letter").headers["Location"] == "/skin-letter/"


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "//evil.example", "/%2F%2Fevil.example/", "/skin-letter//evil.example", "/\\evil.example",
     "/%5Cevil.example/", "/skin-letter/%2e%2e//evil.example", "/skin-letter/archive//"],
)  # fmt: skip
def test_no_path_leads_to_another_site(reader, path):
    response = reader.get(path)
    target = response.headers.get("Location", "/skin-letter/")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "path",
    ["../README.md", "../../var/secret_key", "..%2F..%2Fvar%2Fsecret_key", "%2e%2e/README.md", ".secret",
     "archive/.tipsheet-2.html.part", "archive/../../README.md", "/etc/passwd", "./index.html", "archive//1.html",
     "1.html/", "style.css/", "nothing.html", "archive/%00", "archive\\1.html", "a" * 5000],
)  # fmt: skip
def test_nothing_outside_the_folder_and_nothing_hidden_is_served(reader, path):
    response = reader.get(f"/skin-letter/{path}")
    assert response.status_code == 404
    assert b"the key" not in response.content
    assert b"what the world reads" not in response.content


def test_a_link_that_leads_out_of_the_folder_is_not_followed(reader, folder, workspace):
    (folder / "key.html").symlink_to(workspace.var / "secret_key")
    (folder / "var").symlink_to(workspace.var)
    for path in ("key.html", "var/secret_key"):
        assert reader.get(f"/skin-letter/{path}").status_code == 404


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["..", ".", "", "var", "secret_key", "%2e%2e", "archive", "\\", "~", "\0"]), max_size=8)
)
def test_no_path_at_all_reads_the_key(tmp_path_factory, parts):
    from django.http import Http404

    from pipeline.web.public.site import _within

    root = tmp_path_factory.getbasetemp() / "reach" / "output" / "letter"
    root.mkdir(parents=True, exist_ok=True)
    try:
        place = _within(root.resolve(), "/".join(parts))
    except Http404:
        return
    assert place == root.resolve() or root.resolve() in place.parents


def test_other_methods_are_refused(reader):
    for path in ("/", "/skin-letter/", "/skin-letter/feed.xml"):
        assert reader.post(path).status_code == 405


def test_a_newsletter_that_is_not_there_has_a_page_that_says_so(reader):
    response = reader.get("/no-such-letter/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_the_start_page_leads_to_the_form_and_to_what_can_be_read(reader):
    page = reader.get("/").content.decode()
    assert "Small steps for calm skin" in page
    assert 'href="/subscribe/skin-letter/"' in page
    assert 'href="/skin-letter/"' in page
    for item in formats():
        assert f'type="{item.media_type}"' in page


def test_the_start_page_of_one_newsletter_is_about_that_one_and_of_several_about_all(reader, letter, workspace):
    alone = reader.get("/").content.decode()
    assert '<h1 lang="en">The Skin Letter</h1>' in alone
    assert "Newsletters" not in alone
    create_newsletter(
        slug="eye-letter", name="The Eye Letter", sender_name="x", sender_address="eye@newsletter.example",
        list_id="eye.newsletter.example", reason="You subscribed.", time_zone="UTC", now=CHANGED_AT, actor="cli",
    )  # fmt: skip
    both = reader.get("/").content.decode()
    assert "<h1>Newsletters to subscribe to</h1>" in both
    assert re.findall("<h2>(.*)</h2>", both) == ["The Eye Letter", "The Skin Letter"]


def test_the_start_page_links_to_no_archive_that_is_not_there_yet(client, letter):
    page = client.get("/").content.decode()
    assert 'href="/subscribe/skin-letter/"' in page
    assert 'href="/skin-letter/"' not in page


def test_an_installation_without_a_newsletter_says_so(client, db, workspace):
    assert "There is no newsletter yet." in client.get("/").content.decode()


def first_parts(patterns, prefix=""):
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if hasattr(pattern, "url_patterns"):
            yield from first_parts(pattern.url_patterns, route)
        else:
            yield route.split("/")[0]


def test_no_newsletter_can_take_a_part_that_the_pages_need():
    needed = {part for part in first_parts(urlpatterns) if re.fullmatch(r"[-\w]+", part)}
    assert {"studio", "subscribe", "confirm", "unsubscribe", "preferences"} <= needed
    assert needed | {"static", "healthz"} <= RESERVED_SLUGS


def test_the_site_needs_no_cookie(folder):
    client = Client()
    for path in ("/", "/skin-letter/", "/skin-letter/feed.xml"):
        assert not client.get(path).cookies


@pytest.mark.parametrize("item", formats(), ids=lambda item: item.name)
def test_a_page_of_a_feeds_history_is_served_as_the_feed_is(reader, item):
    page = reader.get(f"/skin-letter/{history_path(item.file_name, 12)}")
    feed = reader.get(f"/skin-letter/{item.file_name}")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == feed.headers["Content-Type"]
