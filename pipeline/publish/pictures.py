"""The pictures that mail links to, brought into a newsletter's folder under `output/`.

They come before the mail that links to them, as pages do, and lie beside what the site makes: it leaves them alone.
"""

from pipeline.config import Config
from pipeline.editorial.models import Newsletter
from pipeline.publish.output import OutputReport, write_output
from pipeline.render.topic_pictures import topic_pictures


def host_pictures(newsletter: Newsletter, *, config: Config) -> OutputReport:
    """Bring `output/<slug>/pictures/` up to date; what was written. Again changes nothing."""
    return write_output(config.output / newsletter.slug, topic_pictures(config.templates))
