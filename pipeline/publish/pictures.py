"""The pictures that mail links to, brought into a newsletter's folder under `output/`.

They come before the mail that links to them, as pages do, and lie beside what the site makes: it leaves them alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.config import Config
from pipeline.editorial.models import Newsletter, TipRevision
from pipeline.editorial.picture_store import kept_picture
from pipeline.publish.output import OutputReport, write_output
from pipeline.render.topic_pictures import topic_pictures


@dataclass(frozen=True, slots=True)
class _HostedPicture:
    path: str
    data: bytes


def host_pictures(newsletter: Newsletter, *, config: Config) -> OutputReport:
    """Bring `output/<slug>/pictures/` up to date: the topics' drawings, and what was handed in with approved tips; what
    was written. Again changes nothing.
    """
    topics = (_HostedPicture(picture.path, picture.data) for picture in topic_pictures(config.templates))
    files = [*topics, *_handed_in(newsletter, config)]
    return write_output(config.output / newsletter.slug, files)


def _handed_in(newsletter: Newsletter, config: Config) -> Iterator[_HostedPicture]:
    """Of every wording that may go out or went out: an older issue's mail still links to its own."""
    revisions = TipRevision.objects.filter(tip__newsletter=newsletter, picture_url__startswith="pictures/")
    for address in revisions.order_by("picture_url").values_list("picture_url", flat=True).distinct():
        data = kept_picture(address, var=config.var)
        if data is not None:
            yield _HostedPicture(address, data)
