"""From what is handed in to drafts: what a file is, what it is called, and who does not hold up whom."""

import pytest

from pipeline.derive.model import Likeness
from pipeline.documents import DocumentError
from pipeline.documents.fetch import Fetched
from pipeline.editorial.actions import tips
from pipeline.editorial.intake import Workspace, take_in
from pipeline.editorial.library import Library
from pipeline.editorial.models import Document, Provenance, Tip
from pipeline.editorial.revisions import sources_of
from tests.editorial.conftest import ANNA, NOW

PAGE = b"""<!doctype html><html><head><title>After a peel</title></head><body><main><h1>After a peel</h1>
<p>Wear a broad-spectrum sunscreen every day for two weeks after a peel, even when the sky is cloudy.</p>
<p>Use a mild cleanser for three days after a peel, because the skin may sting and redden easily.</p>
</main></body></html>"""
URL = "https://clinic.example/peel"
TIP = "---\ntitle: {0}\ntopic: Sun\nauthor: Ida\n---\nAdvice about {0}, all of its own.\n"


@pytest.fixture
def home(tmp_path):
    (tmp_path / "tips" / "documents").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def take(newsletter, home):
    def _take(*sources, **options):
        workspace = Workspace(home)
        return list(take_in(sources, workspace=workspace, newsletter=newsletter, now=NOW, actor=ANNA, **options))

    return _take


def web(url):
    if url != URL:
        raise DocumentError(url, "the server answered 404", "Check the link in a browser")
    return Fetched(url=url, data=PAGE, name=url)


def test_a_page_from_the_web_is_known_and_shown_by_its_address(take):
    (taken,) = take(URL, fetch=web)
    assert taken.is_document
    assert taken.location == URL
    tip = Tip.objects.first()
    assert sources_of(tip.revision)[0].url == URL
    assert take(URL, fetch=web)[0].is_known


def test_a_page_that_cannot_be_had_does_not_hold_up_the_next(take):
    broken, good = take("https://clinic.example/gone", URL, fetch=web)
    assert "the server answered 404" in broken.problems[0]
    assert good.problems == ()
    assert Document.objects.count() == 1


def test_an_address_too_long_to_be_kept_is_said_in_one_short_line(take):
    (taken,) = take(f"{URL}?{'x' * 1000}", fetch=web)
    assert "its name has more than 1000 characters" in taken.problems[0]
    assert len(taken.problems[0]) < 200


def test_a_file_in_the_workspace_has_no_address_for_readers(take, home):
    (home / "tips" / "documents" / "peel.html").write_bytes(PAGE)
    take()
    source = sources_of(Tip.objects.first().revision)[0]
    assert (source.title, source.url) == ("After a peel", "")


def test_markdown_under_documents_is_a_document_whatever_its_front_matter(take, home):
    (home / "tips" / "documents" / "post.md").write_text(TIP.format("peels"), encoding="utf-8")
    (taken,) = take()
    assert taken.is_document
    assert not Tip.objects.filter(origin="handwritten").exists()


def test_tips_may_stand_in_folders_of_the_in_tray(take, home):
    folder = home / "tips" / "2026" / "winter"
    folder.mkdir(parents=True)
    (folder / "scarf.md").write_text(TIP.format("scarves"), encoding="utf-8")
    (taken,) = take()
    assert taken.location == "tips/2026/winter/scarf.md"
    assert Tip.objects.get().ingest_key == "file:tips/2026/winter/scarf.md"


def test_a_file_that_is_named_twice_is_taken_once(take, home):
    path = home / "tips" / "sun.md"
    path.write_text(TIP.format("the sun"), encoding="utf-8")
    assert len(take(str(path), str(home / "tips"), path)) == 1


def test_tips_by_hand_come_first_so_that_what_is_derived_finds_them(take, home):
    by_hand = TIP.format("x").replace(
        "Advice about x, all of its own.",
        "Wear a broad-spectrum sunscreen every day for two weeks after a peel, even when the sky is cloudy.",
    )
    (home / "tips" / "zz.md").write_text(by_hand, encoding="utf-8")
    (home / "tips" / "documents" / "aa.html").write_bytes(PAGE)
    take()
    tip = Tip.objects.get(origin="handwritten")
    assert tip.revision.provenances.get().corroborates
    assert not Tip.objects.filter(origin="derived", revision__text__contains="broad-spectrum").exists()


def test_documents_that_say_the_same_give_one_tip_with_both_sources(take, home):
    (home / "tips" / "documents" / "one.html").write_bytes(PAGE)
    (home / "tips" / "documents" / "two.html").write_bytes(PAGE.replace(b"After a peel", b"Peels, afterwards"))
    take()
    texts = [tip.revision.text for tip in Tip.objects.select_related("revision")]
    assert len(texts) == len(set(texts))
    spans = Provenance.objects.filter(revision__tip__in=Tip.objects.all())
    assert {span.document.name for span in spans} == {"one.html", "two.html"}
    assert all(span.document.text[span.start : span.end] == span.quote for span in spans)


def test_one_file_that_cannot_be_kept_does_not_hold_up_the_others(take, home, monkeypatch):
    from pipeline.editorial import intake
    from pipeline.editorial.wording_rules import WordingError, WordingProblem

    for name in ("a", "b", "c"):
        (home / "tips" / f"{name}.md").write_text(TIP.format(name * 3), encoding="utf-8")
    keep = intake.ingest_handwritten

    def refuse_b(*, location, **rest):
        if location.endswith("b.md"):
            raise WordingError([WordingProblem("text", "cannot be kept")])
        return keep(location=location, **rest)

    monkeypatch.setattr(intake, "ingest_handwritten", refuse_b)
    results = {taken.location: taken.problems for taken in take()}
    assert results["tips/b.md"] == ("tips/b.md: text: cannot be kept",)
    assert Tip.objects.count() == 2


def test_progress_is_told_stage_by_stage(take, home):
    for name in ("a", "b"):
        (home / "tips" / f"{name}.md").write_text(TIP.format(name * 3), encoding="utf-8")
    told = []
    take(progress=lambda *step: told.append(step))
    assert told == [("Reading", 1, 2), ("Reading", 2, 2), ("Storing", 1, 2), ("Storing", 2, 2)]


@pytest.mark.parametrize(
    ("inside", "called"),
    [("tips/sun.md", "tips/sun.md"), ("tips/../tips/sun.md", "tips/sun.md"), ("a b/c.txt", "a b/c.txt")],
)
def test_a_file_is_called_by_its_path_below_the_workspace(home, inside, called):
    assert Workspace(home).location_of(home / inside) == called


def test_the_library_knows_every_tip_of_its_newsletter_rejected_ones_too(newsletter, write):
    tip = write("Sunscreen")
    tips.reject(tip_id=tip.pk, reason="Not ours", now=NOW, actor=ANNA)
    library = Library.of(newsletter)
    assert library.same_text(tip.revision.text.upper()) == tip.pk
    assert library.compare(tip.revision.text).likeness is Likeness.SAME
    assert library.compare("Trim a candle's wick before you light it.") is None
