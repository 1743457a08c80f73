"""Links to other sites are followed when a person asks for it; the newsletter's own pages come with the issue."""

from pipeline.documents.errors import DocumentError
from pipeline.publish.link_check import LinkState, check_links, links_of
from tests.render.issues import of_first_tip, rendered, sample

GUIDE, GONE = "https://guide.example/patch-test", "https://gone.example/"
CONTENT = of_first_tip(sample(), link_url=GUIDE, link_text="A guide", text=f"See [the old page]({GONE}).")


def test_each_link_says_whether_it_answered():
    asked = []

    def ask(url):
        asked.append(url)
        if url == GONE:
            raise DocumentError(url, "it answered 404", "Mend the link")

    states = {state.url: state for state in check_links(CONTENT, rendered(CONTENT), ask=ask)}
    assert states[GUIDE] == LinkState(GUIDE, "A guide", "")
    assert "answered 404" in states[GONE].problem
    assert asked == list(states)


def test_the_newsletter_s_own_pages_and_the_reader_s_own_links_are_passed_over():
    found = links_of(CONTENT, rendered(CONTENT))
    assert not any(url.startswith(CONTENT.newsletter.site_url) for url in found)
    assert all(url.startswith("https://") for url in found)


def test_a_machine_inside_is_never_asked():
    inside = of_first_tip(sample(), link_url="http://127.0.0.1:9/x", link_text="Inside")
    (state,) = [state for state in check_links(inside, rendered(inside), ask=_only_inside) if state.words == "Inside"]
    assert "127.0.0.1" in state.problem


def _only_inside(url):
    from pipeline.documents.fetch import fetch

    if "127.0.0.1" in url:
        fetch(url)
