"""Real feed readers subscribe, fetch, and fetch again: exactly the new items, and nothing twice."""

import os
import shutil
import sqlite3
import subprocess
from email import message_from_bytes, policy

import pytest

from pipeline.publish.site import write_site
from tests.publish import reading
from tests.publish.conftest import SUNDAY
from tests.publish.story import Story

FEEDS = pytest.mark.parametrize("feed", ["feed.xml", "atom.xml", "topics/sun/feed.xml", "topics/sun/atom.xml"])


def program(name, package):
    """The program's path; without it a skip that says so, and a failure where everything is to be there."""
    found = shutil.which(name)
    if found is None:
        said = f"{name} is not installed: apt-get install {package}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    return found


@pytest.fixture
def served(config, settings):
    """The address under which the project itself serves the newsletter's folder, on loopback."""
    settings.CONFIG = config
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    with reading.served() as address:
        yield f"{address}/skin-letter/"


@pytest.fixture
def letter(newsletter, config):
    return Letter(newsletter, config)


class Letter:
    """The newsletter before and after everything that can happen between two fetches."""

    def __init__(self, newsletter, config):
        self.story, self.config = Story(newsletter), config
        self.story.issue("Sun", "Sun", "Sun")
        self.write()

    def write(self):
        write_site(self.story.newsletter, config=self.config, now=SUNDAY)

    def goes_on(self):
        """A new issue, a correction of the first tip, and a move to another domain: what is new, by title."""
        before = {tip.pk for tip in self.story.published()}
        self.story.issue("Sun", "Sun")
        new = {tip.revision.title for tip in self.story.published() if tip.pk not in before}
        self.story.correct(self.story.published()[0], title="A corrected title", note="It was wrong.")
        self.config = self.config.model_copy(update={"public_url": "https://moved.example"})
        self.write()
        return new

    def withdraws(self):
        self.story.withdraw(self.story.published()[1])
        self.write()


class Newsboat:
    def __init__(self, folder, url):
        self.folder, self.cache = folder, folder / "cache.db"
        (folder / "urls").write_text(f"{url}\n")
        (folder / "config").write_text("refresh-on-startup no\n")

    def fetch(self):
        """The titles of unread items; all are read then."""
        run(self.folder, program("newsboat", "newsboat"), "-q", "-u", self.folder / "urls", "-c", self.cache,
            "-C", self.folder / "config", "-x", "reload")  # fmt: skip
        with sqlite3.connect(self.cache) as cache:
            unread = [title for (title,) in cache.execute("SELECT title FROM rss_item WHERE unread = 1")]
            cache.execute("UPDATE rss_item SET unread = 0")
            self.all = [title for (title,) in cache.execute("SELECT title FROM rss_item WHERE deleted = 0")]
            self.texts = "".join(text for (text,) in cache.execute("SELECT content FROM rss_item"))
        cache.close()
        return unread


class RssToEmail:
    def __init__(self, folder, url):
        self.folder, self.url, self.mailbox = folder, url, folder / "mail" / "inbox"
        for part in ("new", "cur", "tmp"):
            (self.mailbox / part).mkdir(parents=True)
        (folder / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = feeds@reader.example\nto = ada@reader.example\nemail-protocol = maildir\n"
            f"maildir-path = {folder / 'mail'}\nmaildir-mailbox = inbox\nhtml-mail = True\nname-format = \n"
        )
        self._run("add", "letter", url)

    def fetch(self):
        """The subjects of the mails that came."""
        self._run("run")
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in self._new()]
        for path in self._new():
            path.unlink()
        return [mail["Subject"] for mail in mails]

    def _new(self):
        return list((self.mailbox / "new").iterdir())

    def _run(self, *arguments):
        run(self.folder, program("r2e", "rss2email"), "-c", self.folder / "r2e.cfg", "-d", self.folder / "r2e.json",
            *arguments)  # fmt: skip


def run(home, *command):
    finished = subprocess.run(
        [str(word) for word in command], env={"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("reader", [Newsboat, RssToEmail])
@FEEDS
def test_a_second_fetch_shows_exactly_what_is_new_and_nothing_twice(letter, served, tmp_path, reader, feed):
    subscribed = reader(tmp_path, served + feed)
    first = {tip.revision.title for tip in letter.story.published()}
    assert sorted(subscribed.fetch()) == sorted(first)
    assert subscribed.fetch() == []
    new = letter.goes_on()
    assert sorted(subscribed.fetch()) == sorted(new)
    letter.withdraws()
    assert subscribed.fetch() == []


@FEEDS
def test_newsboat_shows_the_corrected_words_in_the_item_that_it_has(letter, served, tmp_path, feed):
    subscribed = Newsboat(tmp_path, served + feed)
    subscribed.fetch()
    letter.goes_on()
    subscribed.fetch()
    assert subscribed.all.count("A corrected title") == 1
    assert len(subscribed.all) == 5
    assert "It was wrong." in subscribed.texts
    assert "https://moved.example" not in "".join(subscribed.all)


@pytest.mark.parametrize("reader", [Newsboat, RssToEmail])
@pytest.mark.parametrize("feed", ["issues.xml", "issues-atom.xml"])
def test_the_feed_of_issues_shows_each_issue_once(letter, served, tmp_path, reader, feed):
    subscribed = reader(tmp_path, served + feed)

    def subjects():
        return {issue.subject for issue in letter.story.newsletter.issues.all()}

    first = subjects()
    assert sorted(subscribed.fetch()) == sorted(first)
    letter.goes_on()
    assert sorted(subscribed.fetch()) == sorted(subjects() - first)
    letter.withdraws()
    assert subscribed.fetch() == []
