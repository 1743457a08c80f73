"""What a mail's pictures link to is there before the mail is."""

import re

from pipeline.delivery.models import Message
from pipeline.editorial.issue_content import newsletter_content
from pipeline.publish import feeds
from pipeline.publish.issues import look_at_next
from pipeline.publish.pictures import host_pictures


def addresses(html: str) -> set[str]:
    return set(re.findall(r'<img[^>]* src="([^"]*)"', html))


def test_every_picture_of_a_mail_lies_where_it_links_to(newsletter, queue, config, clock):
    queue(3)
    html = look_at_next(newsletter, config=config, now=clock()).rendered.html
    host_pictures(newsletter, config=config)
    site_url = newsletter_content(newsletter, public_url=config.public_url).site_url
    assert addresses(html)
    for address in addresses(html):
        hosted = config.output / newsletter.slug / address.removeprefix(site_url)
        assert hosted.read_bytes().startswith(b"\x89PNG")
    assert not Message.objects.exists()


def test_hosting_them_again_writes_nothing_and_puts_a_lost_one_back(newsletter, config):
    written = host_pictures(newsletter, config=config).written
    assert "pictures/topics/general.png" in written
    assert host_pictures(newsletter, config=config).written == []
    (config.output / newsletter.slug / "pictures" / "topics" / "general.png").unlink()
    assert host_pictures(newsletter, config=config).written == ["pictures/topics/general.png"]


def test_a_rebuild_of_the_folder_brings_the_pictures_back(newsletter, config, clock):
    feeds.rebuild(newsletter, config=config, now=clock())
    assert (config.output / newsletter.slug / "pictures" / "topics" / "general.png").is_file()
